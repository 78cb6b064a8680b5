"""Evidence recorded under another framework, read in this one by the crosswalk that the house moved by.

The ledger is never rewritten. An entry on a competence there counts once, on the competence here with the strongest
link. An answer to an item with slope a and step difficulties b, linked with strength s (taken as a correlation), is
read as one with a' = a·s / √(1 + (1 − s²)(a/1.7)²) and b' = b / s: the logistic curve averaged over what the link
leaves open (normal approximation with the constant 1.7). s = 1 leaves it as it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Any

from nanglucso.measure.profiles.models import Evidence
from nanglucso.workforce.framework.models import Move
from nanglucso.workforce.framework.passing import Passage, passage

Entry = dict[str, Any]
ANSWERS = (Evidence.Kind.SITTING, Evidence.Kind.OUTSIDE, Evidence.Kind.PRACTICE)


@dataclass(frozen=True)
class Reading:
    """One step: `places` {code there: (code here, strength)}, `levels` {number there: number here}."""

    places: Mapping[str, tuple[str, float]]
    passage: Passage

    def entries(self, kind: str, rows: list[Entry]) -> list[Entry]:
        """The entries that find a place here; classes and certificates that lead to no level here are left out."""
        told = [self._entry(kind, row) for row in rows if row["k"] in self.places]
        return [row for row in told if row is not None]

    def _entry(self, kind: str, row: Entry) -> Entry | None:
        code, strength = self.places[row["k"]]
        level = self.passage.level
        if kind in ANSWERS:
            a, b = weakened(row["a"], row["b"], strength)
            return row | {"k": code, "a": a, "b": b}
        if kind == Evidence.Kind.CLASS:
            band = {"from": level(int(row["from"])), "to": level(int(row["to"]))}
            return row | {"k": code} | band if band["to"] > band["from"] else None
        if kind == Evidence.Kind.CERTIFICATE:
            reached = level(int(row["level"]))
            return row | {"k": code, "level": reached} if reached else None
        return row | {"k": code, "rating": level(int(row["rating"]))}


def weakened(a: float, b: list[float], strength: float) -> tuple[float, list[float]]:
    """Slope and step difficulties of an item on a competence that is linked to its own with this strength."""
    if strength == 1:
        return a, b
    slope = a * strength / sqrt(1 + (1 - strength**2) * (a / 1.7) ** 2)
    return slope, [one / strength for one in b]


def reading(way: Passage) -> Reading:
    """The step of one crosswalk."""
    places = {}
    for pk in way.links:
        best = way.best(pk)
        if best:
            places[way.there[pk].code] = way.here[best[0]].code, best[1]
    return Reading(places, way)


def readings(source_id: int, target_id: int, then: Passage | None = None) -> list[Reading]:
    """The steps from one framework to another: moves that hold, in their order; `then` = one that is only tried.

    [] when no move leads there: entries are then taken by their codes.
    """
    at, steps = source_id, []
    moves = Move.objects.filter(undone_at=None).select_related("crossing__source", "crossing__target")
    ways = [row.crossing for row in moves.order_by("made_at", "pk")]
    for way in ways:
        if at == target_id:
            break
        if way.source_id == at:
            steps.append(reading(passage(way)))
            at = way.target_id
    if then is not None and at == then.source.pk and at != target_id:
        steps.append(reading(then))
        at = then.target.pk
    return steps if at == target_id else []
