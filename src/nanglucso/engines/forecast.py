"""What a series of figures will be at a later step, with an interval: damped local trends averaged by their evidence.

One model: y_t = l_t + e_t, l_{t+1} = l_t + phi b_t + n_t, b_{t+1} = phi b_t + z_t; e, n, z normal with variances
s2, q s2 and w s2 (Durbin and Koopman, Time Series Analysis by State Space Methods, 2nd ed., 3.2 and 4.3; the damped
trend: Gardner and McKenzie 1985). s2 has an inverse gamma prior and is integrated out, so that a forecast is a Student
t; the models of a grid of (phi, q, w, jumps) are weighed by the likelihood of the series (Bayesian model averaging,
Hoeting et al. 1999), raised to a power. Where a model has jumps, the level moves in a step with chance p by a normal of
variance J s2 more; both outcomes of a step are collapsed into one normal by their chances (Harrison and Stevens 1976).
The log odds of the models and the power were fitted so that the 90% interval holds .85 to .95 of what comes for each
of eight simulated shapes (`benchmarks/forecast.py`, which draws other series than the fit).
The intervals of a series that moves are widened with the square root of steps ahead over figures known, those of one
that stands still are narrowed a little (`caution`); how much was chosen on draws 1 to 5 of the benchmark. What moves is
told by von Neumann's ratio of the series itself (Annals of Mathematical Statistics 12, 1941), never by its shape.
A share is also followed on the logit scale, which bends towards 0 and 100. Steps that were not observed are NaN.
Batched over series: no loop over them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
LEVEL: Final = 0.9
LEAST: Final = 3  # figures without which nothing is forecast
PHI: Final = (0.0, 0.8, 0.9, 0.95, 1.0)
Q: Final = (0.0, 0.1, 1.0, 10.0)
W: Final = (0.0, 0.01, 0.1)
SHAPE: Final = 1.5  # of the prior of s2: three figures' worth of doubt
JUMPS: Final = ((0.0, 0.0), (0.12, 200.0))  # chance a step, variance in that of the noise
USUAL: Final = ((0, 0.9, 6.0), (1, 0.0, 5.0), (2, 0.0, 4.0), (3, 0.12, -0.5))  # column, value, log odds beforehand
POWER: Final = 1.4  # of the likelihood
TREND: Final = 1.0  # prior sd of the first trend, in noises a step
HALVINGS: Final = 24
WIDER: Final = 0.25  # of a series that moves, one step ahead for each figure known
NARROWER: Final = 0.08  # of one that does not
DECIMALS: Final = 4  # of a share: closer than halving comes, so that 0 and 100 are reached


@dataclass(frozen=True, eq=False)
class Ahead:
    """Each (S, H): expected value (the median), lower and upper end of the interval, and the chance of the goal; NaN
    where too few figures are known."""

    mean: Floats
    low: Floats
    high: Floats
    chance: Floats


def grid() -> Floats:
    """(G, 5) phi, q, w, p, J. Without a trend (phi 0) its noise w says nothing and stands once; a level or trend that
    moves much anyway has no jumps beside."""
    plain = [(p, q, w) for p in PHI for q in Q for w in W if p or not w]
    return np.array(
        [(*one, *jump) for one in plain for jump in JUMPS if not jump[0] or (one[1] <= 0.1 and one[2] < 0.1)]
    )


def odds() -> Floats:
    """(G,) log odds of the models before anything is seen."""
    models = grid()
    return np.asarray(sum(more * np.isclose(models[:, column], value) for column, value, more in USUAL))


def forecast(
    values: ArrayLike, ahead: Sequence[int], *, share: bool = False, level: float = LEVEL, least: int = LEAST,
    goal: ArrayLike | None = None,
) -> Ahead:  # fmt: skip
    """values (S, T) at equal steps, NaN = not observed, the last column the newest; ahead (H,) steps >= 1 after it.

    `share`: percentages, kept within 0 and 100. `goal` (S,): the figure to be reached, NaN = none. Raises ValueError
    for infinite values, a share outside 0..100, no step ahead.
    """
    y = np.asarray(values, float)
    if y.ndim != 2 or not len(ahead) or min(ahead) < 1:
        raise ValueError("values must be a table of series, and at least one step ahead is asked for")
    if np.isinf(y).any() or (share and ((y < 0) | (y > 100)).any()):
        raise ValueError("a figure is infinite, or a percentage lies outside 0 to 100")
    wanted = np.full(len(y), np.nan) if goal is None else np.asarray(goal, float)
    enough = (~np.isnan(y)).sum(1) >= least
    out = Ahead(*(np.full((len(y), len(ahead)), np.nan) for _ in range(4)))
    if enough.any():
        found = _mixed(y[enough], ahead, share, level, wanted[enough])
        for kept, part in zip((out.mean, out.low, out.high, out.chance), found, strict=True):
            kept[enough] = part
    return out


def _mixed(
    y: Floats, ahead: Sequence[int], share: bool, level: float, goal: Floats
) -> tuple[Floats, Floats, Floats, Floats]:
    """All models of both scales together, as quantiles on the scale of the figures."""
    wider = caution(y, ahead)
    parts = [_follow(y, ahead).wider(wider)]
    if share:
        parts.append(_follow(to_logit(y), ahead).wider(wider))
        parts[1] = parts[1].shifted(POWER * np.nansum(np.log(logit_slope(y)), axis=1))
    weight = np.concatenate([one.evidence for one in parts], 1)
    weight = np.exp(weight - weight.max(1, keepdims=True))
    weight /= weight.sum(1, keepdims=True)
    ends = [_quantile(parts, weight, p, share) for p in ((1 - level) / 2, 0.5, (1 + level) / 2)]
    low, middle, high = (np.clip(one, 0, 100).round(DECIMALS) if share else one for one in ends)
    at_goal = np.repeat(np.clip(goal, 0, 100)[:, None] if share else goal[:, None], len(ahead), axis=1)
    return middle, low, high, np.clip(1 - _below(parts, weight, at_goal), 0, 1)


def caution(y: Floats, ahead: Sequence[int]) -> Floats:
    """(S, H) factor of the scales of each series: 1 - NARROWER + m (NARROWER + WIDER sqrt(steps / figures)), where
    m = 1 - (mean squared change between neighbouring figures / variance) / 2, at least 0: about 0 of noise around a
    level, near 1 of a series that drifts.
    """
    known = ~np.isnan(y)
    n = known.sum(1)
    moves = np.zeros(len(y))
    for i, row in enumerate(y):
        figures = row[known[i]]
        spread = figures.var(ddof=1)
        moves[i] = max(0.0, 1 - np.mean(np.diff(figures) ** 2) / spread / 2) if spread > 0 else 0.0
    far = np.sqrt(np.asarray(ahead, float)[None, :] / n[:, None])
    return np.asarray(1 - NARROWER + moves[:, None] * (NARROWER + WIDER * far))


def to_logit(y: ArrayLike) -> Floats:
    """Percentages on the logit scale; 0 and 100 lie half a point within it."""
    p = (np.asarray(y, float) + 0.5) / 101
    return np.asarray(np.log(p / (1 - p)))


def logit_slope(y: ArrayLike) -> Floats:
    """Derivative of `to_logit`."""
    p = (np.asarray(y, float) + 0.5) / 101
    return np.asarray(1 / (101 * p * (1 - p)))


@dataclass(frozen=True, eq=False)
class _Part:
    """evidence (S, G) log; location and scale (S, G, H) and degrees of freedom (S,) of the Student t of each model."""

    evidence: Floats
    location: Floats
    scale: Floats
    freedom: Floats

    def wider(self, by: Floats) -> "_Part":
        return _Part(self.evidence, self.location, self.scale * by[:, None, :], self.freedom)

    def shifted(self, by: Floats) -> "_Part":
        return _Part(self.evidence + by[:, None], self.location, self.scale, self.freedom)


def _size_of(y: Floats) -> Floats:
    """A series' own size of change (S,): the median change between neighbouring figures, never nothing."""
    made = np.empty(len(y))
    for i, row in enumerate(y):
        known = row[~np.isnan(row)]
        made[i] = np.median(np.abs(np.diff(known))) / 1.5
    rough = np.nanmax(np.abs(y), axis=1)
    return np.maximum(made, 1e-3 * np.maximum(rough, 1e-6))


@dataclass(eq=False)
class _State:
    """Of every series and model (S, G): level a, trend b, their covariance in s2, and the rate of s2; figures n (S, 1)
    and the log evidence so far."""

    a: Floats
    b: Floats
    paa: Floats
    pab: Floats
    pbb: Floats
    rate: Floats
    n: Floats
    evidence: Floats

    def move(self, phi: Floats, q: Floats, w: Floats, begun: NDArray[np.bool_]) -> None:
        """One step on where a series has begun."""
        moved = _step(self.a, self.b, self.paa, self.pab, self.pbb, phi, q, w)
        held = (self.a, self.b, self.paa, self.pab, self.pbb)
        kept = (np.where(begun, new, old) for new, old in zip(moved, held, strict=True))
        self.a, self.b, self.paa, self.pab, self.pbb = kept

    def learn(self, obs: Floats, chance: Floats, jump: Floats) -> None:
        """A figure (S, 1), NaN = none; `chance` that the level jumped right before it, by a variance of `jump`."""
        seen, freedom = ~np.isnan(obs), 2 * SHAPE + self.n
        off = np.where(seen, obs - self.a, 0.0)
        still, jumped = self.paa + 1.0, self.paa + 1.0 + jump
        with np.errstate(divide="ignore"):
            both = np.log1p(-chance) + _log_t(off, still, freedom, self.rate)
            other = np.log(chance) + _log_t(off, jumped, freedom, self.rate)
            told = np.logaddexp(both, other)
        r = np.where(seen, np.exp(other - told), 0.0)
        self.evidence = self.evidence + np.where(seen, told, 0.0)
        self.rate = self.rate + np.where(seen, 0.5 * off * off * ((1 - r) / still + r / jumped), 0.0)
        self.n = self.n + seen
        self._collapse(np.where(seen, off, 0.0), seen, r, (still, jumped))

    def _collapse(self, off: Floats, seen: NDArray[np.bool_], r: Floats, var: tuple[Floats, Floats]) -> None:
        """Both outcomes as one normal of the same mean and covariance."""
        s2 = self.rate / (SHAPE + 0.5 * self.n)
        parts, level = [], np.zeros_like(self.a)
        for share, one, more in ((1 - r, var[0], 0.0), (r, var[1], var[1] - var[0])):
            paa = self.paa + more
            ka, kb = np.where(seen, paa / one, 0.0), np.where(seen, self.pab / one, 0.0)
            parts.append((share, ka, kb, paa - ka * paa, self.pab - ka * self.pab, self.pbb - kb * self.pab))
            level = level + share * ka
        trend = parts[0][0] * parts[0][2] + parts[1][0] * parts[1][2]
        whole = [np.zeros_like(self.a) for _ in range(3)]
        for share, ka, kb, paa, pab, pbb in parts:
            da, db = (ka - level) * off, (kb - trend) * off
            for total, own in zip(whole, (paa + da * da / s2, pab + da * db / s2, pbb + db * db / s2), strict=True):
                total += share * own
        self.a, self.b = self.a + level * off, self.b + trend * off
        self.paa, self.pab, self.pbb = whole


def _log_t(off: Floats, var: Floats, freedom: Floats, rate: Floats) -> Floats:
    """Log density of a Student t around 0 whose squared scale is var x rate / (freedom / 2)."""
    scale2 = var * rate / (0.5 * freedom)
    front = scipy.special.gammaln(0.5 * (freedom + 1)) - scipy.special.gammaln(0.5 * freedom)
    return np.asarray(
        front - 0.5 * np.log(freedom * np.pi * scale2) - 0.5 * (freedom + 1) * np.log1p(off * off / (freedom * scale2))
    )


def _follow(y: Floats, ahead: Sequence[int]) -> _Part:
    """Kalman filter of every model of the grid over every series, s2 taken as 1 and scaled in at the end."""
    phi, q, w, chance, jump = (column[None, :] for column in grid().T)
    size = _size_of(y)
    z = y / size[:, None]
    first = z[np.arange(len(z)), np.argmax(~np.isnan(z), axis=1)][:, None]
    shape = (len(z), phi.shape[1])
    begin = np.broadcast_to(first, shape).copy()
    state = _State(
        begin, np.zeros(shape), np.full(shape, 25.0), np.zeros(shape), np.full(shape, TREND**2),
        np.full(shape, SHAPE), np.zeros((len(z), 1)), np.zeros(shape),
    )  # fmt: skip
    for t in range(z.shape[1]):
        begun = state.n > 0  # nothing moves, and nothing jumps, before the first figure of a series
        if t:
            state.move(phi, q, w, begun)
        state.learn(z[:, t : t + 1], np.where(begun, chance, 0.0), jump)
    evidence = odds() + POWER * (state.evidence - state.n * np.log(size[:, None]))
    location, scale = np.empty((*shape, len(ahead))), np.empty((*shape, len(ahead)))
    always = np.ones_like(state.n, bool)
    for step in range(1, max(ahead) + 1):
        state.move(phi, q + chance * jump, w, always)
        if step in ahead:
            h = list(ahead).index(step)
            location[:, :, h] = state.a * size[:, None]
            scale[:, :, h] = np.sqrt((state.paa + 1.0) * state.rate / (SHAPE + 0.5 * state.n)) * size[:, None]
    return _Part(evidence, location, scale, 2 * SHAPE + state.n[:, 0])


def _step(
    a: Floats, b: Floats, paa: Floats, pab: Floats, pbb: Floats, phi: Floats, q: Floats, w: Floats
) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """One step on: state and its covariance."""
    ahead = paa + 2 * phi * pab + phi * phi * pbb + q
    return a + phi * b, phi * b, ahead, phi * pab + phi * phi * pbb, phi * phi * pbb + w


def _quantile(parts: list[_Part], weight: Floats, p: float, share: bool) -> Floats:
    """(S, H) the value below which the mixture has weight p, by halving."""
    far = [np.abs(one.location).max() + 60 * one.scale.max() + 1 for one in parts]
    low = np.full((len(weight), parts[0].location.shape[2]), 0.0 if share else -far[0])
    high = np.full(low.shape, 100.0 if share else far[0])
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        under = _below(parts, weight, middle) < p
        low, high = np.where(under, middle, low), np.where(under, high, middle)
    return (low + high) / 2


def _below(parts: list[_Part], weight: Floats, x: Floats) -> Floats:
    """(S, H) weight of the mixture below x."""
    total, start = np.zeros(x.shape), 0
    for i, one in enumerate(parts):
        at = to_logit(x) if i else x
        z = (at[:, None, :] - one.location) / one.scale
        g = one.location.shape[1]
        chance = scipy.special.stdtr(one.freedom[:, None, None], z)
        total += (weight[:, start : start + g, None] * chance).sum(1)
        start += g
    return total
