"""Three to six months after a class: whom a head is asked about, what heads say together, what the re-check shows."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from nanglucso.core.scope import Scope
from nanglucso.develop.plans.models import Course
from nanglucso.develop.training.models import ClassEffect, ClassTransfer, Enrolment, TrainingClass, TransferView
from nanglucso.develop.training.transfer import UNSEEN, Statement, left_of, transfer_rules
from nanglucso.engines.effect_lasting import Left
from nanglucso.measure.assessments.queries import rateable
from nanglucso.workforce.people.models import Person

_DONE = TrainingClass.Status.DONE


def transfer_places(scope: Scope, at: datetime) -> QuerySet[Enrolment]:
    """Places of people whom a head of these units may rate, in classes that are in their window, oldest class first."""
    told = transfer_rules()
    rows = Enrolment.objects.filter(
        status=Enrolment.Status.COMPLETED, training_class__status=_DONE, person__in=rateable(scope).values("pk"),
        training_class__closed_at__range=(at - told.last, at - told.first),
    )  # fmt: skip
    rows = rows.select_related("training_class__course", "person__unit", "person__position", "transfer_view__by")
    return rows.order_by("training_class__closed_at", "training_class", "person__sort_key", "pk")


def transfer_waiting(scope: Scope, at: datetime) -> QuerySet[Enrolment]:
    """Those of `transfer_places` of whom no head has said anything yet."""
    return transfer_places(scope, at).filter(transfer_view=None)


@dataclass(frozen=True)
class HeadSaid:
    """What a head said of a person after a class: statements with the answer's words, and whether it was observed."""

    view: TransferView
    lines: list[tuple[Statement, str, bool]]


def said_of(view: TransferView) -> HeadSaid:
    """A view in words; an answer to a statement that is not asked any more is left out."""
    told = transfer_rules()
    words = {int(one.code): str(one) for one in (*told.scale, told.unseen)}
    answers = view.answers
    known = [one for one in told.statements if one.id in answers]
    return HeadSaid(view, [(one, words[answers[one.id]], answers[one.id] != UNSEEN) for one in known])


def views_about(person: Person) -> list[HeadSaid]:
    """What heads of unit have said of a person's use of classes, newest first."""
    rows = TransferView.objects.filter(enrolment__person=person).select_related("enrolment__training_class__course")
    return [said_of(one) for one in rows.order_by("-at", "-pk")]


@dataclass(frozen=True)
class HeadsSay:
    """Heads of unit about one class: people asked about, told of, observed and not; `used`: of the observed, or None.

    `used` stays None while the window is open, so that no single view can be read off a figure that moves, and where
    fewer than the least number of people were observed.
    """

    asked: int
    given: int
    observed: int
    open: bool
    used: int | None

    @property
    def unseen(self) -> int:
        return self.given - self.observed

    @property
    def share(self) -> float | None:
        """Percent of the observed who use it."""
        return None if self.used is None else 100 * self.used / self.observed


def heads_say(training_class: TrainingClass, at: datetime) -> HeadsSay | None:
    """What heads say of a finished class, from the opening of its window on; None before."""
    told, closed = transfer_rules(), training_class.closed_at
    if training_class.status != _DONE or closed is None or at < closed + told.first:
        return None
    done = training_class.enrolments.filter(status=Enrolment.Status.COMPLETED)
    rows = TransferView.objects.filter(enrolment__in=done).values_list("answers", flat=True)
    use = [answers.get(told.use, UNSEEN) for answers in rows]
    seen = [value for value in use if value != UNSEEN]
    shown = not told.is_open(closed, at) and len(seen) >= told.least_people
    used = sum(value >= told.used_from for value in seen) if shown else None
    return HeadsSay(done.count(), len(use), len(seen), told.is_open(closed, at), used)


@dataclass(frozen=True)
class Lasting:
    """The effect right after a class beside what its re-check shows; `left`: the part still there, or None."""

    training_class: TrainingClass
    effect: ClassEffect | None
    transfer: ClassTransfer
    left: Left | None
    word: str


def lasting(training_class: TrainingClass) -> Lasting | None:
    """What is left of a class's effect, None before the re-check is computed; the word by `TransferRules.word`."""
    transfer: Any = getattr(training_class, "transfer", None)
    if transfer is None:
        return None
    effect: Any = getattr(training_class, "effect", None)
    left = left_of(effect, transfer) if effect else None
    return Lasting(training_class, effect, transfer, left, transfer_rules().word(left))


def lasting_of(course: Course) -> list[Lasting]:
    """The classes of a course whose re-check is computed, oldest first."""
    rows = TrainingClass.objects.filter(course=course, transfer__isnull=False).select_related("transfer", "effect")
    found = [lasting(row) for row in rows.order_by("starts_on", "pk")]
    return [one for one in found if one]
