"""The year's teaching weeks: calendar weeks in which enough days are worked; others have no capacity, no number."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from nanglucso.develop.plans.models import DayOff, Scenario

WORKING_DAYS = 5
LEAST_DAYS = 3
FURTHEST = 60  # calendar weeks looked at beyond the teaching weeks asked for


@dataclass(frozen=True)
class Week:
    """A calendar week: Monday, working days left, what is off, and its teaching week (None = no capacity)."""

    monday: date
    days: int
    off: tuple[DayOff, ...]
    number: int | None

    @property
    def friday(self) -> date:
        return self.monday + timedelta(days=WORKING_DAYS - 1)


def days_off(first: date, last: date) -> list[DayOff]:
    """Days off in force that touch a span of days."""
    return list(DayOff.objects.filter(active=True, first__lte=last, last__gte=first))


def off_days(rows: Iterable[DayOff]) -> set[date]:
    """Every single day off."""
    return {row.first + timedelta(days=n) for row in rows for n in range((row.last - row.first).days + 1)}


def calendar(first: date, weeks: int, least_days: int, rows: Sequence[DayOff]) -> list[Week]:
    """Calendar weeks from a Monday on until so many teaching weeks are found; the first one without days off counts.

    A week with fewer than `least_days` working days is no teaching week. Raises ValueError when days off leave none.
    """
    off, made, number = off_days(rows), [], 0
    for n in range(weeks + FURTHEST):
        monday = first + timedelta(weeks=n)
        friday = monday + timedelta(days=WORKING_DAYS - 1)
        days = sum(monday + timedelta(days=d) not in off for d in range(WORKING_DAYS))
        mine = tuple(row for row in rows if row.first <= friday and row.last >= monday)
        taught = days >= least_days
        made.append(Week(monday, days, mine, number if taught else None))
        number += taught
        if number == weeks:
            return made
    raise ValueError("days off leave no room for so many teaching weeks")


def weeks_of(scenario: Scenario) -> list[Week]:
    """The calendar that a plan computed today would have."""
    last = scenario.first_week + timedelta(weeks=scenario.weeks + FURTHEST)
    least = int(scenario.params.get("least_days", LEAST_DAYS))
    return calendar(scenario.first_week, scenario.weeks, least, days_off(scenario.first_week, last))


def mondays(scenario: Scenario) -> list[str]:
    """Mondays of the teaching weeks, as a plan keeps them."""
    return [week.monday.isoformat() for week in weeks_of(scenario) if week.number is not None]


@dataclass(frozen=True)
class Year:
    """A scenario's calendar for its page: weeks that days off touch, and whether the plan was made by another one."""

    first: date
    last: date
    touched: list[Week]
    outdated: bool

    @property
    def left_out(self) -> int:
        return sum(week.number is None for week in self.touched)


def year_of(scenario: Scenario) -> Year | None:
    """None when days off leave too few weeks."""
    try:
        weeks = weeks_of(scenario)
    except ValueError:
        return None
    kept, now = scenario.basis.get("mondays"), [w.monday.isoformat() for w in weeks if w.number is not None]
    touched = [week for week in weeks if week.days < WORKING_DAYS]
    return Year(weeks[0].monday, weeks[-1].friday, touched, bool(kept) and kept != now)


def working_days(monday: date) -> Iterator[date]:
    """Days of a week on which a class can meet, Monday first; every weekday when nothing is known to be off."""
    off = off_days(days_off(monday, monday + timedelta(days=WORKING_DAYS - 1)))
    week = [monday + timedelta(days=d) for d in range(WORKING_DAYS)]
    return iter([day for day in week if day not in off] or week)
