"""Year on year on one scale: how those who were measured twice have changed, and what leaving and entering did.

Only items that both years share carry the comparison, in both years with the parameters of the first, so that neither
a new bank nor a new calibration is read as a change of people: an error of a shared item's parameters stands on both
sides and cancels. Shared items that moved against the others are left out (`settled_items`); how much the others
scatter beyond their error is the error of the link (Monseur & Berezner 2007), part of every interval. Should all shared
items become easier together, no method can tell that from people who improved.

With p shares of the measured of a year, the change of the whole group falls into three parts that add up:

    mean_2 - mean_1 = (S_2 - S_1) + p_joined (J_2 - S_2) - p_left (L_1 - S_1)          S stayed, J joined, L left
"""

from dataclasses import dataclass, replace

import numpy as np
import scipy

from nanglucso.engines.calibration import Answers
from nanglucso.engines.irt import Floats, Ints, ItemBank
from nanglucso.engines.score import table_of
from nanglucso.engines.trend_items import Drift, drift_of
from nanglucso.engines.trend_means import Fit, Foretold, fit_group

ROUNDS = 3


class CannotCompare(ValueError):
    """Nothing can be said: `why` is "items" (too few shared), "answers" or "people" (too few)."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Rules:
    """Bounds below which nothing is said; drift in logits and standard errors; level of the intervals.

    `fewest_items`, `fewest_answers` (a year): of a competence; `most_people`: of a group that are looked at, drawn by
    lot; `fewest_centred`: shared items of a competence around whose median drift is told.
    """

    level: float
    fewest_items: int
    fewest_answers: int
    fewest_people: int
    most_people: int
    drift: float
    drift_z: float
    fewest_centred: int


@dataclass(frozen=True, eq=False)
class Group:
    """People of one year who belong together: how many there are, and the fit (None: too few)."""

    people: int
    fit: Fit | None


@dataclass(frozen=True)
class Told:
    """A difference in logits with its standard error."""

    value: float
    error: float
    times: float

    @property
    def low(self) -> float:
        return self.value - self.times * self.error

    @property
    def high(self) -> float:
        return self.value + self.times * self.error


@dataclass(frozen=True, eq=False)
class Trend:
    """kept (k,): competences compared; change (k,), error (k, k): of those who stayed, logits; link (k,) its part of
    the variance. drift: of every shared item; shares (K,), answers (2, K): shared items and answers to them."""

    kept: Ints
    change: Floats
    error: Floats
    link: Floats
    drift: Drift
    shares: Ints
    answers: Ints
    stayed: tuple[Group, Group]
    left: Group
    joined: Group
    rules: Rules

    def _told(self, value: float, variance: float) -> Told:
        times = float(scipy.special.ndtri(0.5 + self.rules.level / 2))
        return Told(float(value), float(np.sqrt(max(0.0, variance))), times)

    def mean_of(self, weights: Floats) -> Told:
        """Change of a weighted mean of the competences compared, weights (k,) that add up to 1."""
        return self._told(float(weights @ self.change), float(weights @ self.error @ weights))

    def parts(self, weights: Floats) -> tuple[Told | None, Told | None, Told | None]:
        """(entering, leaving, whole) of such a mean; None where a group is too small to speak of."""
        first, second = (one.fit for one in self.stayed)
        assert first
        assert second
        p_left, p_joined = (
            group.people / max(1, group.people + self.stayed[0].people) for group in (self.left, self.joined)
        )
        entering = self._aside(self.joined, second, p_joined, weights)
        leaving = self._aside(self.left, first, -p_left, weights)
        if (self.left.people and leaving is None) or (self.joined.people and entering is None):
            return entering, leaving, None
        own = (1 - p_joined) * second.influence - (1 - p_left) * first.influence
        variance = np.square(own @ weights).sum() + self.link @ weights**2
        for group, p in ((self.left, p_left), (self.joined, p_joined)):
            variance += p**2 * np.square(group.fit.influence @ weights).sum() if group.fit else 0.0
        value = float(weights @ self.change) + sum(one.value for one in (entering, leaving) if one)
        return entering, leaving, self._told(value, float(variance))

    def _aside(self, group: Group, stayed: Fit, share: float, weights: Floats) -> Told | None:
        if group.fit is None:
            return None
        variance = sum(np.square(fit.influence @ weights).sum() for fit in (group.fit, stayed))
        return self._told(share * float(weights @ (group.fit.mean - stayed.mean)), float(share**2 * variance))


def compare(
    bank: ItemBank, first: Answers, second: Answers, cov: Floats, rules: Rules, seed: int = 0,
    sizes: tuple[int, int, int] | None = None,
) -> Trend:  # fmt: skip
    """The trend from answers to shared items: bank (J items) with the first year's parameters, items of both years'
    answers index into it; cov (K, K) of abilities within a group. Raises CannotCompare.

    `sizes`: how many stayed, left and joined in truth, where the answers are those of people drawn by lot.
    """
    shares, answers = _counts(bank, first, second, len(cov))
    kept = np.flatnonzero((shares >= rules.fewest_items) & (answers.min(0) >= rules.fewest_answers))
    if not len(kept):
        raise CannotCompare("items" if (shares < rules.fewest_items).all() else "answers")
    own = replace(bank, competence=np.searchsorted(kept, bank.competence).clip(max=len(kept) - 1))
    usable = np.isin(bank.competence, kept)
    years = [_Year.of(own, one, usable) for one in (first, second)]
    stayed, left, joined = _people(years[0].people, years[1].people)
    counts = sizes or (len(stayed), len(left), len(joined))
    if len(stayed) < rules.fewest_people:
        raise CannotCompare("people")
    rng = np.random.default_rng(seed)
    chosen = [_some(group, rules.most_people, rng) for group in (stayed, left, joined)]
    within = cov[np.ix_(kept, kept)]
    live: np.ndarray = usable
    drift: Drift | None = None
    for _ in range(ROUNDS):
        sides = [
            [_fitted(year, own, live, group, within, rules) for group in groups]
            for year, groups in ((years[0], chosen[:2]), (years[1], chosen[::2]))
        ]
        drift = drift_of(own, live, [_pieces(side) for side in sides], rules, drift)
        if not (drift.moved & live).any():
            break
        live = live & ~drift.moved
    assert drift
    (s1, gone), (s2, new) = ([one.fit for one in side] for side in sides)
    assert s1
    assert s2
    both, link = s2.influence - s1.influence, drift.link_variance(own.competence, live, len(kept))
    return Trend(
        kept, s2.mean - s1.mean, both.T @ both + np.diag(link), link, drift, shares, answers,
        (Group(counts[0], s1), Group(counts[0], s2)), Group(counts[1], gone), Group(counts[2], new), rules,
    )  # fmt: skip


def _counts(bank: ItemBank, first: Answers, second: Answers, k: int) -> tuple[Ints, Ints]:
    """Items answered in both years (K,) and answers to them in each (2, K)."""
    times = np.stack([np.bincount(np.asarray(one.item, np.int64), minlength=bank.size) for one in (first, second)])
    both = (times > 0).all(0)
    shares = np.bincount(bank.competence[both], minlength=k)
    answers = np.stack([np.bincount(bank.competence, row * both, minlength=k) for row in times])
    return shares, answers.astype(np.int64)


@dataclass(frozen=True, eq=False)
class _Year:
    """People (P,) ascending with their answers as a table (P, T), -1 = none."""

    people: Ints
    items: Ints
    scores: Ints

    @classmethod
    def of(cls, bank: ItemBank, told: Answers, usable: np.ndarray) -> "_Year":
        person, item, score = (np.asarray(one, np.int64) for one in (told.person, told.item, told.score))
        on = usable[item]
        items, scores = table_of(person[on], item[on], score[on])
        return cls(np.unique(person[on]), items, scores)


@dataclass(frozen=True, eq=False)
class _Fitted:
    """A group's fit with the answers it rests on: items and scores (N, T), -1 = none, and what was foretold of them."""

    fit: Fit | None
    items: Ints
    scores: Ints
    foretold: Foretold | None


def _people(first: Ints, second: Ints) -> tuple[Ints, Ints, Ints]:
    stayed = np.intersect1d(first, second)
    return stayed, np.setdiff1d(first, stayed), np.setdiff1d(second, stayed)


def _some(people: Ints, most: int, rng: np.random.Generator) -> Ints:
    return people if len(people) <= most else np.sort(rng.choice(people, most, replace=False))


def _fitted(
    year: _Year, bank: ItemBank, live: np.ndarray, people: Ints, cov: Floats, rules: Rules
) -> _Fitted:  # fmt: skip
    rows = np.searchsorted(year.people, people)
    items, scores = year.items[rows], year.scores[rows]
    items = np.where((items >= 0) & live[items], items, -1)
    if len(people) < rules.fewest_people:
        return _Fitted(None, items, scores, None)
    fit, told = fit_group(bank, items, scores, cov)
    return _Fitted(fit, items, scores, told)


def _pieces(side: list[_Fitted]) -> list[tuple[Ints, Ints, Foretold]]:
    return [(one.items, one.scores, one.foretold) for one in side if one.foretold is not None]
