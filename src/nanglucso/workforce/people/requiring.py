"""What positions require, read in another framework; and the people room's part in a move of frameworks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nanglucso.workforce.framework.passing import Passage, Step
from nanglucso.workforce.people.models import Position, PositionFamily, Requirement


@dataclass(frozen=True)
class Need:
    """A requirement before it is a row."""

    competence: int
    level: int
    weight: float
    must_have: bool
    reason: str


def carried(way: Passage, needs: Iterable[Requirement]) -> list[Need]:
    """The requirements of one position in the other framework, weights again adding up to what they did.

    A weight is shared among the links that carry it, by their strength. Two that meet give the higher level.
    """
    found: dict[int, Need] = {}
    for row in needs:
        links, level = way.carried(row.competence_id), way.level(row.level)
        total = sum(strength for _pk, strength in links)
        for pk, strength in links if level else []:
            old = found.get(pk, Need(pk, 0, 0.0, False, ""))
            reasons = "; ".join(dict.fromkeys(text for text in (old.reason, row.reason) if text))
            weight = old.weight + row.weight * strength / total
            found[pk] = Need(pk, max(old.level, level), weight, old.must_have or row.must_have, reasons)
    rows = sorted(found.values(), key=lambda one: way.here[one.competence].index)
    return _shared_out(rows, sum(row.weight for row in needs))


def _shared_out(rows: list[Need], whole: float) -> list[Need]:
    held = sum(row.weight for row in rows)
    if not held or abs(held - whole) < 1e-9:
        return rows
    return [Need(r.competence, r.level, round(r.weight * whole / held, 2), r.must_have, r.reason) for r in rows]


class PositionMover:
    """Positions, their requirements, and the default levels of families."""

    def blocked(self, passage: Passage) -> list[Any]:
        return []

    def preview(self, passage: Passage, *, at: datetime, step: Step) -> dict[str, Any]:
        made = _all(passage)
        lost = sum(
            not passage.carried(row.competence_id) or not passage.level(row.level)
            for row in Requirement.objects.filter(position__framework=passage.source)
        )
        return {"positions": len(made), "requirements": sum(map(len, made.values())), "lost": lost}

    def prepare(self, passage: Passage, *, at: datetime, step: Step) -> None:
        return None

    def apply(self, passage: Passage, prepared: None, *, at: datetime) -> dict[str, Any]:
        """Write the new requirements; the old rows, as they were, are the way back."""
        made = _all(passage)
        old = list(
            Requirement.objects.filter(position__in=made).values(
                "position_id", "competence_id", "level", "weight", "must_have", "reason"
            )
        )
        defaults = {row.pk: row.defaults for row in PositionFamily.objects.all()}
        _put(made, [_row(pk, one) for pk, rows in made.items() for one in rows])
        Position.objects.filter(pk__in=made).update(framework=passage.target)
        for pk, told in defaults.items():
            PositionFamily.objects.filter(pk=pk).update(defaults=_defaults(passage, told))
        return {"requirements": old, "positions": list(made), "defaults": {str(pk): v for pk, v in defaults.items()}}

    def undo(self, passage: Passage, inverse: Mapping[str, Any], *, at: datetime) -> None:
        _put(inverse["positions"], inverse["requirements"])
        Position.objects.filter(pk__in=inverse["positions"]).update(framework=passage.source)
        for pk, told in inverse["defaults"].items():
            PositionFamily.objects.filter(pk=int(pk)).update(defaults=told)


def _all(way: Passage) -> dict[int, list[Need]]:
    rows: dict[int, list[Requirement]] = {}
    for pk in Position.objects.filter(framework=way.source).values_list("pk", flat=True):
        rows[pk] = []
    for row in Requirement.objects.filter(position__in=rows).order_by("competence__index"):
        rows[row.position_id].append(row)
    return {pk: carried(way, needs) for pk, needs in rows.items()}


def _row(position: int, one: Need) -> dict[str, Any]:
    return {
        "position_id": position, "competence_id": one.competence, "level": one.level, "weight": one.weight,
        "must_have": one.must_have, "reason": one.reason,
    }  # fmt: skip


def _put(positions: Iterable[int], rows: Sequence[Mapping[str, Any]]) -> None:
    Requirement.objects.filter(position__in=list(positions)).delete()
    Requirement.objects.bulk_create([Requirement(**row) for row in rows], batch_size=500)


def _defaults(way: Passage, told: Mapping[str, int]) -> dict[str, int]:
    """A family's default levels under the codes of the other framework, the higher where two meet."""
    codes = {row.code: pk for pk, row in way.there.items()}
    found: dict[str, int] = {}
    for code, level in told.items():
        for pk, _strength in way.carried(codes[code]) if code in codes else []:
            new = way.here[pk].code
            found[new] = max(found.get(new, 0), way.level(level))
    return {code: level for code, level in found.items() if level}
