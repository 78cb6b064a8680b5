"""Calendar files (iCalendar, RFC 5545): escaping, folding, and the frame around events."""

from collections.abc import Iterable
from datetime import datetime

STAMP = "%Y%m%dT%H%M%SZ"
FOLD = 73


def stamp(moment: datetime) -> str:
    """A moment in UTC as the format writes it."""
    return f"{moment:{STAMP}}"


def plain(text: str) -> str:
    """A text value: the four marks that have a meaning are escaped."""
    for mark, safe in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        text = text.replace(mark, safe)
    return text


def folded(line: str) -> str:
    """A content line of at most 75 octets; the rest goes on after a space, and no letter is cut in two."""
    parts, part = [], ""
    for letter in line:
        if len((part + letter).encode()) > FOLD:
            parts.append(part)
            part = ""
        part += letter
    return "\r\n ".join([*parts, part])


def calendar(events: Iterable[str]) -> str:
    """The whole file around the lines of its events."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Nang Luc So//VI", "CALSCALE:GREGORIAN", *events]
    return "\r\n".join(folded(line) for line in [*lines, "END:VCALENDAR"]) + "\r\n"
