"""K competences: EM whose E-step is expectation propagation (Minka 2001), one Gaussian site a (person, competence).

With simple structure all answers of a person on one competence are a function of that one ability. Its product with
the cavity is integrated exactly on the grid; the site is diagonal, so a person's posterior precision is R^-1 +
diag(tau), one K x K inverse, however many answers there are:

    v = diag (R^-1 + diag tau)^-1     cavity 1 / c = 1 / v - tau, mean c (m / v - nu)
    m1, v1 = moments of cavity x prod P(answers | theta_k)          tau = 1 / v1 - 1 / c, nu = m1 / v1 - cavity mean / c

Sites are carried from step to step of the EM, so a sweep or two suffice. When the population is rescaled (PX-EM) the
sites move along, theta = m + d theta':  tau' = d^2 tau, nu' = d (nu - tau m).
"""

from dataclasses import dataclass

import numpy as np

from nanglucso.engines.calibration_blocks import Block, Expected, score_products
from nanglucso.engines.irt import Floats

DAMPING = 0.95
CHUNK = 500


@dataclass(frozen=True, eq=False)
class SiteState:
    """Sites of a block, tau and nu (persons, K); zero where a person has no answer on the competence."""

    tau: Floats
    nu: Floats

    @classmethod
    def empty(cls, block: Block, k_n: int) -> "SiteState":
        return cls(np.zeros((block.persons, k_n)), np.zeros((block.persons, k_n)))

    def rescaled(self, mean: Floats, sd: Floats) -> "SiteState":
        """The same sites for theta' = (theta - mean) / sd."""
        return SiteState(self.tau * sd**2, sd * (self.nu - self.tau * mean))


@dataclass(frozen=True, eq=False)
class Prior:
    """Population of the E-step: mean (K,), precision (K, K), grid (Q,)."""

    mean: Floats
    precision: Floats
    grid: Floats

    @classmethod
    def of(cls, mean: Floats, cov: Floats, grid: Floats) -> "Prior":
        return cls(mean, np.asarray(np.linalg.inv(cov), float), grid)


def beliefs(prior: Prior, state: SiteState) -> tuple[Floats, Floats]:
    """Posterior mean (N, K) and covariance (N, K, K) from the sites."""
    shift = prior.precision @ prior.mean
    n, k_n = state.tau.shape
    cov = np.empty((n, k_n, k_n))
    for low in range(0, n, CHUNK):
        part = np.repeat(prior.precision[None], min(CHUNK, n - low), 0)
        part[:, range(k_n), range(k_n)] += state.tau[low : low + CHUNK]
        cov[low : low + CHUNK] = np.linalg.inv(part)
    return np.einsum("nkl,nl->nk", cov, shift + state.nu), cov


@dataclass(frozen=True, eq=False)
class Tilted:
    """Per pair: cavity mean and var, weights (pairs, Q) on the grid, log of the integral, mean and variance."""

    cavity_mean: Floats
    cavity_var: Floats
    weights: Floats
    log_mass: Floats
    mean: Floats
    var: Floats


def tilt(block: Block, prior: Prior, state: SiteState, table: Floats, mean: Floats, cov: Floats) -> Tilted:
    """Cavities of all pairs times their answers, on the grid."""
    at = block.person, block.competence
    var, tau = cov[block.person, block.competence, block.competence], state.tau[at]
    cav = 1 / np.maximum(1 / var - tau, 1e-3)
    cav_mean = cav * (mean[at] / var - state.nu[at])
    w = block.design @ table
    # a normal density on the grid as a quadratic in it: two outer products instead of a difference and a square
    basis = np.stack([np.ones_like(prior.grid), prior.grid, prior.grid**2])
    w += np.stack([-0.5 * cav_mean**2 / cav, cav_mean / cav, -0.5 / cav], 1) @ basis
    top = w.max(1, keepdims=True)
    w -= top
    np.exp(w, out=w)
    moments = w @ basis.T
    mass = moments[:, 0]
    w /= mass[:, None]
    m1 = moments[:, 1] / mass
    v1 = np.maximum(moments[:, 2] / mass - m1**2, 1e-4)
    spacing = prior.grid[1] - prior.grid[0]
    log_mass = top[:, 0] + np.log(mass * spacing) - 0.5 * np.log(2 * np.pi * cav)
    return Tilted(cav_mean, cav, w, log_mass, m1, v1)


def propagate(
    block: Block, prior: Prior, state: SiteState, table: Floats, sweeps: int
) -> tuple[SiteState, Tilted, Floats, Floats]:
    """`sweeps` parallel sweeps; returns sites, the last tilted moments (of the cavities before), mean and cov after."""
    mean, cov = beliefs(prior, state)
    at = block.person, block.competence
    last = None
    for _ in range(sweeps):
        last = tilt(block, prior, state, table, mean, cov)
        step = 1.0 if not state.tau.any() else DAMPING
        tau, nu = state.tau.copy(), state.nu.copy()
        # guessing can make an answer widen a belief; tau >= 0 keeps every belief proper and costs next to nothing
        wanted = np.maximum(1 / last.var - 1 / last.cavity_var, 0.0)
        tau[at] += step * (wanted - tau[at])
        nu[at] += step * (last.mean * (wanted + 1 / last.cavity_var) - last.cavity_mean / last.cavity_var - nu[at])
        state = SiteState(tau, nu)
        mean, cov = beliefs(prior, state)
    assert last is not None
    return state, last, mean, cov


def expect_joint(
    block: Block, state: SiteState, table: Floats, prior: Prior, sweeps: int, finish: bool
) -> tuple[Expected, SiteState]:
    """E-step of a block. With `finish` the cavities are made anew for the log-likelihood and the counts."""
    state, tilted, mean, cov = propagate(block, prior, state, table, sweeps)
    loglik = 0.0
    if finish:
        tilted = tilt(block, prior, state, table, mean, cov)
        loglik = log_evidence(block, prior, state, tilted, mean, cov)
    counts = block.design.T @ tilted.weights
    second = cov.sum(0) + mean.T @ mean
    return Expected(counts, mean.sum(0), second, loglik), state


def log_evidence(block: Block, prior: Prior, state: SiteState, tilted: Tilted, mean: Floats, cov: Floats) -> float:
    """Expectation propagation's log-likelihood: Gaussian log partitions with and without the sites, and the masses.

    log Z = G(posterior) - G(prior) + sum_k [log mass_k - G(marginal_k) + G(cavity_k)],
    G(m, V) = m' V^-1 m / 2 + log|V| / 2 (Minka 2005, energy of the fixed point).
    """
    at = block.person, block.competence
    shift = prior.precision @ prior.mean + state.nu
    whole = 0.5 * (mean * shift).sum(1) + 0.5 * np.linalg.slogdet(cov)[1]
    before = 0.5 * prior.mean @ prior.precision @ prior.mean - 0.5 * np.linalg.slogdet(prior.precision)[1]
    var, m = cov[block.person, block.competence, block.competence], mean[at]
    own = 0.5 * m**2 / var + 0.5 * np.log(var)
    cavity = 0.5 * tilted.cavity_mean**2 / tilted.cavity_var + 0.5 * np.log(tilted.cavity_var)
    return float((whole - before).sum() + (tilted.log_mass - own + cavity).sum())


def products_joint(block: Block, state: SiteState, table: Floats, prior: Prior, slope: Floats) -> Floats:
    """Cross products of scores of a block, at the sites given."""
    mean, cov = beliefs(prior, state)
    return score_products(block, tilt(block, prior, state, table, mean, cov).weights, slope)
