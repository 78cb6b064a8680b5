"""The terms of a class's places: seats, minimum and its day, approvals; what becomes of a class below its minimum."""

from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.develop.training.models import TrainingClass
from nanglucso.develop.training.queries import booked
from nanglucso.develop.training.services.changing import hold_class, promote


def set_terms(
    *, actor: User | None, training_class: TrainingClass, seats: int, minimum: int, decide_by: date | None, stages: int,
    at: datetime,
) -> TrainingClass:  # fmt: skip
    """Set them while enrolment is open; more seats are given to the waiting list at once. Raises Refused."""
    with act(actor, "training.set_terms", training_class, at=at) as this:
        this.note(seats=seats, minimum=minimum, decide_by=decide_by, stages=stages)
        row = hold_class(training_class.pk)
        _check_terms(row, seats, minimum, decide_by)
        row.seats, row.minimum, row.decide_by, row.stages = seats, minimum, decide_by, stages
        row.kept_at, row.kept_reason = None, ""
        row.save(update_fields=["seats", "minimum", "decide_by", "stages", "kept_at", "kept_reason"])
        this.note(moved_up=promote(actor=actor, training_class=row, at=at))
    return row


def _check_terms(row: TrainingClass, seats: int, minimum: int, decide_by: date | None) -> None:
    if row.status != TrainingClass.Status.OPEN:
        raise Refused(_("Enrolment for this class is closed."))
    held = booked(row).count()
    if seats < held:
        raise Refused(_("%(n)s places are taken: there cannot be fewer seats.") % {"n": held}, field="seats")
    if row.venue and seats > row.venue.seats:
        told = {"room": row.venue.name, "n": row.venue.seats}
        raise Refused(_("%(room)s has %(n)s seats: move the class to another room first.") % told, field="seats")
    if minimum > seats:
        raise Refused(_("The minimum cannot be higher than the number of seats."), field="minimum")
    if decide_by and decide_by >= row.starts_on:
        raise Refused(_("The last day for the minimum lies before the first day of the class."), field="decide_by")


def hold_anyway(*, actor: User | None, training_class: TrainingClass, reason: str, at: datetime) -> None:
    """Hold a class that stayed below its minimum all the same. Raises Refused without a reason."""
    if not reason.strip():
        raise Refused(_("Write why the class is held with fewer people."), field="reason")
    with act(actor, "training.hold_anyway", training_class, at=at, reason=reason):
        row = hold_class(training_class.pk)
        if row.status != TrainingClass.Status.OPEN:
            raise Refused(_("Enrolment for this class is closed."))
        row.kept_at, row.kept_reason = at, reason
        row.save(update_fields=["kept_at", "kept_reason"])
