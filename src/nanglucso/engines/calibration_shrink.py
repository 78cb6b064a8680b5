"""Noisy correlations pulled toward what they share, as far as their noise explains the differences.

A mixed model of the pairs (empirical Bayes, Efron & Morris 1975; restricted likelihood, Patterson & Thompson 1971):

    r_kl = mu + delta [same domain] + u_k + u_l + v_domain + e_kl + noise_kl

with unknown variances of u and v, of e within and e between domains (pairs of one domain may differ from each other
much more than pairs of two), and known variance of the noise. Where the truth is one number within and one
between domains everything is pooled; where it is not, the data say so and each pair keeps its own.
"""

from collections.abc import Sequence

import numpy as np
import scipy

from nanglucso.engines.irt import Floats

# error of a competence's own scale of a, shared by all its correlations; moments of pairs within leave about this much
SCALE_NOISE = 0.015
SMALLEST, LARGEST = -7.0, 0.0


def shrink(rho: Floats, error: Floats, domain: Sequence[int] = ()) -> Floats:
    """Positive definite correlations (K, K) from rho (K, K) with standard errors `error` (K, K).

    domain (K,): index of each competence's domain; empty = no domains. With fewer than three competences nothing can
    be pooled.
    """
    k_n = len(rho)
    if k_n < 3:
        return positive(np.clip(rho, -0.98, 0.98))
    pairs = np.triu_indices(k_n, 1)
    y = rho[pairs]
    of = np.zeros((len(y), k_n))
    of[range(len(y)), pairs[0]] = of[range(len(y)), pairs[1]] = 1.0
    codes = np.asarray(domain if len(domain) else range(k_n))
    both = (codes[pairs[0]] == codes[pairs[1]])[:, None] & (codes[pairs[0]][:, None] == np.unique(codes))
    same = both.any(1)
    mixed = 0 < same.sum() < len(y)
    fixed = np.column_stack([np.ones(len(y)), same]) if mixed else np.ones((len(y), 1))
    shared = SCALE_NOISE * y[:, None] * of
    noise = np.diag(error[pairs] ** 2) + shared @ shared.T
    own = [np.diag(same.astype(float)), np.diag((~same).astype(float))] if mixed else [np.eye(len(y))]
    parts = [of @ of.T, both.astype(float) @ both.T, *own]
    out = np.eye(k_n)
    out[pairs] = _predicted(y, fixed, parts, noise)
    return positive(out + np.triu(out, 1).T)


def _predicted(y: Floats, fixed: Floats, parts: Sequence[Floats], noise: Floats) -> Floats:
    """Best linear unbiased prediction of the pairs without their noise, at the variances of greatest likelihood."""

    def solved(log_sd: Floats) -> tuple[float, Floats, Floats, Floats, Floats]:
        variances = np.exp(2 * np.clip(log_sd, SMALLEST, LARGEST))
        signal = sum((v * p for v, p in zip(variances, parts, strict=True)), np.zeros_like(noise))
        root = np.linalg.cholesky(signal + noise)
        xs, ys = np.linalg.solve(root, fixed), np.linalg.solve(root, y)
        inner = xs.T @ xs
        beta = np.linalg.solve(inner, xs.T @ ys)
        rest = ys - xs @ beta
        cost = np.log(np.diag(root)).sum() + 0.5 * rest @ rest + 0.5 * np.linalg.slogdet(inner)[1]
        return float(cost), signal, root, beta, rest

    found = scipy.optimize.minimize(
        lambda t: solved(t)[0],
        np.full(len(parts), -3.0),
        method="Nelder-Mead",
        options={"maxiter": 160, "xatol": 0.1, "fatol": 0.01},
    )
    _, signal, root, beta, rest = solved(found.x)
    return np.asarray(fixed @ beta + signal @ np.linalg.solve(root.T, rest))


def positive(rho: Floats, floor: float = 0.01) -> Floats:
    """The nearest correlations by clipping eigenvalues at `floor` and rescaling to a unit diagonal."""
    value, vector = np.linalg.eigh((rho + rho.T) / 2)
    if value[0] < floor:
        rho = (vector * np.maximum(value, floor)) @ vector.T
    sd = np.sqrt(np.diagonal(rho))
    out = rho / np.outer(sd, sd)
    np.fill_diagonal(out, 1.0)
    return np.asarray((out + out.T) / 2)
