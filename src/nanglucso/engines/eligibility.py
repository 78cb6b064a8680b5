"""Which items of a bank one person may be asked at all: language, accessibility, what was met within twelve months.

Everything here is a filter before choosing: its answer goes to `selection.start(forbidden=...)`, whose own rules (item
families, content balance, exposure) come on top.
"""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from typing import Final

import numpy as np

from nanglucso.engines.irt import Ints, ItemBank

REPEAT_DAYS: Final = 365


@dataclass(frozen=True)
class Access:
    """What an item asks of a person or exists in: languages, and needs: "sight", "colour", "hearing", "mouse"."""

    languages: frozenset[str]
    needs: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Sitter:
    """One person: language of the sitting, needs they cannot meet, day each item was last met (index -> day)."""

    language: str
    without: frozenset[str] = frozenset()
    met: Mapping[int, float] | None = None


def forbidden(
    bank: ItemBank, access: Mapping[int, Access], sitter: Sitter, today: float, days: float = REPEAT_DAYS
) -> Ints:
    """Items (ascending indices) that the person may not be asked today.

    access: by item index, an absent item exists in every language and needs nothing. A variant counts as met when any
    item of its family was met less than `days` days ago.
    """
    closed = {
        j for j, a in access.items() if (a.languages and sitter.language not in a.languages) or a.needs & sitter.without
    }
    recent = [j for j, day in (sitter.met or {}).items() if today - day < days]
    seen = np.isin(bank.family, bank.family[np.asarray(recent, np.int64)]) if recent else np.zeros(bank.size, bool)
    return np.union1d(np.fromiter(closed, np.int64, len(closed)), np.flatnonzero(seen)).astype(np.int64)


def lacking(bank: ItemBank, closed: Ints, competences: Set[int], least: int) -> dict[int, int]:
    """Competences left with fewer than `least` families once `closed` items are away: competence -> families left."""
    free = np.setdiff1d(np.arange(bank.size), closed)
    left = {k: len(np.unique(bank.family[free[bank.competence[free] == k]])) for k in sorted(competences)}
    return {k: n for k, n in left.items() if n < least}
