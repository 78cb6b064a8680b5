"""What a class changed: its people against people not yet trained, at the same level before.

    change_i = trend + slope (x_i - mean x) + effect T_i + own_i          own_i ~ N(0, growth^2)

x is the belief before (mean over the competences asked), T = 1 for the class. The trend is what time and practice did
to everybody (difference in differences); the slope takes up what the model of the people has wrong: where beliefs are
drawn too far or too little to their prior, low and high people seem to change by different amounts, and whoever was
chosen for being low shows a change that no class made. Solved by scoring on the marginal likelihood of `effect.news`;
growth^2 (own change, and what a person's competences share) by the method of moments, GROWTH^2 counting as
GROWTH_PEOPLE persons, because the error of a class of five cannot be read off its five people; Student's t with
persons - columns degrees of freedom. The slope has a weak prior around 0, which a right belief would have.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy

from nanglucso.engines.effect import Answers, Learner, naive_change, news
from nanglucso.engines.irt import Floats

ROUNDS = 12
WEAK_SD = 1.5
SLOPE_SD = 0.15
GROWTH, GROWTH_PEOPLE = 0.3, 20


@dataclass(frozen=True)
class Shift:
    """A change in logits with its standard error; `people` of the class who answered; `freedom` for Student's t.

    `level` is the probability that the interval means to hold.
    """

    people: int
    shift: float
    standard_error: float
    freedom: float = 1e6
    level: float = 0.9

    @property
    def _reach(self) -> float:
        return float(scipy.special.stdtrit(self.freedom, 0.5 + self.level / 2)) * self.standard_error

    @property
    def low(self) -> float:
        """Lower end of the interval."""
        return self.shift - self._reach

    @property
    def high(self) -> float:
        return self.shift + self._reach


@dataclass(frozen=True)
class Effect:
    """Effect of one class. `trained`, `untrained`: change of each group by itself at the class's own level before.

    `naive`: see `effect.naive_change`.
    """

    net: Shift
    trained: float
    untrained: float | None
    comparison: int
    slope: float
    growth: float
    naive: float | None


@dataclass(frozen=True, eq=False)
class _Fit:
    coef: Floats
    cov: Floats
    growth: float


def class_effect(
    trained: Sequence[Learner], others: Sequence[Learner] = (), level: float = 0.9, slope_sd: float = SLOPE_SD
) -> Effect | None:
    """Effect of a class on those who answered afterwards, None when nobody did.

    Without `others` it is the change itself, trend and all. `slope_sd`: sd of the weak prior of the slope; next to 0 it
    is the plain difference in differences.
    """
    mine = [one for one in trained if any(one.answers)]
    beside = [one for one in others if any(one.answers)]
    if not mine:
        return None
    everybody = [*mine, *beside]
    packed = Answers.pack([one.answers for one in everybody])
    mean, var = np.moveaxis(np.array([one.before for one in everybody], float), 2, 0)
    asked = packed.live.any(2)
    x = (mean * asked).sum(1) / asked.sum(1)
    design, ridge = _design(x, len(mine), slope_sd if beside else None)
    fit = _fit(packed, mean, var, design, ridge)
    effect, trend = float(fit.coef[0]), float(fit.coef[1]) if beside else None
    freedom = max(1, len(everybody) - design.shape[1])
    return Effect(
        Shift(len(mine), effect, float(np.sqrt(fit.cov[0, 0])), freedom, level), effect + (trend or 0.0), trend,
        len(beside), float(fit.coef[2]) if beside else 0.0, fit.growth, naive_change(mine),
    )  # fmt: skip


def _design(x: Floats, n: int, slope_sd: float | None) -> tuple[Floats, Floats]:
    """Columns effect, trend, slope and the precision of each one's weak prior; x is centred at the class."""
    taught = (np.arange(len(x)) < n).astype(float)
    if slope_sd is None:
        return taught[:, None], np.array([WEAK_SD**-2])
    columns = np.column_stack([taught, np.ones(len(x)), x - x[:n].mean()])
    return columns, np.array([WEAK_SD**-2, WEAK_SD**-2, slope_sd**-2])


def _fit(packed: Answers, mean: Floats, var: Floats, design: Floats, ridge: Floats) -> _Fit:
    """Scoring; each person's own growth flattens their weight h to h / (1 + growth^2 h)."""
    coef, growth = np.zeros(design.shape[1]), 0.0
    spare = max(1, len(design) - design.shape[1])
    for _round in range(ROUNDS):
        slope, bend = news(packed, mean, var, design @ coef)
        seen = float((slope**2 * len(design) / spare - bend).sum() / (bend**2).sum())
        growth = max(0.0, (seen * len(design) + GROWTH**2 * GROWTH_PEOPLE) / (len(design) + GROWTH_PEOPLE))
        flat = 1 + growth * bend
        weight = bend / flat
        inner = design.T @ (weight[:, None] * design) + np.diag(ridge)
        step = np.linalg.solve(inner, design.T @ (slope / flat) - ridge * coef)
        coef = coef + np.clip(step, -1.0, 1.0)
        if np.abs(step).max() < 1e-4:
            break
    return _Fit(coef, np.asarray(np.linalg.inv(inner), np.float64), float(np.sqrt(growth)))
