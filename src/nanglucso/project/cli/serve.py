"""`nanglucso serve` (web processes and one worker child) and `nanglucso worker`."""

import argparse
import logging
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from datetime import datetime
from pathlib import Path

RESTART_SECONDS = 0.5
SWEEP_SECONDS = float(os.environ.get("NLS_SWEEP_SECONDS", "10"))
SUMS_SECONDS = 300


def register(commands: argparse._SubParsersAction) -> None:
    """Add the two commands."""
    serve = commands.add_parser("serve", help="serve the pages; starts one background worker too")
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    serve.add_argument("--port", type=int, default=8000, help="TCP port (default: %(default)s)")
    serve.add_argument("--processes", type=int, default=1, help="web processes; SQLite allows only one")
    serve.add_argument("--threads", type=int, default=4, help="threads a web process (default: %(default)s)")
    serve.add_argument(
        "--only",
        choices=("sittings", "rest"),
        help="serve only the addresses of tests, or only all others (PostgreSQL)",
    )
    serve.add_argument("--no-worker", action="store_true", help="do not start a background worker")
    serve.set_defaults(func=run_serve)
    worker = commands.add_parser("worker", help="do background work: imports, plans, reports")
    worker.set_defaults(func=run_worker)


def _web(args: argparse.Namespace) -> list[str]:
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", args.host, "--port", str(args.port)]
    command += ["--workers", str(args.processes), "--blocking-threads", str(args.threads)]
    command += ["--backlog", "512", "--respawn-failed-workers", "--no-ws", "--log-level", "warning"]
    return [*command, "nanglucso.project.wsgi:application"]


def _counts(home: Path, port: int) -> Path:
    """An empty folder in which the web processes of this port add up their figures."""
    folder = home / "metrics" / str(port)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    return folder


def die_with_parent() -> None:
    """Ask the kernel to kill this process when its parent dies, so that no orphan keeps the port (Linux only)."""
    if sys.platform.startswith("linux"):
        import ctypes

        ctypes.CDLL(None).prctl(1, signal.SIGKILL)
        # A parent that died before the line above is never told: then the supervisor is no ancestor any more.
        supervisor = int(os.environ.get("NLS_DEADMAN", "0"))
        if supervisor and supervisor not in _ancestors():
            os._exit(1)


def _ancestors() -> list[int]:
    """Parent, its parent and so on up to the first process."""
    found, pid = [], os.getppid()
    while pid > 0:
        found.append(pid)
        try:
            pid = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            break
    return found


class Supervisor:
    """Keeps the children running; a child that dies is started again."""

    def __init__(self, commands: dict[str, list[str]]) -> None:
        self.commands = commands
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.ending = threading.Event()

    def start(self, name: str) -> None:
        env = {**os.environ, "NLS_DEADMAN": str(os.getpid())}
        self.children[name] = subprocess.Popen(  # noqa: S603
            self.commands[name], env=env, preexec_fn=die_with_parent
        )

    def run(self) -> int:
        """Until SIGINT or SIGTERM; then end the children, at most 5 s."""
        for sign in (signal.SIGINT, signal.SIGTERM):
            signal.signal(sign, lambda *_: self.ending.set())
        for name in self.commands:
            self.start(name)
        while not self.ending.wait(RESTART_SECONDS):
            for name, child in list(self.children.items()):
                if child.poll() is not None and not self.ending.is_set():
                    self.start(name)
        for child in self.children.values():
            child.terminate()
        until = time.monotonic() + 5
        for child in self.children.values():
            try:
                child.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()
        return 0


def run_serve(args: argparse.Namespace) -> int:
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    settings.HOME.mkdir(parents=True, exist_ok=True, mode=0o700)
    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    only = args.only
    if connection.vendor == "sqlite" and (args.processes != 1 or only):
        print(
            "SQLite has one writer: give --processes 1 and no --only, or set NLS_DATABASE_URL to PostgreSQL.",
            file=sys.stderr,
        )
        return 2
    connection.close()
    os.environ |= {"NLS_SERVES": only or "all", "PROMETHEUS_MULTIPROC_DIR": str(_counts(settings.HOME, args.port))}
    os.environ["NLS_THREADS"] = str(args.threads)
    commands = {"web": _web(args)}
    if not args.no_worker:
        commands["worker"] = [sys.executable, "-m", "nanglucso", "worker"]
    return Supervisor(commands).run()


def _begin_day(at: datetime, demo: bool) -> None:
    """What the calendar asks for once a day."""
    from nanglucso.core.anchoring import write_digest
    from nanglucso.core.idling import lock_idle
    from nanglucso.develop.credentials import expiring
    from nanglucso.govern.outreach import reminding
    from nanglucso.govern.reports.services import ask_roll_up
    from nanglucso.workforce.people.services import apply_due, find_due, settle_due

    write_digest(at=at)
    apply_due(at=at)
    settle_due(at=at)
    if not demo:  # a demonstration may lie untouched for months
        lock_idle(at=at)
    find_due(at=at)
    expiring.remind_due(at=at)
    reminding.remind_due(at=at)
    ask_roll_up(at=at)


def _sweep_for_ever() -> None:
    from django.conf import settings
    from django.db import connection

    from nanglucso.core import jobs
    from nanglucso.core.clock import now
    from nanglucso.core.days import local_day
    from nanglucso.core.keeping.services import ask_if_due
    from nanglucso.core.watching.probes import ask
    from nanglucso.core.watching.pulses import beat
    from nanglucso.govern.meetings.services import votes
    from nanglucso.measure.assessments.conducting import close_ended
    from nanglucso.measure.assessments.labexam import end_overdue
    from nanglucso.measure.assessments.labtexts import drop_texts
    from nanglucso.measure.assessments.reminding import remind_due
    from nanglucso.measure.gaps.services import keep_sums
    from nanglucso.project.checks.machine import flush_ms

    cleared = begun = summed = None
    while True:
        try:
            beat("worker", at=now())
            jobs.sweep(at=now())
            if settings.BACKUPS:
                ask_if_due(at=now(), testing=ask("sittings_open", now()) > 0)
            votes.sweep()
            remind_due(at=now())
            end_overdue(at=now())
            close_ended(at=now())
            if begun != local_day(now()):
                _begin_day(now(), settings.DEMO)
                begun = local_day(now())
            if cleared != now().date():
                cleared = cleared if drop_texts(at=now()) else now().date()
            # With the day, since skills fade, and every few minutes, since people are measured.
            if summed != (due := (now().date(), time.monotonic() // SUMS_SECONDS)):
                keep_sums(at=now())
                beat("flush", at=now(), ms=round(flush_ms(settings.HOME, 20), 2))
                summed = due
        except Exception as error:
            logging.getLogger("nanglucso.sweep").error("sweep failed", exc_info=error)
        finally:
            connection.close()
        time.sleep(SWEEP_SECONDS)


def _queue_in_line() -> None:
    """Let the queue's own writes wait in the write turn too.

    SQLite before 3.51.3 can lose a committed transaction when one process checkpoints the WAL while another writes
    (the WAL-reset bug); with every writer in one line nobody does.
    """
    from django_tasks_db.management.commands import db_worker
    from django_tasks_db.models import DBTaskResult

    from nanglucso.core.db import in_turn, write_turn

    db_worker.exclusive_transaction = lambda using=None: write_turn()
    for name in ("set_successful", "set_failed"):
        setattr(DBTaskResult, name, in_turn(getattr(DBTaskResult, name)))


def run_worker(args: argparse.Namespace) -> int:
    import django

    django.setup()
    from django.core.management import call_command

    _queue_in_line()
    threading.Thread(target=_sweep_for_ever, daemon=True).start()
    call_command("db_worker", interval=0.5, queue_name="*", startup_delay=False, reload=False, verbosity=0)
    return 0
