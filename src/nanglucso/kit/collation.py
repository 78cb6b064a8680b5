"""Vietnamese sort keys with no ICU: letters a ă â b c d đ e ê … o ô ơ … u ư …, tones ngang huyền hỏi ngã sắc nặng.

Keys follow the three levels of the Unicode Collation Algorithm (UTS #10) as CLDR tailors it for ``vi``: all letters
first, then all tones from left to right, then case (small before capital). A key holds only ``0-9a-z``, so that it
sorts alike as bytes in SQLite and under any PostgreSQL collation.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from nanglucso.kit.letters import TONE_MARKS, clean

_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_BASE = {"ă": "a2", "â": "a3", "đ": "d2", "ê": "e2", "ô": "o2", "ơ": "o3", "ư": "u2"}
_END = "00"
_SPACE = "01"


@lru_cache(maxsize=4096)
def _weights(letter: str) -> tuple[str, str, str]:
    """One NFC character → (letter weight, tone weight 1 to 7, case weight 1 or 2)."""
    lower = letter.lower()
    case = "1" if lower == letter else "2"
    if lower == " ":
        return _SPACE, "1", "1"
    if lower.isdigit() and lower.isascii():
        return "2" + lower, "1", "1"
    parts = unicodedata.normalize("NFD", lower)
    tones = [mark for mark in parts if mark in TONE_MARKS]
    plain = unicodedata.normalize("NFC", "".join(mark for mark in parts if mark not in TONE_MARKS))
    tone = str(2 + TONE_MARKS.index(tones[0])) if tones else "1"
    if plain in _LETTERS and len(plain) == 1:
        return _BASE.get(plain, plain + "1"), tone, case
    if not plain:
        return "", tone, "1"
    if not lower.isalnum():
        return f"1{ord(plain[0]):05x}", tone, "1"
    stripped = unicodedata.normalize("NFD", plain)[0]
    if stripped in _LETTERS:
        return stripped + "1", "7", case
    return f"z9{ord(plain[0]):05x}", tone, case


@lru_cache(maxsize=65536)
def sort_key(text: str) -> str:
    """The collation key of a text, about 2.5 characters per letter, made of ``0-9a-z`` only.

    Keys are prefix-free: ``sort_key(a) + sort_key(b)`` sorts by a, then by b.
    """
    weights = [_weights(letter) for letter in clean(text)]
    tones = "".join(weight[1] for weight in weights).rstrip("1")
    cases = "".join(weight[2] for weight in weights).rstrip("1")
    return "".join(weight[0] for weight in weights) + _END + tones + "0" + cases + "0"
