"""The day on the city's calendar in which a moment falls; the moment is always given, so services may ask."""

from datetime import date, datetime, time

from django.utils.timezone import localtime, make_aware


def local_day(moment: datetime) -> date:
    """The day of an aware moment in the project's time zone: 17:30 UTC is the next day in Viet Nam."""
    return localtime(moment).date()


def day_begins(day: date) -> datetime:
    """The aware moment at which a day begins in the project's time zone."""
    return make_aware(datetime.combine(day, time.min))
