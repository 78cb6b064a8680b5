"""The minutes: written, sent for remarks, approved by the chair."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.govern.meetings import record, rules
from nanglucso.govern.meetings.models import Attendee, Meeting, Minutes, Remark

REMARK_DAYS = 3


def write_minutes(*, actor: User | None, meeting: Meeting, number: str, text: str, at: datetime) -> Minutes:
    """Write or change the draft; what the product knows (who came, votes, conclusions) is added when it is printed."""
    if meeting.status not in (Meeting.Status.RUNNING, Meeting.Status.CLOSED):
        raise Refused(_("Minutes are written from the opening of the meeting on."))
    row = getattr(meeting, "minutes", None) or Minutes(meeting=meeting)
    _check_open(row)
    with act(actor, "meetings.write_minutes", meeting, at=at):
        row.number, row.text, row.written_at = number.strip(), text.strip(), at
        row.save()
    return row


def send_minutes(*, actor: User | None, minutes: Minutes, at: datetime) -> None:
    """Show the draft to everybody who was invited; they have three days for remarks."""
    _check_open(minutes)
    if minutes.meeting.status != Meeting.Status.CLOSED:
        raise Refused(_("End the meeting before you send its minutes."))
    if not minutes.text:
        raise Refused(_("The minutes are empty: write what was said first."))
    with act(actor, "meetings.send_minutes", minutes.meeting, at=at):
        minutes.status, minutes.sent_at = Minutes.Status.SENT, at
        minutes.remarks_until = at + timedelta(days=REMARK_DAYS)
        minutes.save(update_fields=["status", "sent_at", "remarks_until"])


def remark(*, actor: User | None, minutes: Minutes, seat: Attendee, text: str, at: datetime) -> Remark:
    """A member asks for a change while the minutes are out for remarks."""
    if minutes.status != Minutes.Status.SENT or minutes.remarks_until is None or at > minutes.remarks_until:
        raise Refused(_("The time for remarks is over."))
    if not text.strip():
        raise Refused(_("Write what should be changed."), field="text")
    with act(actor, "meetings.remark", minutes.meeting, at=at, person_id=seat.person_id):
        return minutes.remarks.create(attendee=seat, text=text.strip(), at=at)


def answer_remark(*, actor: User | None, row: Remark, taken: bool, text: str, at: datetime) -> None:
    """The secretary takes a remark into the minutes, or says why not."""
    _check_open(row.minutes)
    if not taken and not text.strip():
        raise Refused(_("Write why the remark is not taken up."), field="text")
    with act(actor, "meetings.answer_remark", row.minutes.meeting, at=at, taken=taken):
        row.answer = Remark.Answer.TAKEN if taken else Remark.Answer.NOT
        row.answer_text, row.answered_at = text.strip(), at
        row.save(update_fields=["answer", "answer_text", "answered_at"])


def approve_minutes(*, actor: User | None, minutes: Minutes, seat: Attendee, at: datetime) -> None:
    """The chair approves; every word is kept as it stands and never changes again."""
    if not rules.chairs(seat) or seat.meeting_id != minutes.meeting_id:
        raise Refused(_("Only the chair of the meeting approves its minutes."))
    if minutes.status != Minutes.Status.SENT:
        raise Refused(_("Send the minutes to the members before they are approved."))
    if minutes.remarks.filter(answer="").exists():
        raise Refused(_("Some remarks are not answered yet."))
    with act(actor, "meetings.approve_minutes", minutes.meeting, at=at) as this:
        minutes.status, minutes.approved_at, minutes.approved_by = Minutes.Status.APPROVED, at, seat.person
        minutes.content = record.content(minutes)
        minutes.digest = record.digest(minutes.content)
        minutes.save()
        this.note(sha256=minutes.digest)


def _check_open(minutes: Minutes) -> None:
    if minutes.status == Minutes.Status.APPROVED:
        raise Refused(_("The minutes are approved and cannot be changed any more."))
