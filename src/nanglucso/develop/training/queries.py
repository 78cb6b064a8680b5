"""Nouns of training."""

from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from nanglucso.core.scope import Scope
from nanglucso.develop.plans.models import Course
from nanglucso.develop.training.models import Attendance, ClassSession, Enrolment, TrainingClass
from nanglucso.workforce.people.models import Person

HOLDING = (
    Enrolment.Status.BOOKED,
    Enrolment.Status.COMPLETED,
    Enrolment.Status.PARTLY,
    Enrolment.Status.NO_SHOW,
)


def form_of(course: Course, form: str) -> dict[str, Any]:
    """The course's form, for example its `eff`, `max`, `lect_buoi`."""
    return dict(course.forms[form])


def booked(training_class: TrainingClass) -> QuerySet[Enrolment]:
    """Those who hold a place."""
    return training_class.enrolments.filter(status__in=HOLDING)


def classes(scope: Scope, *, status: str = "", course: str = "", year: int | None = None) -> QuerySet[TrainingClass]:
    """Classes in which somebody of the scope holds a place (all of them for the whole city)."""
    rows = TrainingClass.objects.select_related("course", "venue__area", "lecturer", "effect")
    if not scope.everything:
        mine = Enrolment.objects.filter(scope.units("person__unit__path")).values("training_class")
        rows = rows.filter(pk__in=mine)
    for field, value in (("status", status), ("course__code", course), ("starts_on__year", year)):
        if value:
            rows = rows.filter(**{field: value})
    holding = Q(enrolments__status__in=HOLDING)
    done = Q(enrolments__status=Enrolment.Status.COMPLETED)
    return rows.annotate(
        n_booked=Count("enrolments", filter=holding), n_completed=Count("enrolments", filter=done)
    ).order_by("-starts_on", "code")


def roster(training_class: TrainingClass, scope: Scope) -> QuerySet[Enrolment]:
    """Who is in a class, cut to the scope, in name order."""
    rows = training_class.enrolments.filter(scope.units("person__unit__path"))
    return rows.select_related("person__unit", "person__position").order_by("person__sort_key")


def own(person: Person) -> QuerySet[Enrolment]:
    """A person's own places, newest first."""
    rows = Enrolment.objects.filter(person=person).select_related("training_class__course", "training_class__venue")
    return rows.order_by("-training_class__starts_on")


def sessions_today(person: Person, day: date) -> QuerySet[ClassSession]:
    """Sessions of this person's classes on a day."""
    return ClassSession.objects.filter(
        training_class__enrolments__person=person, training_class__enrolments__status=Enrolment.Status.BOOKED,
        starts_at__date=day,
    ).select_related("training_class__course", "training_class__venue")  # fmt: skip


def tiet_of_year(person: Person, year: int) -> int:
    """Tiết attended in a year: the counter towards 40."""
    rows = Attendance.objects.filter(person=person, session__starts_at__year=year)
    return rows.aggregate(sum=Sum("session__tiet"))["sum"] or 0


def attended_before(person: Person, at: datetime) -> bool:
    """Whether this person has attended any session before a moment."""
    return Attendance.objects.filter(person=person, at__lt=at).exists()
