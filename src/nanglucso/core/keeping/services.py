"""Verbs of the copies: take and prove one, drop what is past its term, ask for one when it is due."""

from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection

from nanglucso.core import jobs
from nanglucso.core.acts import act
from nanglucso.core.db import write_turn
from nanglucso.core.keeping import bringing_back, pgserver, rules
from nanglucso.core.keeping.archives import Manifest
from nanglucso.core.keeping.taking import Taken, take
from nanglucso.core.models import Backup, Job, User
from nanglucso.core.refusals import Refused
from nanglucso.kit import sealing

TASK = "core.back_up"
UNPROVEN_DAYS = 7


def own_key(path: str = "") -> bytes | None:
    """The key of the given file, else of the settings' one; None = copies are not encrypted. Raises Refused."""
    wanted = path or settings.BACKUP_KEY_FILE
    if not wanted:
        return None
    try:
        return sealing.read_key(Path(wanted))
    except (OSError, ValueError) as error:
        raise Refused(f"The key file {wanted} cannot be read: {error}") from error


def own_server() -> pgserver.Server | None:
    """This installation's PostgreSQL; None on SQLite."""
    return None if connection.vendor == "sqlite" else pgserver.Server.of(connection.settings_dict)


def back_up(*, actor: User | None, at: datetime, folder: Path, key: bytes | None, prove: bool = True) -> Backup:
    """Take a copy into `folder`, restore it into a throw-away place, compare every row, and note all of it.

    A copy that could not be proven is kept and noted with the reason. Raises Refused when none could be taken.
    """
    try:
        taken = take(folder=folder, key=key, at=at)
    except (Refused, OSError) as error:
        with write_turn():
            Backup.objects.create(began_at=at, error=str(error)[:500])
        raise Refused(str(error)) from error
    fault, proof = "", None
    if prove:
        try:
            proof = bringing_back.prove(taken.path, key=key, server=own_server())
        except (Refused, OSError) as error:
            fault = str(error)[:500]
    return _noted(actor, taken, proof, fault, at)


def _noted(actor: User | None, taken: Taken, proof: bringing_back.Proof | None, fault: str, at: datetime) -> Backup:
    spent = taken.seconds + (proof.seconds if proof else 0.0)
    with act(actor, TASK, at=at) as this:
        row = Backup.objects.create(
            name=taken.path.name, began_at=at, seconds=taken.seconds, size=taken.size, sha256=taken.sha256,
            sealed=sealing.is_sealed(taken.path), rows=taken.manifest.rows, files=len(taken.manifest.files),
            proven_at=at + timedelta(seconds=spent) if proof else None,
            proving_seconds=proof.seconds if proof else 0.0, error=fault,
        )  # fmt: skip
        this.subject = row
        this.note(sha256=row.sha256, size=row.size, rows=row.rows, proven=proof is not None)
    return row


def drop_old(*, at: datetime, folder: Path) -> list[str]:
    """Delete the files past their term (`rules.kept`); returns their names.

    Only proven copies make another one needless; one that was never proven goes after a week.
    """
    here = [row for row in Backup.objects.filter(dropped_at=None).exclude(name="") if (folder / row.name).is_file()]
    proven = {row.began_at: row for row in here if row.proven_at}
    stay = rules.kept(proven, rules.backup_rules().keep)
    past = [row for moment, row in proven.items() if moment not in stay]
    if proven:
        past += [row for row in here if not row.proven_at and at - row.began_at > timedelta(days=UNPROVEN_DAYS)]
    if not past:
        return []
    names = sorted(row.name for row in past)
    with act(None, "core.drop_backups", at=at) as this:
        Backup.objects.filter(pk__in=[row.pk for row in past]).update(dropped_at=at)
        this.note(names=names)
    for name in names:
        with suppress(FileNotFoundError):
            (folder / name).unlink()
    return names


def ask_if_due(*, at: datetime, testing: bool) -> Job | None:
    """Queue a copy when its time has come and none is under way. A failed one is tried again after an hour."""
    tried = Backup.objects.filter(began_at__lte=at).first()
    if tried and not tried.name and at - tried.began_at < timedelta(hours=1):
        return None
    last = Backup.objects.exclude(name="").first()
    due = rules.is_due(
        last.began_at if last else None, at=at, testing=testing, vendor=connection.vendor, rules=rules.backup_rules()
    )
    if not due or Job.objects.filter(kind=TASK, status__in=(Job.Status.QUEUED, Job.Status.RUNNING)).exists():
        return None
    with write_turn():
        return jobs.enqueue(TASK, actor=None, at=at)


def settle_restored(*, at: datetime, manifest: Manifest, name: str) -> int:
    """The last step of a restore: every session ends, and the log says what was brought back; returns how many ended.

    Tickets of open sittings stay: they open nothing but the person's own test, and the browsers that hold answers
    given since then send them again under the same keys.
    """
    with act(None, "core.restore", at=at) as this:
        ended, _by_table = Session.objects.all().delete()
        this.note(copy=name, taken_at=manifest.taken_at, audit=manifest.audit, sessions_ended=ended)
    return ended
