"""Job titles as people write them → positions: same title → the family its words point to → the generic one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from nanglucso.kit.text import NearIndex
from nanglucso.workforce.people.staffsheet.abbreviations import job_variants

How = Literal["exact", "family", "generic", "none"]

_UNIT_WORDS = ("phuong", "xa", "so", "thanh pho", "dac khu", "thi tran", "trung tam", "phong", "chi cuc", "ban quan ly")


class KnownPosition(NamedTuple):
    """A position that exists; ``unit_types`` are the kinds of unit that have it, none meaning any."""

    code: str
    name: str
    aliases: tuple[str, ...] = ()
    unit_types: tuple[str, ...] = ()


class PositionQuery(NamedTuple):
    """A job title and the kind of the unit that the person works in ("" when not known)."""

    text: str
    unit_type: str = ""


@dataclass(frozen=True, slots=True)
class PositionMatch:
    """``code`` is a position's for exact and generic, the family's for family, "" for none.

    ``suggestions`` hold up to three (code, name) of positions with a like title when the match is not exact.
    """

    code: str
    how: How
    suggestions: tuple[tuple[str, str], ...] = ()


class PositionIndex:
    """Positions, family keywords and generic positions, made ready once."""

    def __init__(
        self, known: Iterable[KnownPosition], families: Mapping[str, Sequence[str]], generic: Mapping[str, str]
    ) -> None:
        self.known = [KnownPosition(*position) for position in known]
        self.generic = generic
        self._titles: dict[str, list[int]] = {}
        for place, position in enumerate(self.known):
            for title in (position.name, *position.aliases):
                for variant in job_variants(title):
                    self._titles.setdefault(variant, []).append(place)
        self._open_ended = [title for title in self._titles if title.endswith(_UNIT_WORDS) and title.count(" ") >= 2]
        pairs = {
            (variant, code) for code, words in families.items() for word in words for variant in job_variants(word)
        }
        self._keywords = sorted((pair for pair in pairs if pair[0]), key=lambda pair: (-len(pair[0]), pair))
        self._near = NearIndex(position.name for position in self.known)

    def match(self, query: PositionQuery) -> PositionMatch:
        """Never fails while the unit's kind (or "") has a generic position."""
        variants = [variant for variant in job_variants(query.text) if variant]
        for variant in variants:
            places = self._titles.get(variant) or self._by_start(variant)
            if place := self._fitting(places, query.unit_type):
                return PositionMatch(self.known[place - 1].code, "exact")
        near = tuple((self.known[at.place].code, at.text) for at in self._near.best(query.text)) if variants else ()
        for keyword, code in self._keywords:
            if any(f" {keyword} " in f" {variant} " for variant in variants):
                return PositionMatch(code, "family", near)
        code = self.generic.get(query.unit_type) or self.generic.get("", "")
        return PositionMatch(code, "generic" if code else "none", near)

    def _by_start(self, variant: str) -> list[int]:
        """ "Chủ tịch UBND phường Cái Khế" is "Chủ tịch UBND phường" with the commune's own name behind it."""
        starts = [title for title in self._open_ended if variant.startswith(title + " ")]
        return self._titles[max(starts, key=len)] if starts else []

    def _fitting(self, places: Sequence[int], unit_type: str) -> int:
        """One more than the place of the position that fits the kind of unit; 0 when none or several do."""
        named = [place for place in places if unit_type and unit_type in self.known[place].unit_types]
        fitting = named or [place for place in places if not self.known[place].unit_types or not unit_type]
        return fitting[0] + 1 if len(set(fitting)) == 1 else 0


def match_positions(
    queries: Iterable[PositionQuery | tuple[str, str] | str],
    known: Iterable[KnownPosition],
    families: Mapping[str, Sequence[str]],
    generic: Mapping[str, str],
) -> dict[PositionQuery, PositionMatch]:
    """Match each different (title, kind of unit) once.

    ``families`` are family code → keywords, the longest keyword found in a title deciding; ``generic`` kind of unit →
    position code, "" for any kind. The answer's keys are ``PositionQuery``.
    """
    index = PositionIndex(known, families, generic)
    found: dict[PositionQuery, PositionMatch] = {}
    for query in queries:
        asked = PositionQuery(query) if isinstance(query, str) else PositionQuery(*query)
        if asked not in found:
            found[asked] = index.match(asked)
    return found
