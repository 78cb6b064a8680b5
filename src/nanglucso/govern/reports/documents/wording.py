"""Words of official documents: texts kept as data beside the templates, and dates and numbers as offices write them."""

from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from nanglucso.core.content import read_yaml, root
from nanglucso.kit.numbers import format_number
from nanglucso.kit.text import fold
from nanglucso.workforce.people.models import Unit

BLANK = "\u00a0" * 8
DOTS, FEW_DOTS = "…………………………", "…………"


def folder() -> Path:
    """Where templates and wordings stand."""
    return root() / "documents"


@lru_cache(maxsize=4)
def wording(name: str) -> dict[str, Any]:
    """The texts of one kind of document, `documents/<name>.yaml`."""
    told = read_yaml(folder() / f"{name}.yaml")
    if not isinstance(told, dict):
        raise TypeError(f"documents/{name}.yaml must hold named texts")
    return told


def organisation(other: dict[str, str] | None = None) -> dict[str, str]:
    """Names of the issuing agency; an empty name becomes dots to be filled in by hand."""
    told = {**settings.ORGANISATION, **(other or {})}
    empty = {"signer_name": "", "symbol": FEW_DOTS, "place": FEW_DOTS}
    return {name: value or empty.get(name, DOTS) for name, value in told.items()}


def said_name(capitals: str, place: str) -> str:
    """An agency's name in capitals as it stands inside a sentence.

    "SỞ NỘI VỤ" → "Sở Nội vụ" when the unit tree knows it; else only the first word and the place keep a capital.
    """
    if not capitals.isupper():
        return capitals
    known = Unit.objects.filter(fold__startswith=fold(capitals)).values_list("name", flat=True)
    found = next((name for name in known if name.upper() == capitals), "")
    lower = capitals.lower().replace(place.lower(), place)
    return found or lower[:1].upper() + lower[1:]


def agency_lines(capitals: str) -> tuple[str, ...]:
    """A superior agency on one line or two, cut before the place: "ỦY BAN NHÂN DÂN" / "THÀNH PHỐ CẦN THƠ"."""
    board = "ỦY BAN NHÂN DÂN"
    rest = capitals.removeprefix(board).strip()
    return (board, rest) if capitals.startswith(board) and rest else (capitals,)


def number(value: float, places: int = 0) -> str:
    """1.234.567,8"""
    return format_number(value, "vi", places)


def percent(share: float, places: int = 1) -> str:
    """A share 0..1 as "12,3%"."""
    return f"{number(100 * share, places)}%"


def short_date(day: date) -> str:
    """05/02/2026"""
    return f"{day:%d/%m/%Y}"


def long_date(day: date) -> str:
    """ "05 tháng 02 năm 2026": days below 10 and months 1 and 2 take a 0 (Nghị định 30/2020, Phụ lục I)."""
    return f"{day.day:02} tháng {_month(day.month)} năm {day.year}"


def _month(month: int) -> str:
    return f"{month:02}" if month < 3 else str(month)


def place_date(place: str, day: date) -> str:
    """Place and date with the day left blank for the signer."""
    return f"{place}, ngày{BLANK}tháng {_month(day.month)} năm {day.year}"


def week_of(first_week: date, start: int, weeks: int = 1) -> tuple[date, date]:
    """Monday of the first and Friday of the last of `weeks` teaching weeks."""
    monday = first_week + timedelta(weeks=start)
    return monday, monday + timedelta(days=7 * weeks - 3)


_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_GROUPS = ("", "nghìn", "triệu", "tỷ", "nghìn tỷ", "triệu tỷ")


def money_words(amount: int) -> str:
    """Whole đồng in words: 1_250_000 → "Một triệu hai trăm năm mươi nghìn đồng". Raises ValueError below 0."""
    if amount < 0:
        raise ValueError("an amount cannot be negative")
    groups = []
    rest = amount
    while rest:
        rest, group = divmod(rest, 1000)
        groups.append(group)
    parts = [
        f"{_three(group, place < len(groups) - 1)} {_GROUPS[place]}".strip()
        for place, group in reversed(list(enumerate(groups)))
        if group
    ]
    words = " ".join(parts) or _DIGITS[0]
    return f"{words[:1].upper()}{words[1:]} đồng"


def _three(group: int, inner: bool) -> str:
    hundreds, rest = divmod(group, 100)
    tens, ones = divmod(rest, 10)
    said = [f"{_DIGITS[hundreds]} trăm"] if hundreds or inner else []
    if tens == 0 and ones and said:
        said.append("linh")
    elif tens == 1:
        said.append("mười")
    elif tens > 1:
        said.append(f"{_DIGITS[tens]} mươi")
    if ones:
        said.append("mốt" if ones == 1 and tens > 1 else "lăm" if ones == 5 and tens else _DIGITS[ones])
    return " ".join(said)
