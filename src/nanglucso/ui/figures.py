"""Numbers, money and dates as the screen says them, in the active language."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from nanglucso.kit.dates import format_date
from nanglucso.kit.numbers import format_number, format_percent

_BILLION, _MILLION = 10**9, 10**6


def _lang() -> str:
    return "en" if (get_language() or "vi").startswith("en") else "vi"


def _missing(value: Any) -> bool:
    return value is None or value == "" or value != value


def num(value: Any, places: int | None = None) -> str:
    """1.234.567 or 61,75: grouped; `places` decimals, or at most two when not said. Nothing gives an en dash."""
    if _missing(value):
        return "–"
    if places is None and not isinstance(value, int):
        value = round(Decimal(str(value)), 2)
    return format_number(value, _lang(), places)


def num1(value: Any) -> str:
    """One decimal: 61,7."""
    return num(value, 1)


def pct(share: Any, places: int = 1) -> str:
    """A share from 0 to 1 as 61,7%."""
    return "–" if _missing(share) else format_percent(share, _lang(), places)


def signed(value: Any, places: int = 1) -> str:
    """A change with its sign: +8,4 or −0,2 (a true minus)."""
    if _missing(value):
        return "–"
    text = format_number(abs(value), _lang(), 0 if isinstance(value, int) else places)
    if not text.strip("0.,"):
        return text
    return ("−" if value < 0 else "+") + text


def dong(value: Any) -> str:
    """Money, given in đồng, in words: 30,0 tỷ đồng, 1.210 triệu đồng, 86,4 triệu đồng, 850.000 đồng."""
    if _missing(value):
        return "–"
    amount = Decimal(str(value))
    size = abs(amount)
    if size >= 10 * _BILLION:
        return _("VND %(n)s billion") % {"n": format_number(amount / _BILLION, _lang(), 1)}
    if size >= _MILLION:
        places = 0 if size >= 100 * _MILLION or amount % _MILLION == 0 else 1
        return _("VND %(n)s million") % {"n": format_number(amount / _MILLION, _lang(), places)}
    return _("VND %(n)s") % {"n": format_number(amount, _lang(), 0)}


def million(value: Any) -> str:
    """Money, given in đồng, in millions with one decimal and no unit, for tables that name the unit once: 1.210,0."""
    return "–" if _missing(value) else format_number(Decimal(str(value)) / _MILLION, _lang(), 1)


def _local(moment: Any) -> Any:
    return timezone.localtime(moment) if isinstance(moment, datetime) and timezone.is_aware(moment) else moment


def vdate(day: Any) -> str:
    """dd/mm/yyyy of a date or a moment."""
    day = _local(day)
    return format_date(day.date() if isinstance(day, datetime) else day) if isinstance(day, date) else "–"


def vtime(moment: Any) -> str:
    """8 giờ 05, or 08:05 in English."""
    if not moment:
        return "–"
    moment = _local(moment)
    return f"{moment.hour:02}:{moment.minute:02}" if _lang() == "en" else f"{moment.hour} giờ {moment.minute:02}"


def vmoment(moment: Any) -> str:
    """8 giờ 05 ngày 23/11/2026, or 08:05, 23/11/2026 in English."""
    if not moment:
        return "–"
    mark = ", " if _lang() == "en" else " ngày "
    return f"{vtime(moment)}{mark}{vdate(moment)}"
