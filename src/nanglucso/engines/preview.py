"""What a campaign will be like before it opens: sittings of made-up people, drawn from what is believed of the sitters.

Abilities are drawn from N(mean, cov), answers from the bank's own response functions, requirements from those of the
people invited; then the sittings are held as they will be held (`sittings.run`). So length, error and exposure are
what the model expects of itself: a bank whose parameters are still priors is previewed with those priors.
"""

from dataclasses import dataclass

import numpy as np

from nanglucso.engines import levels, sittings
from nanglucso.engines.irt import Floats, Ints
from nanglucso.engines.pool import Pool
from nanglucso.engines.selection import SittingRule

LENGTHS = (0.1, 0.5, 0.9)


@dataclass(frozen=True, eq=False)
class Population:
    """Who will sit: belief before the first item, mean (K,) and cov (K, K), and required levels (M, K), 0 .. L.

    Rows of `required` are the requirements of people (or positions, one row a person holding it); sitters of a preview
    take them in turn, so M may be smaller or larger than n.
    """

    mean: Floats
    cov: Floats
    required: Ints


@dataclass(frozen=True, eq=False)
class Preview:
    """Expected course of a campaign, from n made-up sitters.

    items, minutes: mean; items_range, minutes_range: 10th, 50th and 90th percentile. error (K,): root mean squared
    error of the final mean, logits; error_before (K,): the same without the sitting. decided: share of requirements
    that end met or not met for sure; right: share whose more probable side is the true one; decided_right: the same
    among the decided. exposure (J,): share of sitters who meet each item; asked_by (K,): mean number of items on each
    competence. ran_out: share of sittings that ended only because no item was left. Shares without a requirement: nan.
    """

    n: int
    items: float
    items_range: tuple[float, float, float]
    minutes: float
    minutes_range: tuple[float, float, float]
    error: Floats
    error_before: Floats
    decided: float
    right: float
    decided_right: float
    exposure: Floats
    asked_by: Floats
    ran_out: float

    @property
    def bank_used(self) -> float:
        """Share of the bank that at least one sitter meets."""
        return float((self.exposure > 0).mean())

    def over(self, cap: float) -> Ints:
        """Items (indices into the bank) met by more than the share `cap` of the sitters."""
        return np.flatnonzero(self.exposure > cap + 1e-9)


def preview(
    pool: Pool,
    rule: SittingRule,
    population: Population,
    n: int = 200,
    seed: int = 1,
    max_exposure: float | None = None,
) -> Preview:
    """Hold n made-up sittings. The same arguments give the same preview.

    Raises `sittings.CannotFill` (one sentence) when the bank cannot fill them, ValueError when nobody is invited.
    """
    if n < 1 or not len(population.required):
        raise ValueError("a preview needs at least one sitter and one row of required levels")
    rng = np.random.default_rng([seed, 3])
    required = population.required[np.arange(n) % len(population.required)]
    root = np.linalg.cholesky(population.cov)
    theta = population.mean + rng.standard_normal((n, len(population.mean))) @ root.T
    begin = sittings.Start(population.mean, population.cov, required)
    sat = sittings.run(pool, rule, begin, sittings.drawn(pool, theta, rng), seed, max_exposure)
    return _told(pool, rule, begin, sat, theta)


def _told(pool: Pool, rule: SittingRule, begin: sittings.Start, sat: sittings.Sat, theta: Floats) -> Preview:
    asked, bank, n = sat.administered >= 0, pool.bank, len(theta)
    length = asked.sum(1)
    minutes = np.where(asked, bank.minutes[sat.administered], 0.0).sum(1)
    need = begin.required > 0
    p = levels.p_met(sat.mean, sat.var, pool.cuts, begin.required)
    sure = levels.decided(p, begin.required, rule.sure)
    right = (p >= 0.5) == (theta >= levels.required_cut(pool.cuts, begin.required))
    ended = (length >= rule.max_items) | (rule.stop_decided & sure.all(1) & need.any(1))
    if rule.max_minutes is not None:
        ended |= minutes + bank.minutes.min() > rule.max_minutes + 1e-9
    met = np.bincount(bank.competence[sat.administered[asked]], minlength=len(begin.mean))
    return Preview(
        n=n,
        items=float(length.mean()),
        items_range=_spread(length),
        minutes=float(minutes.mean()),
        minutes_range=_spread(minutes),
        error=np.sqrt(np.square(sat.mean - theta).mean(0)),
        error_before=np.sqrt(np.square(begin.mean - theta).mean(0)),
        decided=_share(sure[need]),
        right=_share(right[need]),
        decided_right=_share(right[need & sure]),
        exposure=sat.counts / n,
        asked_by=met / n,
        ran_out=float(1 - ended.mean()),
    )


def _spread(values: Floats | Ints) -> tuple[float, float, float]:
    low, middle, high = np.quantile(values, LENGTHS).tolist()
    return low, middle, high


def _share(values: "np.ndarray[tuple[int, ...], np.dtype[np.bool_]]") -> float:
    return float(values.mean()) if values.size else float("nan")
