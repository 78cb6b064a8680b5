"""Read one value the way staff lists write it, repairing what a spreadsheet breaks."""

from __future__ import annotations

import re
from functools import lru_cache

from nanglucso.kit.spreadsheets import Cell
from nanglucso.kit.text import clean, fold

_EMAIL = re.compile(r"^[a-z0-9._%+'-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,62})\.)+[a-z]{2,24}$")
_SEVERAL = re.compile(r"\s*[;,/|\n]\s*|\s+(?:hoặc|và|-)\s+")
_SCIENTIFIC = re.compile(r"^\d(?:[.,]\d+)?e\+?\d+$", re.IGNORECASE)
_MARKS = frozenset({"x", "v", "√", "✓", "✔", "1", "•", "*", "co"})
_GENDERS = {
    **dict.fromkeys(("nam", "male", "m", "trai", "ong"), "m"),
    **dict.fromkeys(("nu", "female", "f", "gai", "ba"), "f"),
}


class Repaired(tuple[str, str]):
    """(value, what was done): the second is "" or a problem code."""

    __slots__ = ()


def _said(value: str, code: str = "") -> Repaired:
    return Repaired((value, code))


def _digits(value: Cell) -> tuple[str, bool]:
    """Digits of a cell, and whether the cell held a number (whose leading zeros are gone)."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return (str(int(value)), True) if float(value).is_integer() else ("", True)
    return "".join(letter for letter in clean(str(value or "")) if letter.isdigit()), False


def read_phone(value: Cell) -> Repaired:
    """A national number of 10 or 11 digits ("0912345678"). Codes: zero_restored, phone_several, phone_unreadable."""
    first, code = value, ""
    if isinstance(value, str):
        parts = [part for part in _SEVERAL.split(clean(value)) if sum(letter.isdigit() for letter in part) >= 8]
        first = parts[0] if parts else value
        code = "phone_several" if len(parts) > 1 else ""
    digits, number = _digits(first)
    for prefix in ("0084", "84"):
        if digits.startswith(prefix) and len(digits) - len(prefix) in (9, 10):
            digits = "0" + digits[len(prefix) :].removeprefix("0")
    if len(digits) in (9, 10) and digits[:1] in "235789" and not (len(digits) == 10 and digits[0] != "2"):
        return _said("0" + digits, code if not number and code else "zero_restored")
    if len(digits) in (10, 11) and digits.startswith("0") and digits[1] != "0":
        return _said(digits, code)
    return _said("", "phone_unreadable")


def read_citizen_number(value: Cell) -> Repaired:
    """12 digits, or the 9 of an old identity card, as text.

    Codes: zero_restored, citizen_number_damaged (1,2E+11 in a CSV), citizen_number_unreadable.
    """
    if isinstance(value, str) and _SCIENTIFIC.match(clean(value).replace(" ", "")):
        return _said("", "citizen_number_damaged")
    digits, number = _digits(value)
    letters = isinstance(value, str) and any(letter.isalpha() for letter in value)
    if len(digits) in (9, 12) and not letters:
        return _said(digits)
    if len(digits) in (10, 11) and not letters:
        return _said(digits.zfill(12), "zero_restored")
    if len(digits) == 8 and number:
        return _said(digits.zfill(9), "zero_restored")
    return _said("", "citizen_number_unreadable")


def citizen_number_fits(number: str, birth_year: int | None, gender: str) -> bool:
    """Whether digits 4 to 6 (century and sex, year) agree with what the row says; 9-digit numbers tell nothing."""
    if len(number) != 12:
        return True
    century, year = 1900 + 100 * (int(number[3]) // 2), int(number[4:6])
    if birth_year and century + year != birth_year:
        return False
    return not gender or gender == "mf"[int(number[3]) % 2]


def read_code(value: Cell) -> str:
    """A staff number as text: 1234.0 → "1234", spaces at its dashes and ends dropped."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return re.sub(r"\s*([-/.])\s*", r"\1", clean(str(value if value is not None else "")))


def read_email(value: Cell) -> Repaired:
    """A lower-case address. A comma for a dot and spaces inside are repaired. Code: email_unreadable."""
    text = clean(str(value or "")).lower().removeprefix("mailto:").strip(" <>;,.")
    if _EMAIL.match(text):
        return _said(text)
    repaired = fold(text).replace(" ", "").replace(",", ".").replace("@@", "@")
    if _EMAIL.match(repaired) and ".." not in repaired and fold(text) == text:
        return _said(repaired)
    return _said("", "email_unreadable")


@lru_cache(maxsize=1024)
def _gender_of(text: str) -> str:
    return _GENDERS.get(fold(text).strip(" ."), "")


def read_gender(value: Cell) -> Repaired:
    """ "m", "f" or "". Code: gender_unreadable."""
    text = clean(str(value)) if value is not None else ""
    gender = _gender_of(text)
    return _said(gender, "" if gender or not text else "gender_unreadable")


def is_mark(value: Cell) -> bool:
    """An "x" in a column of marks; 1, TRUE and ticks count too."""
    if isinstance(value, (bool, int, float)):
        return value == 1
    return fold(str(value or "")).strip(" .()") in _MARKS
