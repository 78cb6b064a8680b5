"""Derivatives of the log likelihood of one answer by ability and by the item's parameters (1PL, 2PL, 3PL, graded).

With sigma_s = 1 / (1 + exp(-a (theta - b_s))), sigma_0 = 1, sigma_{S+1} = 0 and u = sigma (1 - sigma),

    P(y) = (1 - c) (sigma_y - sigma_{y+1}) + c [y = S]
    dP/dtheta = (1 - c) a (u_y - u_{y+1})           dP/db_y = -(1 - c) a u_y,  dP/db_{y+1} = (1 - c) a u_{y+1}
    dP/da = (1 - c) ((theta - b_y) u_y - (theta - b_{y+1}) u_{y+1})
    dP/dc = [y = S] - (sigma_y - sigma_{y+1})

(Baker & Kim 2004, chapters 2, 3 and 8.) The 1PL takes the derivatives by theta and b with its common a.
"""

from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import ArrayLike

from nanglucso.engines import irt
from nanglucso.engines.irt import Floats


@dataclass(frozen=True, eq=False)
class Slopes:
    """Derivatives of log P: theta, a, c (...), b (..., S); 0 for steps that the score does not touch."""

    theta: Floats
    a: Floats
    b: Floats
    c: Floats


def slopes(theta: ArrayLike, a: ArrayLike, b: ArrayLike, c: ArrayLike, score: ArrayLike) -> Slopes:
    """Derivatives at theta (...), a (...), b (..., S), c (...) for score (...)."""
    b_ = np.asarray(b, float)
    t, a_, c_ = (np.asarray(x, float)[..., None] for x in (theta, a, c))
    there = np.isfinite(b_)
    way = np.where(there, t - np.where(there, b_, 0.0), 0.0)
    sig = np.where(there, scipy.special.expit(a_ * way), 0.0)
    u = sig * (1 - sig)
    s = np.broadcast_to(np.asarray(score, np.int64), b_.shape[:-1])
    step = np.arange(1, b_.shape[-1] + 1)
    side = (step == s[..., None]).astype(float) - (step == s[..., None] + 1)
    p = irt.likelihood(theta, a, b_, c, s)[..., None]
    rise = (1 - c_) * u * side / p
    top = s == there.sum(-1)
    within = (p[..., 0] - np.where(top, c_[..., 0], 0.0)) / (1 - c_[..., 0])
    return Slopes(
        theta=(a_ * rise).sum(-1),
        a=(way * rise).sum(-1),
        b=-a_ * rise,
        c=(top - within) / p[..., 0],
    )
