"""Text typed in the old Vietnamese fonts TCVN3 (ABC, “.VnTime”) and VNI (“VNI-Times”): found, named, converted if sure.

Such text is stored as Western letters that only look right in its own font: "NguyÔn V¨n ¸nh" (TCVN3), "Nguyeãn Vaên
AÙnh" (VNI). Tables: TCVN 5712:1993 and the published VNI-Windows table. Sure is a conversion after which at least 19
in 20 of the different marked words are Vietnamese syllables (`kit.syllables`), while neither the text as it stands nor
the other table gives 3 in 5, and, in a file that holds cells of today too, no cell could be read both ways.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from nanglucso.kit.letters import nfc
from nanglucso.kit.syllables import is_syllable

TCVN3, VNI = "TCVN3", "VNI"
_FEWEST, _SURE, _OTHERS = 6, 0.95, 0.6
_WORD = re.compile(r"[^\s\d.,;:!?()\[\]{}\"'“”/\\+=*&%$#@<>|_–-]+")
_ALONE = dict(
    zip(
        "µ¶·¸¹¨»¼½¾Æ©ÇÈÉÊË®ÌÎÏÐÑªÒÓÔÕÖ×ØÜÝÞßáâãä«åæçèé¬êëìíîïñòóô\u00adõö÷øùúûüýþ¡¢£¤¥¦§",
        "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵĂÂÊÔƠƯĐ",
        strict=True,
    )
)
_TCVN3 = str.maketrans(_ALONE)
_HATS = {
    "a": dict(zip("ùøûõïâêáàåãäéèúüë", "áàảãạâăấầẩẫậắằẳẵặ", strict=True)),
    "e": dict(zip("ùøûõïâáàåãä", "éèẻẽẹêếềểễệ", strict=True)),
    "o": dict(zip("ùøûõïâáàåãä", "óòỏõọôốồổỗộ", strict=True)),
    "ô": dict(zip("ùøûõï", "ớờởỡợ", strict=True)),
    "u": dict(zip("ùøûõï", "úùủũụ", strict=True)),
    "ö": dict(zip("ùøûõï", "ứừửữự", strict=True)),
    "y": dict(zip("ùøûõ", "ýỳỷỹ", strict=True)),
}
_PAIRS = {base + mark: letter for base, marks in _HATS.items() for mark, letter in marks.items()}
_VNI = {**_PAIRS, "ô": "ơ", "ö": "ư", "î": "ỵ", "ñ": "đ", "í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị"}
_VNI_MARKS = re.compile("|".join(sorted(map(re.escape, _VNI), key=len, reverse=True)), re.IGNORECASE)
_MODERN = re.compile("[ăđĩũơưĂĐĨŨƠƯ\u1ea0-\u1ef9]")


def _from_tcvn3(word: str) -> str:
    """Capitals with marks are the small letters of another font (.VnTimeH): a word of capitals becomes capitals."""
    told = word.translate(_TCVN3)
    capitals = sum(letter.isupper() and letter.isascii() for letter in word)
    return told.upper() if capitals > 1 else told


def _from_vni(word: str) -> str:
    def letter(found: re.Match[str]) -> str:
        told = _VNI[found[0].lower()]
        return told.upper() if found[0][0].isupper() else told

    return _VNI_MARKS.sub(letter, word)


_WAYS = {TCVN3: _from_tcvn3, VNI: _from_vni}


def convert(text: str, font: str) -> str:
    """The text in Unicode; one that holds letters of today was typed without the old font and is left alone."""
    if text.isascii() or _MODERN.search(nfc(text)):
        return text
    way = _WAYS[font]
    told = nfc(_WORD.sub(lambda found: way(found[0]), nfc(text)))
    return _capitals(told) if font == TCVN3 else told


def _capitals(text: str) -> str:
    """ "Nguyễn Văn ánh": where every other word has its capital, the one that had none in the old font gets it too."""
    words = text.split(" ")
    small = [word for word in words if word[:1].islower()]
    lacking = [word for word in small if not word[0].isascii()]
    if len(words) > 1 and small and len(small) == len(lacking) and len(small) < len(words):
        return " ".join(word[0].upper() + word[1:] if word in small else word for word in words)
    return text


@dataclass(frozen=True, slots=True)
class Letters:
    """`font`: TCVN3 or VNI, "" when the text is of today; `sure`: whether `convert` may be trusted."""

    font: str = ""
    sure: bool = False


def judge(texts: Iterable[str]) -> Letters:
    """In which letters a file's texts were typed."""
    told = {nfc(text) for text in texts if not text.isascii()}
    old = {text: _marked(text) for text in told if not _MODERN.search(text)}
    words = {word for marked in old.values() for word in marked}
    now = {word for word in words if is_syllable(word)}
    odd = words - now
    if len(odd) < 3 or len(odd) * 5 <= sum(len(_marked(text)) for text in told if text not in old) + len(now):
        return Letters()
    right = {font: {word for word in words if is_syllable(way(word))} for font, way in _WAYS.items()}
    font = max(right, key=lambda one: len(right[one] & odd))
    if len(right[font] & odd) * 2 < len(odd):
        return Letters()
    share = {one: len(found) / len(words) for one, found in right.items()}
    others = max(share[TCVN3 if font == VNI else VNI], len(now) / len(words))
    mixed = len(old) < len(told)
    unclear = mixed and any(_both(text, marked, now, right[font], font) for text, marked in old.items())
    return Letters(font, len(words) >= _FEWEST and share[font] >= _SURE and others < _OTHERS and not unclear)


def _both(text: str, marked: list[str], now: set[str], right: set[str], font: str) -> bool:
    """Whether a cell makes sense as it stands and, as another text, in the old font."""
    return bool(marked) and now.issuperset(marked) and right.issuperset(marked) and convert(text, font) != text


def _marked(text: str) -> list[str]:
    return [word for word in _WORD.findall(text) if not word.isascii()]
