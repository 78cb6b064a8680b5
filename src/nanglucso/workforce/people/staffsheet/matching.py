"""Unit names as people write them → the units that exist. Nothing is accepted because it merely looks alike:

same letters (marks, case and joining words aside) → alias or abbreviation → only suggestions, nearest first.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Literal, NamedTuple

from nanglucso.kit.text import NearIndex, tone_key
from nanglucso.workforce.people.staffsheet.abbreviations import unit_key, unit_letters, unit_variants
from nanglucso.workforce.people.staffsheet.positions import KnownPosition, PositionQuery, match_positions

__all__ = ["KnownPosition", "KnownUnit", "PositionQuery", "UnitIndex", "UnitMatch", "UnitQuery"]
__all__ += ["match_positions", "match_units"]

UnitId = Hashable
How = Literal["exact", "alias", "ambiguous", "none"]

_PARENTS = frozenset({"phuong", "xa", "so", "uy", "thanh", "dac"})
_PARTS = frozenset({"phong", "van", "trung", "ban", "doi", "to", "bo", "chi", "thanh", "truong", "tram"})
_MOST_WORDS = 8
_BOARD = re.compile(r"\buy ban nhan dan (?=phuong|xa|thi tran|dac khu)")
_SEPARATOR = re.compile(r"\s+[-–—/]\s+|\s*[,;(–—]\s*")


class KnownUnit(NamedTuple):
    """A unit that exists; ``path`` holds the names of the units around it, outermost first, without its own."""

    id: UnitId
    name: str
    aliases: tuple[str, ...] = ()
    path: tuple[str, ...] = ()


class UnitQuery(NamedTuple):
    """A text and where it stood: ``context`` from headings (firm), ``hint`` from the top of the sheet (soft)."""

    text: str
    context: tuple[str, ...] = ()
    hint: tuple[str, ...] = ()


class Suggestion(NamedTuple):
    """A unit the text might mean; ``score`` from 0 to 1."""

    id: UnitId
    name: str
    path: tuple[str, ...]
    score: float


@dataclass(frozen=True, slots=True)
class UnitMatch:
    """``id`` is None unless exactly one unit is meant; then ``suggestions`` hold at most three, best first."""

    id: UnitId | None
    how: How
    suggestions: tuple[Suggestion, ...] = ()


@lru_cache(maxsize=65536)
def _short_forms(words: tuple[str, ...]) -> frozenset[str]:
    """Every way to write a name with some of its words cut to initials, spaces dropped: "so noi vu" → sonv, snv …"""
    if len(words) <= _MOST_WORDS:
        return frozenset("".join(parts) for parts in product(*((word, word[0]) for word in words)))
    initials = [word[0] for word in words]
    heads = ("".join([*words[:at], *initials[at:]]) for at in range(len(words)))
    tails = ("".join([*initials[:at], *words[at:]]) for at in range(len(words)))
    return frozenset((*heads, *tails))


class UnitIndex:
    """Known units, indexed once by every spelling that is taken for theirs."""

    def __init__(self, known: Iterable[KnownUnit]) -> None:
        self.units = [KnownUnit(*unit) for unit in known]
        self._names: dict[str, list[int]] = {}
        self._aliases: dict[str, list[int]] = {}
        self._short: dict[str, list[int]] = {}
        self._around: list[frozenset[str]] = []
        self._seen: dict[str, tuple[list[int], How]] = {}
        for place, unit in enumerate(self.units):
            self._add(place, unit)
        self._near = NearIndex(" ".join(map(unit_key, (unit.name, *unit.path[-1:]))) for unit in self.units)
        self._by_name: dict[str, list[int]] = {}
        for place, unit in enumerate(self.units):
            self._by_name.setdefault(unit_key(unit.name), []).append(place)
        self._near_names = NearIndex(self._by_name)

    def _add(self, place: int, unit: KnownUnit) -> None:
        for variant in unit_variants(unit.name):
            self._names.setdefault(variant, []).append(place)
            head, _, rest = variant.partition(" ")
            if head in ("phuong", "xa") and rest:
                self._aliases.setdefault(rest, []).append(place)
            for short in _short_forms(tuple(variant.split())):
                self._short.setdefault(short, []).append(place)
        for alias in unit.aliases:
            for variant in unit_variants(alias):
                self._aliases.setdefault(variant, []).append(place)
                self._aliases.setdefault(variant.replace(" ", ""), []).append(place)
        own = {variant for part in (*unit.path, unit.name) for variant in unit_variants(part)}
        self._around.append(frozenset(own))

    def match(self, query: UnitQuery) -> UnitMatch:
        """The one unit meant, or suggestions."""
        firm, soft = self._forms(query.context), self._forms(query.hint)
        places, how = self._candidates(query.text)
        chosen = self._narrow(places, firm, soft)
        if len(chosen) != 1 and (split := self._split(query.text)) is not None:
            chosen, how = [split], "alias"
        if len(chosen) == 1:
            return UnitMatch(self.units[chosen[0]].id, how)
        if chosen:
            return UnitMatch(None, "ambiguous", self._listed(chosen, 1.0))
        return UnitMatch(None, "none", self._nearest(query, firm | soft, places))

    def _candidates(self, text: str) -> tuple[list[int], How]:
        if text not in self._seen:
            self._seen[text] = self._look_up(text)
        return self._seen[text]

    def _look_up(self, text: str) -> tuple[list[int], How]:
        """Units whose name, else alias, else abbreviated name the text is; names with the same marks come first."""
        variants = unit_variants(text)
        exact = list(dict.fromkeys(place for variant in variants for place in self._names.get(variant, ())))
        if exact:
            marked = [place for place in exact if tone_key(self.units[place].name) == tone_key(text)]
            return marked or exact, "exact"
        for table, forms in (
            (self._aliases, (*variants, *(form for variant in variants for form in _closed(variant)))),
            (self._short, (*(variant.replace(" ", "") for variant in variants), unit_letters(text))),
            (self._names, tuple(_without_city(variant) for variant in variants)),
        ):
            found = list(dict.fromkeys(place for form in forms if form for place in table.get(form, ())))
            if found:
                return found, "alias"
        return [], "none"

    def _forms(self, context: Sequence[str]) -> frozenset[str]:
        """Canonical names of the units a context means; a text that means none stands for itself."""
        forms: set[str] = set()
        for text in context:
            places, _ = self._candidates(text)
            for place in places:
                forms.update(unit_variants(self.units[place].name))
            if not places:
                forms.update(unit_variants(text))
        return frozenset(forms)

    def _narrow(self, places: list[int], firm: frozenset[str], soft: frozenset[str]) -> list[int]:
        """Of several candidates, those that lie in most of the context. A part of an agency must lie in a known one."""
        if not places:
            return []
        context = firm | soft
        inside = [len(self._around[place] & context) for place in places]
        best = max(inside)
        if not best:
            known = any(context & around for around in self._around) if context else False
            return [place for place in places if not (known and self._is_part(place))]
        if len(places) > 1:
            deep = [len(self._around[place] & firm) for place in places]
            most = max(zip(inside, deep, strict=True))
            return [place for place, *marks in zip(places, inside, deep, strict=True) if tuple(marks) == most]
        return places

    def _is_part(self, place: int) -> bool:
        unit = self.units[place]
        return bool(unit.path) and unit_variants(unit.name)[0].split()[0] in _PARTS - {"thanh"}

    def _split(self, text: str) -> int | None:
        """A part and its agency in one text, in either order: "Phòng VH-XH phường Cái Khế", "Sở Y tế - Văn phòng"."""
        for cut in reversed(list(_SEPARATOR.finditer(text))):
            left, right = text[: cut.start()], text[cut.end() :]
            for part, agency in ((left, right), (right, left)):
                if (place := self._inside(part, agency)) is not None:
                    return place
        for variant in unit_variants(text):
            words = variant.split()
            for at in range(1, len(words)):
                left, right = " ".join(words[:at]), " ".join(words[at:])
                if words[at] in _PARENTS and (place := self._inside(left, right)) is not None:
                    return place
                if words[at] in _PARTS and (place := self._inside(right, left)) is not None:
                    return place
        return None

    def _inside(self, part: str, agency: str) -> int | None:
        around = self._candidates(agency)[0]
        if not around:
            return None
        forms = {variant for place in around for variant in unit_variants(self.units[place].name)}
        found = [place for place in self._candidates(part)[0] if self._around[place] & forms and place not in around]
        return found[0] if len(found) == 1 else None

    def _nearest(self, query: UnitQuery, context: frozenset[str], refused: Sequence[int]) -> tuple[Suggestion, ...]:
        """At most three units. A part is looked for inside the agency named beside it, however that is spelt."""
        scores: dict[int, float] = dict.fromkeys(refused, 0.9)
        pairs = [(query.text, query.context[-1])] if query.context else []
        for cut in _SEPARATOR.finditer(query.text):
            left, right = query.text[: cut.start()], query.text[cut.end() :]
            pairs += [(left, right), (right, left)]
        for part, agency in pairs:
            self._score_inside(part, agency, scores)
        for variant in _near_forms(query.text):
            for found in self._near.best(variant, 5):
                scores[found.place] = max(0.9 * found.score, scores.get(found.place, 0.0))
            for found in self._near_names.best(variant, 5):
                for place in self._by_name[found.text][:200]:
                    bonus = 0.05 if self._around[place] & context else 0.0
                    scores[place] = max(min(0.9 * found.score + bonus, 1.0), scores.get(place, 0.0))
        ranked = sorted(scores, key=lambda place: (-scores[place], place))[:3]
        return tuple(Suggestion(*self._about(place), round(scores[place], 3)) for place in ranked)

    def _score_inside(self, part: str, agency: str, scores: dict[int, float]) -> None:
        """Score the units whose own name is like ``part`` and one around them like ``agency`` by the mean of both."""
        agencies = [(at.text, at.score) for form in _near_forms(agency) for at in self._near_names.best(form, 4)]
        parts = [(at.text, at.score) for form in _near_forms(part) for at in self._near_names.best(form, 4)]
        for around, outer in agencies:
            for name, inner in parts:
                for place in self._by_name[name]:
                    if around in self._around[place] and name != around:
                        scores[place] = max((outer + inner) / 2, scores.get(place, 0.0))

    def _about(self, place: int) -> tuple[UnitId, str, tuple[str, ...]]:
        unit = self.units[place]
        return unit.id, unit.name, unit.path

    def _listed(self, places: Sequence[int], score: float) -> tuple[Suggestion, ...]:
        return tuple(Suggestion(*self._about(place), score) for place in places[:3])


def _near_forms(text: str) -> tuple[str, ...]:
    """Canonical forms with the words for a people's committee left out, which make all communes look alike."""
    forms: list[str] = []
    for variant in unit_variants(text):
        forms += [_BOARD.sub("", variant), variant.removeprefix("uy ban nhan dan ")]
    return tuple(dict.fromkeys(forms))


def _closed(variant: str) -> tuple[str, str]:
    """Without spaces, and that with the first word cut to its initial: "so nv" → "sonv", "snv"."""
    head, _, rest = variant.partition(" ")
    return variant.replace(" ", ""), (head[:1] + rest).replace(" ", "")


def _without_city(variant: str) -> str:
    head, mark, _ = variant.rpartition(" thanh pho")
    return head if mark and " " in head else ""


def match_units(
    queries: Iterable[UnitQuery | str], known: Iterable[KnownUnit], within: tuple[str, ...] = ()
) -> dict[UnitQuery, UnitMatch]:
    """Match each different query once. ``within`` names the agency the whole list belongs to, if that is known.

    ``known`` rows are (id, name, aliases, path of names around it). The answer's keys are the queries, a plain text
    standing as ``UnitQuery(text)``.
    """
    index = UnitIndex(known)
    found: dict[UnitQuery, UnitMatch] = {}
    for query in queries:
        asked = UnitQuery(query) if isinstance(query, str) else query
        if asked not in found:
            found[asked] = index.match(asked._replace(hint=(*within, *asked.hint)))
    return found
