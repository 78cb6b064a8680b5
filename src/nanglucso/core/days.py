"""Moments and days on the city's calendar; the moment is always given, so services may ask."""

from calendar import monthrange
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.timezone import localtime


def local_day(moment: datetime) -> date:
    """The day of an aware moment in the project's time zone: 17:30 UTC is the next day in Viet Nam."""
    return localtime(moment).date()


def midnight(day: date) -> datetime:
    """The moment at which a day begins where the city is."""
    return datetime.combine(day, time(), ZoneInfo(settings.TIME_ZONE))


def months_after(day: date, months: int) -> date:
    """The same day so many months later (earlier when negative), the month's last day where there is none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def last_day_due(today: date, months: int) -> date:
    """The last day at least `months` months back: `months_after(day, months) <= today` up to it, not beyond."""
    back = months_after(today, -months)
    at_end = today.day == monthrange(today.year, today.month)[1]
    return back.replace(day=monthrange(back.year, back.month)[1]) if at_end else back
