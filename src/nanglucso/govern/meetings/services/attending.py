"""Answers to invitations, stand-ins, and who was there: by the code on the room's screen, or ticked."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.govern.meetings.models import Attendee, Meeting, Notice
from nanglucso.govern.meetings.queries import stand_ins
from nanglucso.govern.meetings.services.calling import check_live
from nanglucso.govern.meetings.services.telling import tell
from nanglucso.workforce.people.models import Person

CHECK_IN_MINUTES = 30


def answer_invitation(*, actor: User | None, seat: Attendee, comes: bool, reason: str, at: datetime) -> None:
    """The invited person says whether they come; who does not says why."""
    check_live(seat.meeting)
    if seat.is_replaced:
        raise Refused(_("Somebody stands in for you already."))
    if not comes and not reason.strip():
        raise Refused(_("Write why you cannot come."), field="reason")
    with act(actor, "meetings.answer", seat.meeting, at=at, person_id=seat.person_id, comes=comes):
        seat.answer = Attendee.Answer.YES if comes else Attendee.Answer.NO
        seat.reason, seat.answered_at = "" if comes else reason.strip(), at
        seat.save(update_fields=["answer", "reason", "answered_at"])


def send_stand_in(*, actor: User | None, seat: Attendee, person: Person, reason: str, at: datetime) -> Attendee:
    """Somebody of the invited person's own unit, or below it, comes instead and takes over role and vote.

    The chair cannot be represented: another chair is named. Raises `Refused` for anybody outside that unit.
    """
    check_live(seat.meeting)
    if seat.role == Attendee.Role.CHAIR:
        raise Refused(_("The chair cannot be represented: the secretary names another chair."))
    if seat.is_replaced or seat.delegate_for_id:
        raise Refused(_("Only who was invited can send somebody, and only once."))
    if seat.checked_in_at:
        raise Refused(_("%(name)s has checked in already.") % {"name": seat.person.full_name})
    if not stand_ins(seat).filter(pk=person.pk).exists():
        text = _("%(name)s is invited already or does not work in your unit or below it.")
        raise Refused(text % {"name": person.full_name}, field="person")
    with act(actor, "meetings.stand_in", seat.meeting, at=at, person_id=person.pk, instead_of=seat.person_id):
        made = Attendee.objects.create(
            meeting=seat.meeting, person=person, role=seat.role, may_vote=seat.may_vote, delegate_for=seat,
            answer=Attendee.Answer.YES, answered_at=at, invited_at=at,
        )  # fmt: skip
        seat.answer, seat.reason, seat.answered_at = Attendee.Answer.SENDS, reason.strip(), at
        seat.save(update_fields=["answer", "reason", "answered_at"])
        tell(actor=actor, meeting=seat.meeting, seats=[made], about=Notice.About.INVITED, at=at)
    return made


def open_check_in(*, actor: User | None, meeting: Meeting, at: datetime) -> None:
    """Draw a new code for the room's screen; it works for half an hour, or until it is closed or drawn anew."""
    if meeting.status not in (Meeting.Status.CALLED, Meeting.Status.RUNNING):
        raise Refused(_("Check-in opens after the invitations were sent and closes with the meeting."))
    with act(actor, "meetings.open_check_in", meeting, at=at):
        meeting.nonce = secrets.token_urlsafe(12)
        meeting.check_in_until = at + timedelta(minutes=CHECK_IN_MINUTES)
        meeting.save(update_fields=["nonce", "check_in_until"])


def close_check_in(*, actor: User | None, meeting: Meeting, at: datetime) -> None:
    """The code on the screen stops working at once."""
    with act(actor, "meetings.close_check_in", meeting, at=at):
        meeting.nonce, meeting.check_in_until = "", None
        meeting.save(update_fields=["nonce", "check_in_until"])


def code_works(meeting: Meeting, nonce: str, at: datetime) -> bool:
    """Whether this is the code that is on the screen now."""
    return meeting.takes_codes(at) and secrets.compare_digest(meeting.nonce.encode(), nonce.encode())


def check_in(*, actor: User | None, seat: Attendee, nonce: str, at: datetime) -> None:
    """An invited person scans the code. Raises `Refused` when it is not the one on the screen now."""
    if not code_works(seat.meeting, nonce, at):
        raise Refused(_("This code is no longer valid. Scan the code on the screen again."))
    if seat.is_replaced:
        raise Refused(_("Somebody stands in for you already."))
    _come(actor, seat.meeting, [seat], Attendee.How.QR, at)


def mark_present(*, actor: User | None, meeting: Meeting, present: Iterable[Attendee], at: datetime) -> None:
    """The secretary ticks who is in the room; who was in and is not ticked has gone."""
    if meeting.status not in (Meeting.Status.CALLED, Meeting.Status.RUNNING):
        raise Refused(_("This meeting is over; what was recorded stays as it is."))
    rows = [one for one in present if one.meeting_id == meeting.pk and not one.is_replaced]
    with act(actor, "meetings.mark_present", meeting, at=at, people=len(rows)):
        gone = meeting.attendees.filter(checked_in_at__isnull=False, checked_out_at=None)
        gone.exclude(pk__in=[one.pk for one in rows]).update(checked_out_at=at)
        _come(actor, meeting, rows, Attendee.How.HAND, at)


def _come(actor: User | None, meeting: Meeting, rows: list[Attendee], how: str, at: datetime) -> None:
    one = rows[0].person_id if len(rows) == 1 else None
    with act(actor, "meetings.attend", meeting, at=at, person_id=one, how=how, people=len(rows)):
        for row in rows:
            if not row.is_present:
                row.checked_in_at, row.checked_out_at = row.checked_in_at or at, None
                row.how = row.how or how
                row.save(update_fields=["checked_in_at", "checked_out_at", "how"])
