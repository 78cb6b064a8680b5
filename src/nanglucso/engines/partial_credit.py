"""The generalised partial credit model (Muraki 1992), and the one parameter (Rasch 1960) model as its smallest case.

    P(score = s | theta) = exp(sum_{v <= s} a (theta - b_v)) / sum_r exp(sum_{v <= r} a (theta - b_v)),   s = 0 .. S

Unlike the graded response steps of `irt`, the b_v need not ascend: b_v is where scores v - 1 and v are equally likely.
With S = 1 it is the 2PL, with S = 1 and a common a the 1PL, with a = 1 the partial credit model (Masters 1982). Missing
steps are +inf. Shapes as in `irt`: theta, a have the leading shape, b one more axis of steps.
"""

import numpy as np
import scipy
from numpy.typing import ArrayLike

from nanglucso.engines.irt import Floats


def log_categories(theta: ArrayLike, a: ArrayLike, b: ArrayLike) -> Floats:
    """log P(score = s | theta), s = 0 .. S, shape (..., S + 1); -inf for missing steps."""
    t, a_ = (np.asarray(x, float)[..., None] for x in (theta, a))
    b_ = np.asarray(b, float)
    step = np.where(np.isinf(b_), -np.inf, a_ * (t - np.where(np.isinf(b_), 0.0, b_)))
    zero = np.zeros((*step.shape[:-1], 1))
    return np.asarray(scipy.special.log_softmax(np.concatenate([zero, np.cumsum(step, -1)], -1), axis=-1))


def categories(theta: ArrayLike, a: ArrayLike, b: ArrayLike) -> Floats:
    """P(score = s | theta), shape (..., S + 1). Each row sums to 1."""
    return np.exp(log_categories(theta, a, b))


def likelihood(theta: ArrayLike, a: ArrayLike, b: ArrayLike, score: ArrayLike) -> Floats:
    """P(score | theta), shape (...)."""
    p = categories(theta, a, b)
    at = np.broadcast_to(np.asarray(score, np.int64), p.shape[:-1])[..., None]
    return np.asarray(np.take_along_axis(p, at, -1)[..., 0])


def expected_score(theta: ArrayLike, a: ArrayLike, b: ArrayLike) -> Floats:
    """E[score | theta] in points."""
    p = categories(theta, a, b)
    return np.asarray(p @ np.arange(p.shape[-1]))


def information(theta: ArrayLike, a: ArrayLike, b: ArrayLike) -> Floats:
    """Fisher information a^2 Var(score | theta) (Muraki 1993)."""
    p = categories(theta, a, b)
    s = np.arange(p.shape[-1])
    return np.asarray(np.square(a) * (p @ s**2 - np.square(p @ s)))


def derivatives(theta: ArrayLike, a: ArrayLike, b: ArrayLike, score: ArrayLike) -> tuple[Floats, Floats, Floats]:
    """Derivatives of log P(score | theta) by theta (...), a (...) and b (..., S); 0 for missing steps.

    By theta: a (s - E[s]). By a: G_s - E[G], G_s = sum_{v <= s} (theta - b_v). By b_v: a (P(score >= v) - [s >= v]).
    """
    b_ = np.asarray(b, float)
    there = np.isfinite(b_)
    p = categories(theta, a, b)
    t, a_ = np.asarray(theta, float)[..., None], np.asarray(a, float)[..., None]
    way = np.where(there, t - np.where(there, b_, 0.0), 0.0)
    total = np.concatenate([np.zeros((*way.shape[:-1], 1)), np.cumsum(way, -1)], -1)
    s = np.broadcast_to(np.asarray(score, np.int64), p.shape[:-1])
    reached = np.take_along_axis(total, s[..., None], -1)[..., 0]
    by_theta = a_[..., 0] * (s - p @ np.arange(p.shape[-1]))
    by_a = reached - (p * total).sum(-1)
    above = np.cumsum(p[..., ::-1], -1)[..., ::-1][..., 1:]
    by_b = np.where(there, a_ * (above - (s[..., None] > np.arange(b_.shape[-1]))), 0.0)
    return by_theta, by_a, by_b
