"""One scale over years: new items or new people are brought onto the scale in use by anchor items.

Scales of one ability differ by a line, old = A new + B, hence a_old = a_new / A and b_old = A b_new + B (Lord 1980).
`stocking_lord` finds A and B that make the anchors' test curves equal (Stocking & Lord 1983), its error by leaving out
one anchor at a time (jackknife over anchors: Kolen & Brennan 2014, section 7.2). `population` needs no second
calibration: the anchors keep their parameters and the group's mean and sd are estimated on their scale by marginal
maximum likelihood (fixed-parameter linking: Kim 2006).
"""

from dataclasses import dataclass, replace

import numpy as np
import scipy

from nanglucso.engines import irt
from nanglucso.engines.irt import Floats, Ints, ItemBank

GRID = np.linspace(-4, 4, 61)


@dataclass(frozen=True, eq=False)
class Link:
    """old = slope x new + shift, with standard errors; misfit (J,): RMS gap of curves, share of the top."""

    slope: float
    shift: float
    slope_se: float
    shift_se: float
    misfit: Floats

    def suspects(self, limit: float = 0.08) -> Ints:
        """Anchors whose curves still differ by more than `limit` of their top score: drifted, or changed."""
        return np.flatnonzero(self.misfit > limit)


def stocking_lord(old: ItemBank, new: ItemBank, weight: Floats | None = None) -> Link:
    """Link the scale of `new` to that of `old`; row j of both is the same anchor item.

    weight (61,) over GRID, by default the normal density of the old scale. Raises ValueError for fewer than three
    anchors or steps that do not match.
    """
    if old.size != new.size or not np.array_equal(old.top_score, new.top_score):
        raise ValueError("anchors must be the same items with the same steps on both scales")
    if old.size < 3:
        raise ValueError(f"linking needs at least three anchor items, not {old.size}")
    w = np.exp(-0.5 * GRID**2) if weight is None else np.asarray(weight, float)
    w = w / w.sum()
    every = np.arange(old.size)
    slope, shift = _fit(old, new, w, every)
    left_out = np.array([_fit(old, new, w, np.delete(every, j)) for j in every])
    error = np.sqrt((old.size - 1) / old.size * np.square(left_out - left_out.mean(0)).sum(0))
    gap = _curves(old) - _curves(moved(new, slope, shift))
    misfit = np.sqrt(np.square(gap) @ w) / old.top_score
    return Link(slope, shift, float(error[0]), float(error[1]), misfit)


def moved(bank: ItemBank, slope: float, shift: float) -> ItemBank:
    """The bank's parameters on the old scale: a / slope, slope b + shift."""
    return replace(bank, a=bank.a / slope, b=slope * bank.b + shift)


def _curves(bank: ItemBank) -> Floats:
    """Expected score of every item over GRID, (J, 61)."""
    shape = (bank.size, len(GRID))
    a, c = np.broadcast_to(bank.a[:, None], shape), np.broadcast_to(bank.c[:, None], shape)
    return irt.expected_score(GRID, a, bank.b[:, None, :], c)


def _fit(old: ItemBank, new: ItemBank, w: Floats, use: Ints) -> tuple[float, float]:
    part = replace(new, a=new.a[use], b=new.b[use], c=new.c[use])
    target, root = _curves(old)[use].sum(0), np.sqrt(w)
    spread = np.std(new.b[use, 0])
    start = np.log(np.std(old.b[use, 0]) / spread) if spread > 0 and np.std(old.b[use, 0]) > 0 else 0.0
    begin = [start, float(old.b[use, 0].mean() - np.exp(start) * new.b[use, 0].mean())]

    def gap(x: Floats) -> Floats:
        return root * (target - _curves(moved(part, float(np.exp(x[0])), float(x[1]))).sum(0))

    best = scipy.optimize.least_squares(gap, begin, method="lm", xtol=1e-12, ftol=1e-12).x
    return float(np.exp(best[0])), float(best[1])


# ---------------------------------------------------------------- anchors held fixed
@dataclass(frozen=True)
class Population:
    """A group on the anchors' scale: mean and sd in logits, with standard errors."""

    mean: float
    sd: float
    mean_se: float
    sd_se: float


def population(anchors: ItemBank, items: Ints, scores: Ints, rounds: int = 200) -> Population:
    """Mean and sd of the ability of N people from answers to anchors of one competence, their parameters held fixed.

    items (N, T) index into the anchors, -1 = none; scores (N, T). EM over 61 points; errors by the cross products of
    the people's scores (Berndt et al. 1974).
    """
    x = np.linspace(-6, 6, 121)
    live = items >= 0
    j = np.where(live, items, 0)
    grid = np.broadcast_to(x, (*j.shape, len(x)))
    a, c = (np.broadcast_to(v[j][..., None], grid.shape) for v in (anchors.a, anchors.c))
    like = irt.likelihood(grid, a, anchors.b[j][:, :, None, :], c, np.where(live, scores, 0)[..., None])
    log_like = np.where(live[..., None], np.log(np.maximum(like, 1e-300)), 0.0).sum(1)
    mean, sd = 0.0, 1.0
    post = _given(log_like, x, mean, sd)
    for _ in range(rounds):
        before = mean, sd
        mean = float((post @ x).mean())
        sd = float(np.sqrt((post @ np.square(x - mean)).mean()))
        post = _given(log_like, x, mean, sd)
        if abs(mean - before[0]) + abs(sd - before[1]) < 1e-7:
            break
    z = (x - mean) / sd
    score = np.stack([post @ z / sd, post @ (z * z - 1) / sd], 1)
    error = np.sqrt(np.diagonal(np.linalg.inv(score.T @ score)))
    return Population(mean, sd, float(error[0]), float(error[1]))


def _given(log_like: Floats, x: Floats, mean: float, sd: float) -> Floats:
    log_post = log_like - 0.5 * np.square((x - mean) / sd)
    post = np.exp(log_post - log_post.max(1, keepdims=True))
    return np.asarray(post / post.sum(1, keepdims=True))
