"""A class as a calendar file (iCalendar, RFC 5545): one event a session, times in UTC."""

from collections.abc import Iterable
from datetime import UTC, datetime

from django.utils.translation import gettext as _

from nanglucso.develop.training.models import ClassSession, TrainingClass
from nanglucso.kit.ical import calendar as framed
from nanglucso.kit.ical import plain, stamp


def _event(row: TrainingClass, session: ClassSession, host: str, at: datetime) -> Iterable[str]:
    place = row.venue.name if row.venue else _("Online")
    title = _("%(course)s, session %(n)s") % {"course": row.course.name, "n": session.number}
    yield "BEGIN:VEVENT"
    yield f"UID:session-{session.pk}@{host}"
    yield f"DTSTAMP:{stamp(at.astimezone(UTC))}"
    yield f"DTSTART:{stamp(session.starts_at.astimezone(UTC))}"
    yield f"DTEND:{stamp(session.ends_at.astimezone(UTC))}"
    yield f"SUMMARY:{plain(title)}"
    yield f"LOCATION:{plain(str(place))}"
    yield f"DESCRIPTION:{plain(row.code)}"
    yield "END:VEVENT"


def calendar(row: TrainingClass, *, host: str, at: datetime) -> str:
    """The file's text; a session keeps its UID, so that a file taken again moves the event instead of doubling it."""
    sessions = row.sessions.order_by("number")
    return framed(line for session in sessions for line in _event(row, session, host, at))
