"""Packages in use, the desk's versions, what one person did in them, what a ticket opens."""

import uuid
from typing import Any

from django.db.models import Count, Q, QuerySet

from nanglucso.develop.learning import timing
from nanglucso.develop.learning.models import Package, PackageRun, PackageVersion
from nanglucso.develop.learning.scorm import claims, cmi
from nanglucso.develop.learning.scorm.launching import Ticket
from nanglucso.workforce.people.models import Person


def packages_in_use(person: Person | None) -> list[tuple[Package, PackageRun | None]]:
    """Packages that may be begun, by title, each with the person's run; withdrawn ones that were begun stay."""
    runs: dict[int, PackageRun] = {}
    if person is not None:
        for run in PackageRun.objects.filter(person=person).select_related("version").order_by("began_at"):
            if (kept := runs.get(run.version.package_id)) is None or kept.finished_at is not None:
                runs[run.version.package_id] = run
    rows = Package.objects.filter(Q(live__isnull=False) | Q(pk__in=runs)).select_related("live")
    found = [(row, runs.get(row.pk)) for row in rows]
    return sorted(found, key=lambda one: (one[0].live or one[1].version).title.lower())  # type: ignore[union-attr]


def packages_going(person: Person) -> QuerySet[PackageRun]:
    """Packages that this person has begun and not finished, the last seen first."""
    return PackageRun.objects.filter(person=person, finished_at=None).select_related("version").order_by("-seen_at")


def package_versions() -> QuerySet[PackageVersion]:
    """Every version that was not set aside, the last uploaded first, with `people`: how many have begun it."""
    rows = PackageVersion.objects.exclude(state=PackageVersion.State.DROPPED)
    return rows.select_related("package", "uploaded_by").annotate(people=Count("runs")).order_by("-uploaded_at", "-pk")


def version_for(ticket: Ticket) -> PackageVersion | None:
    """The version that a ticket opens: to a person in it, or to somebody who looks at it; None for anybody else."""
    rows = PackageVersion.objects.exclude(state=PackageVersion.State.DROPPED).filter(pk=ticket.version)
    if ticket.run:
        return rows.filter(
            runs=uuid.UUID(ticket.run), runs__person__user=ticket.user, runs__person__user__is_active=True
        ).first()
    return rows.first()


def _opened(ticket: Ticket) -> QuerySet[Any, Any]:
    """The version of the ticket's run, while its person's log-in is open."""
    who = {"person__user": ticket.user, "person__user__is_active": True}
    return PackageRun.objects.filter(pk=uuid.UUID(ticket.run), **who).values("version")


def state_for(ticket: Ticket) -> dict[str, Any]:
    """What the unit of the ticket claimed so far; empty for somebody who only looks."""
    run = PackageRun.objects.filter(pk=ticket.run).first() if ticket.run else None
    return dict(run.states.get(ticket.unit, {})) if run else {}


def units_of(version: PackageVersion, states: dict[str, Any]) -> list[dict[str, Any]]:
    """The units with what each claims: `status` ("" = not opened), `raw`, `high`, `done`."""
    rows = []
    for unit in version.units:
        state = states.get(unit["key"], {})
        values = state.get("values", {})
        status = values.get(cmi.STATUS, "incomplete") if state.get("seen") else ""
        if not unit["sco"]:
            status = "browsed" if state.get("seen") else ""
        told = {"raw": values.get(cmi.RAW, ""), "high": values.get(cmi.HIGH, ""), "open": bool(state.get("open"))}
        rows.append({**unit, "status": status, "done": claims.is_done(unit, state), **told})
    return rows


def package_progress(run: PackageRun) -> dict[str, Any]:
    """How far the run is: what the package claims, seconds counted and needed, whether it is finished."""
    needed = timing.needed(run.version.minutes)
    units = units_of(run.version, run.states)
    return {
        "done": run.finished_at is not None,
        "claimed": run.claimed_at is not None,
        "time": run.spent >= needed,
        "minutes_left": 0 if run.finished_at else -(-int(max(needed - run.spent, 0)) // 60),
        "units": units,
        "units_done": sum(one["done"] for one in units),
    }
