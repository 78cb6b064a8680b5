"""A PostgreSQL that is killed, frozen, cut off from its clients and destroyed; with a receiver that it waits for."""

import os
import pwd
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import psycopg

from tests import postgres, serving

SLOT = "vault_a"


class Receiver:
    """pg_receivewal as the units of `deploy write` run it: its own slot, flushed at once, waited for."""

    def __init__(self, cluster: postgres.Cluster, name: str = SLOT) -> None:
        self.cluster, self.name, self.log = cluster, name, cluster.folder / f"received_{name}"
        self.log.mkdir(mode=0o700)
        if os.geteuid() == 0:
            shutil.chown(self.log, "postgres")
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        words = [str(self.cluster.bin / "pg_receivewal"), "-D", str(self.log), "-h", str(self.cluster.folder)]
        words += ["-U", "postgres", "--synchronous", "--slot", self.name]
        subprocess.run([*words, "--create-slot", "--if-not-exists"], check=True, capture_output=True)
        quiet = subprocess.DEVNULL
        env = {**os.environ, "PGAPPNAME": self.name}
        self.process = subprocess.Popen([*words, "--status-interval=1"], env=env, stdout=quiet, stderr=quiet)

    def send(self, sign: int) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(sign)

    def stop(self) -> None:
        self.send(signal.SIGCONT)
        self.send(signal.SIGKILL)
        if self.process:
            self.process.wait()

    def again(self) -> None:
        """Killed and started anew, as systemd would."""
        self.stop()
        quiet = subprocess.DEVNULL
        self.process = subprocess.Popen(
            self.process.args, env={**os.environ, "PGAPPNAME": self.name}, stdout=quiet, stderr=quiet
        )


class Server:
    """The faults of one cluster."""

    def __init__(self, cluster: postgres.Cluster) -> None:
        self.cluster = cluster

    def line(self) -> psycopg.Connection:
        return psycopg.connect(f"dbname=postgres user=postgres host={self.cluster.folder}", autocommit=True)

    def family(self) -> list[int]:
        """The postmaster and every process below it."""
        try:
            main = int((self.cluster.data / "postmaster.pid").read_text().splitlines()[0])
        except (OSError, ValueError, IndexError):
            return []
        return [pid for pid in (main, *serving.children(main)) if serving.is_alive(pid)]

    def signal(self, sign: int) -> None:
        for pid in self.family():
            with suppress(ProcessLookupError):
                os.kill(pid, sign)

    def kill(self) -> None:
        """SIGKILL to all of it, until none is left; the postmaster is stopped first, so that it starts no more."""
        for main in self.family()[:1]:
            os.kill(main, signal.SIGSTOP)
        found = self.family()
        self.signal(signal.SIGKILL)
        while any(serving.is_alive(pid) for pid in found):
            time.sleep(0.01)

    def start(self, wait: float = 30) -> None:
        """Up again, after its recovery; tried until it succeeds, as a supervisor does. Raises with its last words."""
        until = time.monotonic() + wait
        while True:
            try:
                return self.cluster.start()
            except subprocess.CalledProcessError as error:
                if time.monotonic() > until:
                    log = (self.cluster.folder / "log").read_text(errors="replace")
                    raise AssertionError(f"the database does not start:\n{log[-2000:]}") from error
                time.sleep(0.5)

    def wait_for(self, *names: str) -> None:
        """Commits wait for any one of these from here on; returns when one of them streams."""
        with self.line() as line:
            line.execute(f"ALTER SYSTEM SET synchronous_standby_names = 'ANY 1 ({', '.join(names)})'")
            line.execute("SELECT pg_reload_conf()")
            until = time.monotonic() + 20
            while not line.execute("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'quorum'").fetchone()[
                0
            ]:
                if time.monotonic() > until:
                    raise AssertionError("no receiver is taken as one that is waited for")
                time.sleep(0.1)

    def cut_lines(self, how: str = "pg_terminate_backend") -> int:
        """End, or with pg_cancel_backend interrupt, whatever every client does now; returns how many."""
        with self.line() as line:
            found = line.execute(
                f"SELECT {how}(pid) FROM pg_stat_activity WHERE backend_type = 'client backend'"
                " AND pid <> pg_backend_pid() AND datname <> 'postgres'"
            )
            return len(found.fetchall())


def hand_over(folder: Path) -> None:
    """PostgreSQL does not run as root; under root its files are its user's."""
    if os.geteuid() == 0:
        user = pwd.getpwnam("postgres")
        for path in (folder, *folder.rglob("*")):
            os.chown(path, user.pw_uid, user.pw_gid)
