"""A noisy correlation matrix pulled toward a general factor plus domain effects, as far as noise explains the rest."""

from collections.abc import Sequence

import numpy as np

from nanglucso.engines.irt import Floats


def shrink(rho: Floats, error: Floats, domain: Sequence[int] = ()) -> Floats:
    """Positive definite correlations (K, K) from rho with standard errors `error` (K, K).

    Structure: g_k g_l + d for two competences of one domain (d one number). What is left over, less the noise that
    was to be expected, says how much of each pair's own deviation is kept (empirical Bayes, Efron & Morris 1975).
    """
    k_n = len(rho)
    if k_n < 3:
        return positive(np.clip(rho, -0.98, 0.98))
    off = ~np.eye(k_n, dtype=bool)
    same = np.equal.outer(domain, domain) & off if len(domain) else np.zeros((k_n, k_n), bool)
    weight = np.where(off, 1 / np.maximum(error, 1e-6) ** 2, 0.0)
    structure = _structure(rho, weight, same)
    rest = np.where(off, rho - structure, 0.0)
    noise = np.where(off, error**2, 0.0)
    own = max(float(((rest**2 - noise)[off]).mean()), 0.0)
    kept = np.where(off, own / np.maximum(own + noise, 1e-12), 0.0)
    out = structure + kept * rest
    np.fill_diagonal(out, 1.0)
    return positive(out)


def _structure(rho: Floats, weight: Floats, same: np.ndarray) -> Floats:
    """Weighted least squares of g g' + d [same domain], by turns."""
    g = np.full(len(rho), np.sqrt(max(float((rho * weight).sum() / max(weight.sum(), 1e-12)), 0.01)))
    d = 0.0
    for _ in range(60):
        target = rho - d * same
        for k in range(len(g)):
            w = weight[k]
            g[k] = np.clip((w * target[k] * g).sum() / max((w * g * g).sum(), 1e-12), 0.0, 0.995)
        if same.any():
            w = weight * same
            d = float((w * (rho - np.outer(g, g))).sum() / w.sum())
    return np.outer(g, g) + d * same


def positive(rho: Floats, floor: float = 0.01) -> Floats:
    """Nearest by clipping eigenvalues, rescaled to a unit diagonal."""
    value, vector = np.linalg.eigh((rho + rho.T) / 2)
    if value[0] < floor:
        rho = (vector * np.maximum(value, floor)) @ vector.T
    sd = np.sqrt(np.diagonal(rho))
    out = rho / np.outer(sd, sd)
    np.fill_diagonal(out, 1.0)
    return (out + out.T) / 2
