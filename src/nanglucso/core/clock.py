"""The one place that reads the clock for a request or command; services are given `at`."""

from datetime import date, datetime

from django.utils import timezone


def now() -> datetime:
    """The present moment, aware."""
    return timezone.now()


def today() -> date:
    """Today's date where the city is."""
    return timezone.localdate()
