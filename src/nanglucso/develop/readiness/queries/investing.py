"""The investment list: what would bring each unit to what is wanted, ranked by people enabled per million đồng.

People enabled = people at computers × (1 − reach) × share of requirements met: a machine enables whoever can use it.
Where the competence of a unit is not known, or kept back from the viewer, the rules' assumption stands in and says so.
"""

from dataclasses import dataclass

from nanglucso.develop.readiness.queries.mapping import Place, ReadinessMap
from nanglucso.develop.readiness.scoring import Line, rules

MILLION = 1_000_000


@dataclass(frozen=True)
class Investment:
    """A unit's package. `skilled` 0..1 used for the rank; `assumed`: it is the rules' assumption."""

    place: Place
    lines: list[Line]
    desks: int
    skilled: float
    assumed: bool

    @property
    def cost(self) -> int:
        return sum(line.cost for line in self.lines)

    @property
    def enabled(self) -> float:
        held = self.place.held
        return self.desks * (1 - held.standing.reach) * self.skilled if held else 0.0

    @property
    def per_million(self) -> float:
        return self.enabled * MILLION / max(1, self.cost)


def investments(found: ReadinessMap) -> list[Investment]:
    """Units with fresh figures that lack something, the most people enabled per million đồng first."""
    made = []
    for place in found.places:
        if place.held is None or not place.fresh:
            continue
        lines = place.held.lacking
        if not lines:
            continue
        assumed = place.met is None
        skilled = rules().unknown_skills if place.met is None else place.met
        made.append(Investment(place, lines, int(place.held.answers["desks"]), skilled, assumed))
    return sorted(made, key=lambda one: (-one.per_million, one.place.unit.path))
