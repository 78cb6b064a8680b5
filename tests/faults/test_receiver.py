"""PostgreSQL waits for a receiver of its log: while none confirms nothing is acknowledged, whatever ends the wait."""

import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import postgres, serving
from tests.faults.ordeal.server import Receiver, Server

pytestmark = [pytest.mark.postgres, pytest.mark.faults, pytest.mark.xdist_group("faults-postgres")]
STEPS = str(Path(__file__).with_name("received_steps.py"))
WAITS = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"


@pytest.fixture
def received(cluster: postgres.Cluster) -> Iterator[tuple[Server, Receiver]]:
    """Commits of the cluster wait for a receiver."""
    server, receiver = Server(cluster), Receiver(cluster, f"vault_{uuid.uuid4().hex[:6]}")
    receiver.start()
    server.wait_for(receiver.name)
    yield server, receiver
    with server.line() as line:
        line.execute("ALTER SYSTEM RESET synchronous_standby_names")
        line.execute("SELECT pg_reload_conf()")
        receiver.stop()
        line.execute("SELECT pg_drop_replication_slot(%s)", [receiver.name])


def test_an_interrupted_wait_for_the_receiver_is_no_acknowledgement(cluster, received, tmp_path):
    server, receiver = received
    url = cluster.database(f"kept_{uuid.uuid4().hex[:8]}")
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    writer = subprocess.Popen([sys.executable, STEPS], env=serving.environment(tmp_path, url), **pipes)
    try:
        assert writer.stdout.readline() == "acknowledged\n"
        receiver.send(signal.SIGSTOP)
        writer.stdin.write("go\n")
        writer.stdin.flush()
        with server.line() as line:
            until = time.monotonic() + 10
            while line.execute(WAITS).fetchone() != (1,) and time.monotonic() < until:
                time.sleep(0.05)
            assert line.execute(WAITS).fetchone() == (1,), "the commit does not wait for the receiver"
        assert server.cut_lines("pg_cancel_backend") >= 1
        assert writer.stdout.readline() == "NotReceived\n"
        receiver.send(signal.SIGCONT)
        writer.stdin.write("go\n")
        writer.stdin.flush()
        assert writer.stdout.readline() == "acknowledged\n", "one that was interrupted spoils the next"
    finally:
        receiver.send(signal.SIGCONT)
        writer.kill()  # one that is waiting for a receiver would wait for ever
        writer.communicate()


def test_a_receiver_that_is_gone_is_named_by_check_and_what_waits_for_it_is_said(cluster, received, tmp_path):
    server, receiver = received
    url = cluster.database(f"named_{uuid.uuid4().hex[:8]}")
    env = serving.environment(tmp_path, url)
    ask = (
        "from nanglucso.core.keeping.receivers import receivers; from nanglucso.project.checks.running import"
        " receivers_there; f = receivers(); print(f.wanted, f.missing, f.stopped, sorted(f.held), receivers_there())"
    )
    words = ("manage", "shell", "-v", "0", "-c", ask)
    name = receiver.name
    assert serving.command(env, *words).strip() == f"['{name}'] [] False ['{name}'] []"
    receiver.stop()
    with server.line() as line:
        until = time.monotonic() + 10
        while line.execute("SELECT count(*) FROM pg_stat_replication").fetchone() != (0,) and time.monotonic() < until:
            time.sleep(0.05)
    told = serving.command(env, *words)
    assert told.startswith(f"['{name}'] ['{name}'] True ['{name}']")
    assert f"No receiver is there ({name}): every commit waits for one." in told
