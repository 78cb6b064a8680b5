"""Calibration: item parameters, and where wanted the correlations of the competences, from sparse answers.

    result = calibrate(Answers(person, item, score), items)                    one competence
    result = calibrate(answers, items, Population.of(cov))                     K competences, covariance known
    result = calibrate(answers, items, Population.unknown(20))                 K competences, covariance estimated

Marginal maximum a posteriori: Bock & Aitkin 1981 in one dimension, EM with expectation propagation as its E-step in
K (Minka 2001). Priors make it usable from the first answers on; items with `fixed` are anchors and keep their values, so
that new items ride along on the scale of the old ones (online calibration, Stocking 1988). Deterministic: the same
answers in any order of rows give the same numbers.

Scale: logits, the reference population has mean 0 and variance 1 on each competence, no constant 1.7.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from nanglucso.engines.irt import Floats, Ints

MODELS = ("1pl", "2pl", "3pl", "grm", "gpcm")


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
    group: str = ""


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
        """Correlations to be estimated, variances 1. `domain` (K,): index of each competence's domain, if there is one."""
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
    max_steps: int = 60,
    tolerance: float = 1e-3,
    mapper: object | None = None,
) -> CalibrationResult:
    """Calibrate `items` on `answers`.

    tolerance: largest change of log a or of b (within |theta| < 3) in a step that counts as converged. mapper: None for this process, or
    `calibration_blocks.Processes(n)` / `calibration_blocks.Dask(client)`; the blocks of persons and so the numbers are
    the same. Raises BadCalibration (a ValueError with one sentence, and `where`) for answers or items that do not fit.
    """
    raise NotImplementedError
