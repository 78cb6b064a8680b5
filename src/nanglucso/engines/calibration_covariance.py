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
    steps: int = 30,
) -> tuple[Floats, Floats, float]:
    """Mean, covariance and log-likelihood with all items held: `steps` of EM, the start counted as `weight` persons.

    Both are wanted on the scale of the bank, so the variances are free; the mean is shrunk in the same way.
    """
    held, states = mapper.place(blocks), [SiteState.empty(b, len(mean)) for b in blocks]
    table = log_table(packed, x, grid)
    persons = sum(b.persons for b in blocks)
    old_mean, old_second = mean, cov + np.outer(mean, mean)
    loglik = 0.0
    try:
        for step in range(steps + 1):
            prior = Prior(mean, np.linalg.inv(cov), grid)
            out = mapper.run(expect_joint, held, states, (table, prior, 3 if step == 0 else 1, step == steps))
            sums, states = reduce(add, (o[0] for o in out)), [o[1] for o in out]
            loglik = sums.loglik
            if step < steps:
                mean = (weight * old_mean + sums.first) / (weight + persons)
                cov = (weight * old_second + sums.second) / (weight + persons) - np.outer(mean, mean)
                cov = (cov + cov.T) / 2
    finally:
        mapper.close(held)
    return mean, cov, loglik
