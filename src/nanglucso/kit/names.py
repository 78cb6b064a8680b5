"""Vietnamese personal names: họ + đệm + tên. Lists sort by the given name (the last word), then by the rest."""

from __future__ import annotations

import re
from typing import NamedTuple

from nanglucso.kit.collation import sort_key
from nanglucso.kit.letters import clean

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


class PersonName(NamedTuple):
    """``ho_dem`` is the family and middle names, ``""`` when the name is one word; ``ten`` the given name."""

    ho_dem: str
    ten: str


def split_name(name: str) -> PersonName:
    """Split at the last space: "Nguyễn Thị Hòa" → ("Nguyễn Thị", "Hòa"). Spaces and normal form are repaired."""
    ho_dem, _, ten = clean(name).rpartition(" ")
    return PersonName(ho_dem, ten)


def name_sort_key(name: str) -> str:
    """The key that sorts people the way Vietnamese lists do: tên, then họ đệm."""
    ho_dem, ten = split_name(name)
    return sort_key(ten) + sort_key(ho_dem)


def _capital(match: re.Match[str]) -> str:
    return "'".join(part[:1].upper() + part[1:].lower() for part in re.split("['’]", match.group()))


def proper_name(name: str) -> str:
    """A cleaned name; "NGUYỄN VĂN AN" and "nguyễn văn an" become "Nguyễn Văn An", mixed case stays as written."""
    text = clean(name)
    if text and (text.isupper() or text.islower()):
        return _WORD.sub(_capital, text)
    return text
