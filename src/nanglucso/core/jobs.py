"""Long work: enqueue inside the transaction, progress, cancel, and recovery after a kill.

A room writes in its `tasks.py`:

    @job("plans.solve")
    def solve(progress: Progress, *, scenario_id: int) -> dict: ...

and its services call `enqueue("plans.solve", actor=..., at=..., scenario_id=...)` inside their act.
"""

import os
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from nanglucso.core.clock import now
from nanglucso.core.db import is_sqlite, write_turn
from nanglucso.core.models import Job, User

# A worker that has not been heard of for this long is taken for dead.
STALE_SECONDS = float(os.environ.get("NLS_STALE_SECONDS", "30"))
BEAT_SECONDS = STALE_SECONDS / 6
MAX_ATTEMPTS = 3
_REGISTRY: dict[str, Callable[..., dict[str, Any] | None]] = {}


class Cancelled(Exception):
    """Raised inside a job when its owner asked it to stop."""


class Progress:
    """Handed to a job: `step(0.4, "Placing people")` reports and raises `Cancelled` when asked to stop."""

    def __init__(self, job_id: str) -> None:
        self.job_id = job_id
        self.stop_asked = threading.Event()
        self.has_heart = False
        self.told: dict[str, Any] = {}

    def step(self, share: float, message: str = "") -> None:
        """Report `share` (0..1) of the work and what is being done.

        Inside a transaction of the work's own the figure is left to the heart's thread: written here, nobody would see
        it before the end, and on PostgreSQL the job's row would be locked, so that the work seemed dead.
        """
        if self.stop_asked.is_set():
            raise Cancelled
        told = {"progress": min(max(share, 0.0), 1.0), "message": message[:300]}
        if self.has_heart and connection.in_atomic_block and not is_sqlite():
            self.told = told
            return
        with write_turn():
            Job.objects.filter(pk=self.job_id).update(**told, heartbeat=now())

    def should_stop(self) -> bool:
        """Cheap check (no database) for engines that poll; the heart's thread keeps it fresh."""
        return self.stop_asked.is_set()


def job(kind: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a room's task under a name."""

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        _REGISTRY[kind] = function
        return function

    return register


def enqueue(kind: str, *, actor: User | None, at: datetime, **args: Any) -> Job:
    """Queue work; it becomes visible to a worker when the surrounding transaction commits."""
    if kind not in _REGISTRY:
        raise LookupError(f"no task is registered as {kind!r}")
    row = Job.objects.create(kind=kind, args=args, created_by=actor, created_at=at)
    run_job.enqueue(str(row.pk))
    return row


def cancel(row: Job, *, at: datetime) -> None:
    """Ask a job to stop; one that has not begun ends at once."""
    with write_turn():
        Job.objects.filter(pk=row.pk).update(cancel_asked=True)
        Job.objects.filter(pk=row.pk, status=Job.Status.QUEUED).update(status=Job.Status.CANCELLED, finished_at=at)


def _beat(job_id: str, progress: Progress, done: threading.Event) -> None:
    try:
        while not done.wait(1.0):
            asked = Job.objects.filter(pk=job_id).values_list("cancel_asked", "heartbeat").first()
            if asked is None or asked[0]:
                progress.stop_asked.set()
            elif progress.told or asked[1] is None or now() - asked[1] > timedelta(seconds=BEAT_SECONDS):
                told, progress.told = progress.told, {}
                with write_turn():
                    Job.objects.filter(pk=job_id).update(**told, heartbeat=now())
    finally:
        connection.close()


def _finish(job_id: str, status: str, **fields: Any) -> None:
    with write_turn():
        Job.objects.filter(pk=job_id).update(status=status, finished_at=now(), heartbeat=now(), **fields)


def perform(job_id: str) -> None:
    """Run one queued job to its end in this thread. A job that is not queued is left alone."""
    with write_turn():
        began = Job.objects.filter(pk=job_id, status=Job.Status.QUEUED).update(
            status=Job.Status.RUNNING, started_at=now(), heartbeat=now()
        )
    if not began:
        return
    row = Job.objects.get(pk=job_id)
    progress, done = Progress(job_id), threading.Event()
    # Inside a test's transaction another thread would see nothing and wait for ever.
    heart = None if connection.in_atomic_block else threading.Thread(target=_beat, args=(job_id, progress, done))
    if heart:
        progress.has_heart = True
        heart.start()
    try:
        result = _REGISTRY[row.kind](progress, **row.args)
        _finish(job_id, Job.Status.DONE, progress=1.0, result=result or {}, message="")
    except Cancelled:
        _finish(job_id, Job.Status.CANCELLED)
    except Exception as error:
        _finish(job_id, Job.Status.FAILED, error=f"{type(error).__name__}: {error}"[:2000])
        raise
    finally:
        done.set()
        if heart:
            heart.join()


@task()
def run_job(job_id: str) -> None:
    """The one django-tasks task: everything goes through the `Job` row."""
    perform(job_id)


def _lost(at: datetime) -> list[Job]:
    """Jobs whose worker died while running them, or between taking them from the queue and beginning."""
    stale = at - timedelta(seconds=STALE_SECONDS)
    dead = list(Job.objects.filter(status=Job.Status.RUNNING, heartbeat__lt=stale))
    if not DBTaskResult.objects.ready().exists():
        dead += list(Job.objects.filter(status=Job.Status.QUEUED, created_at__lt=stale))
    return dead


def sweep(*, at: datetime) -> int:
    """Start again the jobs whose worker died (no heartbeat for `STALE_SECONDS`), three times at most; how many."""
    if not _lost(at):
        return 0
    with write_turn():
        lost = _lost(at)
        for row in lost:
            row.attempts += 1
            again = row.attempts < MAX_ATTEMPTS and not row.cancel_asked
            row.status = Job.Status.QUEUED if again else Job.Status.FAILED
            row.error = "" if again else _("The worker stopped three times during this work.")
            row.save(update_fields=["attempts", "status", "error"])
            if again:
                run_job.enqueue(str(row.pk))
    return len(lost)
