"""The mean of a group on the scale of items whose parameters are held fixed, in all competences at once.

A group's abilities are N(mu, C) with C known; each person's answers are folded by expectation propagation from that
prior into N(m_i, V_i). The score of mu is C^-1 sum(m_i - mu) and its information C^-1 (C - mean V) C^-1 for each person
(Louis 1982), so that one Newton step takes the shrinkage out of the mean of the posterior means:

    mu <- mu + C (C - mean V)^-1 (mean m - mu)

This is fixed-parameter linking (Kim 2006; `linking.population` in one dimension) for K correlated competences: all
answers of a person are used together, so that an item chosen because of answers on another competence does no harm.
What one person adds to the mean is (C (C - mean V)^-1 (m_i - mu)) / N; sums of its products give the error, also
between two fits in which the same people answered (Berndt et al. 1974).
"""

from dataclasses import dataclass

import numpy as np

from nanglucso.engines import irt
from nanglucso.engines.belief import Settled, Sites, settle
from nanglucso.engines.irt import Floats, Ints, ItemBank
from nanglucso.engines.score import CHUNK, sites_of

ROUNDS, CLOSE, LONGEST_STEP = 8, 1e-3, 1.0
FIRST_SWEEPS, LATER_SWEEPS = 10, 4
_Z, _W = np.polynomial.hermite_e.hermegauss(15)
_W = _W / _W.sum()


@dataclass(frozen=True, eq=False)
class Fit:
    """mean (K,) logits; influence (N, K): what each person adds to it, in the order given."""

    mean: Floats
    influence: Floats
    rounds: int

    @property
    def error(self) -> Floats:
        """(K, K) covariance of the mean's error."""
        return np.asarray(self.influence.T @ self.influence)


@dataclass(frozen=True, eq=False)
class Foretold:
    """Of every answer (N, T), from the person's other answers: expected score, its slope in theta, its variance."""

    expected: Floats
    slope: Floats
    variance: Floats


def fit_group(bank: ItemBank, items: Ints, scores: Ints, cov: Floats) -> tuple[Fit, Foretold]:
    """Mean of N people, items (N, T) into the bank (-1 = none), scores (N, T), cov (K, K) within the group, logits."""
    k, n = len(cov), len(items)
    parts = [slice(at, at + CHUNK) for at in range(0, n, CHUNK)]
    sites = [sites_of(bank, k, items[part], scores[part]) for part in parts]
    settled: list[Settled | None] = [None] * len(parts)
    mu, means = np.zeros(k), np.zeros((n, k))
    gain, rounds = np.eye(k), 0
    while rounds < ROUNDS:
        rounds += 1
        left = np.zeros((k, k))
        for p, part in enumerate(parts):
            settled[p] = after = _settled(sites[p], mu, cov, settled[p])
            means[part] = after.mean
            left += after.cov.sum(0)
        gain = cov @ np.linalg.inv(cov - left / n)
        step = gain @ (means.mean(0) - mu)
        mu = mu + step * min(1.0, LONGEST_STEP / max(1e-12, float(np.abs(step).max())))
        if np.abs(step).max() < CLOSE:
            break
    told = [_foretold(one, after) for one, after in zip(sites, settled, strict=True) if after is not None]
    around = means - means.mean(0)
    whole = (np.concatenate([getattr(one, name) for one in told]) for name in ("expected", "slope", "variance"))
    return Fit(mu, around @ gain.T / n, rounds), Foretold(*whole)


def _settled(sites: Sites, mu: Floats, cov: Floats, begin: Settled | None) -> Settled:
    prior = np.broadcast_to(mu, (len(sites.live), len(mu)))
    return settle(prior, cov[None], sites, FIRST_SWEEPS if begin is None else LATER_SWEEPS, begin)


def _foretold(sites: Sites, after: Settled) -> Foretold:
    """By the belief without the answer itself (the cavity), 15-point Gauss-Hermite; slope by Stein's lemma."""
    h, live = sites.direction, sites.live
    var = np.where(live, ((h @ after.cov) * h).sum(-1), 1.0)
    cavity = 1 / np.maximum(1 / var - after.tau, 1e-6)
    mean = cavity * ((h @ after.mean[..., None])[..., 0] / var - after.nu)
    x = mean[..., None] + np.sqrt(cavity)[..., None] * _Z
    reach = irt.reach(x, sites.a[..., None], sites.b[..., None, :], sites.c[..., None])
    curve = reach.sum(-1)
    squared = (reach * (2 * np.arange(reach.shape[-1]) + 1)).sum(-1)
    expected = curve @ _W
    slope = (curve * _Z) @ _W / np.sqrt(cavity)
    return Foretold(expected, slope, np.maximum(squared @ _W - expected**2, 1e-9))
