"""The plan's classes as a calendar file: one event a class over its days."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext as _

from nanglucso.develop.plans.models import PlannedClass
from nanglucso.kit.ical import calendar, plain, stamp


def _event(row: PlannedClass, host: str, at: datetime) -> Iterator[str]:
    place = f"{row.venue.name}, {row.venue.area.name}" if row.venue else _("Online, whole city")
    yield "BEGIN:VEVENT"
    yield f"UID:plan-{row.scenario_id}-{row.number}@{host}"
    yield f"DTSTAMP:{stamp(at.astimezone(UTC))}"
    yield f"DTSTART;VALUE=DATE:{row.first_day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{row.last_day + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{plain(row.course.name)}"
    yield f"LOCATION:{plain(place)}"
    yield f"DESCRIPTION:{plain(f'{row.course.code}, {row.get_form_display()}')}"
    yield "END:VEVENT"


def of_classes(rows: Iterable[PlannedClass], *, host: str, at: datetime) -> str:
    """The file's text; a class keeps its UID, so that a file taken again does not double it."""
    return calendar(line for row in rows for line in _event(row, host, at))
