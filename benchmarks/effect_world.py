"""Made-up years of classes whose true effects are known, for `benchmarks/effect.py` and the tests of the estimator."""

from dataclasses import dataclass

import numpy as np

from nanglucso.engines import belief, irt
from nanglucso.engines.effect import After, Answers, Learner, alone

K, BEFORE, AFTER = 2, 5, 5
BETWEEN = 0.65  # correlation of the two competences
SMALL = 8


@dataclass(frozen=True)
class Setting:
    """A world. sd's are in logits; `offset`, `spread`: how wrong the prior of the people is (mean, sd ratio)."""

    courses: int = 6
    course_mean: float = 0.4
    course_sd: float = 0.25
    class_sd: float = 0.15
    trend: float = 0.2
    growth: float = 0.15
    own_gain: float = 0.2
    offset: float = 0.2
    spread: float = 0.15


@dataclass(frozen=True, eq=False)
class Class:
    """One class: its course, true effect, its people and the comparison group."""

    course: int
    truth: float
    trained: list[Learner]
    others: list[Learner]


@dataclass(frozen=True, eq=False)
class Year:
    """True course effects (mean of the distribution that the classes come from) and the classes."""

    courses: np.ndarray
    classes: list[Class]


def answers(theta: np.ndarray, each: int, rng: np.random.Generator) -> Answers:
    """Answers (P, K, each) of people theta (P, K), drawn from the product's own response model: 2PL and 3PL items."""
    shape = (*theta.shape, each)
    a, b = rng.lognormal(0.15, 0.25, shape), rng.normal(-0.2, 1.0, shape)
    c = np.where(rng.random(shape) < 0.5, 0.2, 0.0)
    p = irt.likelihood(theta[..., None], a, b[..., None], c, np.ones(shape, np.int64))
    return Answers(a, b[..., None], c, (rng.random(shape) < p).astype(np.int64), np.ones(shape, bool))


def believed(told: Answers) -> tuple[np.ndarray, np.ndarray]:
    """Beliefs after the first test, mean and variance (P, K), by the product's update from its standard prior."""
    n = len(told.a)
    mean, cov = np.zeros((n, K)), np.tile(np.where(np.eye(K) > 0, 1.0, BETWEEN), (n, 1, 1))
    for j in range(told.a.shape[2]):
        for k in range(K):
            at = (slice(None), k, j)
            mean, cov = belief.update_batch(
                mean, cov, np.full(n, k), told.a[at], told.b[at], told.c[at], told.score[at]
            )
    return mean, np.diagonal(cov, axis1=1, axis2=2).copy()


def rows(told: Answers, i: int) -> tuple[tuple[After, ...], ...]:
    """One person's answers as the engine takes them."""
    return tuple(
        tuple(
            After(
                float(told.a[i, k, j]), (float(told.b[i, k, j, 0]),), float(told.c[i, k, j]), int(told.score[i, k, j])
            )
            for j in range(told.a.shape[2])
        )
        for k in range(K)
    )


def _sizes(rng: np.random.Generator) -> list[int]:
    """4 to 7 classes of 4 to 40 people, as many small as large ones."""
    return [round(float(np.exp(rng.uniform(np.log(3.5), np.log(40.5))))) for _ in range(rng.integers(4, 8))]


def year(setting: Setting, rng: np.random.Generator) -> Year:
    """The weak by their measured level go to class, everybody moves with the time, the class adds its effect."""
    means = rng.normal(setting.course_mean, setting.course_sd, setting.courses)
    offset, spread = rng.normal(0, setting.offset), np.exp(rng.normal(0, setting.spread))
    made: list[Class] = []
    for course, mean in enumerate(means):
        made += _course(setting, course, float(mean), (float(offset), float(spread)), rng)
    return Year(means, made)


def _course(
    setting: Setting, course: int, mean: float, misfit: tuple[float, float], rng: np.random.Generator
) -> list[Class]:
    sizes = _sizes(rng)
    sizes = [min(40, max(4, n)) for n in sizes]
    n = 4 * sum(sizes)
    root = np.linalg.cholesky(np.where(np.eye(K) > 0, 1.0, BETWEEN))
    theta = misfit[0] + misfit[1] * rng.normal(size=(n, K)) @ root.T
    first = answers(theta, BEFORE, rng)
    m, v = believed(first)
    # The measured level by itself, not the belief, sends people to class: the noisiest selection there is.
    order = np.argsort(alone(first).mean(1) + rng.normal(0, 0.3, n))
    chosen, left = rng.permutation(order[: sum(sizes)]), order[sum(sizes) :]
    of = np.full(n, -1)
    of[chosen] = np.repeat(np.arange(len(sizes)), sizes)
    truth = rng.normal(mean, setting.class_sd, len(sizes))
    change = setting.trend + rng.normal(0, setting.growth, n)
    change += np.where(of >= 0, truth[of] + rng.normal(0, setting.own_gain, n), 0.0)
    again = answers(theta + change[:, None], AFTER, rng)
    made, level = [], m.mean(1)
    for i, size in enumerate(sizes):
        mine = np.flatnonzero(of == i)
        beside = _matched(level, mine, left, max(12, size))
        left = np.setdiff1d(left, beside)
        learners = [[_learner(m, v, first, again, p) for p in group] for group in (mine, beside)]
        made.append(Class(course, float(truth[i]), *learners))
    return made


def _matched(level: np.ndarray, mine: np.ndarray, free: np.ndarray, size: int) -> list[int]:
    """People not yet trained nearest to the class by their belief, one to one, round after round."""
    pool, taken = list(free), []
    while len(taken) < size:
        for one in mine[: size - len(taken)]:
            taken.append(pool.pop(int(np.argmin(np.abs(level[pool] - level[one])))))
    return taken


def _learner(m: np.ndarray, v: np.ndarray, first: Answers, again: Answers, p: int) -> Learner:
    return Learner(tuple(zip(m[p].tolist(), v[p].tolist(), strict=True)), rows(again, p), rows(first, p))
