"""The way of each place, notices, what stays below its minimum, and a lecturer's own classes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q, QuerySet

from nanglucso.core.models import User
from nanglucso.core.scope import Scope
from nanglucso.develop.training.models import ClassNotice, Enrolment, EnrolmentStep, TrainingClass
from nanglucso.develop.training.queries.places import placed, roster
from nanglucso.develop.training.signup import HOLDING, PENDING, State
from nanglucso.workforce.people.models import Person

_ORDER = (*PENDING, State.WAITLISTED, *HOLDING)


@dataclass(frozen=True)
class PlaceLine:
    """One place with where its person works, its steps in order, and its number in the line (0 = not waiting)."""

    place: Enrolment
    where: str
    steps: list[EnrolmentStep]
    turn: int


def line_numbers(training_class: TrainingClass) -> dict[int, int]:
    """Enrolment id → 1 for who moves up next, 2 for the one behind, and so on."""
    waiting = training_class.enrolments.filter(status=State.WAITLISTED).order_by("turn")
    return {pk: n for n, pk in enumerate(waiting.values_list("pk", flat=True), 1)}


def place_lines(training_class: TrainingClass, scope: Scope) -> list[PlaceLine]:
    """Every place of the scope's people, those to decide first, then the waiting list in its order."""
    numbers = line_numbers(training_class)
    rows = roster(training_class, scope).prefetch_related("steps__actor")
    made = [PlaceLine(row, where, list(row.steps.all()), numbers.get(row.pk, 0)) for row, where in placed(rows)]
    rank: dict[str, int] = {state: n for n, state in enumerate(_ORDER)}
    return sorted(made, key=lambda one: (rank.get(one.place.status, len(rank)), one.turn))


def below_minimum(today: date) -> QuerySet[TrainingClass]:
    """Open classes ahead whose last day for the minimum is over without it, not decided yet; soonest first.

    They are put forward for cancellation; a person calls them off or holds them all the same. `n_booked`: places held.
    """
    held = Count("enrolments", filter=Q(enrolments__status__in=HOLDING))
    rows = TrainingClass.objects.filter(status=TrainingClass.Status.OPEN, decide_by__lt=today, kept_at=None)
    rows = rows.filter(starts_on__gte=today)
    rows = rows.select_related("course").annotate(n_booked=held).filter(n_booked__lt=F("minimum"))
    return rows.order_by("starts_on", "pk")


def notices(person: Person, today: date) -> QuerySet[ClassNotice]:
    """What a person has not marked as seen about classes that are not over, newest first."""
    rows = ClassNotice.objects.filter(person=person, seen_at=None, training_class__ends_on__gte=today)
    return rows.select_related("training_class__course", "session")


def taught_by(user: User) -> QuerySet[TrainingClass]:
    """A lecturer's own classes that were not called off, newest first."""
    rows = TrainingClass.objects.filter(lecturer__account__user=user).exclude(status=TrainingClass.Status.CANCELLED)
    held = Count("enrolments", filter=Q(enrolments__status__in=HOLDING))
    return rows.select_related("course", "venue", "lecturer").annotate(n_booked=held).order_by("-starts_on", "code")


def own_turns(places: Iterable[Enrolment]) -> dict[int, int]:
    """Enrolment id → number in the line, for those of one person's places that wait."""
    waiting = [row for row in places if row.status == State.WAITLISTED]
    return {row.pk: line_numbers(row.training_class).get(row.pk, 0) for row in waiting}
