"""Who could take a class, and which class could help somebody."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, QuerySet

from nanglucso.core.scope import Scope
from nanglucso.develop.plans.building import ABSENT_MAX
from nanglucso.develop.plans.models import CourseCover
from nanglucso.develop.training.models import Enrolment, TrainingClass
from nanglucso.develop.training.signup import HOLDING, OVER
from nanglucso.engines.levels import NOT_MET, NOT_YET_KNOWN
from nanglucso.measure.gaps.queries import active_people, gap_table
from nanglucso.measure.profiles.queries import Bar, standing
from nanglucso.workforce.framework.models import Competence, Framework
from nanglucso.workforce.people.models import Person, Unit
from nanglucso.workforce.people.queries import place_of, unit_chain

LIVE = (TrainingClass.Status.OPEN, TrainingClass.Status.RUNNING)
SHOWN = 6


@dataclass(frozen=True)
class Suggestion:
    """A class open for enrolment that covers own gaps: what it closes, how many levels, how many places are free."""

    training_class: TrainingClass
    closes: list[Competence]
    levels: float
    free: int


def _closes(bar: Bar, cover: CourseCover) -> float:
    """Levels of one requirement's shortfall that lie inside the bands of a course."""
    if bar.state != NOT_MET:
        return 0.0
    return max(0.0, min(bar.required, cover.to_level) - max(bar.mean, cover.from_level))


def suggestions(framework: Framework, person: Person, today: date) -> list[Suggestion]:
    """Classes that have not begun, are open for enrolment and close the most of this person's shortfall."""
    bars = {bar.competence.pk: bar for bar in standing(framework, person).bars}
    mine = Enrolment.objects.filter(person=person).exclude(status__in=OVER)
    rows = TrainingClass.objects.filter(status=TrainingClass.Status.OPEN, starts_on__gt=today)
    rows = rows.exclude(pk__in=mine.values("training_class")).select_related("course", "venue")
    found = []
    for row in rows.prefetch_related("course__covers__competence"):
        gains = {
            c.competence: _closes(bars[c.competence_id], c) for c in row.course.covers.all() if c.competence_id in bars
        }
        closes = [competence for competence, gain in gains.items() if gain > 0]
        if closes:
            found.append((sum(gains.values()), row, closes))
    found.sort(key=lambda one: (-one[0], one[1].starts_on, one[1].pk))
    chosen = found[:SHOWN]
    held = _held([row for _gain, row, _closes_ in chosen])
    return [Suggestion(row, closes, gain, max(0, row.seats - held.get(row.pk, 0))) for gain, row, closes in chosen]


def _held(rows: list[TrainingClass]) -> dict[int, int]:
    places = Enrolment.objects.filter(training_class__in=rows, status__in=HOLDING)
    return dict(places.values_list("training_class").annotate(n=Count("pk")).order_by())


@dataclass(frozen=True)
class Nominee:
    """Somebody of the scope who could be sent: shortfall in levels on what the course covers, and what is not known."""

    person: Person
    missing: float
    not_met: int
    unknown: int
    unit_path: str
    place: str


def nominees(framework: Framework, training_class: TrainingClass, scope: Scope) -> list[Nominee]:
    """Active people of the scope who are not in the class, those who miss most first."""
    taken = training_class.enrolments.exclude(status__in=OVER).values("person")
    people = active_people(scope).exclude(pk__in=taken).select_related("unit", "position")
    table = gap_table(framework, people)
    index = [cover.competence.index for cover in training_class.course.covers.select_related("competence")]
    by_pk = {person.pk: person for person in people}
    chains = unit_chain(person.unit for person in by_pk.values())
    made = []
    for i, pk in enumerate(table.ids.tolist()):
        state, person = table.state[i, index], by_pk[pk]
        made.append(
            Nominee(
                person, float(table.missing[i, index].sum()), int((state == NOT_MET).sum()),
                int((state == NOT_YET_KNOWN).sum()), person.unit.path if person.unit else "",
                place_of(person, chains),
            )
        )  # fmt: skip
    return sorted(made, key=lambda one: (-one.not_met, -one.missing, one.person.sort_key))


@dataclass(frozen=True)
class Absence:
    """One agency or commune in the busiest week of a class: its people, those in class, the most who may be away."""

    unit: Unit
    size: int
    away: int
    most: int

    @property
    def room(self) -> int:
        return max(0, self.most - self.away)


def _counting_units(people: Iterable[Person]) -> list[Unit]:
    """Units whose absences are limited: a division counts with the agency or commune it belongs to."""
    paths = {person.unit.path for person in people if person.unit}
    step = Unit.steplen
    above = {path[:end] for path in paths for end in range(step, len(path) + 1, step)}
    known = {unit.path: unit for unit in Unit.objects.filter(path__in=above)}
    found = {}
    for path in paths:
        line = [known[path[:end]] for end in range(len(path), 0, -step) if path[:end] in known]
        if line:
            unit = next((one for one in line if one.kind != Unit.Kind.ROOM), line[-1])
            found[unit.pk] = unit
    return sorted(found.values(), key=lambda unit: unit.path)


def _away(training_class: TrainingClass, unit: Unit) -> int:
    """People of a unit who hold a place in a class of the busiest week that this class touches."""
    weeks, day = [], training_class.starts_on - timedelta(days=training_class.starts_on.weekday())
    while day <= training_class.ends_on:
        weeks.append(day)
        day += timedelta(days=7)
    rows: QuerySet[Enrolment] = Enrolment.objects.filter(
        status=Enrolment.Status.BOOKED, person__unit__path__startswith=unit.path, training_class__status__in=LIVE
    )
    counts = [
        rows.filter(training_class__starts_on__lt=week + timedelta(days=7), training_class__ends_on__gte=week)
        .values("person")
        .distinct()
        .count()
        for week in weeks
    ]
    return max(counts, default=0)


def absences(training_class: TrainingClass, people: Iterable[Person]) -> list[Absence]:
    """How full the class's weeks are already in each unit that these people come from.

    The share that may be away is the plan's; a unit may always send one (as the planner does).
    """
    plan = training_class.planned.scenario.params if training_class.planned else {}
    share = float(plan.get("absent_max", ABSENT_MAX))
    made = []
    for unit in _counting_units(people):
        size = Person.objects.filter(active=True, unit__path__startswith=unit.path).count()
        made.append(Absence(unit, size, _away(training_class, unit), max(1, int(share * size + 1e-9))))
    return made
