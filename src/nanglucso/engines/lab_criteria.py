"""Criteria of COUNTIF, SUMIF and of filters: `Đủ`, `>=1000`, `<>0`, `>=10/11/2026`."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from typing import Any

from nanglucso.kit.dates import parse_date
from nanglucso.kit.faults import BadValue
from nanglucso.kit.numbers import parse_number

_CRITERION = re.compile(r"^(<=|>=|<>|<|>|=)?\s*(.*)$", re.DOTALL)
_DAY = re.compile(r"^\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}$")


def typed(text: str) -> Any:
    """What a sheet makes of a typed text: number, date or text, Vietnamese ways of writing; None for nothing.

    `1.250.000` and `12,5` are numbers, `5/11/2026` a date; a text with a unit (`12 triệu`, `5.000 đ`) stays a text.
    """
    text = unicodedata.normalize("NFC", text.strip())
    if not text:
        return None
    if _DAY.match(text):
        return as_date(text)
    return as_number(text) if re.fullmatch(r"-?[\d.,]+", text) else text


def as_number(value: Any) -> Any:
    """The number a text stands for, else the value itself."""
    try:
        found = parse_number(value) if isinstance(value, str) else None
    except BadValue:
        return value
    if found is None:
        return value
    return int(found) if found == found.to_integral_value() else float(found)


def as_date(value: Any) -> Any:
    """The day a text stands for, else the value itself; a day that does not exist stays a text."""
    try:
        return parse_date(value) if isinstance(value, str) else value
    except BadValue:
        return value


def alike(value: Any) -> Any:
    """A value for comparing: texts without regard to case and to the form of their marks."""
    return unicodedata.normalize("NFC", value).casefold() if isinstance(value, str) else value


def matcher(wanted: Any) -> Callable[[Any], bool]:
    """Whether a cell fits the criterion. A criterion that is no text asks for equality."""
    op, bare = "=", wanted
    if isinstance(wanted, str):
        found = _CRITERION.match(wanted)
        op, bare = (found[1] or "=", typed(found[2])) if found else ("=", wanted)
    return lambda cell: _fits(cell, op, bare, wanted)


def _fits(cell: Any, op: str, bare: Any, wanted: Any) -> bool:
    if op in ("=", "<>"):
        same = alike(cell) == alike(bare) or (isinstance(cell, str) and alike(cell) == alike(wanted))
        return same == (op == "=")
    comparable = (int | float, date, str)
    if not any(isinstance(cell, kind) and isinstance(bare, kind) for kind in comparable):
        return False
    a, b = alike(cell), alike(bare)
    return bool({"<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}[op])
