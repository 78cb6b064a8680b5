"""Vietnamese letters: normal forms, spaces, and the folds used to compare texts."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import filterfalse

TONE_MARKS = "\u0300\u0309\u0303\u0301\u0323"
"""Combining huyền, hỏi, ngã, sắc, nặng, in dictionary order."""

_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ud800-\udfff]"
)


def _fold_table() -> dict[int, str]:
    table = {ord("đ"): "d", ord("Đ"): "D"}
    for code in (*range(0xC0, 0x250), *range(0x1EA0, 0x1EFA)):
        plain = "".join(part for part in unicodedata.normalize("NFD", chr(code)) if not unicodedata.combining(part))
        if plain.isascii():
            table[code] = plain
    return table


_TO_PLAIN = _fold_table()


def nfc(text: str) -> str:
    """The composed form; the only form the product stores."""
    return unicodedata.normalize("NFC", text)


@lru_cache(maxsize=65536)
def clean(text: str) -> str:
    """NFC, with zero-width, control and direction characters removed and every run of spaces made one space."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    return nfc(" ".join(_INVISIBLE.sub("", text).split()))


def unmark(text: str) -> str:
    """The text with no marks, case kept: NFD, combining marks dropped, đ → d ("Đỗ Thị Hòa" → "Do Thi Hoa")."""
    if text.isascii():
        return text
    plain = text.translate(_TO_PLAIN)
    if plain.isascii():
        return plain
    parts = unicodedata.normalize("NFD", text)
    return "".join(filterfalse(unicodedata.combining, parts)).translate(_TO_PLAIN)


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """The search key: cleaned, unmarked, lower case ("  ĐỖ  Thị Hòa" → "do thi hoa")."""
    return unmark(clean(text)).lower()


@lru_cache(maxsize=65536)
def _tone_last(word: str) -> str:
    parts = unicodedata.normalize("NFD", word)
    tones = "".join(part for part in parts if part in TONE_MARKS)
    return nfc("".join(part for part in parts if part not in TONE_MARKS)) + tones


@lru_cache(maxsize=65536)
def tone_key(text: str) -> str:
    """A key that keeps marks but not where the tone is written: "Hòa" and "Hoà", "thuỷ" and "THỦY" are equal.

    Each word is lower-cased and its tone mark moved behind its last letter. A key to compare, not a text to show.
    """
    return " ".join(_tone_last(word) for word in clean(text).lower().split())


_VIETNAMESE = frozenset("àáâãèéêìíòóôõùúýăđĩũơư") | frozenset(chr(code) for code in range(0x1EA0, 0x1EFA))
_LEGACY = frozenset("äåæçëîïñöøûüþÿßœ¬®©ª¨µ¶·¸¹»¼½¾")


def looks_legacy(text: str) -> bool:
    """Whether a long text was typed in a TCVN3 or VNI font and never converted to Unicode.

    Such text shows as "NguyÔn V¨n ¸nh" or "Nguyeãn Vaên": letters that Vietnamese does not have, inside words, more
    often than one in five of the marked letters. At least eight marked letters are needed to say so.
    """
    lower = nfc(text).lower()
    foreign = sum(lower.count(letter) for letter in _LEGACY)
    if foreign < 4:
        return False
    native = sum(letter in _VIETNAMESE for letter in lower)
    return foreign + native >= 8 and foreign * 5 > foreign + native
