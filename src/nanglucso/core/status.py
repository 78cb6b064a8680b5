"""Is the system well: one lamp a part, one sentence over all."""

import platform
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from itertools import pairwise

import django
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import F, Min
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nanglucso.core import audit
from nanglucso.core.db import write_turn
from nanglucso.core.models import AuditEntry, AuditHead, Job

GOOD, WARN, BAD = "good", "warn", "bad"
SLOW_WRITE_MS = 100
LOW_DISK = (2 * 2**30, 5 * 2**30)
WAITING_TOO_LONG = timedelta(minutes=2)
FAILED_WITHIN = timedelta(days=7)
CHAIN_TAIL = 500


@dataclass(frozen=True)
class Lamp:
    """One part: `state` good, warn or bad; `fact` a figure; `why` what it means or what to do."""

    name: str
    state: str
    fact: str
    why: str


def can_answer() -> bool:
    """Whether the database takes a write and its tables are up to date: what a load balancer asks."""
    try:
        _try_to_write()
        return not _unapplied()
    except (DatabaseError, OSError):
        return False


def _try_to_write() -> None:
    """A real write through the write turn that changes nothing: the chain head is set to itself."""
    with write_turn():
        AuditHead.objects.filter(id=1).update(seq=F("seq"))


def _unapplied() -> list[str]:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{step.app_label}.{step.name}" for step, _backwards in plan]


def _database() -> Lamp:
    return Lamp(_("Database"), GOOD, connection.display_name, _("Responding normally."))


def _write_test() -> Lamp:
    began = time.perf_counter()
    _try_to_write()
    spent = 1000 * (time.perf_counter() - began)
    slow = spent > SLOW_WRITE_MS
    why = _("Writes are slow: look at the disk and at long work.") if slow else _("Answers are saved as they come.")
    return Lamp(_("Writing to disk"), WARN if slow else GOOD, f"{spent:.0f} ms", why)


def _disk() -> Lamp:
    home = settings.HOME if settings.HOME.exists() else settings.HOME.parent
    free = shutil.disk_usage(home).free
    state = BAD if free < LOW_DISK[0] else WARN if free < LOW_DISK[1] else GOOD
    why = _("Enough room.") if state == GOOD else _("Free some room before the next assessment day.")
    return Lamp(_("Free disk"), state, f"{free / 2**30:.0f} GB", why)


def _migrations() -> Lamp:
    missing = _unapplied()
    if missing:
        return Lamp(_("Tables"), BAD, str(len(missing)), _("Run: nanglucso manage migrate"))
    return Lamp(_("Tables"), GOOD, _("up to date"), _("They match this version."))


def _queue(at: datetime) -> Lamp:
    queued = Job.objects.filter(status=Job.Status.QUEUED)
    running = Job.objects.filter(status=Job.Status.RUNNING).count()
    oldest = queued.aggregate(oldest=Min("created_at"))["oldest"]
    stuck = oldest is not None and at - oldest > WAITING_TOO_LONG and not running
    fact = _("%(waiting)s waiting, %(running)s running") % {"waiting": queued.count(), "running": running}
    why = (
        _("Work is waiting and nobody takes it: start a worker (nanglucso worker).")
        if stuck
        else _("Work is being picked up.")
    )
    return Lamp(_("Background work"), BAD if stuck else GOOD, fact, why)


def _failed(at: datetime) -> Lamp:
    count = Job.objects.filter(status=Job.Status.FAILED, finished_at__gt=at - FAILED_WITHIN).count()
    why = _("Open Background work to see why.") if count else _("None in the last seven days.")
    return Lamp(_("Failed work"), WARN if count else GOOD, str(count), why)


def _chain() -> Lamp:
    """The newest entries only: the whole chain is walked by the auditor or `nanglucso audit verify`."""
    rows = list(AuditEntry.objects.order_by("-seq")[:CHAIN_TAIL])
    erased = audit.hidden(rows)
    whole = all(audit.is_whole(row, erased) for row in rows)
    whole = whole and all(later.prev_hash == row.hash for later, row in pairwise(rows))
    fact = ngettext("%(n)s entry checked", "%(n)s entries checked", len(rows)) % {"n": len(rows)}
    if not whole:
        return Lamp(_("Audit log"), BAD, fact, _("The chain is broken: keep a copy and call the auditor."))
    return Lamp(_("Audit log"), GOOD, fact, _("The newest entries link up."))


def lamps(*, at: datetime) -> list[Lamp]:
    """Every part's lamp; a part that cannot be asked is a broken one."""
    found: list[Lamp] = []
    from nanglucso.core.watching.lamps import MORE

    ours: tuple[Callable[[], Lamp | None], ...] = (
        _database,
        _write_test,
        _disk,
        _migrations,
        lambda: _queue(at),
        lambda: _failed(at),
        _chain,
    )
    looks: list[Callable[[], Lamp | None]] = [*ours, *(partial(more, at) for more in MORE)]
    for look in looks:
        try:
            lamp = look()
            found += [lamp] if lamp else []
        except (DatabaseError, OSError) as error:
            found.append(Lamp(_("Check"), BAD, type(error).__name__, str(error)[:200]))
    return found


def verdict(found: list[Lamp]) -> tuple[str, str]:
    """The worst state, and one sentence: does it run, what needs me."""
    bad = [lamp.name for lamp in found if lamp.state == BAD]
    warn = [lamp.name for lamp in found if lamp.state == WARN]
    if bad:
        return BAD, _("Needs you now: %(parts)s.") % {"parts": ", ".join(bad)}
    if warn:
        count = len(warn)
        text = ngettext(
            "The system runs; %(n)s component needs attention.",
            "The system runs; %(n)s components need attention.",
            count,
        )
        return WARN, text % {"n": count}
    return GOOD, _("Everything is running; no action is needed.")


def versions() -> dict[str, str]:
    """Version of the product and of what it stands on."""
    own = {}
    with suppress(PackageNotFoundError):
        own["nanglucso"] = version("nanglucso")
    own |= {"Python": platform.python_version(), "Django": django.get_version()}
    with suppress(DatabaseError):
        own[connection.display_name] = ".".join(map(str, connection.get_database_version()))
    return own
