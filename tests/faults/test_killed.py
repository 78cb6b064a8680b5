"""kill -9 of the web worker, the web server, the whole site and the background worker, on both databases.

An answer that was acknowledged is in the database, once, whatever died next. `NLS_KILLS` sets how many deaths.
"""

import os
import queue
import random
import signal
import time

import pytest

from tests.faults.home import Home, kills
from tests.faults.sitters import Ledger, Sitter, Verdict, compare
from tests.serving import Served, is_alive

pytestmark = [pytest.mark.faults, pytest.mark.slow]
SITTERS = 40
PAUSE = 0.25


def _death(site: Served, number: int) -> str:
    """One of three deaths in turn; returns which."""
    kind = ("web worker", "web server", "whole site")[number % 3]
    if kind == "whole site":
        site.kill_everything()
        site.start()
        return kind
    found = site.web()
    os.kill(found[-1] if kind == "web worker" else found[0], signal.SIGKILL)
    return kind


def _grows(ledger: Ledger, wait: float) -> bool:
    """Whether answers go on being acknowledged."""
    before, until = ledger.acknowledged, time.monotonic() + wait
    while time.monotonic() < until:
        if ledger.acknowledged > before + SITTERS:
            return True
        time.sleep(0.1)
    return False


def test_no_acknowledged_answer_is_lost_or_doubled_when_processes_are_killed(home: Home, record_property):
    todo: queue.Queue[dict] = queue.Queue()
    for sitting in home.told["sittings"]:
        todo.put(sitting)
    ledger, dice = Ledger(), random.Random(1)
    with Served(home.env) as site:
        sitters = [Sitter(site.port, todo, home.told["choices"], ledger, PAUSE) for _ in range(SITTERS)]
        for one in sitters:
            one.start()
        for number in range(kills()):
            assert _grows(ledger, 30), f"nothing was acknowledged any more before death {number + 1}"
            time.sleep(dice.uniform(0.1, 0.8))
            _death(site, number)
        assert _grows(ledger, 30), "the site did not come back after the last death"
        for one in sitters:
            one.ending.set()
        for one in sitters:
            one.join(20)
    verdict = compare(ledger, home.answers(), home.steps())
    print(
        f"\n{kills()} deaths, {ledger.acknowledged} acknowledged, {ledger.replays} replays, {ledger.broken} broken "
        f"connections, p99 {ledger.p99_ms():.0f} ms: {verdict}"
    )
    assert ledger.strange == []
    assert ledger.broken > 0
    assert verdict == Verdict(0, 0, 0, 0)


def test_the_ledger_would_notice_a_loss(home: Home):
    """The comparison itself bites: one row taken away, one added, one repeated."""
    rows = [tuple(map(str, row)) for row in home.answers()]
    assert rows
    ledger, steps = Ledger(), home.steps()
    for sitting, seq, key in rows:
        ledger.note(_plain(sitting), int(seq), _plain(key), 0.0, replay=False)
    assert compare(ledger, rows, steps) == Verdict(0, 0, 0, 0)
    assert compare(ledger, rows[1:], steps).lost == 1
    assert compare(ledger, rows[1:], steps).gaps == 1
    assert compare(ledger, [*rows, rows[0]], steps).doubled == 2
    stranger = (rows[0][0], "99", "0" * 32)
    assert compare(ledger, [*rows, stranger], steps).unknown == 1


def _plain(number: str) -> str:
    import uuid

    return str(uuid.UUID(number))


def test_killing_the_supervisor_leaves_no_orphan_on_the_port(home: Home):
    site = Served(home.env)
    site.start()
    try:
        family = [*site.web(), site.background()]
        assert len(family) >= 3
        os.kill(site.process.pid, signal.SIGKILL)
        site.process.wait()
        until = time.monotonic() + 5
        while any(is_alive(pid) for pid in family) and time.monotonic() < until:
            time.sleep(0.05)
        assert [pid for pid in family if is_alive(pid)] == []
        assert not site.is_up()
        site.start()
    finally:
        site.stop()


def _ask_for_plan(home: Home, seconds: int) -> None:
    """Queue the computation as the page does."""
    script = (
        "from django.utils import timezone; from nanglucso.develop.plans import services as s, models as m;"
        f"s.ask_solution(actor=None, scenario=m.Scenario.objects.get(pk={home.told['scenario']}), at=timezone.now(),"
        f" seconds={seconds})"
    )
    from tests.serving import command

    command(home.env, "manage", "shell", "-v", "0", "-c", script)


def _job(home: Home) -> tuple:
    return home.rows(
        "SELECT status, attempts, error FROM core_job WHERE kind = 'plans.solve' ORDER BY created_at DESC"
    )[0]


def _wait_for(home: Home, status: str, wait: float) -> tuple:
    until = time.monotonic() + wait
    while time.monotonic() < until:
        if _job(home)[0] == status:
            break
        time.sleep(0.2)
    return _job(home)


def test_a_plan_whose_worker_was_killed_is_found_and_computed_to_its_end(home: Home):
    with Served(home.env) as site:
        _ask_for_plan(home, 8)
        assert _wait_for(home, "running", 40)[0] == "running"
        time.sleep(1)
        os.kill(site.background(), signal.SIGKILL)
        assert _wait_for(home, "done", 90) == ("done", 1, "")
    status = home.rows(f"SELECT status FROM plans_scenario WHERE id = {home.told['scenario']}")
    assert status == [("solved",)]


def test_a_plan_goes_on_while_the_web_server_is_killed(home: Home):
    with Served(home.env) as site:
        _ask_for_plan(home, 6)
        assert _wait_for(home, "running", 40)[0] == "running"
        for pid in site.web():
            os.kill(pid, signal.SIGKILL)
        assert site.wait_until_up(30) < 30
        assert _wait_for(home, "done", 60) == ("done", 0, "")
