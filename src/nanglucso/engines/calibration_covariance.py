"""Covariance of the competences by likelihood, from beliefs; it holds for adaptive answers, which moments do not.

Re-estimation after a campaign: EM with the old covariance counted as so many persons,

    R <- (weight R_old + sum_n E[theta theta' | answers of n]) / (weight + N)        (Dempster, Laird & Rubin 1977)
"""

from collections.abc import Sequence
from functools import reduce
from operator import add

import numpy as np

from nanglucso.engines.calibration_blocks import Block, Mapper
from nanglucso.engines.calibration_items import Packed, log_table
from nanglucso.engines.calibration_joint import Prior, SiteState, expect_joint
from nanglucso.engines.irt import Floats


def reestimated(
    packed: Packed,
    x: Floats,
    blocks: Sequence[Block],
    mapper: Mapper,
    mean: Floats,
    cov: Floats,
    grid: Floats,
    weight: float,
    steps: int,
    tolerance: float = 1e-3,
) -> tuple[Floats, Floats, float]:
    """Mean, covariance and log-likelihood with all items held; the start counts as `weight` persons.

    Both are wanted on the scale of the bank, so the variances are free; the mean is shrunk in the same way. EM alone
    would take hundreds of steps: every third is replaced by SQUAREM's extrapolation. At most `steps` E-steps.
    """
    held, states = mapper.place(blocks), [SiteState.empty(b, len(mean)) for b in blocks]
    table = log_table(packed, x, grid)
    persons = sum(b.persons for b in blocks)
    old_first, old_second = weight * mean, weight * (cov + np.outer(mean, mean))

    def em(at: Floats, finish: bool = False) -> tuple[Floats, float]:
        nonlocal states
        prior = Prior.of(at[0], at[1:], grid)
        out = mapper.run(expect_joint, held, states, (table, prior, 2, finish))
        sums, states = reduce(add, (o[0] for o in out)), [o[1] for o in out]
        first = (old_first + sums.first) / (weight + persons)
        second = (old_second + sums.second) / (weight + persons) - np.outer(first, first)
        return np.vstack([first, (second + second.T) / 2]), sums.loglik

    now, done = np.vstack([mean, cov]), 0
    try:
        while done < steps:
            one, _ = em(now)
            two, _ = em(one)
            done += 2
            change = float(np.abs(two - one).max())
            now = two if change < tolerance else extrapolated(now, one, two)
            if change < tolerance:
                break
        loglik = em(now, finish=True)[1]
    finally:
        mapper.close(held)
    return now[0], now[1:], loglik


def extrapolated(start: Floats, one: Floats, two: Floats) -> Floats:
    """SQUAREM, scheme 3 (Varadhan & Roland 2008), from two EM steps; `two` where that is no covariance any more."""
    r, v = one - start, (two - one) - (one - start)
    alpha = -float(np.linalg.norm(r)) / max(float(np.linalg.norm(v)), 1e-12)
    if alpha > -1:
        return two
    alpha = max(alpha, -12.0)
    far = start - 2 * alpha * r + alpha**2 * v
    return far if np.linalg.eigvalsh(far[1:])[0] > 0.01 else two
