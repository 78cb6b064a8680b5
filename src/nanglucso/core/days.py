"""The day on the city's calendar in which a moment falls; the moment is always given, so services may ask."""

from datetime import date, datetime

from django.utils.timezone import localtime


def local_day(moment: datetime) -> date:
    """The day of an aware moment in the project's time zone: 17:30 UTC is the next day in Viet Nam."""
    return localtime(moment).date()
