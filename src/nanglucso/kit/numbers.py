"""Vietnamese numbers: 1.234.567,89 in, 1.234.567,89 (or English 1,234,567.89) out. Exact: ``Decimal``, no floats."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from nanglucso.kit.faults import BadValue
from nanglucso.kit.letters import clean, fold

_SCALES = {
    "nghin": 10**3,
    "ngan": 10**3,
    "thousand": 10**3,
    "trieu": 10**6,
    "million": 10**6,
    "tr": 10**6,
    "ty": 10**9,
    "ti": 10**9,
    "billion": 10**9,
}
_CURRENCY = re.compile(r"(?:(?<![a-z])(?:dong|vnd|d)|₫|%)\s*$|^(?:vnd|₫)\s*")
_SHAPE = re.compile(r"^(?P<sign>[-+−]?)\s*(?P<body>\d[\d.,\s]*)\s*(?P<scale>[a-z]*)$")
_GROUPS = {mark: re.compile(rf"^[1-9]\d{{0,2}}(?:{re.escape(mark)}\d{{3}})+$") for mark in ".,"}


def _split_body(body: str, lang: str) -> str:
    """Digits with marks → digits with at most one ``.`` before the decimals; raises ValueError."""
    body = re.sub(r"\s+(?=\d{3}(?:\D|$))", "", body.strip())
    if re.search(r"\s", body):
        raise ValueError(body)
    marks = [mark for mark in ".," if mark in body]
    if len(marks) == 2:
        decimal = max(marks, key=body.rindex)
        group = "," if decimal == "." else "."
        whole, _, rest = body.rpartition(decimal)
        if not _GROUPS[group].match(whole) or not rest.isdigit():
            raise ValueError(body)
        return whole.replace(group, "") + "." + rest
    if not marks:
        return body
    mark = marks[0]
    if body.count(mark) > 1 or mark == ("." if lang == "vi" else ","):
        if _GROUPS[mark].match(body):
            return body.replace(mark, "")
        if body.count(mark) > 1:
            raise ValueError(body)
    whole, _, rest = body.partition(mark)
    if not rest.isdigit():
        raise ValueError(body)
    return f"{whole}.{rest}"


def parse_number(value: object, lang: str = "vi") -> Decimal:
    """Read a number as people write it.

    ``1.234.567,89``, ``92,5``, ``1 210 triệu`` (= 1210000000), ``1,234,567.89``, ``12,5 %`` (= 12.5), ``250.000 đ``.
    When one mark could be either, ``lang`` decides: ``1.234`` is 1234 in ``vi`` and 1.234 in ``en``.
    Raises ``BadValue`` (``number_unreadable``).
    """
    if isinstance(value, bool) or value is None:
        raise BadValue("number_unreadable", value)
    if isinstance(value, (int, float, Decimal)):
        number = Decimal(str(value))
        if not number.is_finite():
            raise BadValue("number_unreadable", value)
        return number
    text = fold(str(value)).replace("−", "-")
    negative = text.startswith("(") and text.endswith(")")
    text = text.strip("()") if negative else text
    shape = _SHAPE.match(_CURRENCY.sub("", text).strip())
    scale = _SCALES.get(shape["scale"], 0 if shape["scale"] else 1) if shape else 0
    if not shape or not scale or (negative and shape["sign"]):
        raise BadValue("number_unreadable", clean(str(value)))
    try:
        number = Decimal(_split_body(shape["body"], lang)) * scale
    except (ValueError, InvalidOperation):
        raise BadValue("number_unreadable", clean(str(value))) from None
    return -number if negative or shape["sign"] == "-" else number


def format_number(value: Decimal | int | float, lang: str = "vi", places: int | None = None) -> str:
    """Group by thousands; ``places`` decimals rounded half up, or as many as the value has when None."""
    number = Decimal(str(value))
    if not number.is_finite():
        raise BadValue("number_unreadable", value)
    if places is not None:
        number = number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    text = f"{number:,f}"
    if places is None and "." in text:
        text = text.rstrip("0").rstrip(".")
    if text.startswith("-") and not text.strip("-0.,"):
        text = text[1:]
    return text if lang == "en" else text.translate({ord(","): ".", ord("."): ","})


def format_percent(share: Decimal | int | float, lang: str = "vi", places: int = 1) -> str:
    """A share from 0 to 1 as "92,5%"; no decimals are shown when they are all zero."""
    text = format_number(Decimal(str(share)) * 100, lang, places)
    mark = "." if lang == "en" else ","
    whole, _, rest = text.partition(mark)
    return f"{whole if not rest.strip('0') else text}%"


def format_money(dong: Decimal | int, lang: str = "vi") -> str:
    """Whole đồng: "1.234.567 đồng" or "VND 1,234,567"."""
    text = format_number(dong, lang, 0)
    return f"VND {text}" if lang == "en" else f"{text} đồng"


def format_millions(dong: Decimal | int, lang: str = "vi", places: int = 1) -> str:
    """Millions of đồng, as budgets write them: "1.210 triệu đồng" or "VND 1,210 million"."""
    text = format_number(Decimal(dong) / 10**6, lang, places)
    mark = "." if lang == "en" else ","
    whole, _, rest = text.partition(mark)
    text = whole if not rest.strip("0") else text
    return f"VND {text} million" if lang == "en" else f"{text} triệu đồng"


def parse_money(value: object, lang: str = "vi") -> int:
    """Whole đồng; raises ``BadValue`` for a fraction of a đồng or a text that is not a number."""
    number = parse_number(value, lang)
    if number != number.to_integral_value():
        raise BadValue("number_unreadable", value)
    return int(number)
