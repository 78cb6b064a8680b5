"""The fold of a log, for any order of its rows: one person's ledger, or a long list of everybody's answers."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from nanglucso.engines.belief import (
    SWEEPS,
    Belief,
    ClassEffect,
    Evidence,
    Rules,
    Sites,
    apply,
    content,
    fade,
    refine,
)
from nanglucso.engines.irt import Floats, Ints, ItemBank

CHUNK = 512
DAYS_A_YEAR = 365.25


def refold(prior: Belief, log: Iterable[Evidence], rules: Rules, until: float | None = None) -> Belief:
    """The belief after a whole log, the same for any order of its rows; `until` (days) fades it to that day.

    Rows are put in order of time. What was measured on one day counts together, in no order, except that a class
    effect stands between what came before and after it; a row at the same moment as a class counts after it.
    Raises ValueError for a row outside its range.
    """
    rows = sorted(log, key=lambda row: (row.at, not isinstance(row, ClassEffect), content(row)))
    belief, day = prior, None
    for today, group in _groups(rows):
        belief = fade(belief, prior, 0.0 if day is None else (today - day) / DAYS_A_YEAR, rules.fade)
        belief, day = apply(belief, group, rules), today
    if until is not None and day is not None:
        belief = fade(belief, prior, (np.floor(until) - day) / DAYS_A_YEAR, rules.fade)
    return belief


def _groups(rows: list[Evidence]) -> Iterator[tuple[float, list[Evidence]]]:
    """Runs of one day, cut after each class effect that follows a measurement."""
    stage, last = 0, False
    keys: list[tuple[float, int]] = []
    for row in rows:
        is_class = isinstance(row, ClassEffect)
        stage += is_class and not last
        last = is_class
        keys.append((float(np.floor(row.at)), stage))
    for (day, _), run in groupby(zip(keys, rows, strict=True), key=lambda pair: pair[0]):
        yield day, [row for _, row in run]


# ---------------------------------------------------------------- everybody's answers


@dataclass(frozen=True, eq=False)
class Profiles:
    """Belief of P persons: person (P,) ascending codes, mean (P, K), var (P, K)."""

    person: Ints
    mean: Floats
    var: Floats


def sites_of(bank: ItemBank, competences: int, items: Ints, scores: Ints) -> Sites:
    """Sites of N persons from items (N, T), -1 where there is none, and their scores (N, T)."""
    live = items >= 0
    j = np.where(live, items, 0)
    n, t = items.shape
    direction = np.zeros((n, t, competences))
    np.put_along_axis(direction, bank.competence[j][..., None], live[..., None].astype(float), 2)
    return Sites(direction, bank.a[j], bank.b[j], bank.c[j], np.where(live, scores, 0), live)


def fold_table(
    mean: Floats, cov: Floats, bank: ItemBank, items: Ints, scores: Ints, sweeps: int = SWEEPS
) -> tuple[Floats, Floats]:
    """Fold a table of answers, one row a person; mean (K,), cov (K, K) is everybody's prior. Returns (N, K) twice.

    items (N, T) indexes the bank, -1 = no answer. Second result: marginal variances. Answers of a row are put in the
    order of the bank first, so that their order has no say at all.
    """
    k = len(mean)
    means, variances = np.empty((len(items), k)), np.empty((len(items), k))
    order = np.lexsort((scores, items), axis=1)
    items, scores = np.take_along_axis(items, order, 1), np.take_along_axis(scores, order, 1)
    for start in range(0, len(items), CHUNK):
        part = slice(start, start + CHUNK)
        n = len(items[part])
        sites = sites_of(bank, k, items[part], scores[part])
        m, v = refine(np.broadcast_to(mean, (n, k)), cov[None], sites, sweeps)
        means[part], variances[part] = m, np.diagonal(v, axis1=1, axis2=2)
    return means, variances


def fold_answers(mean: Floats, cov: Floats, bank: ItemBank, person: Ints, item: Ints, score: Ints) -> Profiles:
    """Fold M answers: person (M,) any codes, item (M,) index into the bank, score (M,). Order of rows is irrelevant."""
    people = np.unique(person)
    items, scores = table_of(person, item, score)
    means, variances = fold_table(mean, cov, bank, items, scores)
    return Profiles(people, means, variances)


def table_of(person: Ints, item: Ints, score: Ints) -> tuple[Ints, Ints]:
    """Items and scores (P, T) of M answers, one row a person in ascending order of code, -1 where there is none."""
    people, row, count = np.unique(person, return_inverse=True, return_counts=True)
    order = np.lexsort((score, item, row))
    row = row[order]
    place = np.arange(len(row)) - (np.cumsum(count) - count)[row]
    shape = (len(people), int(count.max()) if len(count) else 0)
    items, scores = np.full(shape, -1, np.int64), np.zeros(shape, np.int64)
    items[row, place], scores[row, place] = item[order], score[order]
    return items, scores
