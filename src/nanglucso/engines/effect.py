"""What a class changed: the mean shift of ability between before and after, from answers given afterwards.

For person i and competence k the belief before is N(m, v). Under a common shift d of the group, the answers y given
afterwards have the marginal likelihood

    l_i(d) = sum_k log  integral  prod_j P(y_ikj | theta + d)  N(theta; m_ik, v_ik)  d theta

(marginal maximum likelihood, Bock & Aitkin 1981, with the shift as the one unknown). Competences of a person share
errors, so the standard error is the sandwich over persons (Huber 1967; White 1982). A comparison group that was
measured twice without the class takes away what practice and time did alone (difference in differences).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from nanglucso.engines.irt import likelihood

Floats = NDArray[np.float64]
GRID = np.linspace(-3.0, 4.0, 281)
PRIOR_SD = 1.5
_Z, _W = np.polynomial.hermite_e.hermegauss(21)
_W = _W / _W.sum()


@dataclass(frozen=True)
class After:
    """One answer given afterwards on a competence: item parameters and score 0 .. len(b)."""

    a: float
    b: tuple[float, ...]
    c: float
    score: int


@dataclass(frozen=True)
class Learner:
    """One person: for each competence that was asked, the belief before (mean, variance) and the answers after."""

    before: tuple[tuple[float, float], ...]
    answers: tuple[tuple[After, ...], ...]


@dataclass(frozen=True)
class Shift:
    """Mean shift in logits with its standard error; `people` who answered; `freedom` for Student's t."""

    people: int
    shift: float
    standard_error: float
    freedom: float = 1e6

    @property
    def _reach(self) -> float:
        return float(stdtrit(self.freedom, 0.95)) * self.standard_error

    @property
    def low(self) -> float:
        """Lower end of the 90% interval."""
        return self.shift - self._reach

    @property
    def high(self) -> float:
        return self.shift + self._reach


def _curve(learner: Learner) -> Floats:
    """Log-likelihood of one person at every shift of GRID, (len(GRID),)."""
    total = np.zeros(len(GRID))
    for (mean, var), answers in zip(learner.before, learner.answers, strict=True):
        theta = mean + np.sqrt(var) * _Z[None, :] + GRID[:, None]
        joint = np.ones_like(theta)
        for one in answers:
            joint *= likelihood(theta, one.a, np.asarray(one.b), one.c, np.asarray(one.score))
        total += np.log(np.maximum(joint @ _W, 1e-300))
    return total


def mean_shift(learners: Sequence[Learner]) -> Shift | None:
    """The group's mean shift under a weak N(0, 1.5^2) prior, or None when nobody answered."""
    live = [one for one in learners if any(one.answers)]
    if not live:
        return None
    curves = np.array([_curve(one) for one in live])
    prior = -0.5 * (GRID / PRIOR_SD) ** 2
    at = int(np.argmax(curves.sum(0) + prior))
    at = min(max(at, 1), len(GRID) - 2)
    step = GRID[1] - GRID[0]
    slope = (curves[:, at + 1] - curves[:, at - 1]) / (2 * step)
    bend = -((curves[:, at + 1] - 2 * curves[:, at] + curves[:, at - 1]) / step**2).sum() + 1 / PRIOR_SD**2
    pull = slope.sum() - GRID[at] / PRIOR_SD**2
    best = GRID[at] + pull / max(bend, 1e-9)
    meat = float(((slope - slope.mean()) ** 2).sum()) * len(live) / max(1, len(live) - 1)
    model = 1 / max(bend, 1e-9)
    robust = meat / max(bend, 1e-9) ** 2
    return Shift(len(live), float(best), float(np.sqrt(max(model, robust))), max(1, len(live) - 1))


def net(trained: Shift, comparison: Shift | None) -> Shift:
    """Shift of the trained beyond the comparison group; the trained alone when there is none.

    Degrees of freedom after Welch (1947).
    """
    if comparison is None:
        return trained
    a, b = trained.standard_error**2, comparison.standard_error**2
    freedom = (a + b) ** 2 / (a**2 / trained.freedom + b**2 / comparison.freedom)
    return Shift(trained.people, trained.shift - comparison.shift, float(np.sqrt(a + b)), freedom)


def shrunk_share(prior: float, measured: float, people: int, weight: float = 60.0) -> float:
    """Share of the missing way that a course closes: measured over `people`, shrunk to the catalogue's prior.

    The prior counts as `weight` people; the result stays within .02 .. .95.
    """
    share = (prior * weight + measured * people) / (weight + people)
    return float(min(0.95, max(0.02, share)))
