"""The yearly duty to learn, as data with its legal basis."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class YearlyDuty:
    """At least `tiet` teaching periods of 45 minutes a year; in force from `since`."""

    tiet: int
    document: str
    article: str
    since: date


DUTIES = (YearlyDuty(40, "171/2025/NĐ-CP", "Điều 16, khoản 3", date(2025, 7, 1)),)


def duty_in(year: int) -> YearlyDuty | None:
    """The duty in force at the end of a year, or None before the first one."""
    return next((duty for duty in reversed(DUTIES) if duty.since <= date(year, 12, 31)), None)
