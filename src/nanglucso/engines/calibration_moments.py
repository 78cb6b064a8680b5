"""Correlations of the competences, and the common scale of a, from products of residuals.

For answers i, j of one person on competences k, l with correlation rho (Mehler's expansion, as in tetrachorics)

    E[(y_i - p_i)(y_j - p_j)] = sum_n rho^n h_n(i) h_n(j)          h_n = E[y He_n(theta)] / sqrt(n!)

With weights h_1 / var, sums over each person's answers give every pair at once: S' S = sum_n R^n o H_n' H_n, a
polynomial in each rho. Valid where the choice of items did not depend on the answers: a start for the EM, which holds
for adaptive answers too.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import factorial

import numpy as np
import scipy
from numpy.polynomial.hermite_e import hermegauss, hermeval

from nanglucso.engines.calibration_blocks import Block
from nanglucso.engines.calibration_items import Packed, curves
from nanglucso.engines.irt import Floats

ORDERS = 6


@dataclass(frozen=True, eq=False)
class Moments:
    """Sums over persons: product (K, K) of residual sums, model (n, K, K) by order of rho, variance (K, K) of product.

    own, own_model (n, K): the same for two different items of one competence, where rho = 1.
    """

    product: Floats
    model: Floats
    variance: Floats
    own: Floats
    own_model: Floats

    def __add__(self, other: Moments) -> Moments:
        return Moments(
            self.product + other.product,
            self.model + other.model,
            self.variance + other.variance,
            self.own + other.own,
            self.own_model + other.own_model,
        )


def item_moments(packed: Packed, x: Floats) -> tuple[Floats, Floats]:
    """Residual weight times residual for every (item, score), (J C,); weight times h_n, (J, n)."""
    grid, weight = hermegauss(41)
    weight = weight / weight.sum()
    p, _ = curves(packed, x, grid, slopes=False)
    points = np.arange(p.shape[1])
    score = points @ p
    mean = score @ weight
    var = np.maximum((points**2 @ p) @ weight - mean**2, 1e-6)
    basis = np.stack([hermeval(grid, np.eye(n + 1)[n]) / np.sqrt(factorial(n)) for n in range(1, ORDERS + 1)])
    h = score @ (weight * basis).T
    w = h[:, 0] / var
    return (w[:, None] * (points - mean[:, None])).ravel(), w[:, None] * h


def residual_moments(block: Block, residual: Floats, h: Floats, k_n: int) -> Moments:
    """Sums of a block. residual (J C,), h (J, n) from `item_moments`."""
    columns = np.column_stack([residual, residual**2, *np.repeat(h, len(residual) // len(h), 0).T])
    columns = np.column_stack([columns, columns[:, 2:] ** 2])
    sums = block.design @ columns
    at = block.person, block.competence

    def table(values: Floats) -> scipy.sparse.csr_matrix:
        return scipy.sparse.csr_matrix((values, at), shape=(block.persons, k_n))

    s = table(sums[:, 0])
    n = h.shape[1]
    big = [table(sums[:, 2 + i]) for i in range(n)]
    square = s.multiply(s)
    own_model: Floats = np.stack(
        [np.bincount(at[1], sums[:, 2 + i] ** 2 - sums[:, 2 + n + i], minlength=k_n).astype(float) for i in range(n)]
    )
    return Moments(
        (s.T @ s).toarray(),
        np.stack([(x.T @ x).toarray() for x in big]),
        (square.T @ square).toarray(),
        np.bincount(at[1], sums[:, 0] ** 2 - sums[:, 1], minlength=k_n).astype(float),
        own_model,
    )


def correlations(moments: Moments) -> tuple[Floats, Floats]:
    """Correlations (K, K) and their standard errors, pair by pair: Newton on the polynomial in rho."""
    rho = np.full(moments.product.shape, 0.7)
    for _ in range(12):
        value, slope = _polynomial(moments.model, rho)
        rho = np.clip(rho - (value - moments.product) / np.maximum(slope, 1e-9), -0.99, 1.2)
    _, slope = _polynomial(moments.model, rho)
    error = np.sqrt(moments.variance) / np.maximum(slope, 1e-9)
    np.fill_diagonal(rho, 1.0)
    np.fill_diagonal(error, 0.0)
    return rho, error


def scale_of_a(moments: Moments, noise: float = 0.03) -> Floats:
    """Factor (K,) on every a of a competence, shrunk to the common factor: s^2n takes the place of rho^n at rho = 1."""
    own = np.concatenate([moments.own, [moments.own.sum()]])
    model = np.concatenate([moments.own_model, moments.own_model.sum(1, keepdims=True)], 1)
    rho = np.ones(len(own))
    for _ in range(12):
        value, slope = _polynomial(model, rho)
        rho = np.clip(rho - (value - own) / np.maximum(slope, 1e-9), 0.3, 2.0)
    factor, common = np.sqrt(rho[:-1]), np.sqrt(rho[-1])
    spread = max(float(np.var(factor)) - noise**2, 1e-6)
    return common + (factor - common) * spread / (spread + noise**2)


def _polynomial(model: Floats, rho: Floats) -> tuple[Floats, Floats]:
    value, slope = np.zeros_like(rho), np.zeros_like(rho)
    for n, m in enumerate(model, 1):
        value = value + m * rho**n
        slope = slope + n * m * rho ** (n - 1)
    return value, slope
