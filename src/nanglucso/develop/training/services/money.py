"""A class's money in the year's books: bound when it opens, settled with what it cost, released when called off."""

from collections import Counter
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.develop.budget import services as budget
from nanglucso.develop.budget.models import Commitment
from nanglucso.develop.training.models import TrainingClass
from nanglucso.develop.training.signup import OVER


def key_of(training_class: TrainingClass) -> str:
    """The name of a class's commitment."""
    return f"class-{training_class.pk}"


def bind(*, actor: User | None, training_class: TrainingClass, at: datetime) -> Commitment | None:
    """Commit the class's cost from the source that the plan names; divided by the units of those who are to come."""
    planned = training_class.planned
    if planned is None:
        return None
    come = training_class.enrolments.exclude(status__in=OVER)
    units = Counter(come.order_by().values_list("person__unit_id", flat=True))
    course = training_class.course
    return budget.commit(
        actor=actor, source=planned.source, key=key_of(training_class), amount=training_class.cost, at=at,
        name_vi=course.name_vi, name_en=course.name_en, reference=training_class.code, course=course.code,
        units=units, planned=planned.cost,
    )  # fmt: skip


def book_of(training_class: TrainingClass) -> Commitment | None:
    """The class's commitment, with its source."""
    return Commitment.objects.select_related("source").filter(key=key_of(training_class)).first()


def move(
    *, actor: User | None, training_class: TrainingClass, kind: str, amount: int, at: datetime, document: str = "",
    note: str = "",
) -> None:  # fmt: skip
    """One movement in the class's book: an advance, a payment. Raises Refused."""
    row = book_of(training_class) or bind(actor=actor, training_class=training_class, at=at)
    if row is None:
        raise Refused(_("This class stands in no plan, so it has no money in the books."))
    told = {"kind": kind, "amount": amount, "document": document or training_class.code, "note": note}
    budget.post(actor=actor, commitment=row, at=at, **told)  # type: ignore[arg-type]


def settle(*, actor: User | None, training_class: TrainingClass, at: datetime, document: str = "") -> None:
    """Settle with the cost that was entered; a class opened before there were books is entered in them now."""
    row = budget.find(key_of(training_class)) or bind(actor=actor, training_class=training_class, at=at)
    told = document.strip() or training_class.code
    if row:
        budget.settle(actor=actor, commitment=row, cost=training_class.cost, at=at, document=told)


def release(*, actor: User | None, training_class: TrainingClass, reason: str, at: datetime) -> None:
    """Give back what was not paid."""
    row = budget.find(key_of(training_class))
    if row and row.state == Commitment.State.OPEN:
        budget.cancel(actor=actor, commitment=row, reason=reason, at=at)
