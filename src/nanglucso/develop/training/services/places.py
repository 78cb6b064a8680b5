"""Places in a class: asked for, booked, waited for, given up."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.develop.training.models import Enrolment, TrainingClass
from nanglucso.develop.training.queries import booked, clash
from nanglucso.workforce.people.models import Person

STANDING = (Enrolment.Status.REQUESTED, Enrolment.Status.BOOKED, Enrolment.Status.WAITLISTED)


def _open_for(training_class: TrainingClass, person: Person) -> None:
    """Raises Refused when this person cannot have a place in this class."""
    if training_class.status != TrainingClass.Status.OPEN:
        raise Refused(_("Enrolment for this class is closed."))
    if not person.active:
        raise Refused(_("%(name)s has left and cannot be enrolled.") % {"name": person.full_name})
    other = clash(training_class, person)
    if other is not None:
        told = {"name": person.full_name, "code": other.code}
        raise Refused(_("%(name)s is in class %(code)s at the same time.") % told)


def enrol(*, actor: User | None, training_class: TrainingClass, person: Person, at: datetime) -> Enrolment:
    """Book a place, or a place on the waiting list when the class is full; a request is thereby accepted.

    Raises Refused when enrolment is closed, the person is in the class already, has left, or is in another class at
    the same hours.
    """
    _open_for(training_class, person)
    with act(actor, "training.enrol", training_class, at=at, person_id=person.pk) as this:
        TrainingClass.objects.select_for_update().get(pk=training_class.pk)
        full = booked(training_class).count() >= training_class.seats
        status = Enrolment.Status.WAITLISTED if full else Enrolment.Status.BOOKED
        row, made = Enrolment.objects.get_or_create(
            training_class=training_class, person=person, defaults={"status": status, "at": at}
        )
        if not made:
            if row.status not in (Enrolment.Status.CANCELLED, Enrolment.Status.REQUESTED):
                raise Refused(_("This person is in the class already."))
            row.status, row.at = status, at
            row.save(update_fields=["status", "at"])
        this.note(status=row.status)
    return row


def ask_place(*, actor: User | None, training_class: TrainingClass, person: Person, at: datetime) -> Enrolment:
    """An official asks to join; the head of unit or the training officer decides. Raises Refused like `enrol`."""
    _open_for(training_class, person)
    with act(actor, "training.ask_place", training_class, at=at, person_id=person.pk):
        row, made = Enrolment.objects.get_or_create(
            training_class=training_class, person=person, defaults={"status": Enrolment.Status.REQUESTED, "at": at}
        )
        if not made:
            if row.status != Enrolment.Status.CANCELLED:
                raise Refused(_("This person is in the class already."))
            row.status, row.at = Enrolment.Status.REQUESTED, at
            row.save(update_fields=["status", "at"])
    return row


def decline(*, actor: User | None, enrolment: Enrolment, reason: str, at: datetime) -> None:
    """Turn a request down; the reason stays in the log."""
    if enrolment.status != Enrolment.Status.REQUESTED:
        raise Refused(_("This request has been decided already."))
    if not reason.strip():
        raise Refused(_("Write why the request is turned down."), field="reason")
    row, pk = enrolment.training_class, enrolment.person_id
    with act(actor, "training.decline", row, at=at, person_id=pk, reason=reason):
        enrolment.status = Enrolment.Status.CANCELLED
        enrolment.save(update_fields=["status"])


def nominate(
    *, actor: User | None, training_class: TrainingClass, people: Iterable[Person], at: datetime
) -> list[Enrolment]:  # fmt: skip
    """Enrol several people in one act: all of them, or none when one is refused."""
    chosen = list(people)
    if not chosen:
        raise Refused(_("Choose at least one person."))
    with act(actor, "training.nominate", training_class, at=at, people=len(chosen)):
        return [enrol(actor=actor, training_class=training_class, person=person, at=at) for person in chosen]


def cancel_place(*, actor: User | None, enrolment: Enrolment, at: datetime) -> None:
    """Give up a place or a request; while there is room, the first on the waiting list moves up."""
    training_class = enrolment.training_class
    if training_class.status != TrainingClass.Status.OPEN:
        raise Refused(_("The class has begun; ask its manager."))
    if enrolment.status not in STANDING:
        raise Refused(_("This place has been given up already."))
    with act(actor, "training.cancel_place", training_class, at=at, person_id=enrolment.person_id) as this:
        TrainingClass.objects.select_for_update().get(pk=training_class.pk)
        enrolment.status = Enrolment.Status.CANCELLED
        enrolment.save(update_fields=["status"])
        this.note(moved_up=_move_up(training_class))


def _move_up(training_class: TrainingClass) -> list[int]:
    """Those who waited longest take the free places; returns their people's ids."""
    free = training_class.seats - booked(training_class).count()
    waiting = training_class.enrolments.filter(status=Enrolment.Status.WAITLISTED).order_by("at", "pk")
    rows = list(waiting[: max(0, free)])
    for row in rows:
        row.status = Enrolment.Status.BOOKED
        row.save(update_fields=["status"])
    return [row.person_id for row in rows]
