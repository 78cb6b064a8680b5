"""Who owes the periods of a year: everybody with a main position on the day that counts, and under which regime."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from django.db.models import Q, QuerySet

from nanglucso.core.db import among
from nanglucso.develop.hours.lawrules import LawRules
from nanglucso.workforce.people.models import Appointment, Unit
from nanglucso.workforce.people.queries_units import main_on


@dataclass(frozen=True)
class Member:
    """One person on the day that counts."""

    person: int
    unit: int
    path: str
    regime: str


class Regimes:
    """Unit path → regime: the nearest unit above (or the unit itself) whose kind says so."""

    def __init__(self, law: LawRules) -> None:
        told = Unit.objects.filter(kind__in=law.by_unit_kind).values_list("path", "kind")
        self.by_path = {path: law.by_unit_kind[kind] for path, kind in told}
        self.otherwise = law.otherwise

    def of(self, path: str) -> str:
        """The regime of somebody in the unit of this path."""
        for length in range(len(path), 0, -Unit.steplen):
            if path[:length] in self.by_path:
                return self.by_path[path[:length]]
        return self.otherwise


def counting_day(year: int, today: date) -> date:
    """The day whose staff is counted: 31 December, or today while the year lasts."""
    return min(today, date(year, 12, 31))


def appointments(day: date, cut: Q | None = None) -> QuerySet[Appointment]:
    """Main appointments on the day, of people whose record still has a name."""
    rows = main_on(day).filter(person__erased_at=None)
    return rows.filter(cut) if cut is not None else rows


def members(law: LawRules, day: date, cut: Q | None = None) -> list[Member]:
    """Everybody on the day, in name order; `cut` is a scope on `unit__path`."""
    regimes, made = Regimes(law), []
    seen: set[int] = set()
    rows = appointments(day, cut).order_by("person__sort_key", "person_id", "-since")
    for person, unit, path in rows.values_list("person_id", "unit_id", "unit__path"):
        if person not in seen:
            seen.add(person)
            made.append(Member(person, unit, path, regimes.of(path)))
    return made


def unit_regimes(law: LawRules) -> dict[int, str]:
    """{unit: regime} of every unit."""
    table = Regimes(law)
    return {pk: table.of(path) for pk, path in Unit.objects.values_list("pk", "path")}


def regimes_of(law: LawRules, day: date, people: np.ndarray) -> dict[int, str]:
    """{person: regime} of those of the people (keys) who hold a position on the day, in no order."""
    units = unit_regimes(law)
    rows = appointments(day).filter(person__in=among(people)).order_by()
    return {person: units[unit] for person, unit in rows.values_list("person_id", "unit_id")}
