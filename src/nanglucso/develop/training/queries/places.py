"""Places in classes: rosters, a person's own, attendance."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from nanglucso.core.scope import Scope
from nanglucso.develop.training.models import Attendance, ClassSession, Enrolment, TrainingClass
from nanglucso.develop.training.queries.classes import Meeting, in_scope
from nanglucso.develop.training.signup import HOLDING, PENDING
from nanglucso.workforce.people.models import Person
from nanglucso.workforce.people.queries import place_of, unit_chain

LIVE = (TrainingClass.Status.OPEN, TrainingClass.Status.RUNNING)


def roster(training_class: TrainingClass, scope: Scope) -> QuerySet[Enrolment]:
    """Who is in a class, cut to the scope, in name order."""
    rows = training_class.enrolments.filter(scope.units("person__unit__path"))
    return rows.select_related("person__unit", "person__position").order_by("person__sort_key")


def requests(scope: Scope) -> QuerySet[Enrolment]:
    """Requests and nominations of the scope's people that the viewer can decide, oldest first.

    The second approval of a class with two is given by the city only.
    """
    rows = in_scope(scope).filter(status__in=PENDING, training_class__status=TrainingClass.Status.OPEN)
    if not scope.everything:
        rows = rows.filter(Q(status=Enrolment.Status.REQUESTED) | Q(training_class__stages=1))
    return rows.select_related("person__unit", "training_class__course").order_by("at", "pk")


def own(person: Person) -> QuerySet[Enrolment]:
    """A person's own places, newest first."""
    rows = Enrolment.objects.filter(person=person)
    return rows.select_related("training_class__course", "training_class__venue").order_by("-training_class__starts_on")


def coming(person: Person) -> QuerySet[Enrolment]:
    """Places held in classes that are not over, soonest first."""
    rows = own(person).filter(status=Enrolment.Status.BOOKED, training_class__status__in=LIVE)
    return rows.prefetch_related("training_class__sessions", "training_class__materials").order_by(
        "training_class__starts_on", "pk"
    )


def sessions_today(person: Person, day: date) -> QuerySet[ClassSession]:
    """Sessions of this person's classes on a day."""
    return ClassSession.objects.filter(
        training_class__enrolments__person=person, training_class__enrolments__status=Enrolment.Status.BOOKED,
        training_class__status__in=LIVE, starts_at__date=day,
    ).select_related("training_class__course", "training_class__venue").order_by("starts_at")  # fmt: skip


def attended_before(person: Person, at: datetime) -> bool:
    """Whether this person has attended any session before a moment."""
    return Attendance.objects.filter(person=person, at__lt=at).exists()


def clashes(training_class: TrainingClass, people: Iterable[Person]) -> dict[int, ClassSession]:
    """Person id → a session of another class in which they sit at the same hours as a session of this one."""
    hours = Q()
    for starts, ends in training_class.sessions.values_list("starts_at", "ends_at"):
        hours |= Q(starts_at__lt=ends, ends_at__gt=starts)
    if not hours:
        return {}
    rows = ClassSession.objects.filter(hours, training_class__status__in=LIVE).exclude(training_class=training_class)
    busy = {row.training_class_id: row for row in rows.select_related("training_class").order_by("-starts_at")}
    held = Enrolment.objects.filter(training_class__in=busy, person__in=list(people), status=Enrolment.Status.BOOKED)
    return {person: busy[pk] for person, pk in held.order_by().values_list("person_id", "training_class_id")}


def clash(training_class: TrainingClass, person: Person) -> TrainingClass | None:
    """Another class that this person sits in at the same hours as a session of this one."""
    found = clashes(training_class, [person]).get(person.pk)
    return found.training_class if found else None


def said_places(rows: Iterable[Enrolment]) -> dict[int, str]:
    """Enrolment id → where the person works, said in full; one query for all."""
    kept = list(rows)
    chains = unit_chain(row.person.unit for row in kept)
    return {row.pk: place_of(row.person, chains) for row in kept}


def placed(rows: Iterable[Enrolment]) -> list[tuple[Enrolment, str]]:
    """Each place in a class beside where its person works."""
    kept = list(rows)
    where = said_places(kept)
    return [(row, where[row.pk]) for row in kept]


@dataclass(frozen=True)
class Marks:
    """One person's row of the attendance table; `marks` follow the sessions: the attendance, or None."""

    enrolment: Enrolment
    place: str
    marks: list[Attendance | None]
    tiet: int

    @property
    def holds(self) -> bool:
        return self.enrolment.status in HOLDING


def attendance_rows(training_class: TrainingClass, scope: Scope, meetings: list[Meeting]) -> list[Marks]:
    """Everybody of the scope who holds a place, in name order, with their attendance at each session."""
    people = [row for row in roster(training_class, scope) if row.status in HOLDING]
    where = said_places(people)
    there = {
        (row.session_id, row.person_id): row
        for row in Attendance.objects.filter(session__training_class=training_class)
    }
    made = []
    for row in people:
        marks = [there.get((one.session.pk, row.person_id)) for one in meetings]
        tiet = sum(one.session.tiet for one, mark in zip(meetings, marks, strict=True) if mark)
        made.append(Marks(row, where[row.pk], marks, tiet))
    return made
