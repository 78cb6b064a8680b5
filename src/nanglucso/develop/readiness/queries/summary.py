"""Readiness in a few figures, for the leader's page."""

from dataclasses import dataclass
from datetime import date, datetime

from nanglucso.core.days import local_day
from nanglucso.core.scope import Scope
from nanglucso.develop.readiness.queries.investing import investments
from nanglucso.develop.readiness.queries.mapping import BOTH, HIDDEN, MACHINES, NEITHER, SKILLS, UNKNOWN, readiness_map
from nanglucso.workforce.framework.models import Framework


@dataclass(frozen=True)
class ReadinessSummary:
    """How many units are where: `both`, `machines` only, `skills` only, `neither`, `unknown`; `hidden`: kept back.

    `answered`: units with fresh figures. `cost`: đồng (assumed prices) of everything that is lacking, `enabled`: people
    whom it would enable. `first`: the three units that gain most per million đồng, (unit, people per million đồng).
    """

    day: date
    units: int
    answered: int
    both: int
    machines: int
    skills: int
    neither: int
    unknown: int
    hidden: int
    cost: int
    enabled: float
    first: tuple[tuple[str, float], ...]


def readiness_summary(
    scope: Scope, *, framework: Framework, at: datetime, names: bool = False
) -> ReadinessSummary:  # fmt: skip
    """The map of a scope in figures; `names` as in `readiness_map`."""
    found = readiness_map(framework, scope, names=names, at=at)
    told, needed = found.count(), investments(found)
    return ReadinessSummary(
        local_day(at), len(found.places), sum(one.fresh for one in found.places), told[BOTH], told[MACHINES],
        told[SKILLS], told[NEITHER], told[UNKNOWN], told[HIDDEN], sum(one.cost for one in needed),
        sum(one.enabled for one in needed), tuple((one.place.unit.name, one.per_million) for one in needed[:3]),
    )  # fmt: skip
