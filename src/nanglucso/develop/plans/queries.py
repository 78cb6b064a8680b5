"""Nouns of planning."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, FloatField, Max, Min, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Cast

from nanglucso.core.scope import EVERYTHING, Scope
from nanglucso.develop.plans.models import (
    Course,
    DayOff,
    Lecturer,
    PlannedClass,
    PlannedSeat,
    Proposal,
    ProposalRound,
    Scenario,
    Venue,
    quarter_of,
)
from nanglucso.workforce.people.models import Person, Unit

MILLION = 1_000_000
RETEST_SHARE = 0.5
CLASS_SORTS = {
    "": ("start", "number"),
    "tuan": ("start", "number"),
    "khoa": ("course__name_vi", "start", "number"),
    "cho": ("n_seats", "number"),
    "tien": ("cost", "number"),
    "muc": ("value", "number"),
}


def scenarios(year: int | None = None) -> QuerySet[Scenario]:
    """Scenarios, newest year first."""
    rows = Scenario.objects.select_related("job", "created_by", "approved_by", "submitted_by")
    return rows.filter(year=year) if year else rows


def years() -> list[int]:
    """Years that have a scenario, newest first."""
    return list(Scenario.objects.order_by("-year").values_list("year", flat=True).distinct())


def approved(year: int) -> Scenario | None:
    """The approved plan of a year."""
    return Scenario.objects.filter(year=year, status=Scenario.Status.APPROVED).first()


def waiting_for_approval() -> QuerySet[Scenario]:
    """Plans that have been sent and not yet decided."""
    return Scenario.objects.filter(status=Scenario.Status.SUBMITTED)


def week_start(scenario: Scenario, week: int) -> date:
    """Monday of a teaching week."""
    return scenario.monday(week)


@dataclass(frozen=True)
class Finding:
    """A computed plan in three numbers: share of the need closed, share that no plan could add, levels a triệu buys."""

    closed: float
    more: float
    price: float
    spent: float


def finding(scenario: Scenario) -> Finding | None:
    """What a computed scenario found; None when it was not computed."""
    f = scenario.figures
    if not f:
        return None
    need = f["need"] or 1.0
    more = max(0.0, f["bound"] - f["objective"]) / need
    return Finding(f["objective"] / need, more, f["shadow_price"], f["cost"] / max(1, scenario.budget))


@dataclass(frozen=True)
class ClassFilter:
    """What the table of classes is cut to; `quarter` counts from 1; `sort` a key of CLASS_SORTS, "-" = descending."""

    quarter: int | None = None
    form: str = ""
    area: str = ""
    family: str = ""
    course: str = ""
    sort: str = ""


def planned_classes(
    scenario: Scenario, *, scope: Scope = EVERYTHING, wanted: ClassFilter | None = None
) -> QuerySet[PlannedClass]:
    """The plan's classes with seats, provisional seats, gain in weighted levels and `value` = levels a triệu đồng.

    A scope smaller than the city keeps the classes in which somebody of it sits.
    """
    wanted = wanted or ClassFilter()
    rows = PlannedClass.objects.filter(scenario=scenario).select_related(
        "scenario", "course", "venue__area", "lecturer", "source"
    )
    if not scope.everything:
        mine = PlannedSeat.objects.filter(scope.units("person__unit__path"), planned_class=OuterRef("pk"))
        rows = rows.filter(Exists(mine))
    if wanted.quarter:
        mondays = map(scenario.monday, range(scenario.weeks))
        rows = rows.filter(start__in=[w for w, day in enumerate(mondays) if quarter_of(day) == wanted.quarter])
    for field, value in (("form", wanted.form), ("course__family", wanted.family), ("course__code", wanted.course)):
        if value:
            rows = rows.filter(**{field: value})
    if wanted.area:
        rows = rows.filter(venue=None) if wanted.area == "-" else rows.filter(venue__area__code=wanted.area)
    rows = rows.annotate(
        n_seats=F("seat_count"), n_tied=F("tied_count"), gain=F("gain_sum"),
        value=F("gain_sum") * float(MILLION) / Cast(F("cost") + 1, FloatField()),
    )  # fmt: skip
    keys = CLASS_SORTS.get(wanted.sort.lstrip("-"), CLASS_SORTS[""])
    return rows.order_by(*(f"-{key}" if wanted.sort.startswith("-") else key for key in keys))


def seats(planned: PlannedClass, scope: Scope) -> QuerySet[PlannedSeat]:
    """Who sits in a planned class, cut to the viewer's scope, in name order."""
    rows = PlannedSeat.objects.filter(scope.units("person__unit__path"), planned_class=planned)
    return rows.select_related("person__unit", "person__position").order_by("person__sort_key", "person_id")


@dataclass(frozen=True)
class Seated:
    """A person of a plan: path of the unit, classes, tiết, provisional seats, first teaching week, and the share 0..1
    of the need behind the seats that is in doubt."""

    person_id: int
    path: str
    n_classes: int
    tiet: int
    n_tied: int
    first_start: int
    doubt: float
    from_prior: bool
    retest: bool


def people_in(scenario: Scenario, scope: Scope, *, only: str = "", unit: Unit | None = None) -> list[Seated]:
    """Who has a seat, in name order. `only`: tied (a provisional name) or retest (to be measured before the class)."""
    seats = PlannedSeat.objects.filter(scope.units("person__unit__path"), planned_class__scenario=scenario)
    if unit:
        seats = seats.filter(person__unit__path__startswith=unit.path)
    rows = (
        seats.values_list("person_id", "person__sort_key", "person__unit__path")
        .annotate(
            n=Count("pk"), tiet=Sum("planned_class__course__tiet"), n_tied=Count("pk", filter=Q(tied=True)),
            first=Min("planned_class__start"), all_gain=Sum("gain"), unsure_gain=Sum(F("gain") * F("unsure")),
            n_prior=Count("pk", filter=Q(from_prior=True)),
        )
        .order_by("person__sort_key", "person_id")
    )  # fmt: skip
    made, limit = [], float(scenario.params.get("retest_share", RETEST_SHARE))
    for pk, _key, path, n, tiet, tied, first, gain, unsure, prior in rows:
        doubt = unsure / gain if gain else 0.0
        made.append(Seated(pk, path, n, tiet, tied, first, doubt, prior > 0, doubt > limit))
    return [row for row in made if not only or (row.retest if only == "retest" else row.n_tied > 0)]


def persons(rows: Iterable[Seated]) -> dict[int, Person]:
    """The people of these rows with unit and position, by key."""
    return Person.objects.select_related("unit", "position").in_bulk([row.person_id for row in rows])


@dataclass(frozen=True)
class Pretest:
    """Somebody to be measured before the first class: agency, commune or ward, share of the need in the planned courses
    that is in doubt (0..1), whether never measured, and the teaching week (0 or 1) of the short test."""

    person_id: int
    unit: Unit
    share: float
    from_prior: bool
    week: int


def pretest(scenario: Scenario, *, scope: Scope = EVERYTHING) -> list[Pretest]:
    """People whose need in the planned courses rests, above `params.retest_share`, on the prior or is not yet known.

    In each unit the half whose classes begin first is tested in week 0, the rest in week 1.
    """
    tops = {unit.path: unit for unit in Unit.objects.filter(depth__lte=2)}
    by_unit: dict[str, list[Seated]] = defaultdict(list)
    for row in people_in(scenario, scope, only="retest"):
        by_unit[row.path[: 2 * Unit.steplen]].append(row)
    made = []
    for path in sorted(by_unit):
        line = sorted(by_unit[path], key=lambda row: row.first_start)
        for i, row in enumerate(line):
            week = 0 if i < (len(line) + 1) // 2 or row.first_start <= 1 else 1
            made.append(Pretest(row.person_id, tops[path], row.doubt, row.from_prior, week))
    return made


def n_pretest(scenario: Scenario, scope: Scope) -> int:
    """How many people are to be measured before their class."""
    if scope.everything and "pretest" in scenario.figures:
        return int(scenario.figures["pretest"])
    return len(people_in(scenario, scope, only="retest"))


@dataclass(frozen=True)
class PretestCount:
    """How many people of a unit are tested in teaching weeks 0 and 1."""

    unit: Unit
    first: int
    second: int

    @property
    def total(self) -> int:
        return self.first + self.second


def pretest_counts(rows: Iterable[Pretest]) -> list[PretestCount]:
    """Pretests by unit, in tree order."""
    weeks: dict[int, Counter[int]] = defaultdict(Counter)
    units: dict[int, Unit] = {}
    for row in rows:
        units[row.unit.pk] = row.unit
        weeks[row.unit.pk][row.week] += 1
    order = sorted(units.values(), key=lambda unit: unit.path)
    return [PretestCount(unit, weeks[unit.pk][0], weeks[unit.pk][1]) for unit in order]


@dataclass(frozen=True)
class Side:
    """One scenario beside others. Percent of the need closed, of the budget spent, of the need that no plan could add;
    the kind of unit that gets the smallest share of its need closed, with that percent."""

    scenario: Scenario
    closed_percent: float
    cost: int
    money_percent: float
    more_percent: float = 0.0
    price: float = 0.0
    lowest_kind: str = ""
    lowest_percent: float = 0.0


def compare(rows: Iterable[Scenario]) -> list[Side]:
    """Computed scenarios side by side."""
    made = []
    for row in rows:
        f, found = row.figures, finding(row)
        if found:
            kind, share = _lowest(f.get("by_kind", {}))
            made.append(
                Side(
                    row, 100 * found.closed, f["cost"], 100 * found.spent, 100 * found.more,
                    found.price, kind, 100 * share,
                )
            )  # fmt: skip
    return made


def _lowest(by_kind: dict[str, dict[str, float]]) -> tuple[str, float]:
    shares = [(row["closed"] / row["need"], kind) for kind, row in by_kind.items() if row["need"] > 0]
    share, kind = min(shares, default=(0.0, ""))
    return kind, share


@dataclass(frozen=True)
class CourseDifference:
    """A course and form with the number of (classes, seats) in each scenario, where they are not the same."""

    course: Course
    form: str
    form_name: str
    cells: tuple[tuple[int, int], ...]


def differing_classes(rows: Sequence[Scenario]) -> list[CourseDifference]:
    """Courses and forms of which the scenarios open different numbers of classes or seats, largest difference first."""
    table: dict[tuple[int, str], dict[int, tuple[int, int]]] = defaultdict(dict)
    found = PlannedClass.objects.filter(scenario__in=rows).values_list("scenario_id", "course_id", "form")
    for scenario, course, form, n, sat in found.annotate(n=Count("pk", distinct=True), sat=Count("seats")).order_by():
        table[course, form][scenario] = (n, sat)
    names, courses = dict(PlannedClass.Form.choices), Course.objects.in_bulk({course for course, _ in table})
    made = []
    for (course, form), cells in table.items():
        line = tuple(cells.get(row.pk, (0, 0)) for row in rows)
        if len(set(line)) > 1:
            made.append(CourseDifference(courses[course], form, str(names[form]), line))

    def spread(row: CourseDifference) -> tuple[int, str, str]:
        sat = [cell[1] for cell in row.cells]
        return min(sat) - max(sat), row.course.code, row.form

    return sorted(made, key=spread)


def people_only_in(rows: Sequence[Scenario]) -> list[int]:
    """For each scenario the people who have a seat in it and in none of the others."""
    pairs = PlannedSeat.objects.filter(planned_class__scenario__in=rows)
    seated: dict[int, set[int]] = {row.pk: set() for row in rows}
    for scenario, person in pairs.values_list("planned_class__scenario_id", "person_id").distinct():
        seated[scenario].add(person)
    times = Counter(person for people in seated.values() for person in people)
    return [sum(times[person] == 1 for person in seated[row.pk]) for row in rows]


def total_of(rows: QuerySet[PlannedClass]) -> dict[str, Any]:
    """Classes, seats, cost (đồng), weighted levels a triệu, and the best class's, of rows from `planned_classes`."""
    told = rows.aggregate(
        classes=Count("pk"), seats=Sum("seat_count"), cost=Sum("cost"), levels=Sum("gain_sum"), best=Max("value")
    )
    cost = told["cost"] or 0
    return {
        "classes": told["classes"], "seats": told["seats"] or 0, "cost": cost, "best": told["best"] or 1.0,
        "value": (told["levels"] or 0.0) * MILLION / cost if cost else 0.0,
    }  # fmt: skip


def courses() -> QuerySet[Course]:
    """The catalogue in use."""
    return Course.objects.filter(active=True).prefetch_related("covers__competence")


def venues() -> QuerySet[Venue]:
    """Every room, those in use first."""
    return Venue.objects.select_related("area").order_by("-active", "name", "pk")


def n_assumed() -> int:
    """Rooms and lecturers in use whose figures are assumed."""
    wanted = {"active": True, "assumed": True}
    return Venue.objects.filter(**wanted).count() + Lecturer.objects.filter(**wanted).count()


def lecturers() -> QuerySet[Lecturer]:
    """Every lecturer, those in use first."""
    return Lecturer.objects.order_by("-active", "name", "pk")


def coming_days_off(day: date) -> QuerySet[DayOff]:
    """Days off from the beginning of the year on."""
    return DayOff.objects.filter(last__gte=day.replace(month=1, day=1)).order_by("first", "code")


def proposals(year: int, scope: Scope) -> QuerySet[Proposal]:
    """What the viewer's units proposed for a year, newest first."""
    rows = Proposal.objects.filter(scope.units("unit__path"), year=year)
    return rows.select_related("unit", "course", "competence", "scenario")


def proposal_years() -> list[int]:
    """Years for which units were asked."""
    return list(ProposalRound.objects.order_by("-year").values_list("year", flat=True))


def proposal_counts(rows: QuerySet[Proposal]) -> dict[str, int]:
    """State → number."""
    return dict(rows.order_by().values_list("status").annotate(n=Count("pk")))


def published(year: int | None = None) -> Scenario | None:
    """The plan in force that was published, of a year or the newest."""
    rows = Scenario.objects.filter(status=Scenario.Status.APPROVED).exclude(published_at=None)
    return (rows.filter(year=year) if year else rows).order_by("-year").first()


def published_years() -> list[int]:
    """Years with a published plan, newest first."""
    rows = Scenario.objects.filter(status=Scenario.Status.APPROVED).exclude(published_at=None)
    return list(rows.order_by("-year").values_list("year", flat=True).distinct())
