"""When the classes of a plan may begin: after the first tests, in the teaching weeks of its year."""

from dataclasses import dataclass
from datetime import date, timedelta

LEAD_WEEKS = 5
MOST_WEEKS = 40
AFTER_TET = 3


@dataclass(frozen=True)
class TeachingYear:
    """Monday of the first teaching week and how many weeks follow in the year, at most forty."""

    first_week: date
    weeks: int


def teaching_year(year: int, today: date) -> TeachingYear:
    """From the first Monday of March, or five weeks from now if that is later, to the middle of December."""
    march = _monday(date(year, AFTER_TET, 1))
    first = max(march, _monday(today + timedelta(weeks=LEAD_WEEKS)))
    last = date(year, 12, 15)
    return TeachingYear(first, max(1, min(MOST_WEEKS, (last - first).days // 7)))


def _monday(day: date) -> date:
    """That Monday or the next."""
    return day + timedelta(days=-day.weekday() % 7)
