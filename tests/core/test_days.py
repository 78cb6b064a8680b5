"""The city's day begins seven hours before London's."""

from datetime import UTC, date, datetime

from nanglucso.core.days import local_day


def test_an_evening_in_london_is_the_next_day_here():
    assert local_day(datetime(2026, 11, 30, 16, 59, tzinfo=UTC)) == date(2026, 11, 30)
    assert local_day(datetime(2026, 11, 30, 17, 0, tzinfo=UTC)) == date(2026, 12, 1)
