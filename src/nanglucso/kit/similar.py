"""How alike two short texts are, and the nearest of many, for suggestions.

Score: the Sørensen-Dice coefficient 2·|A∩B| / (|A|+|B|) of the sets of letter pairs of the folded texts, every word
padded with a space on both sides, so that the order of words does not matter and their first letters count double.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from nanglucso.kit.letters import fold

_BREAK = re.compile(r"[^\w]+")


class Match(NamedTuple):
    """One candidate, by its place in the sequence given, and its score from 0 to 1."""

    place: int
    text: str
    score: float


@lru_cache(maxsize=65536)
def _pairs(text: str) -> frozenset[str]:
    words = _BREAK.sub(" ", fold(text)).split()
    return frozenset(f" {word} "[at : at + 2] for word in words for at in range(len(word) + 1))


def _dice(one: frozenset[str], other: frozenset[str]) -> float:
    total = len(one) + len(other)
    return 2 * len(one & other) / total if total else 0.0


def similar(one: str, other: str) -> float:
    """0 (nothing in common) to 1 (same letters, whatever their marks, case and word order)."""
    return _dice(_pairs(one), _pairs(other))


class NearIndex:
    """Candidates indexed once by their letter pairs: each look-up then visits only those that share rare pairs."""

    RAREST = 12

    def __init__(self, candidates: Iterable[str]) -> None:
        self.candidates = tuple(candidates)
        self._sets = [_pairs(text) for text in self.candidates]
        self._holders: dict[str, list[int]] = {}
        for index, pairs in enumerate(self._sets):
            for pair in pairs:
                self._holders.setdefault(pair, []).append(index)

    def best(self, query: str, limit: int = 3, floor: float = 0.4) -> list[Match]:
        """At most ``limit`` candidates that score ``floor`` or more, best first, equal scores in given order."""
        wanted = _pairs(query)
        rare = sorted((pair for pair in wanted if pair in self._holders), key=lambda pair: len(self._holders[pair]))
        hits: Counter[int] = Counter()
        for pair in rare[: self.RAREST]:
            hits.update(self._holders[pair])
        near = [index for index, _ in hits.most_common(60)]
        scored = [Match(index, self.candidates[index], _dice(wanted, self._sets[index])) for index in near]
        scored = [match for match in scored if match.score >= floor]
        return sorted(scored, key=lambda match: (-match.score, match.place))[:limit]


@lru_cache(maxsize=16)
def _index(candidates: tuple[str, ...]) -> NearIndex:
    return NearIndex(candidates)


def best_matches(query: str, candidates: Sequence[str], limit: int = 3, floor: float = 0.4) -> list[Match]:
    """The nearest candidates to a query; the index of the same candidates is kept between calls."""
    return _index(tuple(candidates)).best(query, limit, floor)
