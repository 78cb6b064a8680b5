"""Dates as Vietnamese offices write them, day first; nothing is guessed: two-digit years are refused."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from nanglucso.kit.faults import BadValue
from nanglucso.kit.letters import clean, fold

FIRST_YEAR, LAST_YEAR = 1900, 2100
_FIRST_SERIAL = LAST_YEAR + 1
_LAST_SERIAL = (date(LAST_YEAR, 12, 31) - date(1899, 12, 30)).days
_PIVOT = 30

_TIME = r"(?:[ t]+\d{1,2}[:h]\d{0,2}(?::\d{2}(?:\.\d+)?)?(?:z|[+-]\d\d:?\d\d)?)?"
_WORDS = re.compile(r"(?:ngay\s*)?(?P<d>\d{1,2})\s*thang\s*(?P<m>\d{1,2})\s*(?:nam)?\s*(?P<y>\d+)$")
_MONTH_WORDS = re.compile(r"thang\s*(?P<m>\d{1,2})\s*(?:nam|[/.-])\s*(?P<y>\d+)$")
_DAY_FIRST = re.compile(rf"(?P<d>\d{{1,2}})\s*[/.\- ]\s*(?P<m>\d{{1,2}})\s*[/.\- ]\s*(?P<y>\d+)\.?{_TIME}$")
_YEAR_FIRST = re.compile(rf"(?P<y>\d{{4}})\s*[/.-]\s*(?P<m>\d{{1,2}})\s*[/.-]\s*(?P<d>\d{{1,2}}){_TIME}$")
_MONTH_YEAR = re.compile(r"(?P<m>\d{1,2})\s*[/.-]\s*(?P<y>\d{4})$")
_YEAR = re.compile(r"(?:nam\s*|(?:[.…_\-0x]*\s*[/-]\s*){1,2})?(?P<y>\d{4})(?:\.0+)?$")
_SERIAL = re.compile(r"(?P<n>\d{5})(?:\.\d+)?$")
_SOLID = re.compile(r"\d{8}$")


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date of which the day, or the day and the month, may be unknown (None)."""

    year: int
    month: int | None = None
    day: int | None = None

    @property
    def date(self) -> date | None:
        """The full date, or None when part of it is unknown."""
        return date(self.year, self.month, self.day) if self.month and self.day else None


def from_serial(serial: float, epoch_1904: bool = False) -> date:
    """An Excel serial number of days → date; Excel's phantom 29/02/1900 is allowed for."""
    days = int(serial)
    if epoch_1904:
        return date(1904, 1, 1) + timedelta(days)
    return date(1899, 12, 30) + timedelta(days + (days < 60))


def _checked(value: str, year: str, month: str | None, day: str | None) -> PartialDate:
    if len(year) != 4:
        full = f"{'19' if int(year) > _PIVOT else '20'}{year}" if len(year) == 2 else ""
        if full and month and day:
            raise BadValue("two_digit_year", value, f"{int(day):02}/{int(month):02}/{full}")
        raise BadValue("date_unreadable", value)
    found = PartialDate(int(year), int(month) if month else None, int(day) if day else None)
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise BadValue("year_out_of_range", value)
    if found.day == 0 or found.month == 0:
        if found.day == 0:
            return PartialDate(found.year, found.month or None)
        raise BadValue("no_such_day", value)
    try:
        date(found.year, found.month or 1, found.day or 1)
    except ValueError:
        if found.month and found.day and found.month > 12 and found.day <= 12 and found.month <= 31:
            raise BadValue("date_order", value, f"{found.month:02}/{found.day:02}/{found.year}") from None
        raise BadValue("no_such_day", value) from None
    return found


def _from_solid(text: str, value: str) -> PartialDate:
    """Eight digits: ddmmyyyy or yyyymmdd; never both, since the last four of the second begin with 0 or 1."""
    if FIRST_YEAR <= int(text[4:]) <= LAST_YEAR:
        return _checked(value, text[4:], text[2:4], text[:2])
    return _checked(value, text[:4], text[4:6], text[6:])


@lru_cache(maxsize=65536)
def _from_text(value: str) -> PartialDate:
    text = fold(value).strip(" .,;'`")
    for shape in (_DAY_FIRST, _YEAR_FIRST, _WORDS, _MONTH_YEAR, _MONTH_WORDS, _YEAR):
        if found := shape.match(text):
            parts = found.groupdict()
            return _checked(value, parts["y"], parts.get("m"), parts.get("d"))
    if _SOLID.match(text):
        return _from_solid(text, value)
    if (found := _SERIAL.match(text)) and _FIRST_SERIAL <= int(found["n"]) <= _LAST_SERIAL:
        return _whole(from_serial(int(found["n"])))
    raise BadValue("date_unreadable", value)


def _whole(day: date) -> PartialDate:
    return PartialDate(day.year, day.month, day.day)


def parse_partial(value: object) -> PartialDate:
    """Read a date that may be only a month and year, or only a year.

    Takes dd/mm/yyyy, 1/5/1980, 01-05-1980, 5.2.1980, yyyy-mm-dd (with a time or not), "ngày 05 tháng 02 năm 1980",
    05/1980, 1980, 05021980, Excel serial numbers (numbers above 2100), ``date`` and ``datetime`` values.
    Raises ``BadValue``: two_digit_year, date_order, no_such_day, year_out_of_range, date_unreadable.
    """
    if isinstance(value, date):
        if not FIRST_YEAR <= value.year <= LAST_YEAR:
            raise BadValue("year_out_of_range", value)
        return _whole(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if FIRST_YEAR <= value <= LAST_YEAR and value == int(value):
            return PartialDate(int(value))
        if _FIRST_SERIAL <= value < _LAST_SERIAL + 1:
            return _whole(from_serial(value))
        solid = str(int(value)).zfill(8) if 10**6 < value < 10**8 else ""
        return _from_text(solid or f"{value:g}")
    return _from_text(clean(str(value or "")))


def parse_date(value: object) -> date:
    """Read a full date; as ``parse_partial``, and raises ``BadValue`` (``date_incomplete``) without day or month."""
    found = parse_partial(value)
    full = found.date
    if full is None:
        raise BadValue("date_incomplete", clean(str(value)))
    return full


def format_date(day: date | None) -> str:
    """dd/mm/yyyy, the same in both languages; "" for None."""
    return f"{day.day:02}/{day.month:02}/{day.year:04}" if day else ""


def format_partial(found: PartialDate) -> str:
    """dd/mm/yyyy, mm/yyyy or yyyy, as much as is known."""
    if found.month is None:
        return f"{found.year:04}"
    if found.day is None:
        return f"{found.month:02}/{found.year:04}"
    return f"{found.day:02}/{found.month:02}/{found.year:04}"


def format_long(day: date) -> str:
    """As official documents write it (NĐ 30/2020): days under 10 and months 1 and 2 take a leading zero."""
    month = f"{day.month:02}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02} tháng {month} năm {day.year}"


def format_time(moment: datetime) -> str:
    """24-hour "08:05"."""
    return f"{moment.hour:02}:{moment.minute:02}"
