"""Classes: lists, what is due to open, the way of places, sessions."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Lower

from nanglucso.core.scope import Scope
from nanglucso.develop.plans.models import Course, CourseCover, PlannedClass, PlannedSeat, Scenario
from nanglucso.develop.plans.queries import week_start
from nanglucso.develop.training.models import ClassSession, Enrolment, TrainingClass
from nanglucso.develop.training.signup import HOLDING, OVER, PENDING
from nanglucso.measure.assessments.models import Campaign

WEEKS_AHEAD = 6
# How the codes of campaigns begin that measure a class again, and that do so months later.
AGAIN, LATER = "do-lai-", "sau-"


def form_of(course: Course, form: str) -> dict[str, Any]:
    """The course's form, for example its `eff`, `max`, `lect_buoi`."""
    return dict(course.forms[form])


def covered_codes(course: Course) -> list[str]:
    """Codes of the competences that a course covers, in the framework's order."""
    return [cover.competence.code for cover in course.covers.select_related("competence")]


def retest_code(training_class: TrainingClass) -> str:
    """Code of the campaign that measures a class again."""
    return f"{AGAIN}{training_class.code.lower()}"


def recheck_code(training_class: TrainingClass) -> str:
    """Code of the campaign that measures a class a second time, some months later."""
    return f"{AGAIN}{LATER}{training_class.code.lower()}"


def measured_classes(campaigns: Iterable[Campaign]) -> dict[int, TrainingClass]:
    """Key of each campaign that measures a class again, now or months later, with the class and its course."""
    rows = list(campaigns)
    short = {row.code.removeprefix(AGAIN).removeprefix(LATER) for row in rows if row.code.startswith(AGAIN)}
    found = TrainingClass.objects.alias(short=Lower("code")).filter(short__in=short).select_related("course")
    by_code = {code(one): one for one in found for code in (retest_code, recheck_code)}
    return {row.pk: by_code[row.code] for row in rows if row.code in by_code}


def booked(training_class: TrainingClass) -> QuerySet[Enrolment]:
    """Those who hold a place."""
    return training_class.enrolments.filter(status__in=HOLDING)


def in_scope(scope: Scope) -> QuerySet[Enrolment]:
    """Places, requests and waiting people of a scope; what is over is left out."""
    rows = Enrolment.objects.exclude(status__in=OVER)
    return rows if scope.everything else rows.filter(scope.units("person__unit__path"))


def _counted(rows: QuerySet[TrainingClass]) -> QuerySet[TrainingClass]:
    holding = Q(enrolments__status__in=HOLDING)
    done = Q(enrolments__status=Enrolment.Status.COMPLETED)
    return rows.annotate(
        n_booked=Count("enrolments", filter=holding), n_completed=Count("enrolments", filter=done)
    ).order_by("-starts_on", "code")


def _kept(rows: QuerySet[TrainingClass], status: str, course: str, year: int | None) -> QuerySet[TrainingClass]:
    for field, value in (("status", status), ("course__code", course), ("starts_on__year", year)):
        if value:
            rows = rows.filter(**{field: value})
    return rows


def classes(scope: Scope, *, status: str = "", course: str = "", year: int | None = None) -> QuerySet[TrainingClass]:
    """Classes in which somebody of the scope holds a place (all of them for the whole city)."""
    rows = TrainingClass.objects.select_related("course", "venue__area", "lecturer", "effect")
    if not scope.everything:
        rows = rows.filter(pk__in=in_scope(scope).filter(status__in=HOLDING).values("training_class"))
    return _counted(_kept(rows, status, course, year))


def visible(
    scope: Scope, *, status: str = "", course: str = "", year: int | None = None, own: bool = False,
    competence: str = "",
) -> QuerySet[TrainingClass]:  # fmt: skip
    """Classes that a viewer may open: those with people of the scope and those open for enrolment.

    `own`: only those with people of the scope. `competence`: only courses that teach it.
    `n_own`: how many of the scope's people stand in the class.
    """
    mine = in_scope(scope)
    rows = TrainingClass.objects.select_related("course", "venue__area", "lecturer", "effect", "planned")
    if not scope.everything:
        seen = Q(pk__in=mine.values("training_class"))
        rows = rows.filter(seen if own else seen | Q(status=TrainingClass.Status.OPEN))
    if competence:
        rows = rows.filter(course__in=CourseCover.objects.filter(competence__code=competence).values("course"))
    return _counted(_kept(rows, status, course, year)).annotate(
        n_own=Count("enrolments", filter=Q(enrolments__in=mine), distinct=True)
    )


def years() -> list[int]:
    """Years in which classes begin, newest first."""
    return [day.year for day in TrainingClass.objects.dates("starts_on", "year", order="DESC")]


def courses_taught() -> QuerySet[Course]:
    """Courses that have had a class."""
    return Course.objects.filter(classes__isnull=False).distinct().order_by("code")


@dataclass(frozen=True)
class Due:
    """A class of the approved plan that is not open yet; `late`: its first day is over."""

    planned: PlannedClass
    first_day: date
    people: int
    provisional: int
    late: bool


def due(today: date, weeks: int = WEEKS_AHEAD) -> list[Due]:
    """Planned classes of approved plans that begin within `weeks` weeks or should have begun, soonest first."""
    rows = PlannedClass.objects.filter(scenario__status=Scenario.Status.APPROVED, opened=None)
    rows = rows.select_related("scenario", "course", "venue__area", "lecturer", "source")
    near = [row for row in rows if week_start(row.scenario, row.start) <= today + timedelta(weeks=weeks)]
    seats = PlannedSeat.objects.filter(planned_class__in=near).values_list("planned_class").order_by()
    counts = {pk: (n, tied) for pk, n, tied in seats.annotate(n=Count("pk"), tied=Count("pk", filter=Q(tied=True)))}
    found = []
    for row in near:
        first, (people, provisional) = week_start(row.scenario, row.start), counts.get(row.pk, (0, 0))
        found.append(Due(row, first, people, provisional, first < today))
    return sorted(found, key=lambda one: (one.first_day, one.planned.number))


@dataclass(frozen=True)
class Funnel:
    """How many people stand where in a class of `seats` places."""

    seats: int
    requested: int
    held: int
    waiting: int
    cancelled: int
    completed: int
    partly: int
    absent: int
    units: int

    @property
    def free(self) -> int:
        return max(0, self.seats - self.held)


def funnel(training_class: TrainingClass) -> Funnel:
    """The counts of one class over the whole city: numbers only, no names."""
    state = Enrolment.Status
    told = dict(training_class.enrolments.values_list("status").annotate(n=Count("pk")))
    units = booked(training_class).values("person__unit").distinct().count()
    return Funnel(
        seats=training_class.seats,
        requested=sum(told.get(one, 0) for one in PENDING),
        held=sum(told.get(one, 0) for one in HOLDING),
        waiting=told.get(state.WAITLISTED, 0),
        cancelled=sum(told.get(one, 0) for one in OVER),
        completed=told.get(state.COMPLETED, 0),
        partly=told.get(state.PARTLY, 0),
        absent=told.get(state.NO_SHOW, 0),
        units=units,
    )


@dataclass(frozen=True)
class Meeting:
    """A session as it stands now. `phase`: past, now, ahead; `open_code`: a code is on the screen and works."""

    session: ClassSession
    n_present: int
    phase: str
    open_code: bool

    @property
    def waits(self) -> bool:
        """It was held and its attendance is still to be taken."""
        return self.phase == "past" and not self.n_present


def sessions(training_class: TrainingClass, at: datetime) -> list[Meeting]:
    """The sessions of a class in order, with how many were present."""
    made = []
    for row in training_class.sessions.annotate(n_present=Count("attendances")):
        phase = "past" if row.ends_at < at else "now" if row.starts_at <= at else "ahead"
        made.append(Meeting(row, row.n_present, phase, row.takes_codes(at)))
    return made
