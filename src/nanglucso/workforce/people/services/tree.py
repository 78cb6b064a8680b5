"""Bring the unit tree into line with a list of units, parents first."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from nanglucso.kit.text import fold
from nanglucso.workforce.people.models import TravelArea, Unit, UnitPast

_FIELDS = ["name", "short_name", "kind", "area", "aliases", "fold", "since", "source"]


@dataclass(frozen=True)
class UnitTold:
    """A unit as content tells it; `parent` is the code of a unit told before it, "" for the root."""

    code: str
    name: str
    kind: str
    parent: str
    area: str = ""
    short_name: str = ""
    aliases: tuple[str, ...] = ()
    since: date | None = None
    source: str = ""


def merge_units(told: Sequence[UnitTold], areas: dict[str, TravelArea]) -> tuple[int, int]:
    """Create the units that are new and correct those that differ; returns (created, changed).

    Units that the list does not name are left alone, and so are those that a reorganisation has changed. A unit
    without an area takes its parent's.
    """
    held = {unit.code: unit for unit in Unit.objects.all()}
    decided = set(UnitPast.objects.values_list("unit_id", flat=True))
    last: dict[str, int] = defaultdict(int)
    for unit in held.values():
        last[unit.path[: -Unit.steplen]] = max(
            last[unit.path[: -Unit.steplen]], Unit._str2int(unit.path[-Unit.steplen :])
        )
    created: list[Unit] = []
    changed: list[Unit] = []
    grown: set[str] = set()
    for one in told:
        parent = held.get(one.parent)
        area = areas.get(one.area) or (parent.area if parent else None)
        row = held.get(one.code)
        if row is not None and (row.until is not None or row.pk in decided):
            continue
        if row is None and parent is not None and parent.until is not None:
            continue
        if row is None:
            row = _new(one, parent, last)
            held[one.code] = row
            created.append(row)
            if parent:
                parent.numchild += 1
                grown.add(parent.code)
        if _correct(row, one, area) and row.pk:
            changed.append(row)
    Unit.objects.bulk_create(created, batch_size=500)
    Unit.objects.bulk_update(changed, _FIELDS, batch_size=500)
    fresh = {row.code for row in created}
    Unit.objects.bulk_update([held[code] for code in grown - fresh], ["numchild"], batch_size=500)
    return len(created), len(changed)


def _new(one: UnitTold, parent: Unit | None, last: dict[str, int]) -> Unit:
    base = parent.path if parent else ""
    last[base] += 1
    path = Unit._get_path(base, (parent.depth if parent else 0) + 1, last[base])
    return Unit(code=one.code, path=path, depth=len(path) // Unit.steplen, numchild=0)


def _correct(row: Unit, one: UnitTold, area: TravelArea | None) -> bool:
    """Write what is told into the row; True when something differed."""
    wanted = {
        "name": one.name,
        "short_name": one.short_name,
        "kind": one.kind,
        "aliases": list(one.aliases),
        "fold": fold(" ".join((one.name, one.short_name, *one.aliases)))[:220],
        "since": one.since,
        "source": one.source[:200],
    }
    differs = any(getattr(row, field) != value for field, value in wanted.items()) or row.area_id != (
        area.pk if area else None
    )
    for field, value in wanted.items():
        setattr(row, field, value)
    row.area = area
    return differs
