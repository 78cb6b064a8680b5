"""The rows behind a plan document, read once: classes, seats, units, and who has not been measured."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from nanglucso.core.scope import EVERYTHING
from nanglucso.develop.plans.models import CourseCover, PlannedClass, PlannedSeat, Scenario
from nanglucso.develop.plans.queries import planned_classes
from nanglucso.measure.gaps.queries import active_people
from nanglucso.measure.profiles.queries import measured_ids
from nanglucso.workforce.people.models import Person, Unit

UNUSED = ("profile", "aliases", "unit_kinds")


@dataclass(frozen=True)
class Place:
    """Where a person works: name of the unit said in full, its agency or commune, the kind that counts."""

    unit: str
    top: str
    top_path: str
    kind: str


class Places:
    """Every unit's place, from one query."""

    def __init__(self) -> None:
        rows = list(Unit.objects.order_by("path"))
        by_path = {unit.path: unit for unit in rows}
        self.by_unit = {unit.pk: self._place(unit, by_path) for unit in rows}

    def _place(self, unit: Unit, by_path: dict[str, Unit]) -> Place:
        step = Unit.steplen
        ends = range(2 * step, len(unit.path) + 1, step)
        line = [by_path[unit.path[:end]] for end in ends] or [unit]
        kind = next((one.kind for one in reversed(line) if one.kind != Unit.Kind.ROOM), line[0].kind)
        return Place(", ".join(one.name for one in reversed(line)), line[0].name, line[0].path, kind)

    def of(self, person: Person) -> Place:
        """The place of a person who has a unit."""
        return self.by_unit[person.unit_id or 0]


@dataclass(frozen=True)
class PlanFacts:
    """A scenario's plan as rows. `unmeasured`: active people without any measurement, in name order."""

    scenario: Scenario
    at: datetime
    classes: list[PlannedClass]
    seats: dict[int, list[PlannedSeat]]
    places: Places
    people: list[Person]
    unmeasured: list[Person]
    domains: dict[str, str]
    course_domain: dict[int, str]

    @property
    def figures(self) -> dict[str, Any]:
        """What the solver stated."""
        return dict(self.scenario.figures)

    @property
    def intake(self) -> dict[str, Any]:
        """What the command line kept about the files it was given; {} for a plan made on the web."""
        return dict(self.scenario.params.get("intake", {}))

    def all_seats(self) -> Iterable[PlannedSeat]:
        """Every seat, class by class."""
        return (seat for row in self.classes for seat in self.seats[row.pk])

    def period(self, row: PlannedClass) -> tuple[date, date]:
        """First and last day of a class."""
        return self.scenario.monday(row.start), self.scenario.monday(row.start + row.weeks - 1) + timedelta(days=4)

    def left_out(self) -> list[tuple[date, date]]:
        """Weeks between the first and the last class in which no class can be: Tết and holidays leave too few days."""
        if not self.classes:
            return []
        first, last = min(self.period(row)[0] for row in self.classes), max(self.period(row)[1] for row in self.classes)
        taught = {self.scenario.monday(week) for week in range(self.scenario.weeks)}
        mondays = [first + timedelta(weeks=n) for n in range((last - first).days // 7 + 1)]
        return [(day, day + timedelta(days=4)) for day in mondays if day not in taught]

    def first_start(self) -> dict[int, int]:
        """Person → teaching week of the first class."""
        found: dict[int, int] = {}
        for row in self.classes:
            for seat in self.seats[row.pk]:
                found.setdefault(seat.person_id, row.start)
        return found


def plan_facts(scenario: Scenario, at: datetime) -> PlanFacts:
    """Read everything that the document of a scenario needs; about ten queries."""
    classes = list(planned_classes(scenario))
    seats: dict[int, list[PlannedSeat]] = defaultdict(list)
    rows = PlannedSeat.objects.filter(planned_class__scenario=scenario).select_related("person__position")
    rows = rows.defer(*(f"person__position__{name}" for name in UNUSED))
    for seat in rows.order_by("person__sort_key", "person_id"):
        seats[seat.planned_class_id].append(seat)
    people = list(active_people(EVERYTHING))
    measured = measured_ids([person.pk for person in people])
    domain_of, names = _domains(classes)
    unmeasured = [person for person in people if person.pk not in measured]
    return PlanFacts(scenario, at, classes, seats, Places(), people, unmeasured, names, domain_of)


def _domains(classes: list[PlannedClass]) -> tuple[dict[int, str], dict[str, str]]:
    """Course → code of the domain it covers first; code → name."""
    domain_of: dict[int, str] = {}
    names: dict[str, str] = {}
    covers = CourseCover.objects.filter(course__in={row.course_id for row in classes})
    for cover in covers.select_related("competence__domain").order_by("competence__index"):
        domain = cover.competence.domain
        domain_of.setdefault(cover.course_id, domain.code)
        names[domain.code] = domain.name_vi
    return domain_of, dict(sorted(names.items()))
