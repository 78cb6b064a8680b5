"""Classical statistics of a fixed form, as Moodle's quiz report gives them.

Source: Moodle "Quiz statistics calculations" (after Tim Hunt and Jamie Pratt; classical test theory: Lord & Novick
1968). With x_p the score on question p of n people, X_p = T - x_p the rest of the test, T the total, bars means,
C covariance and V variance with divisor n - 1:

    facility = mean(x_p) / max_p                       discrimination index = C(x_p, X_p) / sqrt(V(x_p) V(X_p))
    sd = sqrt(V(x_p)) / max_p                          discriminative efficiency = C(x_p, X_p) / C_max(x_p, X_p)
    effective weight = sqrt(C(x_p, T)) / sum over questions of the same

C_max is the covariance after both columns have been sorted. All are shares, Moodle prints them times 100.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from nanglucso.engines.irt import Floats, Ints


@dataclass(frozen=True, eq=False)
class QuizStatistics:
    """Per question (J,): facility, sd, discrimination, efficiency, effective_weight; nan where undefined.

    Of the whole: mean, median, sd, skewness, kurtosis of the total as Moodle defines them (k-statistics), consistency
    (Cronbach's alpha, Moodle's CIC), error_ratio = sqrt(1 - alpha), standard_error = error_ratio x sd, in points.
    """

    facility: Floats
    sd: Floats
    discrimination: Floats
    efficiency: Floats
    effective_weight: Floats
    mean: float
    median: float
    total_sd: float
    skewness: float
    kurtosis: float
    consistency: float
    error_ratio: float
    standard_error: float


def quiz_statistics(scores: ArrayLike, most: ArrayLike) -> QuizStatistics:
    """Statistics of points (n people, J questions), with the greatest points (J,) of each question.

    Everybody has answered every question (no answer counts 0, as in Moodle). Raises ValueError for fewer than two
    people or points outside 0 .. most.
    """
    x, top = np.asarray(scores, float), np.asarray(most, float)
    if x.ndim != 2 or len(x) < 2 or x.shape[1:] != top.shape or not (top > 0).all():
        raise ValueError("quiz statistics need a table of two or more people and the greatest points of each question")
    if not np.isfinite(x).all() or (x < 0).any() or (x > top).any():
        raise ValueError("points must lie between 0 and the greatest points of their question")
    total = x.sum(1)
    rest = total[:, None] - x
    sorted_x, sorted_rest = np.sort(x, 0), np.sort(rest, 0)
    along = _covariance(x, rest)
    with np.errstate(invalid="ignore", divide="ignore"):
        discrimination = along / np.sqrt(x.var(0, ddof=1) * rest.var(0, ddof=1))
        efficiency = along / _covariance(sorted_x, sorted_rest)
        weight = np.sqrt(_covariance(x, total[:, None]))
        share = weight / np.nansum(weight)
    return QuizStatistics(
        x.mean(0) / top, x.std(0, ddof=1) / top, discrimination, efficiency, share, *_of_total(x, total)
    )


def _covariance(x: Floats, y: Floats) -> Floats:
    return np.asarray(((x - x.mean(0)) * (y - y.mean(0))).sum(0) / (len(x) - 1))


def _of_total(x: Floats, total: Floats) -> tuple[float, float, float, float, float, float, float, float]:
    """Mean, median, sd, skewness, kurtosis (k-statistics of Fisher 1930), alpha, error ratio, standard error."""
    n, j = len(total), x.shape[1]
    nan = float("nan")
    m2, m3, m4 = (float(((total - total.mean()) ** p).mean()) for p in (2, 3, 4))
    k2 = n * m2 / (n - 1)
    k3 = n * n * m3 / ((n - 1) * (n - 2)) if n > 2 else nan
    k4 = n * n * ((n + 1) * m4 - 3 * (n - 1) * m2 * m2) / ((n - 1) * (n - 2) * (n - 3)) if n > 3 else nan
    sd = k2**0.5
    alpha = j / (j - 1) * (1 - float(x.var(0, ddof=1).sum()) / k2) if j > 1 and k2 > 0 else nan
    error = (1 - alpha) ** 0.5 if alpha <= 1 else nan
    skew, kurt = (k3 / k2**1.5, k4 / k2**2) if k2 > 0 else (nan, nan)
    return float(total.mean()), float(np.median(total)), sd, skew, kurt, alpha, error, error * sd


@dataclass(frozen=True, eq=False)
class QuestionStatistics:
    """Per question (J,): n answers, facility, sd, discrimination, efficiency; nan where undefined."""

    n: Ints
    facility: Floats
    sd: Floats
    discrimination: Floats
    efficiency: Floats


def question_statistics(
    person: ArrayLike, question: ArrayLike, points: ArrayLike, most: ArrayLike
) -> QuestionStatistics:
    """The same of answers (A,) when people met different questions: `question` indexes most (J,), greatest points.

    The rest of the test is the share of points that the person earned on the other questions met. Where everybody met
    the same questions this is X_p divided by a number that is the same for all, so the figures equal Moodle's. Where a
    machine chose the questions by ability, facility and discrimination do not compare between questions. Answers of
    people who met one question only are left out of the last two. Raises ValueError for points outside 0 .. most.
    """
    who = np.unique(np.asarray(person), return_inverse=True)[1]
    at, x, top = np.asarray(question, np.int64), np.asarray(points, float), np.asarray(most, float)
    if x.size and ((x < 0).any() or (x > top[at]).any()):
        raise ValueError("points must lie between 0 and the greatest points of their question")
    earned, possible = np.bincount(who, x), np.bincount(who, top[at])
    left = possible[who] - top[at]
    with np.errstate(invalid="ignore", divide="ignore"):
        rest = np.where(left > 0, (earned[who] - x) / left, np.nan)
    rows = [_of_question(x[at == j] / top[j], rest[at == j]) for j in range(len(top))]
    facility, sd, discrimination, efficiency = np.array(rows, float).reshape(-1, 4).T
    return QuestionStatistics(np.bincount(at, minlength=len(top)), facility, sd, discrimination, efficiency)


def _of_question(x: Floats, rest: Floats) -> tuple[float, float, float, float]:
    nan, known = float("nan"), np.isfinite(rest)
    facility = float(x.mean()) if len(x) else nan
    sd = float(x.std(ddof=1)) if len(x) > 1 else nan
    a, b = x[known], rest[known]
    if len(a) < 2 or a.std() <= 0 or b.std() <= 0:
        return facility, sd, nan, nan
    along = float(_covariance(a[:, None], b[:, None])[0])
    most = float(_covariance(np.sort(a)[:, None], np.sort(b)[:, None])[0])
    spread = float(a.std(ddof=1) * b.std(ddof=1))
    return facility, sd, along / spread, along / most if most > 0 else nan
