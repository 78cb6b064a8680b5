"""Places in a class: asked for, approved, booked, waited for, given up. The moves themselves are in `signup`."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.develop.training.models import ClassSession, Enrolment, EnrolmentStep, TrainingClass
from nanglucso.develop.training.queries import clashes
from nanglucso.develop.training.services.changing import change, free_seats, hold_class, hold_people, promote
from nanglucso.develop.training.services.timetable import LOCAL
from nanglucso.develop.training.signup import NEW, OVER, PENDING, STANDING, Side, State
from nanglucso.workforce.people.models import Person


def _check(training_class: TrainingClass, people: list[Person]) -> None:
    """Raises Refused when somebody cannot have a place in this class."""
    if training_class.status != TrainingClass.Status.OPEN:
        raise Refused(_("Enrolment for this class is closed."))
    for person in people:
        if not person.active:
            raise Refused(_("%(name)s has left and cannot be enrolled.") % {"name": person.full_name})
    busy = clashes(training_class, people)
    for person in people:
        if person.pk in busy:
            raise Refused(_in_another(person, busy[person.pk]))


def _in_another(person: Person, session: ClassSession) -> object:
    when = session.starts_at.astimezone(LOCAL)
    told = {
        "name": person.full_name, "code": session.training_class.code, "n": session.number,
        "when": f"{when:%H:%M %d/%m/%Y}",
    }  # fmt: skip
    text = _("%(name)s is in class %(code)s at the same time (session %(n)s, %(when)s): choose another class.")
    return text % told


def _verbs(place: Enrolment, side: str, actor: User | None) -> list[str]:
    """The approvals that this actor gives now; the last one leads to a seat or the waiting list."""
    two, state = place.training_class.stages == 2, place.status
    if state == NEW or state in OVER:
        return ["nominate"] if two and side != Side.CITY else ["nominate", "book"]
    if state == State.REQUESTED:
        return ["approve"] if two else ["approve", "book"]
    if state not in PENDING:
        raise Refused(_("This person is in the class already."))
    if two and side != Side.CITY:
        raise Refused(_("The unit has approved already; the training officer gives the second approval."))
    if two and actor and _approver(place) == actor.pk:
        raise Refused(_("The second approval is given by somebody else than the first."))
    return ["book"]


def _approver(place: Enrolment) -> int | None:
    first = EnrolmentStep.objects.filter(enrolment=place, verb__in=("approve", "nominate")).last()
    return first.actor_id if first else None


def _admit(
    actor: User | None, training_class: TrainingClass, people: list[Person], side: str, at: datetime
) -> list[Enrolment]:  # fmt: skip
    """One after the other, so that the last seats go in this order; the class and the people are locked."""
    row = hold_class(training_class.pk)
    active = {one.pk: one.active for one in hold_people([person.pk for person in people])}
    for person in people:
        person.active = person.active and active.get(person.pk, False)
    _check(row, people)
    promote(actor=actor, training_class=row, at=at)
    free, have = free_seats(row), {one.person_id: one for one in row.enrolments.filter(person__in=people)}
    made = []
    for person in people:
        place = have.get(person.pk) or Enrolment(training_class=row, person=person, status=NEW)
        place.training_class = row
        verbs = _verbs(place, side, actor)
        if verbs[-1] == "book" and not free:
            verbs[-1] = "queue"
        made += change(actor=actor, places=[place], verbs=verbs, side=side, at=at)
        free -= place.status == State.BOOKED
    return made


def enrol(
    *, actor: User | None, training_class: TrainingClass, person: Person, at: datetime, side: str = Side.CITY
) -> Enrolment:  # fmt: skip
    """Nominate a person, or give a request or nomination its next approval; the last one books or puts in line.

    With two approvals the unit's is the first and another person at city level gives the second. Raises Refused when
    enrolment is closed, the person is in the class already, has left, or is in another class at the same hours.
    """
    with act(actor, "training.enrol", training_class, at=at, person_id=person.pk) as this:
        place = _admit(actor, training_class, [person], side, at)[0]
        this.note(status=place.status)
    return place


def ask_place(*, actor: User | None, training_class: TrainingClass, person: Person, at: datetime) -> Enrolment:
    """An official asks to join; the head of unit or the training officer decides. Raises Refused like `enrol`."""
    with act(actor, "training.ask_place", training_class, at=at, person_id=person.pk):
        row = hold_class(training_class.pk)
        _check(row, [person])
        place = row.enrolments.filter(person=person).first()
        if place and place.status not in OVER:
            raise Refused(_("This person is in the class already."))
        place = place or Enrolment(training_class=row, person=person, status=NEW)
        place.training_class = row
        return change(actor=actor, places=[place], verbs=["request"], side=Side.OWN, at=at)[0]


def decline(*, actor: User | None, enrolment: Enrolment, reason: str, at: datetime, side: str = Side.CITY) -> None:
    """Turn a request or nomination down; the reason is told to the person and stays in the log."""
    pk = enrolment.person_id
    with act(actor, "training.decline", enrolment.training_class, at=at, person_id=pk, reason=reason):
        hold_class(enrolment.training_class_id)
        enrolment.refresh_from_db(fields=["status", "turn"])
        if enrolment.status not in PENDING:
            raise Refused(_("This request has been decided already."))
        change(actor=actor, places=[enrolment], verbs=["decline"], side=side, at=at, reason=reason)


def nominate(
    *, actor: User | None, training_class: TrainingClass, people: Iterable[Person], at: datetime, side: str = Side.CITY
) -> list[Enrolment]:  # fmt: skip
    """Enrol several people in one act: all of them, or none when one is refused."""
    chosen = list(people)
    if not chosen:
        raise Refused(_("Choose at least one person."))
    with act(actor, "training.nominate", training_class, at=at, people=len(chosen)):
        return _admit(actor, training_class, chosen, side, at)


def cancel_place(
    *, actor: User | None, enrolment: Enrolment, at: datetime, side: str = Side.CITY, reason: str = ""
) -> None:  # fmt: skip
    """Give up a place or a request (`own`), or take it back (`unit`, `city`); the waiting list moves up."""
    with act(actor, "training.cancel_place", enrolment.training_class, at=at, person_id=enrolment.person_id) as this:
        row = hold_class(enrolment.training_class_id)
        if row.status != TrainingClass.Status.OPEN:
            raise Refused(_("The class has begun; ask its manager."))
        enrolment.refresh_from_db(fields=["status", "turn"])
        if enrolment.status not in STANDING:
            raise Refused(_("This place has been given up already."))
        verb = "withdraw" if side == Side.OWN else "cancel"
        change(actor=actor, places=[enrolment], verbs=[verb], side=side, at=at, reason=reason)
        this.note(moved_up=promote(actor=actor, training_class=row, at=at))
