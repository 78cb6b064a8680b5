"""One competence: marginal maximum a posteriori by EM over sparse answers (Bock & Aitkin 1981).

Where no item is an anchor, the population's mean and spread are freed in the M-step and folded back into the items
(PX-EM, Liu, Rubin & Wu 1998): EM finds the common scale of the items last, this step finds it at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add

import numpy as np

from nanglucso.engines.calibration_blocks import Block, Mapper, expect, products
from nanglucso.engines.calibration_items import TINY, Packed, curves, log_table, maximise, with_prior
from nanglucso.engines.irt import Floats


@dataclass(frozen=True, eq=False)
class Fitted:
    """Packed parameters x (J, D), covariance of their error (J, D, D) or None, population mean (K,) and cov (K, K)."""

    x: Floats
    error: Floats | None
    mean: Floats
    cov: Floats
    loglik: float
    iterations: int
    converged: bool


def grid_for(longest: int) -> Floats:
    """Equally spaced abilities: the more answers a person has, the narrower the posterior and the finer the grid."""
    points = 25 if longest <= 40 else 41 if longest <= 120 else 81
    return np.linspace(-4.8, 4.8, points)


def log_normal(grid: Floats, mean: float, sd: float) -> Floats:
    """Log weights of N(mean, sd^2) on the grid, normed to sum 1."""
    w = -0.5 * ((grid - mean) / sd) ** 2
    return w - np.log(np.exp(w).sum())


def fit(
    packed: Packed,
    x: Floats,
    blocks: Sequence[Block],
    mapper: Mapper,
    mean: float,
    sd: float,
    grid: Floats,
    *,
    errors: bool,
    max_steps: int,
    tolerance: float,
) -> Fitted:
    """EM until no item moves by more than `tolerance` of its own standard error."""
    held, states = mapper.place(blocks), [None] * len(blocks)
    log_weight = log_normal(grid, mean, sd)
    c_n = packed.categories
    anchored = bool((~packed.free.any(1)).any())
    try:
        converged, step = False, 0
        while True:
            table = log_table(packed, x, grid)
            parts = mapper.run(expect, held, states, (table, log_weight, grid))
            sums = reduce(add, parts)
            if converged or step >= max_steps:
                break
            step += 1
            new, info = maximise(packed, x, sums.counts.reshape(len(x), c_n, -1), grid)
            if not anchored:
                new = _rescaled(packed, new, sums.first[0], sums.second[0, 0], sum(b.persons for b in blocks), mean, sd)
            converged = moved(packed, new - x, info) < tolerance
            x = new
        error = None
        if errors:
            slope = slopes(packed, x, grid)
            cross = reduce(add, mapper.run(products, held, states, (table, log_weight, slope)))
            error = np.asarray(
                np.linalg.inv(with_prior(packed, cross.reshape(len(x), c_n, *cross.shape[1:]).sum(1))), float
            )
    finally:
        mapper.close(held)
    return Fitted(x, error, np.array([mean]), np.array([[sd**2]]), sums.loglik, step, converged)


def slopes(packed: Packed, x: Floats, grid: Floats) -> Floats:
    """d log P / dx of every (item, score), (J C, D, Q)."""
    p, dp = curves(packed, x, grid)
    slope = dp.swapaxes(1, 2) / np.maximum(p, TINY)[:, :, None]
    return slope.reshape(-1, *slope.shape[2:])


def moved(packed: Packed, step: Floats, info: Floats) -> float:
    """Largest change of an item in units of its standard error: sqrt(step' info step / parameters)."""
    step = np.where(packed.free, step, 0.0)
    free = np.maximum(packed.free.sum(1), 1)
    return float(np.sqrt(np.einsum("jd,jde,je->j", step, info, step) / free).max(initial=0.0))


def _rescaled(packed: Packed, x: Floats, first: float, second: float, persons: int, mean: float, sd: float) -> Floats:
    """Items after the population has been brought back to its mean and sd: theta' = mean + (theta - m) sd / s."""
    m = first / persons
    ratio = sd / np.sqrt(second / persons - m * m)
    x = x.copy()
    x[:, 1:-1] = np.where(packed.free[:, 1:-1], mean + (x[:, 1:-1] - m) * ratio, x[:, 1:-1])
    x[:, 0] -= np.where(packed.free[:, 0], np.log(ratio), 0.0)
    return x
