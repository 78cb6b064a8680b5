"""Does an item's difficulty differ between groups of equal ability, or between earlier and later?

IRT fit: difficulty b + D beta for one item, with columns D for group levels and the later half of the periods, on the
belief that all OTHER answers of each person give (place, spread). One Newton fit by cross products of the scores,

    L_i(s) = E[P_y(x - s)], x ~ N(place_i, spread_i^2)      beta += (sum u_i^2 D_i D_i')^-1 sum u_i D_i,  u = dlogL/ds

(Berndt, Hall, Hall & Hausman 1974; DIF as a shift of b with a latent regression: Mislevy 1984, Thissen, Steinberg &
Wainer 1993). Mantel-Haenszel: strata of equal predicted score, common odds ratio (Mantel & Haenszel 1959), variance of
its logarithm by Robins, Breslow & Greenland 1986; Delta = -2.35 ln alpha (Holland & Thayer 1988). For graded items the
mean score instead: z of Mantel 1963. Classes A, B, C: Dorans & Holland 1993.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import NDArray

from nanglucso.engines.irt import Floats, Ints

_Z, _W = np.polynomial.hermite_e.hermegauss(11)
_W = (_W / _W.sum()).astype(np.float64)
ETS = 2.35
STRATA = 12


@dataclass(frozen=True, eq=False)
class ItemAnswers:
    """Answers to one item: score (n,), place and spread (n,) by the other answers; parameters a, b (S,), c."""

    score: Ints
    place: Floats
    spread: Floats
    a: float
    b: Floats
    c: float


@dataclass(frozen=True, eq=False)
class Shift:
    """Shifts of difficulty beta (p,) and their covariance (p, p), logits, positive = harder."""

    beta: Floats
    cov: Floats

    def contrast(self, weights: Floats) -> tuple[float, float]:
        """Value and standard error of weights . beta."""
        return float(weights @ self.beta), float(np.sqrt(np.maximum(weights @ self.cov @ weights, 0.0)))


def slopes(answers: ItemAnswers, shift: Floats) -> Floats:
    """d log L / d shift of every answer, (n,): negative means the answer is better than the shift expects."""
    x = answers.place[:, None] + answers.spread[:, None] * _Z - shift[:, None]
    a, b, c = np.float64(answers.a), answers.b, np.float64(answers.c)
    sig = scipy.special.expit(a * (x[..., None] - b))
    up = np.concatenate([np.ones((*x.shape, 1)), c + (1 - c) * sig, np.zeros((*x.shape, 1))], -1)
    rise = np.zeros_like(up)
    rise[..., 1:-1] = (1 - c) * a * sig * (1 - sig)
    at = answers.score[:, None, None]
    p = np.take_along_axis(up, at, -1) - np.take_along_axis(up, at + 1, -1)
    dp = np.take_along_axis(rise, at, -1) - np.take_along_axis(rise, at + 1, -1)
    return np.asarray(-(dp[..., 0] @ _W) / np.maximum(p[..., 0] @ _W, 1e-12))


def fit_shift(answers: ItemAnswers, columns: Floats, rounds: int = 4, ridge: float = 1e-2) -> Shift:
    """Shifts of one item for columns (n, p), with a prior precision `ridge` that keeps empty columns at 0."""
    beta = np.zeros(columns.shape[1])
    info = ridge * np.eye(len(beta))
    for _ in range(rounds):
        u = slopes(answers, columns @ beta)
        weighted = columns * u[:, None]
        info = weighted.T @ weighted + ridge * np.eye(len(beta))
        beta = np.clip(beta + np.linalg.solve(info, weighted.sum(0) - ridge * beta), -3, 3)
    return Shift(beta, np.linalg.inv(info).astype(np.float64))


# ---------------------------------------------------------------- contrasts between groups
@dataclass(frozen=True)
class Contrast:
    """One level of an attribute against all others: logit (positive = harder for the level) and standard error."""

    attribute: str
    level: str
    logit: float
    se: float

    @property
    def z(self) -> float:
        return self.logit / self.se if self.se > 0 else 0.0


def group_columns(levels: int, code: Ints) -> tuple[Floats, list[int]]:
    """Columns (n, levels present - 1) and the levels present, the first of them being the zero point."""
    present = [x for x in range(levels) if (code == x).any()]
    return (code[:, None] == np.array(present[1:], np.int64)).astype(float), present


def contrasts(
    shift: Shift, first: int, attribute: str, names: Sequence[str], code: Ints, present: Sequence[int]
) -> list[Contrast]:
    """Each level present against the others weighted by their answers; two levels give one contrast (the last)."""
    out = []
    share = np.array([(code == x).sum() for x in present], float)
    for i in range(len(present) if len(present) > 2 else 1):
        at = i if len(present) > 2 else 1
        if len(present) < 2:
            break
        weights = -share / (share.sum() - share[at])
        weights[at] = 1.0
        full = np.zeros(len(shift.beta))
        full[first : first + len(present) - 1] = weights[1:]
        out.append(Contrast(attribute, names[present[at]], *shift.contrast(full)))
    return out


def drift(
    shift: Shift, late: float, moved: float, bank: tuple[float, float] | None
) -> tuple[tuple[float, float], Contrast]:
    """Early shift against the bank with its error, and the later half minus the earlier.

    The last column of the fit is the later half, centred at its share `late`; `moved`: what the fit started from minus
    the bank's difficulty. `bank` = (offset, variance) of the bank's difficulties: they are evidence on the EARLIER half
    too, early ~ N(offset, variance), so the contrast is the conditional one (normal regression):

        drift -= g (early - offset)     var -= g cov(drift, early)     g = cov(drift, early) / (var(early) + variance)
    """
    last, first = np.zeros(len(shift.beta)), np.zeros(len(shift.beta))
    last[-1] = first[0] = 1.0
    first[-1] = -late
    value, se = shift.contrast(last)
    early, early_se = shift.contrast(first)
    early += moved
    if bank is not None:
        offset, variance = bank
        shared = float(last @ shift.cov @ first)
        gain = shared / (early_se**2 + variance)
        value, se = value - gain * (early - offset), float(np.sqrt(se**2 - gain * shared))
    return (early, early_se), Contrast("period", "late", value, se)


def ets_class(a: float, logit: float, se: float) -> str:
    """A, B or C: A when |Delta| < 1 or not significant at 5%, C when |Delta| >= 1.5 and significantly above 1."""
    size, error = ETS * a * abs(logit), ETS * a * se
    if size < 1 or size <= 1.96 * error:
        return "A"
    return "C" if size >= 1.5 and size - 1 > 1.645 * error else "B"


# ---------------------------------------------------------------- Mantel-Haenszel
@dataclass(frozen=True)
class MantelHaenszel:
    """delta on the ETS scale (negative = harder for the focal group; nan for graded items), its se, and z."""

    delta: float
    se: float
    z: float


def strata(expected: Floats, count: int = STRATA) -> Ints:
    """Stratum of each answer, (n,): parts of equal size by the score that the other answers predict."""
    edges = np.quantile(expected, np.linspace(0, 1, count + 1)[1:-1])
    return np.searchsorted(edges, expected, side="right")


def mantel_haenszel(score: Ints, focal: NDArray[np.bool_], stratum: Ints, top: int) -> MantelHaenszel:
    """Focal against reference group within strata. score (n,) 0 .. top.

    Scores 0/1: alpha = sum(A D / n) / sum(B C / n), with A, B right and wrong in the reference group, C, D in the
    focal group. Graded: z of the focal group's summed score against its expectation (Mantel 1963), without delta.
    """
    bins = int(stratum.max(initial=0)) + 1
    n, n_f = np.bincount(stratum, minlength=bins), np.bincount(stratum, focal, bins)
    total, square = np.bincount(stratum, score, bins), np.bincount(stratum, score * score, bins)
    seen_f = np.bincount(stratum, score * focal, bins)
    use = (n > 1) & (n_f > 0) & (n_f < n)
    n, n_f, total, square, seen_f = n[use], n_f[use], total[use], square[use], seen_f[use]
    expected = n_f * total / n
    var = n_f * (n - n_f) * (n * square - total**2) / (n * n * (n - 1))
    z = float((seen_f - expected).sum() / np.sqrt(var.sum())) if var.sum() > 0 else 0.0
    if top > 1:
        return MantelHaenszel(float("nan"), float("nan"), z)
    a, c = total - seen_f, seen_f
    b, d = (n - n_f) - a, n_f - c
    r, s = a * d / n, b * c / n
    if r.sum() <= 0 or s.sum() <= 0:
        return MantelHaenszel(float("nan"), float("nan"), z)
    p, q = (a + d) / n, (b + c) / n
    variance = (p * r).sum() / (2 * r.sum() ** 2) + (q * s).sum() / (2 * s.sum() ** 2)
    variance += (p * s + q * r).sum() / (2 * r.sum() * s.sum())
    return MantelHaenszel(float(-ETS * np.log(r.sum() / s.sum())), float(ETS * np.sqrt(variance)), z)
