"""The Vietnamese lunar calendar from the positions of sun and moon: an independent check of the days off that are shipped.

Formulas of Meeus, Astronomical Algorithms (1998), as Hồ Ngọc Đức arranged them for Viet Nam (UTC+7): a month begins on
the day of the new moon, and month 11 holds the winter solstice.
"""

from datetime import date, timedelta
from math import floor, pi, sin

HOURS = 7
MONTH = 29.530588853


def _new_moon(k: int) -> float:
    """Julian day (UT) of the k-th new moon after 1/1/1900."""
    t = k / 1236.85
    jd = 2415020.75933 + 29.53058868 * k + 0.0001178 * t**2 - 0.000000155 * t**3
    jd += 0.00033 * sin((166.56 + 132.87 * t - 0.009173 * t**2) * pi / 180)
    m = (359.2242 + 29.10535608 * k - 0.0000333 * t**2 - 0.00000347 * t**3) * pi / 180
    n = (306.0253 + 385.81691806 * k + 0.0107306 * t**2 + 0.00001236 * t**3) * pi / 180
    f = (21.2964 + 390.67050646 * k - 0.0016528 * t**2 - 0.00000239 * t**3) * pi / 180
    c = (0.1734 - 0.000393 * t) * sin(m) + 0.0021 * sin(2 * m) - 0.4068 * sin(n) + 0.0161 * sin(2 * n)
    c += -0.0004 * sin(3 * n) + 0.0104 * sin(2 * f) - 0.0051 * sin(m + n) - 0.0074 * sin(m - n)
    c += 0.0004 * sin(2 * f + m) - 0.0004 * sin(2 * f - m) - 0.0006 * sin(2 * f + n) + 0.0010 * sin(2 * f - n)
    c += 0.0005 * sin(2 * n + m)
    return jd + c - (-0.000278 + 0.000265 * t + 0.000262 * t**2)


def _new_moon_day(k: int) -> int:
    return floor(_new_moon(k) + 0.5 + HOURS / 24)


def _sun(day: int) -> int:
    """Which twelfth of the ecliptic the sun stands in at midnight of the day in Viet Nam, 0..11."""
    t = (day - 0.5 - HOURS / 24 - 2451545.0) / 36525
    m = (357.52910 + 35999.05030 * t - 0.0001559 * t**2 - 0.00000048 * t**3) * pi / 180
    long = 280.46645 + 36000.76983 * t + 0.0003032 * t**2
    long += (1.914600 - 0.004817 * t - 0.000014 * t**2) * sin(m)
    long += (0.019993 - 0.000101 * t) * sin(2 * m) + 0.000290 * sin(3 * m)
    return floor((long % 360) / 30)


def _julian(day: date) -> int:
    return day.toordinal() + 1721425


def _month_eleven(year: int) -> int:
    """Julian day on which lunar month 11 of a year begins."""
    k = floor((_julian(date(year, 12, 31)) - 2415021) / MONTH)
    day = _new_moon_day(k)
    return _new_moon_day(k - 1) if _sun(day) >= 9 else day


def first_of(year: int, month: int) -> date:
    """The first day of a lunar month 1..10 of the lunar year that begins in `year`."""
    a, b = _month_eleven(year - 1), _month_eleven(year)
    k = floor((a - 2415021.076998695) / MONTH + 0.5)
    starts = [_new_moon_day(k + i) for i in range(15)]
    leap = None
    if b - a > 365:
        leap = next(i for i in range(1, 14) if _sun(starts[i]) == _sun(starts[i + 1]))
    place = month + 1
    if leap is not None and place >= leap:
        place += 1
    return date.fromordinal(starts[place] - 1721425)


def lunar(year: int, month: int, day: int) -> date:
    return first_of(year, month) + timedelta(days=day - 1)
