"""Whether two texts ask the same: folded, without numbers, as sets of five words in a row (Jaccard index)."""

import re
from collections.abc import Iterable, Iterator, Mapping

from nanglucso.kit.text import fold

WORDS = 5
ALIKE = 0.55
Shingles = frozenset[tuple[str, ...]]
_WORD = re.compile(r"[^\W\d_]+")


def shingles(text: str) -> Shingles:
    """Every five words in a row; a shorter text is one row of all its words."""
    words = _WORD.findall(fold(text))
    if len(words) <= WORDS:
        return frozenset([tuple(words)] if words else [])
    return frozenset(tuple(words[n : n + WORDS]) for n in range(len(words) - WORDS + 1))


def alike(one: Shingles, other: Shingles) -> float:
    """Shared rows over all rows, 0 to 1."""
    both = len(one & other)
    return both / (len(one) + len(other) - both) if both else 0.0


class Known:
    """Texts by name that a new one is compared with."""

    def __init__(self, texts: Mapping[str, str] | Iterable[tuple[str, str]] = ()) -> None:
        self._by_row: dict[tuple[str, ...], set[str]] = {}
        self._rows: dict[str, Shingles] = {}
        for name, text in texts.items() if isinstance(texts, Mapping) else texts:
            self.add(name, text)

    def add(self, name: str, text: str) -> None:
        """Remember a text; a name that is there already is replaced."""
        self._rows[name] = shingles(text)
        for row in self._rows[name]:
            self._by_row.setdefault(row, set()).add(name)

    def near(self, text: str, *, without: str = "") -> Iterator[tuple[str, float]]:
        """(name, likeness) of the texts that ask the same; names beginning with `without` are passed over."""
        own = shingles(text)
        names = {name for row in own for name in self._by_row.get(row, ())}
        for name in sorted(names):
            if not (without and name.startswith(without)):
                found = alike(own, self._rows[name])
                if found >= ALIKE:
                    yield name, found
