"""A meeting from its plan to its end: made, agenda, invitations, called, opened, ended, called off."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.core.scope import Scope
from nanglucso.govern.meetings.models import AgendaItem, Attendee, Meeting, Notice
from nanglucso.govern.meetings.queries.votes import is_voting
from nanglucso.govern.meetings.services.telling import tell
from nanglucso.workforce.people.models import Person, Unit

Role, Status = Attendee.Role, Meeting.Status


def create(
    *, actor: User | None, scope: Scope, title: str, unit: Unit, place: str, starts_at: datetime, ends_at: datetime,
    chair: Person, secretary: Person, at: datetime,
) -> Meeting:  # fmt: skip
    """Plan a meeting of a unit inside the scope. Chair and secretary work in that unit or below it."""
    if not scope.holds(unit):
        raise Refused(_("%(unit)s is not one of your units.") % {"unit": unit.name}, field="unit")
    _check_times(starts_at, ends_at)
    for name, person in (("chair", chair), ("secretary", secretary)):
        if person.unit is None or not person.unit.path.startswith(unit.path):
            told = {"name": person.full_name, "unit": unit.name}
            raise Refused(_("%(name)s does not work in %(unit)s or below it.") % told, field=name)
    with act(actor, "meetings.create", at=at, title=title) as this:
        this.subject = meeting = Meeting.objects.create(
            title=title, unit=unit, place=place, starts_at=starts_at, ends_at=ends_at, created_by=actor, created_at=at
        )
        Attendee.objects.create(meeting=meeting, person=chair, role=Role.CHAIR)
        if secretary != chair:
            Attendee.objects.create(meeting=meeting, person=secretary, role=Role.SECRETARY, may_vote=False)
    return meeting


def _seats(meeting: Meeting) -> QuerySet[Attendee]:
    return meeting.attendees.select_related("person")


def _check_times(starts_at: datetime, ends_at: datetime) -> None:
    if ends_at <= starts_at:
        raise Refused(_("The meeting ends before it begins: check both times."), field="ends_at")


def check_live(meeting: Meeting) -> None:
    """Raises `Refused` when the meeting is over."""
    if not meeting.is_live:
        raise Refused(_("This meeting is over; what was recorded stays as it is."))


def change(
    *, actor: User | None, meeting: Meeting, title: str, place: str, starts_at: datetime, ends_at: datetime,
    at: datetime,
) -> None:  # fmt: skip
    """Other words, another place or time; who was invited stays invited and sees the new ones."""
    check_live(meeting)
    _check_times(starts_at, ends_at)
    moved = (meeting.place, meeting.starts_at) != (place, starts_at)
    with act(actor, "meetings.change", meeting, at=at, before=[meeting.title, meeting.place, str(meeting.starts_at)]):
        meeting.title, meeting.place, meeting.starts_at, meeting.ends_at = title, place, starts_at, ends_at
        meeting.save(update_fields=["title", "place", "starts_at", "ends_at"])
        if moved and meeting.status == Status.CALLED:
            tell(actor=actor, meeting=meeting, seats=_seats(meeting), about=Notice.About.CHANGED, at=at)


def add_item(
    *, actor: User | None, meeting: Meeting, title: str, minutes: int, presenter: Person | None, at: datetime
) -> AgendaItem:
    """A point at the end of the agenda. Who presents must be invited."""
    check_live(meeting)
    if presenter and not meeting.attendees.filter(person=presenter).exists():
        raise Refused(_("%(name)s is not invited: invite first.") % {"name": presenter.full_name}, field="presenter")
    with act(actor, "meetings.agenda", meeting, at=at, added=title):
        number = 1 + max(meeting.items.values_list("number", flat=True), default=0)
        return meeting.items.create(number=number, title=title, minutes=minutes, presenter=presenter)


def remove_item(*, actor: User | None, item: AgendaItem, at: datetime) -> None:
    """Take a point off; its papers stay papers of the meeting, the points behind move up."""
    check_live(item.meeting)
    if item.started_at:
        raise Refused(_("This point was opened already and stays in the record."))
    with act(actor, "meetings.agenda", item.meeting, at=at, removed=item.title):
        meeting = item.meeting
        item.delete()
        _number(list(meeting.items.all()))


def move_item(*, actor: User | None, item: AgendaItem, up: bool, at: datetime) -> None:
    """One place up or down; at the end nothing happens."""
    check_live(item.meeting)
    rows = list(item.meeting.items.all())
    place = rows.index(item)
    other = place + (-1 if up else 1)
    if 0 <= other < len(rows):
        with act(actor, "meetings.agenda", item.meeting, at=at, moved=item.title):
            rows[place], rows[other] = rows[other], rows[place]
            _number(rows)


def _number(rows: list[AgendaItem]) -> None:
    for number, row in enumerate(rows, 1):
        row.number = number
    AgendaItem.objects.bulk_update(rows, ["number"])


def invite(
    *, actor: User | None, meeting: Meeting, people: Iterable[Person], role: str, may_vote: bool, at: datetime
) -> list[Attendee]:
    """Invite people; who is invited already stays as they are. Guests never vote."""
    check_live(meeting)
    have = set(meeting.attendees.values_list("person_id", flat=True))
    new = [person for person in people if person.pk not in have]
    if not new:
        raise Refused(_("Tick at least one person who is not invited yet."))
    votes = may_vote and role in (Role.DELEGATE, Role.CHAIR)
    since = None if meeting.status == Status.DRAFT else at
    with act(actor, "meetings.invite", meeting, at=at, people=len(new), role=role):
        rows = [Attendee(meeting=meeting, person=one, role=role, may_vote=votes, invited_at=since) for one in new]
        made = Attendee.objects.bulk_create(rows)
        if since:
            tell(actor=actor, meeting=meeting, seats=made, about=Notice.About.INVITED, at=at)
    return made


def uninvite(*, actor: User | None, seat: Attendee, at: datetime) -> None:
    """Take an invitation back, as long as the person has not come and nobody stands in."""
    check_live(seat.meeting)
    if seat.role == Role.CHAIR:
        raise Refused(_("A meeting has a chair: name another one first."))
    if seat.checked_in_at or seat.is_replaced or seat.delegate_for_id:
        raise Refused(_("%(name)s has come, or somebody stands in: it stays in the record.") % {"name": seat.person})
    with act(actor, "meetings.uninvite", seat.meeting, at=at, person_id=seat.person_id):
        seat.delete()


def set_role(*, actor: User | None, seat: Attendee, role: str, may_vote: bool, at: datetime) -> None:
    """Another part in the meeting. A new chair takes the place of the old one, who stays as a member."""
    check_live(seat.meeting)
    if seat.role == Role.CHAIR and role != Role.CHAIR:
        raise Refused(_("A meeting has a chair: name another one first."))
    if seat.is_replaced:
        raise Refused(_("%(name)s has sent somebody else and has no part to change.") % {"name": seat.person})
    if is_voting(seat.meeting):
        raise Refused(_("A vote is open: who takes part in the meeting and how stays as it is until it closes."))
    with act(actor, "meetings.set_role", seat.meeting, at=at, person_id=seat.person_id, role=role):
        if role == Role.CHAIR:
            seat.meeting.attendees.filter(role=Role.CHAIR).exclude(pk=seat.pk).update(role=Role.DELEGATE)
        seat.role, seat.may_vote = role, may_vote and role != Role.GUEST
        seat.save(update_fields=["role", "may_vote"])


def call(*, actor: User | None, meeting: Meeting, at: datetime) -> None:
    """Send the invitations: from now on the invited see the meeting, its agenda and its papers."""
    if meeting.status != Status.DRAFT:
        raise Refused(_("The invitations were sent already."))
    if not meeting.items.exists():
        raise Refused(_("The agenda is empty: add at least one point."))
    if meeting.attendees.count() < 2:
        raise Refused(_("Nobody but you is invited: choose who should come."))
    with act(actor, "meetings.call", meeting, at=at, people=meeting.attendees.count()):
        meeting.attendees.update(invited_at=at)
        meeting.status, meeting.called_at = Status.CALLED, at
        meeting.save(update_fields=["status", "called_at"])
        tell(actor=actor, meeting=meeting, seats=_seats(meeting), about=Notice.About.INVITED, at=at)


def open_(*, actor: User | None, meeting: Meeting, at: datetime) -> None:
    """Open the session."""
    if meeting.status != Status.CALLED:
        raise Refused(_("Send the invitations before you open the meeting."))
    with act(actor, "meetings.open", meeting, at=at):
        meeting.status, meeting.opened_at = Status.RUNNING, at
        meeting.save(update_fields=["status", "opened_at"])


def close(*, actor: User | None, meeting: Meeting, sheets_printed: int, at: datetime) -> None:
    """End the session: check-in and the speaking list close with it. `sheets_printed`: paper used all the same."""
    if meeting.status != Status.RUNNING:
        raise Refused(_("This meeting is not in session."))
    if is_voting(meeting):
        raise Refused(_("A vote is open: close it or make it void before the meeting ends."))
    with act(actor, "meetings.close", meeting, at=at, sheets=sheets_printed):
        meeting.speeches.filter(called_at=None, taken_back_at=None).update(taken_back_at=at)
        meeting.speeches.filter(called_at__isnull=False, done_at=None).update(done_at=at)
        meeting.status, meeting.closed_at, meeting.sheets_printed = Status.CLOSED, at, sheets_printed
        meeting.nonce, meeting.check_in_until = "", None
        meeting.save()


def cancel(*, actor: User | None, meeting: Meeting, reason: str, at: datetime) -> None:
    """Call the meeting off; the invited see why."""
    if meeting.status not in (Status.DRAFT, Status.CALLED):
        raise Refused(_("A meeting that was opened can only be ended."))
    if not reason.strip():
        raise Refused(_("Write why the meeting is called off."), field="reason")
    with act(actor, "meetings.cancel", meeting, at=at, reason=reason):
        if meeting.status == Status.CALLED:
            tell(actor=actor, meeting=meeting, seats=_seats(meeting), about=Notice.About.CANCELLED, at=at)
        meeting.status, meeting.cancelled_reason, meeting.nonce = Status.CANCELLED, reason.strip(), ""
        meeting.save(update_fields=["status", "cancelled_reason", "nonce"])
