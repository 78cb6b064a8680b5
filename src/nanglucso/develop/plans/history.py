"""What was changed of a course, a room, a lecturer or a day off, read from the log."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from nanglucso.core.models import AuditEntry
from nanglucso.develop.plans.models import Venue
from nanglucso.develop.plans.wording import MEANS
from nanglucso.ui.figures import num
from nanglucso.workforce.people.models import TravelArea

MOST = 20
MANY = 10_000  # from here on digits are grouped; years are smaller


@dataclass(frozen=True)
class Entry:
    """One act: who, when, by what source, and the lines (name of the field, old, new)."""

    at: datetime
    by: str
    source: str
    lines: list[tuple[Any, str, str]]


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int) and value >= MANY:
        return num(value)
    if isinstance(value, list):
        return ", ".join(map(_said, value)) or "–"
    return "–" if value in (None, "") else str(value)


def _lines(changes: dict[str, list[Any]], areas: dict[str, str]) -> Iterator[tuple[Any, str, str]]:
    for name, pair in changes.items():
        old, new = (areas.get(one, one) for one in pair) if name == "area" else pair
        yield MEANS.get(name, name), _said(old), _said(new)


def _by(one: AuditEntry) -> str:
    return one.actor_label if one.actor_id else _("the system")


def of(row: Model | None) -> list[Entry]:
    """The last changes of a row, newest first; acts that noted nothing, and a row not there yet, give none."""
    if row is None:
        return []
    about = AuditEntry.objects.filter(subject_type=row._meta.label_lower, subject_id=str(row.pk))
    areas = {area.name_vi: area.name for area in TravelArea.objects.all()} if isinstance(row, Venue) else {}
    entries = [
        Entry(one.at, _by(one), one.details.get("source", ""), list(_lines(one.details.get("changes") or {}, areas)))
        for one in about.order_by("-seq")[:MOST]
    ]
    return [one for one in entries if one.lines or one.source]
