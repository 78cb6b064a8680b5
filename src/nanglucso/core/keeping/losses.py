"""What would be lost if the disk of the database died now, in numbers, for each way of running."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from nanglucso.core.models import Backup
from nanglucso.core.watching.probes import ask

NOTHING, BEHIND, ARCHIVE, COPY, ALL = "nothing", "behind", "archive", "copy", "all"


@dataclass(frozen=True)
class Loss:
    """`way`: nothing = a receiver has every commit; behind = receivers follow later; archive = the log is kept file by
    file; copy = only copies; all = not even that. `age` of what could be brought back, `size` in bytes not yet received
    (receivers only), `answers` given since (copies only)."""

    way: str
    age: timedelta = timedelta(0)
    size: int = 0
    answers: int = 0


def last_proven() -> Backup | None:
    """The newest copy that is kept and was restored and compared."""
    return Backup.objects.filter(dropped_at=None, proven_at__isnull=False).first()


def _receivers(at: datetime) -> Loss | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('synchronous_commit'), current_setting('synchronous_standby_names')")
        commit, names = cursor.fetchone()
        cursor.execute(
            "SELECT bool_or(sync_state IN ('sync', 'quorum')), max(coalesce(flush_lag, interval '0')),"
            " min(pg_wal_lsn_diff(pg_current_wal_lsn(), flush_lsn)) FROM pg_stat_replication WHERE state = 'streaming'"
        )
        waits, lag, size = cursor.fetchone()
        if waits and names and commit in ("on", "remote_apply"):
            return Loss(NOTHING)
        if waits is not None:
            return Loss(BEHIND, lag or timedelta(0), max(0, int(size or 0)))
        cursor.execute("SELECT last_archived_time FROM pg_stat_archiver WHERE current_setting('archive_mode') <> 'off'")
        row = cursor.fetchone()
    return Loss(ARCHIVE, at - row[0]) if row and row[0] else None


def may_lose(*, at: datetime) -> Loss:
    """The loss if this machine's disk were gone at `at`; a copy counts only once it was proven."""
    if connection.vendor == "postgresql" and (loss := _receivers(at)):
        return loss
    last = last_proven()
    if last is None:
        return Loss(ALL, answers=ask("answers_since", datetime.fromtimestamp(0, at.tzinfo)))
    return Loss(COPY, at - last.began_at, answers=ask("answers_since", last.began_at))
