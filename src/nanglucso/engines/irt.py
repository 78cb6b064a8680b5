"""Item response functions: two and three parameter logistic, graded response, and the item bank.

One formula serves all three. With step difficulties b_1 <= ... <= b_S (S = 1 for an item scored 0 or 1),

    P(score >= s | theta) = c + (1 - c) / (1 + exp(-a (theta - b_s)))            s = 1 .. S

on the logit scale, with no constant 1.7. c = 0 and S = 1 is the 2PL, c > 0 and S = 1 the 3PL (Birnbaum 1968),
c = 0 and S > 1 the graded response model (Samejima 1969). Missing steps are +inf: their probability is 0.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import scipy  # its parts are loaded when first used: every start of the program would wait for them
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class BadItem(ValueError):
    """An item parameter outside its range; `index` and `field` say where."""

    def __init__(self, index: int, field: str, reason: str) -> None:
        super().__init__(f"item {index}, {field}: {reason}")
        self.index, self.field, self.reason = index, field, reason


@dataclass(frozen=True, eq=False)
class ItemBank:
    """J calibrated items; every array has J rows. Make one with `ItemBank.build`.

    competence (J,) index 0 .. K-1; a (J,) > 0; b (J, S) ascending, +inf where an item has fewer steps;
    c (J,) in [0, 1); family (J,) code, equal for variants of one idea; minutes (J,) expected time.
    """

    competence: Ints
    a: Floats
    b: Floats
    c: Floats
    family: Ints
    minutes: Floats

    @classmethod
    def build(
        cls,
        competence: Sequence[int],
        a: Sequence[float],
        b: Sequence[Sequence[float]],
        c: Sequence[float],
        family: Sequence[str] | None = None,
        minutes: Sequence[float] | None = None,
    ) -> "ItemBank":
        """Check and pack J items. An empty family name means a family of its own. Raises BadItem."""
        for j, (aj, bj, cj) in enumerate(zip(a, b, c, strict=True)):
            check_item(j, aj, bj, cj)
        n = len(a)
        steps = np.full((n, max((len(x) for x in b), default=1)), np.inf)
        for j, bj in enumerate(b):
            steps[j, : len(bj)] = bj
        time = np.ones(n) if minutes is None else np.asarray(minutes, float)
        late = np.flatnonzero(~(np.isfinite(time) & (time > 0)))
        if len(late):
            raise BadItem(int(late[0]), "minutes", "must be a number above 0")
        codes: dict[str, int] = {}
        names = [""] * n if family is None else family
        group = [codes.setdefault(f"f:{name}" if name else f"i:{j}", len(codes)) for j, name in enumerate(names)]
        return cls(
            np.asarray(competence, np.int64),
            np.asarray(a, float),
            steps,
            np.asarray(c, float),
            np.asarray(group, np.int64),
            time,
        )

    @property
    def size(self) -> int:
        return len(self.a)

    @property
    def top_score(self) -> Ints:
        """(J,) highest score of each item = its number of steps."""
        return np.isfinite(self.b).sum(1)

    def likelihood(self, theta: ArrayLike, items: ArrayLike, scores: ArrayLike) -> Floats:
        """P(score | theta); items and scores have one shape, theta broadcasts against it."""
        j = np.asarray(items)
        return likelihood(theta, self.a[j], self.b[j], self.c[j], scores)


def check_item(index: int, a: float, b: Sequence[float], c: float) -> None:
    """Raise BadItem unless a > 0, b is ascending and finite, 0 <= c < 1 and a graded item does not guess."""
    if not (np.isfinite(a) and a > 0):
        raise BadItem(index, "a", "must be a number above 0")
    if len(b) == 0 or not np.all(np.isfinite(b)):
        raise BadItem(index, "b", "must be one or more numbers")
    if np.any(np.diff(b) <= 0):
        raise BadItem(index, "b", "the steps must ascend")
    if not (np.isfinite(c) and 0 <= c < 1):
        raise BadItem(index, "c", "must be at least 0 and below 1")
    if len(b) > 1 and c > 0:
        raise BadItem(index, "c", "a graded item has no guessing parameter, c must be 0")


def reach(theta: ArrayLike, a: ArrayLike, b: ArrayLike, c: ArrayLike) -> Floats:
    """P(score >= s | theta), shape (..., S), 0 for missing steps.

    theta, a, c have the leading shape, b has one more axis of steps.
    """
    t, a_, c_ = (np.asarray(x, float)[..., None] for x in (theta, a, c))
    b_ = np.asarray(b, float)
    return np.where(np.isinf(b_), 0.0, c_ + (1 - c_) * scipy.special.expit(a_ * (t - b_)))


def categories(theta: ArrayLike, a: ArrayLike, b: ArrayLike, c: ArrayLike) -> Floats:
    """P(score = s | theta), s = 0 .. S, shape (..., S + 1). Each row sums to 1."""
    up = reach(theta, a, b, c)
    edge = np.ones((*up.shape[:-1], 1))
    return -np.diff(np.concatenate([edge, up, 0 * edge], -1))


def likelihood(theta: ArrayLike, a: ArrayLike, b: ArrayLike, c: ArrayLike, score: ArrayLike) -> Floats:
    """P(score | theta), without cancellation in the tails.

    With u = a (theta - b_score) and v = a (theta - b_{score+1}), sigma(u) - sigma(v) is computed as
    sigma(u) sigma(-v) (1 - exp(v - u)); u = +inf for score 0, v = -inf for the top score.
    theta (...) and b (..., S) broadcast; score is an integer array.
    """
    b_ = np.asarray(b, float)
    s = np.broadcast_to(np.asarray(score, np.int64), b_.shape[:-1])[..., None]
    edge = np.full((*b_.shape[:-1], 1), np.inf)
    padded = np.concatenate([-edge, b_, edge], -1)
    low = np.take_along_axis(padded, s, -1)[..., 0]
    high = np.take_along_axis(padded, s + 1, -1)[..., 0]
    t, a_, c_ = np.asarray(theta, float), np.asarray(a, float), np.asarray(c, float)
    body = scipy.special.expit(a_ * (t - low)) * scipy.special.expit(a_ * (high - t)) * -np.expm1(a_ * (low - high))
    top = np.isinf(high)
    return np.asarray((1 - c_) * body + np.where(top, c_, 0.0))


def information(theta: ArrayLike, a: ArrayLike, b: ArrayLike, c: ArrayLike) -> Floats:
    """Fisher information of an item at theta: sum over s of P_s'(theta)^2 / P_s(theta).

    For one step it is a^2 (Q / P) ((P - c) / (1 - c))^2 (Lord 1980); for c = 0 that is a^2 P Q.
    """
    t, a_, c_ = (np.asarray(x, float)[..., None] for x in (theta, a, c))
    sig = scipy.special.expit(a_ * (t - np.asarray(b, float)))
    edge = np.zeros((*sig.shape[:-1], 1))
    slope = -np.diff(np.concatenate([edge, (1 - c_) * a_ * sig * (1 - sig), edge], -1))
    p = categories(theta, a, b, c)
    return np.asarray(np.where(p > 1e-300, slope**2 / np.maximum(p, 1e-300), 0.0).sum(-1))


def expected_score(theta: ArrayLike, a: ArrayLike, b: ArrayLike, c: ArrayLike) -> Floats:
    """E[score | theta] in points, 0 .. S."""
    return np.asarray(reach(theta, a, b, c).sum(-1))


# ---------------------------------------------------------------- parameters before any answer is seen
@dataclass(frozen=True)
class TypePrior:
    """What an item type brings before calibration: discrimination, guessing, number of steps."""

    a: float
    c: float
    steps: int


@dataclass(frozen=True)
class ItemPrior:
    """Starting parameters of one item. sd_b in logits, sd_log_a for log a ~ N(log a, sd_log_a^2)."""

    a: float
    b: tuple[float, ...]
    c: float
    sd_b: float = 0.5
    sd_log_a: float = 0.3


TYPE_PRIORS: Mapping[str, TypePrior] = {
    "single": TypePrior(1.0, 0.20, 1),
    "multiple": TypePrior(1.1, 0.0, 2),
    "order": TypePrior(1.0, 0.0, 2),
    "match": TypePrior(1.0, 0.0, 2),
    "cloze": TypePrior(1.1, 0.0, 1),
    "hotspot": TypePrior(1.0, 0.05, 1),
    "sjt": TypePrior(0.8, 0.0, 2),
    "numeric": TypePrior(1.2, 0.0, 1),
    "file": TypePrior(1.3, 0.0, 3),
    "lab": TypePrior(1.3, 0.0, 3),
}
_SPREAD: Mapping[int, tuple[float, ...]] = {1: (0.0,), 2: (-0.5, 0.5), 3: (-0.7, 0.0, 0.7)}


def guessing(options: int) -> float:
    """Prior c of a choice item: .28 for three options, .20 for four, .8 / options otherwise; 0 for none."""
    return {0: 0.0, 3: 0.28, 4: 0.20}.get(options, 0.8 / max(options, 1))


def item_prior(
    kind: str,
    level: int,
    cuts: Sequence[float],
    *,
    shift: float = 0.0,
    steps: int | None = None,
    options: int | None = None,
    types: Mapping[str, TypePrior] = TYPE_PRIORS,
) -> ItemPrior:
    """Prior parameters of an item written for `level` (1 .. L) of a competence with lower bounds `cuts` (L,).

    b = cut of the level - 0.2 + shift, so that a person just at the level solves it with P = .55 before guessing;
    graded steps at b -+ .5 (two), b - .7, b, b + .7 (three), .7 apart for more. Raises ValueError with a sentence.
    """
    if kind not in types:
        raise ValueError(f"item type {kind!r} is not known; use one of {', '.join(sorted(types))}")
    if not 1 <= level <= len(cuts):
        raise ValueError(f"level {level} is not one of 1 .. {len(cuts)}")
    base = types[kind]
    n = base.steps if steps is None else steps
    if n < 1:
        raise ValueError(f"an item needs at least one step, not {n}")
    c = base.c if options is None or base.c == 0 or kind == "hotspot" else guessing(options)
    spread = _SPREAD.get(n) or tuple(0.7 * (i - (n - 1) / 2) for i in range(n))
    b = cuts[level - 1] - 0.2 + shift
    return ItemPrior(base.a, tuple(b + x for x in spread), c if n == 1 else 0.0)
