"""Calibration: item parameters, and where wanted the correlations of the competences, from sparse answers.

    result = calibrate(Answers(person, item, score), items)                    one competence
    result = calibrate(answers, items, Population.of(cov))                     K competences, covariance known
    result = calibrate(answers, items, Population.unknown(20))                 K competences, covariance estimated

Marginal maximum a posteriori: Bock & Aitkin 1981 in one dimension, EM with expectation propagation as its E-step in
K (Minka 2001). Priors make it usable from the first answers on; items with `fixed` are anchors and keep their values,
so that new items ride along on the scale of the old ones (online calibration, Stocking 1988). Deterministic: the same
answers in any order of rows give the same numbers.

Scale: logits, the reference population has mean 0 and variance 1 on each competence, no constant 1.7.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from nanglucso.engines import calibration_marginal as marginal
from nanglucso.engines.calibration_blocks import Local, Mapper, make_blocks
from nanglucso.engines.calibration_covariance import reestimated
from nanglucso.engines.calibration_items import Packed, facility_start, pack, unpack
from nanglucso.engines.calibration_joint_fit import Course, fit_joint
from nanglucso.engines.calibration_marginal import Fitted, grid_for
from nanglucso.engines.irt import Floats, Ints

MODELS = ("1pl", "2pl", "3pl", "grm", "gpcm")


class BadCalibration(ValueError):
    """Answers or items that do not fit. `field` and `index` say where: row of `answers`, or index of the item."""

    def __init__(self, field: str, index: int, reason: str) -> None:
        super().__init__(f"{field} {index}: {reason}")
        self.field, self.index, self.reason = field, index, reason


@dataclass(frozen=True, eq=False)
class Answers:
    """M answers in long format: person (M,) any whole codes, item (M,) index 0 .. J-1, score (M,) 0 .. steps."""

    person: ArrayLike
    item: ArrayLike
    score: ArrayLike


@dataclass(frozen=True)
class ItemSpec:
    """What is known of one item before the answers: its model, and priors that are also the start.

    log a ~ N(log a, sd_log_a^2), each b_s ~ N(b_s, sd_b^2), logit c ~ N(logit c, sd_logit_c^2) for model 3pl.
    `a`, `b`, `c` are kept as they are when `fixed`. `steps` = len(b) = highest score. 1pl: a is not estimated.
    `irt.item_prior` makes a, b, c from an expert's level.
    """

    b: tuple[float, ...]
    competence: int = 0
    model: str = "2pl"
    a: float = 1.1
    c: float = 0.0
    sd_log_a: float = 0.3
    sd_b: float = 0.6
    sd_logit_c: float = 0.36
    fixed: bool = False


@dataclass(frozen=True, eq=False)
class Population:
    """Normal population of the K competences: mean (K,), cov (K, K); `estimate` = the covariance is to be found."""

    mean: Floats
    cov: Floats
    estimate: bool = False
    domain: tuple[int, ...] = field(default=())

    @classmethod
    def of(cls, cov: ArrayLike, mean: ArrayLike | None = None) -> "Population":
        v = np.atleast_2d(np.asarray(cov, float))
        return cls(np.zeros(len(v)) if mean is None else np.asarray(mean, float), v)

    @classmethod
    def unknown(cls, competences: int, domain: Sequence[int] = ()) -> "Population":
        """Correlations to be estimated, variances 1. `domain` (K,): index of each competence's domain, if any."""
        return cls(np.zeros(competences), np.eye(competences), True, tuple(domain))


@dataclass(frozen=True, eq=False)
class CalibrationResult:
    """Parameters of J items in the order given, with standard errors on the scale of the parameter.

    a, c, se_a, se_c (J,); b, se_b (J, S), +inf / nan where an item has fewer steps; se is 0 for what was held fixed and
    nan when errors were not asked for; n (J,) answers. loglik: log-likelihood of the answers (in K dimensions its
    expectation-propagation approximation), without the priors. cov (K, K): known or estimated.
    """

    a: Floats
    b: Floats
    c: Floats
    se_a: Floats
    se_b: Floats
    se_c: Floats
    n: Ints
    mean: Floats
    cov: Floats
    loglik: float
    iterations: int
    converged: bool


def calibrate(
    answers: Answers,
    items: Sequence[ItemSpec],
    population: Population | None = None,
    *,
    errors: bool = True,
    adaptive: bool = False,
    max_steps: int = 60,
    tolerance: float = 0.05,
    mapper: Mapper | None = None,
) -> CalibrationResult:
    """Calibrate `items` on `answers`.

    adaptive: the choice of items depended on earlier answers, so an unknown covariance must not start from moments.
    tolerance: converged when no item moves by more than this share of its standard error. mapper: None for this
    process, or `calibration_blocks.Processes(n)` / `calibration_blocks.Dask(client)`: the same blocks of persons, so
    the same numbers. Raises BadCalibration for answers or items that do not fit.
    """
    who = Population.of(np.eye(1)) if population is None else population
    _check_items(items, len(who.mean))
    packed = pack(items)
    person, item, score = _sorted(answers, packed)
    c_n, k_n = packed.categories, len(who.mean)
    column = item * c_n + score
    counts = np.bincount(column, minlength=len(items) * c_n).reshape(-1, c_n)
    x = facility_start(packed, counts.astype(float))
    competence = packed.competence[item]
    blocks = make_blocks(person, column, competence, k_n, len(items) * c_n)
    grid = grid_for(int(np.bincount(person * k_n + competence).max()))
    place = Local() if mapper is None else mapper
    if k_n == 1:
        sd = float(np.sqrt(who.cov[0, 0]))
        fitted = marginal.fit(
            packed,
            x,
            blocks,
            place,
            float(who.mean[0]),
            sd,
            grid,
            errors=errors,
            max_steps=max_steps,
            tolerance=tolerance,
        )
    else:
        course = Course(packed, place, blocks, x, who.mean, who.cov, grid, who.domain)
        fitted = fit_joint(
            course,
            estimate=who.estimate,
            moments=who.estimate and not adaptive,
            errors=errors,
            max_steps=max_steps,
            tolerance=tolerance,
        )
    return _result(packed, fitted, counts.sum(1))


def reestimate_population(
    answers: Answers,
    items: Sequence[ItemSpec],
    population: Population,
    *,
    weight: float = 100.0,
    steps: int = 60,
    tolerance: float = 1e-3,
    mapper: Mapper | None = None,
) -> Population:
    """Mean and covariance after a campaign, all items held, the old ones counted as `weight` persons.

    At most `steps` E-steps; it ends where no element moves by more than `tolerance` in one. Adaptive answers are
    ignorable under the likelihood, so this is right for adaptive sittings. Raises BadCalibration.
    """
    _check_items(items, len(population.mean))
    packed = pack(items)
    person, item, score = _sorted(answers, packed)
    c_n, k_n = packed.categories, len(population.mean)
    competence = packed.competence[item]
    blocks = make_blocks(person, item * c_n + score, competence, k_n, len(items) * c_n)
    grid = grid_for(int(np.bincount(person * k_n + competence).max()))
    place = Local() if mapper is None else mapper
    mean, cov, _ = reestimated(
        packed, packed.start, blocks, place, population.mean, population.cov, grid, weight, steps, tolerance
    )
    return Population(mean, cov, False, population.domain)


def _check_items(items: Sequence[ItemSpec], k_n: int) -> None:
    if not items:
        raise BadCalibration("item", 0, "there is no item")
    for j, item in enumerate(items):
        b = np.asarray(item.b, float)
        numbers = [item.a, item.c, item.sd_log_a, item.sd_b, item.sd_logit_c, *b]
        faults = (
            (item.model not in MODELS, f"model {item.model!r} is not one of {', '.join(MODELS)}"),
            (not 0 <= item.competence < k_n, f"competence {item.competence} is not one of 0 .. {k_n - 1}"),
            (not len(b) or not np.isfinite(numbers).all(), "a, b, c and their spreads must be numbers"),
            (min(item.a, item.sd_log_a, item.sd_b, item.sd_logit_c) <= 0, "a and the spreads must be above 0"),
            (item.model in MODELS[:3] and len(b) > 1, f"an item of model {item.model} has one step"),
            (item.model == "grm" and bool((np.diff(b) <= 0).any()), "the steps b must ascend"),
            (not 0 <= item.c < 1, "c must be at least 0 and below 1"),
            (item.model == "3pl" and not item.fixed and item.c == 0, "the prior c of a 3pl item must be above 0"),
            (len(b) > 1 and item.c > 0, "an item of several steps has no c"),
        )
        for wrong, reason in faults:
            if wrong:
                raise BadCalibration("item", j, reason)


def _sorted(answers: Answers, packed: Packed) -> tuple[Ints, Ints, Ints]:
    """person as codes 0 .. N-1, item, score, sorted by (person, item): the order of rows has no say."""
    who, item, score = (np.asarray(v) for v in (answers.person, answers.item, answers.score))
    if not (who.ndim == 1 and who.shape == item.shape == score.shape and len(who)):
        raise BadCalibration("answers", 0, "person, item and score must be of one length, and not empty")
    outside = np.flatnonzero((item < 0) | (item >= len(packed.start)))
    if len(outside):
        raise BadCalibration("answers", int(outside[0]), f"item {item[outside[0]]} does not exist")
    top = packed.live.sum(1)
    wrong = np.flatnonzero((score < 0) | (score > top[item]))
    if len(wrong):
        at = int(wrong[0])
        raise BadCalibration("answers", at, f"score {score[at]} is outside 0 .. {top[item[at]]}")
    codes = np.unique(who, return_inverse=True)[1]
    order = np.lexsort((score, item, codes))
    return codes[order], item[order].astype(np.int64), score[order].astype(np.int64)


def _result(packed: Packed, fitted: Fitted, n: Ints) -> CalibrationResult:
    """Parameters and errors on their own scale: se(a) = a se(log a), se(c) = c (1 - c) se(logit c)."""
    a, b, c = unpack(packed, fitted.x)
    if fitted.error is None:
        se = np.where(packed.free, np.nan, 0.0)
    else:
        se = np.where(packed.free, np.sqrt(np.diagonal(fitted.error, axis1=1, axis2=2)), 0.0)
    se_b = np.where(packed.live, se[:, 1:-1], np.nan)
    return CalibrationResult(
        a,
        b,
        c,
        a * se[:, 0],
        se_b,
        c * (1 - c) * se[:, -1],
        n,
        fitted.mean,
        fitted.cov,
        fitted.loglik,
        fitted.iterations,
        fitted.converged,
    )
