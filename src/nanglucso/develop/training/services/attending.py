"""Who was there: by the code on the room's screen, or ticked by the class manager."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.develop.training.models import Attendance, ClassSession, TrainingClass
from nanglucso.develop.training.queries import booked
from nanglucso.workforce.people.models import Person

CHECK_IN_MINUTES = 30


def open_check_in(*, actor: User | None, session: ClassSession, at: datetime) -> ClassSession:
    """Draw a new code for the room's screen.

    It dies after half an hour, at the end of the session, when check-in is closed, or when another session of the
    class opens its own, whichever comes first.
    """
    training_class = session.training_class
    if not training_class.is_live:
        raise Refused(_("This class is over."))
    with act(actor, "training.open_check_in", training_class, at=at, session=session.number):
        training_class.sessions.exclude(pk=session.pk).update(nonce="", check_in_until=None)
        until = at + timedelta(minutes=CHECK_IN_MINUTES)
        session.nonce = secrets.token_urlsafe(12)
        session.check_in_until = min(until, session.ends_at) if at < session.ends_at else until
        session.save(update_fields=["nonce", "check_in_until"])
        _begin(training_class.pk)
    return session


def _begin(pk: int) -> None:
    TrainingClass.objects.filter(pk=pk, status=TrainingClass.Status.OPEN).update(status=TrainingClass.Status.RUNNING)


def close_check_in(*, actor: User | None, session: ClassSession, at: datetime) -> None:
    """The code on the screen stops working at once."""
    with act(actor, "training.close_check_in", session.training_class, at=at, session=session.number):
        session.nonce, session.check_in_until = "", None
        session.save(update_fields=["nonce", "check_in_until"])


def code_works(session: ClassSession, nonce: str, at: datetime) -> bool:
    """Whether this is the code that is on the screen now."""
    return session.takes_codes(at) and secrets.compare_digest(session.nonce.encode(), nonce.encode())


def check_in(*, actor: User | None, session: ClassSession, nonce: str, person: Person, at: datetime) -> Attendance:
    """A learner scans the code. Raises Refused when the code is not the one on the screen now."""
    if not code_works(session, nonce, at):
        raise Refused(_("This code is no longer valid. Scan the code on the screen again."))
    if not booked(session.training_class).filter(person=person).exists():
        raise Refused(_("You are not on the list of this class. Speak to the class manager."))
    return _present(actor, session, [person], Attendance.How.QR, at)[0]


def mark_attendance(
    *, actor: User | None, session: ClassSession, present: Iterable[Person], at: datetime
) -> list[Attendance]:  # fmt: skip
    """The class manager ticks who is there; those not named and ticked by hand before are taken off.

    Who scanned the code stays present. Raises Refused when the class is over or somebody has no place in it.
    """
    people, training_class = list(present), session.training_class
    if not training_class.is_live:
        raise Refused(_("This class is over; its attendance is final."))
    listed = set(booked(training_class).values_list("person_id", flat=True))
    strangers = [person.full_name for person in people if person.pk not in listed]
    if strangers:
        raise Refused(_("Not on the list of this class: %(names)s.") % {"names": ", ".join(strangers)})
    with act(actor, "training.mark_attendance", training_class, at=at, session=session.number):
        Attendance.objects.filter(session=session, how=Attendance.How.MANUAL).exclude(person__in=people).delete()
        return _present(actor, session, people, Attendance.How.MANUAL, at)


def _present(
    actor: User | None, session: ClassSession, people: list[Person], how: str, at: datetime
) -> list[Attendance]:  # fmt: skip
    one = people[0].pk if len(people) == 1 else None
    with act(
        actor, "training.attend", session.training_class, at=at, person_id=one, how=how, people=len(people)
    ) as this:
        this.note(session=session.number)
        have = set(session.attendances.values_list("person_id", flat=True))
        Attendance.objects.bulk_create(
            Attendance(session=session, person=p, how=how, at=at, recorded_by=actor) for p in people if p.pk not in have
        )
        if people:
            _begin(session.training_class_id)
    return list(Attendance.objects.filter(session=session, person__in=people))
