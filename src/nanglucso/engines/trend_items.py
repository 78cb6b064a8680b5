"""Which shared items moved against the others between two years, and the error that the rest leaves in the link.

For item j in one year, with the score y, and what the person's other answers foretell of it (expected score E, slope
E', variance), one Newton step gives how much easier it was than its parameters say:

    e_j = sum(y - E) / sum(E'),        variance sum(Var y) / sum(E')^2

drift_j = e_j in the second year - e_j in the first, centred on the median of its competence. The scatter of the drifts
beyond their errors is tau^2 (DerSimonian & Laird 1986); the mean over a competence's items carries it into the link.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from nanglucso.engines.irt import Floats, Ints, ItemBank
from nanglucso.engines.trend_means import Foretold

Piece = tuple[Ints, Ints, Foretold]


class Bounds(Protocol):
    """An item has moved when it drifted by more than `drift` logits and `drift_z` standard errors."""

    @property
    def drift(self) -> float: ...
    @property
    def drift_z(self) -> float: ...
    @property
    def fewest_centred(self) -> int: ...


@dataclass(frozen=True, eq=False)
class Drift:
    """Of J items: value and error (J,) in logits, positive = became easier, nan where nothing is known; `moved` (J,):
    left out of the link; weight (J,): how much each counts in its competence; tau2: variance of the drifts left."""

    value: Floats
    error: Floats
    moved: np.ndarray
    weight: Floats
    tau2: float

    def link_variance(self, competence: Ints, live: np.ndarray, k: int) -> Floats:
        """(K,) variance that scattering items leave in each competence's change."""
        w = np.where(live & np.isfinite(self.value), self.weight, 0.0)
        total = np.bincount(competence, w, minlength=k)
        return self.tau2 * np.bincount(competence, w * w, minlength=k) / np.maximum(total, 1e-12) ** 2


def drift_of(
    bank: ItemBank, live: np.ndarray, years: Sequence[list[Piece]], bounds: Bounds, before: "Drift | None" = None
) -> Drift:
    """Drift of every live item from both years' pieces (items (N, T), scores (N, T), what was foretold); what `before`
    left out stays left out as it was found."""
    sums = [_sums(bank.size, pieces) for pieces in years]
    with np.errstate(divide="ignore", invalid="ignore"):
        easier = [np.where(s[1] > 0, s[0] / s[1], np.nan) for s in sums]
        noise = [np.where(s[1] > 0, s[2] / s[1] ** 2, np.nan) for s in sums]
        value, error = easier[1] - easier[0], np.sqrt(noise[0] + noise[1])
        weight = 1 / (1 / sums[0][1] + 1 / sums[1][1])
    known = live & np.isfinite(value) & np.isfinite(error)
    value = np.where(known, value - _middle(bank.competence, value, known, bounds.fewest_centred), np.nan)
    moved = known & (np.abs(value) > bounds.drift) & (np.abs(value) > bounds.drift_z * error)
    tau2 = _scatter(bank.competence, value, error, known & ~moved)
    if before is not None:
        value, error = (np.where(live, now, was) for now, was in ((value, before.value), (error, before.error)))
        moved = moved | (before.moved & ~live)
    return Drift(value, error, moved, np.where(known, weight, 0.0), tau2)


def _sums(size: int, pieces: list[Piece]) -> tuple[Floats, Floats, Floats]:
    """(J,) sums over answers: score less expected, slope, variance."""
    out = np.zeros((3, size))
    for items, scores, told in pieces:
        on = items >= 0
        for row, values in zip(out, (scores - told.expected, told.slope, told.variance), strict=True):
            row += np.bincount(items[on], values[on], minlength=size)
    return out[0], out[1], out[2]


def _middle(competence: Ints, value: Floats, known: np.ndarray, fewest: int) -> Floats:
    """(J,) the median drift of the item's competence, 0 where there are too few."""
    middle = np.zeros(len(value))
    for k in np.unique(competence[known]):
        mine = known & (competence == k)
        if mine.sum() >= fewest:
            middle[competence == k] = np.median(value[mine])
    return middle


def _scatter(competence: Ints, value: Floats, error: Floats, used: np.ndarray) -> float:
    """tau^2 of the drifts around their competence's mean, all competences together."""
    over, freedom = 0.0, 0.0
    for k in np.unique(competence[used]):
        mine = used & (competence == k)
        if mine.sum() < 2:
            continue
        w = 1 / error[mine] ** 2
        mean = (w @ value[mine]) / w.sum()
        over += float(w @ np.square(value[mine] - mean)) - (mine.sum() - 1)
        freedom += float(w.sum() - (w @ w) / w.sum())
    return max(0.0, over / freedom) if freedom > 0 else 0.0
