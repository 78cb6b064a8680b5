"""Classes of a course, courses of a programme: how far they really differ, and what each is worth once that is known.

    y_i = mu + u_i + e_i,        u_i ~ N(0, tau^2),  e_i ~ N(0, se_i^2)

tau^2 after Paule & Mandel 1982 (sum of (y - mu)^2 / (se^2 + tau^2) = n - 1, an iterated method of moments that needs
no normality), pulled by `expected` (variance, weight in classes) because three classes say next to nothing of a
spread. The mean's interval after Hartung & Knapp 2001 with n - 1 degrees of freedom, never narrower than the plain
one. Each class is drawn to the mean by its own error (empirical Bayes, Efron & Morris 1975; Morris 1983), with the
error of the mean and of tau^2 in its interval, so that a class of five cannot head a ranking by luck alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy

from nanglucso.engines.irt import Floats, Ints

LARGEST = 25.0
HALVINGS = 40


@dataclass(frozen=True, eq=False)
class Pooled:
    """Mean effect over n units; `tau`: spread between them; `shrunk`, `error` (n,): each one after pooling.

    `alike`: the units by themselves differ no more than their errors let them.
    """

    n: int
    mean: float
    standard_error: float
    tau: float
    freedom: float
    shrunk: Floats
    error: Floats
    level: float = 0.9
    alike: bool = True

    def _times(self, freedom: float) -> float:
        return float(scipy.special.stdtrit(freedom, 0.5 + self.level / 2))

    @property
    def low(self) -> float:
        """Lower end of the interval of the mean."""
        return self.mean - self._times(self.freedom) * self.standard_error

    @property
    def high(self) -> float:
        return self.mean + self._times(self.freedom) * self.standard_error

    @property
    def lows(self) -> Floats:
        """(n,) lower ends of the intervals of the pooled units."""
        return self.shrunk - self._times(1e6) * self.error

    @property
    def highs(self) -> Floats:
        return self.shrunk + self._times(1e6) * self.error


@dataclass(frozen=True)
class Expected:
    """What is expected of a spread before it is seen: its variance, and how many classes that counts for."""

    variance: float = 0.0
    weight: float = 0.0


def pooled(
    effects: Sequence[float] | Floats, errors: Sequence[float] | Floats, level: float = 0.9,
    expected: Expected | None = None,
) -> Pooled:  # fmt: skip
    """Effects (n,) with standard errors (n,), all above 0. Raises ValueError when there is nothing to pool."""
    y, var = np.asarray(effects, float), np.asarray(errors, float) ** 2
    n = len(y)
    if not n:
        raise ValueError("there is no effect to pool")
    prior = expected or Expected()
    own, seen = _spread([(y, var)]), n - 1
    tau2 = (own * seen + prior.variance * prior.weight) / max(seen + prior.weight, 1e-9)
    w = 1 / (var + tau2)
    mean = float((w * y).sum() / w.sum())
    plain = float(1 / w.sum())
    hartung = float((w * (y - mean) ** 2).sum() / (seen + prior.weight) / w.sum()) if seen else 0.0
    share = tau2 / (var + tau2)
    # Morris 1983: the share itself is estimated; its variance falls with the number of units.
    unsure = 2 * (1 - share) ** 2 / max(seen + prior.weight, 1.0) * (y - mean) ** 2
    inside = share * var + (1 - share) ** 2 * plain + unsure * (tau2 > 0)
    freedom = float(max(1.0, seen + prior.weight)) if n > 1 or prior.weight else 1e6
    return Pooled(
        n, mean, float(np.sqrt(max(plain, hartung))), float(np.sqrt(tau2)), freedom,
        share * y + (1 - share) * mean, np.sqrt(inside), level, own == 0.0,
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class Programme:
    """Courses of a programme: each course over its classes, and the courses together; `classes` run as they came in.

    `shrunk` (n,) of every class: drawn to its course, the course drawn to the programme: what a ranking may go by.
    """

    courses: list[Pooled]
    whole: Pooled
    shrunk: Floats
    spread: float


def programme(
    course: Sequence[int] | Ints, effects: Sequence[float] | Floats, errors: Sequence[float] | Floats,
    level: float = 0.9, expected: Expected | None = None,
) -> Programme:  # fmt: skip
    """course (n,) index 0 .. C-1 of each class's course, every course with a class. Raises ValueError when empty.

    The spread between classes is first read over all courses together; a course's own classes then only move it.
    """
    of, y, var = np.asarray(course), np.asarray(effects, float), np.asarray(errors, float) ** 2
    if not len(y):
        raise ValueError("there is no effect to pool")
    rows = [np.flatnonzero(of == c) for c in range(int(of.max()) + 1)]
    prior, seen = expected or Expected(), len(y) - len(rows)
    common = _spread([(y[at], var[at]) for at in rows])
    spread = (common * seen + prior.variance * prior.weight) / max(seen + prior.weight, 1e-9)
    know = Expected(spread, seen + prior.weight)
    courses = [pooled(y[at], np.sqrt(var[at]), level, know) for at in rows]
    whole = pooled([one.mean for one in courses], [one.standard_error for one in courses], level)
    drawn = np.empty(len(y))
    for at, one, mean in zip(rows, courses, whole.shrunk, strict=True):
        share = one.tau**2 / (var[at] + one.tau**2) if one.tau else np.zeros(len(at))
        drawn[at] = share * y[at] + (1 - share) * mean
    return Programme(courses, whole, drawn, float(np.sqrt(spread)))


def _spread(groups: Sequence[tuple[Floats, Floats]]) -> float:
    """tau^2 of Paule & Mandel by halving over groups (effects, variances), each with its own mean; 0 at least."""

    def excess(tau2: float) -> float:
        total = 0.0
        for y, var in groups:
            w = 1 / (var + tau2)
            total += float((w * (y - (w * y).sum() / w.sum()) ** 2).sum()) - (len(y) - 1)
        return total

    if excess(0.0) <= 0:
        return 0.0
    low, high = 0.0, LARGEST
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if excess(middle) > 0 else (low, middle)
    return (low + high) / 2
