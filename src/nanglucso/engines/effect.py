"""Answers given after a class against the belief before it: how likely they are under any change of ability.

For person i and competence k the belief before is N(m, v). Under a change d of the person the answers y given
afterwards have the marginal likelihood

    l_i(d) = sum_k log  integral  prod_j P(y_ikj | theta)  N(theta; m_ik + d, v_ik)  d theta

(marginal maximum likelihood, Bock & Aitkin 1981, with the change as the unknown). The belief is a posterior: it has
been drawn towards its prior already, and it says with v how little is known. Whoever was chosen into a class because
a test went badly therefore counts as somewhat better than that test: regression to the mean is inside m and v.

With M, V mean and variance of theta given y under N(m + d, v), Fisher's identity gives slope and bend without a grid
of d:

    l' = sum_k (M - m - d) / v          -l'' = sum_k (v - V) / v^2
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nanglucso.engines.irt import Floats, Ints, likelihood

ALONE_SD = 2.0
LEAST_BEND = 1e-6
_Z, _W = np.polynomial.hermite_e.hermegauss(21)
_W = _W / _W.sum()


@dataclass(frozen=True)
class After:
    """One answer to a test item on a competence: item parameters and score 0 .. len(b)."""

    a: float
    b: tuple[float, ...]
    c: float
    score: int


@dataclass(frozen=True)
class Learner:
    """One person: for each competence the belief before (mean, variance) and the answers after.

    `earlier`: the answers before by themselves, which only the naive figure reads; empty = not known.
    """

    before: tuple[tuple[float, float], ...]
    answers: tuple[tuple[After, ...], ...]
    earlier: tuple[tuple[After, ...], ...] = ()


@dataclass(frozen=True, eq=False)
class Answers:
    """Packed answers of P persons on K competences, at most J each: a, c (P, K, J), b (P, K, J, S), score, live."""

    a: Floats
    b: Floats
    c: Floats
    score: Ints
    live: NDArray[np.bool_]

    @classmethod
    def pack(cls, rows: Sequence[Sequence[Sequence[After]]]) -> "Answers":
        """From rows[person][competence] = answers; missing places are not live."""
        flat = [(i, k, j, x) for i, one in enumerate(rows) for k, y in enumerate(one) for j, x in enumerate(y)]
        k_n = max((len(one) for one in rows), default=0)
        shape = (len(rows), k_n, max((j + 1 for _i, _k, j, _x in flat), default=0))
        steps = max((len(x.b) for *_at, x in flat), default=1)
        a, b, c = np.ones(shape), np.full((*shape, steps), np.inf), np.zeros(shape)
        score, live = np.zeros(shape, np.int64), np.zeros(shape, bool)
        for i, k, j, x in flat:
            a[i, k, j], c[i, k, j], score[i, k, j], live[i, k, j] = x.a, x.c, x.score, True
            b[i, k, j, : len(x.b)] = x.b
        return cls(a, b, c, score, live)

    def moments(self, mean: Floats, var: Floats) -> tuple[Floats, Floats]:
        """Mean and variance (P, K) of theta given the answers under N(mean, var), both (P, K)."""
        sd = np.sqrt(var)
        theta = mean[..., None] + sd[..., None] * _Z
        at = (slice(None), slice(None), slice(None), None)
        each = likelihood(theta[:, :, None, :], self.a[at], self.b[at], self.c[at], self.score[at])
        joint = np.where(self.live[at], each, 1.0).prod(2) * _W
        total = np.maximum(joint.sum(-1), 1e-300)
        shift = joint @ _Z / total
        return mean + sd * shift, var * np.maximum(joint @ (_Z * _Z) / total - shift**2, 0.01)


def news(answers: Answers, mean: Floats, var: Floats, change: Floats) -> tuple[Floats, Floats]:
    """Slope and bend (P,) of each person's log-likelihood at their change (P,); mean, var (P, K) are the belief before.

    A competence that was not asked says nothing. The bend stays above 0: an answer that may be guessed could turn it.
    """
    place = mean + change[:, None]
    after, left = answers.moments(place, var)
    asked = answers.live.any(2)
    slope = np.where(asked, (after - place) / var, 0.0).sum(1)
    return slope, np.maximum(np.where(asked, (var - left) / var**2, 0.0).sum(1), LEAST_BEND)


def alone(answers: Answers) -> Floats:
    """Ability (P, K) by these answers and nothing else, under a flat N(0, 2^2); NaN where nothing was asked."""
    shape = answers.live.shape[:2]
    mean, _var = answers.moments(np.zeros(shape), np.full(shape, ALONE_SD**2))
    return np.where(answers.live.any(2), mean, np.nan)


def naive_change(learners: Sequence[Learner]) -> float | None:
    """What a plain before-after says: mean difference of two tests read by themselves, None without two tests.

    It holds regression to the mean and whatever time did, and is shown only to be contradicted.
    """
    if not learners or not all(one.earlier for one in learners):
        return None
    later, earlier = (Answers.pack(rows) for rows in ([x.answers for x in learners], [x.earlier for x in learners]))
    told = alone(later) - alone(earlier)
    return None if np.isnan(told).all() else float(np.nanmean(told))


def shrunk_share(prior: float, measured: float, people: int, weight: float = 60.0) -> float:
    """Share of the missing way that a course closes: measured over `people`, shrunk to the catalogue's prior.

    The prior counts as `weight` people; the result stays within .02 .. .95.
    """
    share = (prior * weight + measured * people) / (weight + people)
    return float(min(0.95, max(0.02, share)))
