"""The speaking list: asked, called, done."""

from datetime import datetime

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.govern.meetings.models import AgendaItem, Attendee, Meeting, Speech


def ask_to_speak(*, actor: User | None, seat: Attendee, item: AgendaItem | None, at: datetime) -> Speech:
    """Put oneself at the end of the line; one open wish at a time, and only in the room."""
    meeting = seat.meeting
    if meeting.status != Meeting.Status.RUNNING:
        raise Refused(_("The speaking list opens with the session."))
    if not seat.is_present:
        raise Refused(_("Check in before you ask to speak."))
    if item and item.meeting_id != meeting.pk:
        raise Refused(_("This point is not on the agenda."))
    with act(actor, "meetings.ask_to_speak", meeting, at=at, person_id=seat.person_id):
        Meeting.objects.select_for_update().get(pk=meeting.pk)
        if seat.speeches.filter(done_at=None, taken_back_at=None).exists():
            raise Refused(_("You are on the speaking list already."))
        turn = 1 + (meeting.speeches.aggregate(last=Max("turn"))["last"] or 0)
        return Speech.objects.create(meeting=meeting, attendee=seat, item=item, turn=turn, asked_at=at)


def call_speaker(*, actor: User | None, speech: Speech, at: datetime) -> None:
    """Give somebody the floor; who speaks now has done with it."""
    _check_waits(speech)
    with act(actor, "meetings.call_speaker", speech.meeting, at=at, person_id=speech.attendee.person_id):
        now = speech.meeting.speeches.filter(called_at__isnull=False, done_at=None, taken_back_at=None)
        now.update(done_at=at)
        speech.called_at = at
        speech.save(update_fields=["called_at"])


def end_speech(*, actor: User | None, speech: Speech, at: datetime) -> None:
    """The floor is free."""
    if speech.called_at is None or speech.done_at is not None:
        raise Refused(_("This person is not speaking."))
    with act(actor, "meetings.end_speech", speech.meeting, at=at, person_id=speech.attendee.person_id):
        speech.done_at = at
        speech.save(update_fields=["done_at"])


def take_back(*, actor: User | None, speech: Speech, at: datetime) -> None:
    """Off the list before being called."""
    _check_waits(speech)
    with act(actor, "meetings.take_back", speech.meeting, at=at, person_id=speech.attendee.person_id):
        speech.taken_back_at = at
        speech.save(update_fields=["taken_back_at"])


def _check_waits(speech: Speech) -> None:
    if speech.called_at or speech.taken_back_at or speech.done_at:
        raise Refused(_("This person is not waiting to speak."))
