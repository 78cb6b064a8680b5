"""After a campaign: the population's mean and covariance from its sittings, the model in use counting as some persons.

EM on the logs: posteriors by expectation propagation under the present prior, then

    mean = (w m0 + sum E[theta]) / (w + N)
    cov  = (w (V0 + (m0 - mean)^2) + sum (V_i + (m_i - mean)(m_i - mean)')) / (w + N)

w = 100 persons for the model in use (inverse Wishart prior in all but name: Gelman et al. 2013, section 3.6). Adaptive
choice of items may be ignored: it depended on the answers alone (Rubin 1976; Mislevy & Wu 1996).
"""

from dataclasses import dataclass

import numpy as np

from nanglucso.engines.belief import Settled, Sites, settle
from nanglucso.engines.irt import Floats, Ints, ItemBank
from nanglucso.engines.score import sites_of

CHUNK = 1024


@dataclass(frozen=True, eq=False)
class Refit:
    """mean (K,) or as given, cov (K, K) of the population; each person's belief under it: means, variances (N, K)."""

    mean: Floats
    cov: Floats
    means: Floats
    variances: Floats


def reestimate(
    mean: Floats,
    cov: Floats,
    bank: ItemBank,
    items: Ints,
    scores: Ints,
    weight: float = 100.0,
    rounds: int = 20,
    keep_scale: bool = True,
) -> Refit:
    """From logs items, scores (N, T), -1 = no answer. mean (K,), or (N, K) where people begin in different places.

    `keep_scale` leaves the scale alone (means, and variances: each step is brought back to those of `cov`), so that
    the correlations alone move; from a poor start plain EM would first shrink the variances and return slowly. A mean
    for each person needs it.
    """
    m0, v0, n = mean, cov, len(items)
    parts = [slice(i, i + CHUNK) for i in range(0, n, CHUNK)]
    sites = [sites_of(bank, len(cov), items[p], scores[p]) for p in parts]
    kept: list[Settled | None] = [None] * len(parts)
    for turn in range(rounds):
        sweeps = 6 if turn == 0 else 2
        kept = [_settled(_of(mean, p), cov, s, sweeps, k) for p, s, k in zip(parts, sites, kept, strict=True)]
        m = np.concatenate([k.mean for k in kept if k])
        new_mean = mean if keep_scale else (weight * m0 + m.sum(0)) / (weight + n)
        gap = m - new_mean
        total = sum((k.cov.sum(0) for k in kept if k), gap.T @ gap)
        drift = np.zeros_like(v0) if keep_scale else np.outer(m0 - new_mean, m0 - new_mean)
        cov = (weight * (v0 + drift) + total) / (weight + n)
        mean = new_mean
        if keep_scale:
            back = np.sqrt(np.diagonal(v0) / np.diagonal(cov))
            cov = cov * np.outer(back, back)
    last = [_settled(_of(mean, p), cov, s, 6, k) for p, s, k in zip(parts, sites, kept, strict=True)]
    variances = np.concatenate([np.diagonal(k.cov, axis1=1, axis2=2) for k in last])
    return Refit(mean, cov, np.concatenate([k.mean for k in last]), variances)


def _of(mean: Floats, part: slice) -> Floats:
    return mean if mean.ndim == 1 else mean[part]


def _settled(mean: Floats, cov: Floats, sites: Sites, sweeps: int, begin: Settled | None) -> Settled:
    prior = np.broadcast_to(mean, (len(sites.a), len(cov)))
    return settle(prior, cov[None], sites, sweeps, begin)
