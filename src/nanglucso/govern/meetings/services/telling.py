"""Telling the invited: written down with the act itself, sent by a job after it is committed."""

from collections.abc import Iterable
from datetime import datetime

from nanglucso.core.jobs import enqueue
from nanglucso.core.models import User
from nanglucso.govern.meetings.models import Attendee, Meeting, Notice


def tell(*, actor: User | None, meeting: Meeting, seats: Iterable[Attendee], about: str, at: datetime) -> int:
    """Tell everybody but the one who acts and those who sent somebody else; returns how many. Call inside an act."""
    own = actor.pk if actor else None
    rows = [
        Notice(attendee=seat, about=about, at=at)
        for seat in seats
        if not seat.is_replaced and (own is None or seat.person.user_id != own)
    ]
    if rows:
        Notice.objects.bulk_create(rows)
        enqueue("meetings.mail", actor=actor, at=at, meeting_id=meeting.pk)
    return len(rows)
