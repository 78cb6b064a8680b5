"""Moments and days on the city's calendar; the moment is always given, so services may ask."""

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
