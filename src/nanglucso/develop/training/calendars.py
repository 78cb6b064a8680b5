"""A class as a calendar file (iCalendar, RFC 5545): one event a session, times in UTC."""

from collections.abc import Iterable
from datetime import UTC, datetime

from django.utils.translation import gettext as _

from nanglucso.develop.training.models import ClassSession, TrainingClass

STAMP = "%Y%m%dT%H%M%SZ"
FOLD = 73


def _plain(text: str) -> str:
    """A text value: the four marks that have a meaning are escaped."""
    for mark, safe in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        text = text.replace(mark, safe)
    return text


def _folded(line: str) -> str:
    """A content line of at most 75 octets; the rest goes on after a space, and no letter is cut in two."""
    parts, part = [], ""
    for letter in line:
        if len((part + letter).encode()) > FOLD:
            parts.append(part)
            part = ""
        part += letter
    return "\r\n ".join([*parts, part])


def _event(row: TrainingClass, session: ClassSession, host: str, at: datetime) -> Iterable[str]:
    place = row.venue.name if row.venue else _("Online")
    title = _("%(course)s, session %(n)s") % {"course": row.course.name, "n": session.number}
    yield "BEGIN:VEVENT"
    yield f"UID:session-{session.pk}@{host}"
    yield f"DTSTAMP:{at.astimezone(UTC):{STAMP}}"
    yield f"DTSTART:{session.starts_at.astimezone(UTC):{STAMP}}"
    yield f"DTEND:{session.ends_at.astimezone(UTC):{STAMP}}"
    yield f"SUMMARY:{_plain(title)}"
    yield f"LOCATION:{_plain(str(place))}"
    yield f"DESCRIPTION:{_plain(row.code)}"
    yield "END:VEVENT"


def calendar(row: TrainingClass, *, host: str, at: datetime) -> str:
    """The file's text; a session keeps its UID, so that a file taken again moves the event instead of doubling it."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Nang Luc So//VI", "CALSCALE:GREGORIAN"]
    for session in row.sessions.order_by("number"):
        lines += _event(row, session, host, at)
    return "\r\n".join(_folded(line) for line in [*lines, "END:VCALENDAR"]) + "\r\n"
