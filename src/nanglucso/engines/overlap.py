"""Which duties of many overlap: every pair with something specific in common is scored, the rest never touched.

Features of a pair (F,), in the order of `FEATURES`:
  more, less   the larger and the smaller share of one duty's weight that the other covers (a wider thing: `KIN`)
  specific     weight of the specific tokens in common, at most 3, over 3
  alone        weight of specific tokens of either that the other does not meet, the smaller of both, at most 2, over 2:
               each duty names a thing of its own
  same, clash  whether a step is common; whether every act of one is another step of a chain than all of the other
  people       whether both name whom they serve and differ in it
  letters      cosine of the counts of character trigrams, accents kept, each word padded (Cavnar & Trenkle 1994)
Score = 1 / (1 + exp(-(bias + weights · features))): logistic regression on labelled pairs (`benchmarks/overlap.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import scipy
from numpy.typing import NDArray

from nanglucso.engines.duty_words import ECHO, KIN, Duty, Words, read

FEATURES: Final = ("more", "less", "specific", "alone", "same", "clash", "people", "letters")
SAME, CONTAINED, SHARED, DIFFERENT = "same", "contained", "shared_by_law", "different"
MOST_SPECIFIC: Final = 3.0
MOST_ALONE: Final = 2.0
MARGIN: Final = 0.35  # a share apart from which one duty is read as a part of the other

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Model:
    """Weights (F,) and bias of the score; pairs at or above `threshold` are shown."""

    weights: Floats
    bias: float
    threshold: float

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Model:
        """From the content file. Raises ValueError when a feature has no weight."""
        lost = [name for name in FEATURES if name not in told["weights"]]
        if lost:
            raise ValueError(f"features without a weight: {', '.join(lost)}")
        weights = np.array([float(told["weights"][name]) for name in FEATURES])
        return cls(weights, float(told["bias"]), float(told["threshold"]))


@dataclass(frozen=True)
class Found:
    """Pairs (P,) at or above the threshold, best first: places i < j in the list given. `hints`: proposed outcome."""

    i: NDArray[np.int64]
    j: NDArray[np.int64]
    score: Floats
    hints: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.i)


class Table:
    """Duties as arrays: `cover` (N, V) weights over the row's sum, `reach` (N, V) how far each token is met."""

    def __init__(self, duties: Sequence[Duty], words: Words) -> None:
        self.duties = duties
        found = {token for duty in duties for told in (duty.tokens, duty.specific, duty.echo) for token in told}
        self.place = {token: at for at, token in enumerate(sorted(found | {f"t:{name}" for name in words.weights}))}
        weight = _rows([duty.tokens for duty in duties], self.place)
        total = np.maximum(np.asarray(weight.sum(1)).ravel(), 1e-9)
        self.cover = scipy.sparse.csr_array(scipy.sparse.diags_array(1 / total) @ weight)
        self.specific = _rows([duty.specific for duty in duties], self.place)
        self.named = np.asarray(self.specific.sum(1)).ravel()
        self.reach = self._reach(words)
        self.letters = _letters([duty.plain for duty in duties])
        self.acts = np.array([duty.acts for duty in duties], np.uint64)
        self.apart = np.array([duty.apart for duty in duties], np.uint64)
        people = sorted(words.audience)
        bit = {name: np.uint64(1 << at) for at, name in enumerate(people)}
        self.people = np.array([sum(int(bit[name]) for name in duty.audience) for duty in duties], np.uint64)

    def features(self, i: NDArray[np.int64], j: NDArray[np.int64]) -> Floats:
        """(P, F) of the pairs (i, j), each (P,)."""
        there, back = _dots(self.cover, self.reach, i, j), _dots(self.cover, self.reach, j, i)
        common = _dots(self.specific, self.reach, i, j)
        specific = np.minimum(common, MOST_SPECIFIC) / MOST_SPECIFIC
        met = _dots(self.specific, self.reach, j, i)
        alone = np.clip(np.minimum(self.named[i] - common, self.named[j] - met), 0.0, MOST_ALONE) / MOST_ALONE
        same = (self.acts[i] & self.acts[j]) != 0
        clash = (self.acts[i] != 0) & (self.acts[j] != 0) & ((self.acts[j] & ~self.apart[i]) == 0)
        people = (self.people[i] != 0) & (self.people[j] != 0) & ((self.people[i] & self.people[j]) == 0)
        columns = [np.maximum(there, back), np.minimum(there, back), specific, alone, same, clash, people]
        return np.column_stack([*columns, _dots(self.letters, self.letters, i, j)]).astype(float)

    def _reach(self, words: Words) -> scipy.sparse.csr_array:
        own = [dict.fromkeys([*duty.tokens, *duty.specific], 1.0) for duty in self.duties]
        present = _rows(own, self.place)
        named = _rows([_narrowed(row, words) for row in own], self.place)
        related = scipy.sparse.csr_array(named @ _kin(self.place, words))
        related.data = np.full_like(related.data, KIN)
        echo = _rows([dict.fromkeys(duty.echo, ECHO) for duty in self.duties], self.place)
        return scipy.sparse.csr_array(present.maximum(related).maximum(echo))

    def near(self, block: int = 512) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
        """Pairs i < j that have a specific token in common (or one wider than the other), block by block."""
        meets = scipy.sparse.csc_array(self.reach.T)
        for start in range(0, len(self.duties), block):
            found = scipy.sparse.coo_array(self.specific[start : start + block] @ meets)
            i, j = found.coords[0].astype(np.int64) + start, found.coords[1].astype(np.int64)
            keep = (i < j) & (found.data > 0)
            yield i[keep], j[keep]


def _narrowed(row: Mapping[str, float], words: Words) -> dict[str, float]:
    """A duty's tokens without the things a narrower one beside them spells out: "aid for veterans" is not all aid."""
    spelled = {above for token in row if token[0] == "t" for above in _above(token[2:], words)}
    return {token: 1.0 for token in row if token[2:] not in spelled or token[0] != "t"}


def _kin(place: Mapping[str, int], words: Words) -> scipy.sparse.csr_array:
    """(V, V): `KIN` between a thing and every wider one."""
    pairs = []
    for thing in words.weights:
        above = words.wider.get(thing)
        while above:
            pairs.append((place[f"t:{thing}"], place[f"t:{above}"]))
            above = words.wider.get(above)
    size = (len(place), len(place))
    if not pairs:
        return scipy.sparse.csr_array(size)
    one, other = np.array(pairs).T
    found = scipy.sparse.coo_array((np.full(len(one), KIN), (one, other)), shape=size)
    return scipy.sparse.csr_array(found + found.T)


def _rows(told: Sequence[Mapping[str, float]], place: Mapping[str, int]) -> scipy.sparse.csr_array:
    start = np.cumsum([0, *(len(row) for row in told)])
    at = np.array([place[token] for row in told for token in row], np.int64)
    data = np.array([weight for row in told for weight in row.values()], float)
    return scipy.sparse.csr_array((data, at, start), shape=(len(told), len(place)))


def _trigrams(text: str) -> dict[str, float]:
    found: dict[str, float] = {}
    for word in text.split():
        padded = f" {word} "
        for at in range(len(padded) - 2):
            found[padded[at : at + 3]] = found.get(padded[at : at + 3], 0.0) + 1.0
    return found


def _letters(texts: Sequence[str]) -> scipy.sparse.csr_array:
    counts = [_trigrams(text) for text in texts]
    place = {gram: at for at, gram in enumerate(sorted({gram for row in counts for gram in row}))}
    table = _rows(counts, place)
    norm = np.sqrt(np.maximum(np.asarray(table.multiply(table).sum(1)).ravel(), 1e-9))
    return scipy.sparse.csr_array(scipy.sparse.diags_array(1 / norm) @ table)


def _dots(
    one: scipy.sparse.csr_array, other: scipy.sparse.csr_array, i: NDArray[np.int64], j: NDArray[np.int64]
) -> Floats:
    """Row i of one times row j of the other, (P,), in blocks that stay small."""
    found = np.zeros(len(i))
    for start in range(0, len(i), 50_000):
        part = slice(start, start + 50_000)
        found[part] = np.asarray(one[i[part]].multiply(other[j[part]]).sum(1)).ravel()
    return found


def score(features: Floats, model: Model) -> Floats:
    """(P,) from 0 to 1."""
    return np.asarray(scipy.special.expit(features @ model.weights + model.bias))


def hint(one: Duty, other: Duty, more: float, less: float, levels_differ: bool) -> str:
    """What the review may turn out to be: by the levels, by who leads, and by how much larger one duty is."""
    if levels_differ or (one.lead and other.join) or (other.lead and one.join):
        return SHARED
    return CONTAINED if more - less >= MARGIN else SAME


def overlaps(texts: Sequence[str], levels: Sequence[str], words: Words, model: Model) -> Found:
    """All pairs of duties at or above the threshold, best first; `levels` (N,) tells same-level from across."""
    duties = [read(text, words) for text in texts]
    table = Table(duties, words)
    parts = []
    for i, j in table.near():
        told = table.features(i, j)
        found = score(told, model)
        keep = found >= model.threshold
        parts.append((i[keep], j[keep], found[keep], told[keep, 0], told[keep, 1]))
    if not parts:
        return Found(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0), ())
    i, j, value, more, less = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.lexsort((j, i, -value))
    hints = tuple(
        hint(duties[i[p]], duties[j[p]], more[p], less[p], levels[i[p]] != levels[j[p]]) for p in order.tolist()
    )
    return Found(i[order], j[order], value[order], hints)


def in_common(one: Duty, other: Duty, words: Words) -> list[str]:
    """The words by which two duties meet, in plain text, the specific ones first: what a reviewer is shown."""
    near: dict[str, str] = {}
    for token in one.tokens:
        if token in other.tokens:
            near[token] = _word(token, words)
        elif token[0] == "t":
            kin = next(
                (found for found in other.tokens if found[0] == "t" and _related(token[2:], found[2:], words)), ""
            )
            if kin:
                near[token] = f"{_word(token, words)} ~ {_word(kin, words)}"
    told = [token for token in near if token[0] in "tc" or (token[0] == "2")]
    return [near[token] for token in sorted(told, key=lambda token: -one.tokens[token])]


def _related(one: str, other: str, words: Words) -> bool:
    return other in _above(one, words) or one in _above(other, words)


def _above(thing: str, words: Words) -> list[str]:
    found: list[str] = []
    while thing in words.wider:
        thing = words.wider[thing]
        found.append(thing)
    return found


def _word(token: str, words: Words) -> str:
    return words.names[token[2:]] if token[0] == "t" else token[2:]
