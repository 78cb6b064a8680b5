"""Search for overlaps, review by a person, resolution with an owner and a day."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.jobs import enqueue
from nanglucso.core.models import Job, User
from nanglucso.core.refusals import Refused
from nanglucso.develop.staffing import vocabulary
from nanglucso.develop.staffing.models import Duty, Overlap
from nanglucso.develop.staffing.queries.levels import CITY, COMMUNE, levels_of, place_of
from nanglucso.engines.overlap import Found, overlaps
from nanglucso.kit.text import clean, tone_key
from nanglucso.workforce.people.models import Unit

MOST = 5000


def _silent(share: float, message: str = "") -> None:
    """Nobody watches."""


def queue_search(*, actor: User | None, at: datetime) -> Job:
    """Compare all duties in the background. Raises `Refused` while such a search is under way."""
    if Job.objects.filter(kind="staffing.find_overlaps", status__in=("queued", "running")).exists():
        raise Refused(_("A search is already under way; its result will stand here."))
    with act(actor, "staffing.queue_search", at=at):
        return enqueue("staffing.find_overlaps", actor=actor, at=at)


def find_overlaps(*, actor: User | None, at: datetime, tell: Callable[..., None] = _silent) -> dict[str, Any]:
    """Compare units' functions with each other and positions' duties with each other; keep what a person reviewed.

    A unit is not compared with a unit above or below it, nor a position with a unit: there a duty is handed down, not
    doubled. Two communes or wards are not compared either: each has its own territory; of a text that many of them
    have, one stands for all when it is compared with the city's. At most `MOST` new pairs are kept, best first.
    Returns how many duties, new pairs and pairs left out.
    """
    rows = list(Duty.objects.filter(until=None).select_related("unit", "position"))
    fresh: list[Overlap] = []
    groups = [*_unit_groups(rows), [row for row in rows if row.position_id]]
    for place, held in enumerate(groups):
        tell(0.1 + 0.8 * place / len(groups))
        fresh += _pairs(held, at)
    fresh.sort(key=lambda pair: -pair.score)
    tell(0.9)
    with act(actor, "staffing.find_overlaps", at=at, duties=len(rows)) as this:
        Overlap.objects.filter(verdict="").delete()
        known = set(Overlap.objects.values_list("one_id", "other_id"))
        new = [pair for pair in fresh if (pair.one_id, pair.other_id) not in known]
        Overlap.objects.bulk_create(new[:MOST], batch_size=500)
        done = {"duties": len(rows), "new": len(new[:MOST]), "left_out": max(0, len(new) - MOST)}
        this.note(**done)
    return done


def _unit_groups(rows: Sequence[Duty]) -> list[list[Duty]]:
    """Functions to be compared with each other: those of each commune, and the city's with one of every local text."""
    held = [row for row in rows if row.unit_id]
    places: dict[str, list[Duty]] = defaultdict(list)
    city: list[Duty] = []
    stand_ins: dict[str, Duty] = {}
    for row, level in zip(held, levels_of(held), strict=True):
        if level == COMMUNE:
            places[place_of(row)].append(row)
            stand_ins.setdefault(tone_key(row.text), row)
        else:
            city.append(row)
    return [*places.values(), [*city, *stand_ins.values()]]


def _pairs(rows: Sequence[Duty], at: datetime) -> list[Overlap]:
    levels = levels_of(rows)
    found = overlaps([row.text for row in rows], levels, vocabulary.words(), vocabulary.model())
    whole_city = CITY in levels
    return [
        _pair(rows, levels, found, place, at)
        for place in range(len(found))
        if _apart(rows, found, place) and not (whole_city and rows[0].unit_id and _both_local(levels, found, place))
    ]


def _both_local(levels: Sequence[str], found: Found, place: int) -> bool:
    """Two local functions beside the city's: they were compared within their commune."""
    return levels[found.i[place]] == levels[found.j[place]] == COMMUNE


def _apart(rows: Sequence[Duty], found: Found, place: int) -> bool:
    one, other = rows[found.i[place]], rows[found.j[place]]
    if one.unit is None or other.unit is None:
        return one.position_id != other.position_id
    return not (one.unit.path.startswith(other.unit.path) or other.unit.path.startswith(one.unit.path))


def _pair(rows: Sequence[Duty], levels: Sequence[str], found: Found, place: int, at: datetime) -> Overlap:
    i, j = int(found.i[place]), int(found.j[place])
    one, other = sorted((rows[i], rows[j]), key=lambda row: row.pk)
    return Overlap(
        one=one, other=other, score=round(float(found.score[place]), 4), hint=found.hints[place], found_at=at,
        across_levels=(levels[i] == COMMUNE) != (levels[j] == COMMUNE),
    )  # fmt: skip


def review_overlap(*, actor: User | None, pair: Overlap, verdict: str, at: datetime, remark: str = "") -> Overlap:
    """Say what a pair is. Raises `Refused` for an unknown outcome, a closed pair, or `different` after a resolution."""
    if verdict not in Overlap.Verdict.values or not verdict:
        raise Refused(_("Choose what the two duties are to each other."), field="verdict")
    if pair.closed_on:
        raise Refused(_("This pair is closed; its record stays as it is."))
    if verdict == Overlap.Verdict.SHARED and not remark.strip():
        raise Refused(_("Name the law or the decision that shares this work."), field="remark")
    with act(actor, "staffing.review_overlap", pair, at=at, verdict=verdict, before=pair.verdict):
        pair.verdict, pair.remark, pair.reviewed_by, pair.reviewed_at = verdict, clean(remark), actor, at
        if not pair.overlapping:
            pair.action, pair.plan, pair.owner, pair.due = "", "", None, None
        pair.save()
    return pair


def resolve_overlap(
    *, actor: User | None, pair: Overlap, action: str, owner: Unit, due: date, at: datetime, plan: str = ""
) -> Overlap:
    """Set what is done about an overlap, by which unit, until when. Raises `Refused` without one, or when closed."""
    if not pair.overlapping:
        raise Refused(_("Say first that the two duties overlap."))
    if pair.closed_on:
        raise Refused(_("This pair is closed; its record stays as it is."))
    if action not in Overlap.Action.values or not action:
        raise Refused(_("Choose what is done."), field="action")
    if action == Overlap.Action.ACCEPT and not plan.strip():
        raise Refused(_("Write why both keep the duty."), field="plan")
    with act(actor, "staffing.resolve_overlap", pair, at=at, action=action, owner=owner.name, due=due.isoformat()):
        pair.action, pair.plan, pair.owner, pair.due = action, clean(plan), owner, due
        pair.save(update_fields=["action", "plan", "owner", "due"])
    return pair


def close_overlap(*, actor: User | None, pair: Overlap, on: date, closing: str, at: datetime) -> Overlap:
    """The resolution was carried out on a day. Raises `Refused` without one, when closed, or without the document."""
    if not pair.action:
        raise Refused(_("Set first what is done, by whom and until when."))
    if pair.closed_on:
        raise Refused(_("This pair is closed; its record stays as it is."))
    if not closing.strip():
        raise Refused(_("Name the document that settles it."), field="closing")
    with act(actor, "staffing.close_overlap", pair, at=at, on=on.isoformat()):
        pair.closed_on, pair.closing = on, clean(closing)[:300]
        pair.save(update_fields=["closed_on", "closing"])
    return pair


def note_export(*, actor: User, kind: str, rows: int, at: datetime) -> None:
    """Leave a trace that the report left the system as a file."""
    with act(actor, "staffing.export_overlaps", at=at, kind=kind, rows=rows):
        pass
