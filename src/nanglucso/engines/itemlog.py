"""A log of answers of many people, and what all OTHER answers of a person predict for each of them.

For every answer the belief without it (the cavity of expectation propagation) is kept: N(place, spread^2) on the
item's competence. Item statistics built on it need no correction for the item having helped to place the person.
The prior mean of a person follows from groups and period (latent regression, Mislevy 1984): a real difference between
groups is then ability, not a fault of items (impact, Dorans & Holland 1993).
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from nanglucso.engines.belief import Settled, Sites, settle
from nanglucso.engines.irt import Floats, Ints, ItemBank
from nanglucso.engines.score import sites_of

CHUNK = 1024
Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class AnswerLog:
    """M answers of N persons: person, item, score (M,), period (M,) (all 0 where none is known).

    groups: for each attribute its name, its level names and the level of each person (N,), -1 = not known.
    """

    person: Ints
    item: Ints
    score: Ints
    period: Ints
    persons: int
    groups: tuple[tuple[str, tuple[str, ...], Ints], ...] = ()

    def table(self) -> tuple[Ints, Ints]:
        """Row (M,) and place (M,) of every answer in a person-by-turn table."""
        order = np.argsort(self.person, kind="stable")
        count = np.bincount(self.person, minlength=self.persons)
        place = np.empty(len(order), np.int64)
        place[order] = np.arange(len(order)) - (np.cumsum(count) - count)[self.person[order]]
        return self.person, place

    def design(self) -> Floats:
        """Columns (N, P) of the latent regression: 1, groups centred, period centred."""
        columns = [np.ones(self.persons)]
        for _, levels, code in self.groups:
            columns += [
                np.where(code < 0, 0.0, (code == x) - (code[code >= 0] == x).mean()) for x in _free(levels, code)
            ]
        met = np.maximum(np.bincount(self.person, minlength=self.persons), 1)
        mean_period = np.bincount(self.person, self.period, self.persons) / met
        if np.ptp(self.period):
            columns.append(mean_period - mean_period.mean())
        return np.stack(columns, 1)


def _free(levels: tuple[str, ...], code: Ints) -> list[int]:
    """Levels that have people, without the first of them."""
    return [x for x in range(len(levels)) if (code == x).any()][1:]


@dataclass(frozen=True, eq=False)
class Placed:
    """For every answer, what the person's other answers say on its competence: place, spread (M,) in logits."""

    place: Floats
    spread: Floats


@dataclass(eq=False)
class Folder:
    """Folds a log again and again under changing item parameters; sites and regression are carried along."""

    log: AnswerLog
    mean: Floats
    cov: Floats
    beta: Floats = field(init=False)
    kept: list[Settled] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.design = self.log.design()
        self.beta = np.zeros((self.design.shape[1], len(self.mean)))
        self.beta[0] = self.mean

    def fold(self, bank: ItemBank, trusted: Bools, sweeps: int, regress: int = 6) -> Placed:
        """Place every answer by the person's other answers to `trusted` items (J,). Untrusted items place nobody."""
        row, place = self.log.table()
        shape = (self.log.persons, int(place.max()) + 1)
        items, scores = np.full(shape, -1), np.zeros(shape, np.int64)
        items[row, place], scores[row, place] = self.log.item, self.log.score
        settled, parts = [], [slice(i, i + CHUNK) for i in range(0, self.log.persons, CHUNK)]
        sites = [_sites(bank, len(self.mean), items[p], scores[p], trusted) for p in parts]
        for i, part in enumerate(parts):
            begin = self.kept[i] if self.kept else None
            settled.append(settle(self.design[part] @ self.beta, self.cov[None], sites[i], sweeps, begin))
        self.kept = settled
        self._regress(sites, parts, regress)
        return self._cavities(sites, parts, row, place)

    def _regress(self, sites: list[Sites], parts: list[slice], steps: int) -> None:
        """EM for the regression with the sites held: posterior means under the present mean, then least squares."""
        inverse, pull = np.linalg.inv(self.cov).astype(np.float64), np.linalg.pinv(self.design)
        for _ in range(steps):
            prior = self.design @ self.beta
            means = [_posterior(inverse, prior[p], s, k)[0] for p, s, k in zip(parts, sites, self.kept, strict=True)]
            self.beta = np.asarray(pull @ np.concatenate(means), float)

    def _cavities(self, sites: list[Sites], parts: list[slice], row: Ints, place: Ints) -> Placed:
        inverse, prior = np.linalg.inv(self.cov).astype(np.float64), self.design @ self.beta
        centre, spread = [], []
        for part, site, kept in zip(parts, sites, self.kept, strict=True):
            m, v = _posterior(inverse, prior[part], site, kept)
            h = site.direction
            var = np.maximum(((h @ v) * h).sum(-1), 1e-12)
            rest = np.maximum(1 / var - kept.tau, 1e-3)
            centre.append(((h @ m[..., None])[..., 0] / var - kept.nu) / rest)
            spread.append(np.sqrt(1 / rest))
        return Placed(np.concatenate(centre)[row, place], np.concatenate(spread)[row, place])


def _sites(bank: ItemBank, competences: int, items: Ints, scores: Ints, trusted: Bools) -> Sites:
    site = sites_of(bank, competences, items, scores)
    return Sites(site.direction, site.a, site.b, site.c, site.score, site.live & trusted[np.maximum(items, 0)])


def _posterior(inverse: Floats, prior: Floats, site: Sites, kept: Settled) -> tuple[Floats, Floats]:
    """Mean (N, K) and covariance (N, K, K) from prior means and Gaussian sites on single competences."""
    h = site.direction
    ht = np.swapaxes(h, 1, 2)
    v = np.linalg.inv(inverse + (ht * kept.tau[:, None]) @ h).astype(np.float64)
    pull = (inverse @ prior[..., None])[..., 0] + (ht @ kept.nu[..., None])[..., 0]
    return (v @ pull[..., None])[..., 0], v
