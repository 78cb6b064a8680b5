"""Periods of figures: a month, a quarter, half a year, a year; how people write them and what they are called."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from nanglucso.kit.text import fold

MONTHS = {"M": 1, "Q": 3, "H": 6, "Y": 12}
_CODE = re.compile(r"(\d{4})(?:-(?:([QH])([1-4])|(\d{2})))?")
_SHAPES = (
    (re.compile(r"(?:thang\s*)?(\d{1,2})\s*[/.-]\s*(\d{4})"), "M"),
    (re.compile(r"thang\s*(\d{1,2})\s*(?:nam)?\s*(\d{4})"), "M"),
    (re.compile(r"(?:quy|q)\s*([1-4]|iv|i{1,3})\s*(?:nam|[/.,-])?\s*(\d{4})"), "Q"),
    (re.compile(r"6 thang dau(?: nam)?\s*(\d{4})"), "H1"),
    (re.compile(r"6 thang cuoi(?: nam)?\s*(\d{4})"), "H2"),
    (re.compile(r"(?:nam\s*)?(\d{4})"), "Y"),
)
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}


@dataclass(frozen=True)
class Period:
    """`kind` M, Q, H or Y; `number` counts its kind in the year from 1."""

    year: int
    kind: str
    number: int

    @property
    def code(self) -> str:
        """2026-09, 2026-Q3, 2026-H1, 2026."""
        if self.kind == "Y":
            return str(self.year)
        return f"{self.year}-{self.number:02}" if self.kind == "M" else f"{self.year}-{self.kind}{self.number}"

    @property
    def months(self) -> int:
        return MONTHS[self.kind]

    @property
    def last(self) -> date:
        """Its last day."""
        month = self.number * self.months
        return date(self.year, month, monthrange(self.year, month)[1])

    @property
    def first(self) -> date:
        return date(self.year, (self.number - 1) * self.months + 1, 1)

    @property
    def name(self) -> str:
        """In words, in the reader's language."""
        told = {"n": self.number, "y": self.year}
        if self.kind == "Y":
            return _("year %(y)s") % told
        if self.kind == "M":
            return _("%(n)s/%(y)s") % told
        if self.kind == "Q":
            return _("quarter %(n)s of %(y)s") % told
        return (_("first half of %(y)s") if self.number == 1 else _("second half of %(y)s")) % told


def of_code(code: str) -> Period:
    """The period of a code. Raises ValueError."""
    found = _CODE.fullmatch(code)
    if not found:
        raise ValueError(code)
    year, part, number, month = found.groups()
    kind, n = ("M", int(month)) if month else (part or "Y", int(number or 1))
    return _made(int(year), kind, n)


def parse(text: str) -> Period:
    """What people write: 9/2026, tháng 9 năm 2026, quý III/2026, 6 tháng đầu năm 2026, 2026. Raises ValueError."""
    plain = " ".join(fold(text).split())
    try:
        return of_code(text.strip().upper())
    except ValueError:
        pass
    for shape, kind in _SHAPES:
        found = shape.fullmatch(plain)
        if found:
            *number, year = found.groups()
            if kind in ("H1", "H2"):
                return _made(int(year), "H", int(kind[1]))
            return _made(int(year), kind, _ROMAN.get(number[0]) or int(number[0]) if number else 1)
    whole_day = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", plain)
    if whole_day:  # a spreadsheet made a day of the month
        return _made(int(whole_day[3]), "M", int(whole_day[2]))
    raise ValueError(text)


def _made(year: int, kind: str, number: int) -> Period:
    if not 2000 <= year <= 2100 or not 1 <= number <= 12 // MONTHS[kind]:
        raise ValueError(f"{year} {kind}{number}")
    return Period(year, kind, number)
