"""The readiness map: each unit's infrastructure across its people's competence, in four quarters and what is not known.

Competence = share of requirements met among those whose state is known. Where the viewer may not see names, figures of
small groups are kept back as on the maps of gaps (adr/0009): such a unit stands in no quarter.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from nanglucso.core.days import local_day
from nanglucso.core.scope import Scope
from nanglucso.develop.readiness.queries.facts import Held, held_on, is_fresh, surveyed_units
from nanglucso.develop.readiness.scoring import rules
from nanglucso.measure.gaps import queries as gaps
from nanglucso.workforce.framework.models import Framework
from nanglucso.workforce.people.models import Unit

BOTH, MACHINES, SKILLS, NEITHER, UNKNOWN, HIDDEN = "both", "machines", "skills", "neither", "unknown", "hidden"
QUARTERS = (BOTH, MACHINES, SKILLS, NEITHER, UNKNOWN, HIDDEN)


@dataclass(frozen=True)
class Place:
    """One unit of the map. `met` 0..1, None = not known; `hidden`: kept back from the viewer; `people` then None."""

    unit: Unit
    held: Held | None
    fresh: bool
    met: float | None
    hidden: bool
    people: int | None

    @property
    def quarter(self) -> str:
        if self.hidden:
            return HIDDEN
        if self.held is None or not self.fresh or self.met is None:
            return UNKNOWN
        skilled = self.met >= rules().skills_wanted - 1e-9
        if self.held.standing.equipped:
            return BOTH if skilled else MACHINES
        return SKILLS if skilled else NEITHER

    @property
    def met_heat(self) -> int | None:
        """0 (most met) to 6, in the steps of the heat maps."""
        return None if self.met is None else min(6, int(10 * (1 - self.met) + 1e-9))


@dataclass(frozen=True)
class ReadinessMap:
    """The units of a scope; `kept_back`: some figures are not shown to this viewer."""

    places: list[Place]
    at: datetime
    kept_back: bool

    def only(self, kind: str) -> list[Place]:
        """The units of one group of kinds ("so", "xa", "phuong", …), "" = all."""
        return [one for one in self.places if not kind or group_of(one.unit.kind) == kind]

    def count(self, kind: str = "") -> dict[str, int]:
        """How many units stand in each quarter."""
        told = Counter(one.quarter for one in self.only(kind))
        return {quarter: told[quarter] for quarter in QUARTERS}


def group_of(kind: str) -> str:
    """Kinds of units as the page groups them: agencies, communes, wards, service units."""
    agencies = (Unit.Kind.AGENCY, Unit.Kind.OFFICE, Unit.Kind.INSPECTORATE)
    return Unit.Kind.AGENCY.value if kind in agencies else kind


def readiness_map(framework: Framework, scope: Scope, *, names: bool, at: datetime) -> ReadinessMap:
    """Every unit of a scope. `names`: whether the viewer may see names, so that no small group is kept back.

    A scope inside one unit shows that unit's own people only, so the unit is there with the people of the scope.
    """
    day, units = local_day(at), _units_of(scope)
    held = held_on(day, [unit.pk for unit in units])
    sums, tree = gaps.unit_sums(framework, scope, at=at), gaps.tree(scope)
    paths = [unit.path for unit in units]
    counted = gaps.unit_tally(sums, paths, tree.paths())
    hidden = np.zeros((len(units), sums.frame.size + 1), bool) if names else _hidden(sums, tree, units)
    places = []
    for g, unit in enumerate(units):
        one = held.get(unit.pk)
        met, gone = _met(counted.counts(g), hidden[g])
        people = None if gone else counted.counts(g).people
        places.append(Place(unit, one, is_fresh(one, day), met, gone, people))
    return ReadinessMap(places, at, bool(hidden.any()))


def _units_of(scope: Scope) -> list[Unit]:
    """The surveyed units inside the scope; of a scope inside one of them, that one."""
    found = list(surveyed_units(scope))
    if found or scope.everything:
        return found
    above = {path[: 2 * Unit.steplen] for path in scope.paths}
    return list(surveyed_units().filter(path__in=above))


def _hidden(sums: gaps.Sums, tree: gaps.Tree, units: Sequence[Unit]) -> np.ndarray:
    """(U, K + 1) what is kept back, by the same reckoning as the map of gaps of the same scope."""
    whole = np.ones((len(units), sums.frame.size + 1), bool)
    if tree.top is None:
        return whole
    veil, rows = gaps.unit_veil(sums, tree, tree.top, split=False)
    place = {row.pk: g for g, row in enumerate(rows)}
    for u, unit in enumerate(units):
        if tree.top.pk == unit.pk:
            whole[u] = veil.total
        elif unit.pk in place:
            whole[u] = veil.rows[place[unit.pk]]
    return whole


def _met(counts: gaps.Counts, hidden: np.ndarray) -> tuple[float | None, bool]:
    """Share of requirements met among those known, and whether it is kept back. Too little known = None."""
    if not counts.people:
        return None, False
    if hidden[-1]:
        return None, True
    shown = counts.over(~hidden[:-1])
    if not shown.required.sum() and counts.required.sum():
        return None, True
    met, gap = int(shown.met.sum()), int(shown.not_met.sum())
    if not counts.enough or not met + gap or met + gap < rules().least_known * int(shown.required.sum()):
        return None, False
    return met / (met + gap), False
