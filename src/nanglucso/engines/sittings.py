"""Many adaptive sittings side by side: for simulation, and for the exposure prices that a campaign opens with.

Persons come in blocks, in order of arrival; inside a block all are asked their next item together. Choosing is
`selection`, believing is `belief`: nothing here knows more than a single sitting at the answer door would.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from nanglucso.engines import levels, selection
from nanglucso.engines.belief import update_batch
from nanglucso.engines.irt import Floats, Ints, reach
from nanglucso.engines.pool import Pool
from nanglucso.engines.score import fold_table
from nanglucso.engines.selection import SittingRule

BLOCK = 256
Answers = Callable[[Ints, Ints], Ints]  # (rows, items) -> scores, called for items that have just been asked


class CannotFill(ValueError):
    """The bank cannot fill the sittings asked of it."""


@dataclass(frozen=True, eq=False)
class Sat:
    """N finished sittings: administered, scores (N, T) with -1 after the end; mean, var (N, K); counts (J,)."""

    administered: Ints
    scores: Ints
    mean: Floats
    var: Floats
    counts: Ints
    pricing_seconds: float
    choosing_seconds: float


@dataclass(frozen=True, eq=False)
class Start:
    """Where every sitter starts: mean (K,), cov (K, K), required (N, K) levels 0 .. L."""

    mean: Floats
    cov: Floats
    required: Ints

    def part(self, rows: slice | Ints) -> "Start":
        return replace(self, required=self.required[rows])


def run(
    pool: Pool, rule: SittingRule, begin: Start, answers: Answers, seed: int, max_exposure: float | None = None
) -> Sat:
    """Hold N sittings. max_exposure: no item reaches more than ceil(max_exposure N) persons, priced beforehand.

    Each log is folded again at the end, so the result does not depend on the order of the answers. Deterministic by
    seed. Raises CannotFill when the bank is too small for the length or the limit.
    """
    n = len(begin.required)
    limit = check_size(pool, rule, n, max_exposure)
    began = time.perf_counter()
    prices = None if max_exposure is None else shadow_prices(pool, rule, begin, max_exposure, seed)
    counts, items, scores = np.zeros(pool.bank.size, np.int64), [], []
    pricing, seconds = time.perf_counter() - began, 0.0
    for at in range(0, n, BLOCK):
        block = _Block(pool, rule, begin.part(slice(at, at + BLOCK)), np.random.default_rng([seed, 1, at]))
        block.hold(_arrived(answers, at), counts, limit, prices)
        items.append(block.items)
        scores.append(block.scores)
        seconds += block.seconds
    table, given = np.concatenate(items), np.concatenate(scores)
    mean, var = fold_table(begin.mean, begin.cov, pool.bank, table, np.maximum(given, 0))
    return Sat(table, given, mean, var, counts, pricing, seconds)


def _arrived(answers: Answers, at: int) -> Answers:
    """Answers of a block whose first person is row `at` of all."""
    return lambda rows, items: answers(rows + at, items)


def check_size(pool: Pool, rule: SittingRule, n: int, max_exposure: float | None) -> int | None:
    """The exposure limit in persons, None without one. Raises CannotFill with a sentence."""
    if rule.min_items > rule.max_items:
        raise CannotFill(f"the least number of items, {rule.min_items}, is above the greatest, {rule.max_items}")
    if rule.max_items > pool.families:
        raise CannotFill(f"{rule.max_items} items cannot be asked: the bank has only {pool.families} families of items")
    if max_exposure is None:
        return None
    limit = int(np.ceil(max_exposure * n - 1e-9))
    if rule.max_minutes is None and limit * pool.families < rule.max_items * n:
        raise CannotFill(
            f"an exposure of {max_exposure:g} is too little: {n} persons x {rule.max_items} items are more than "
            f"{pool.families} families x {limit} persons"
        )
    return limit


class _Block:
    """Persons of one block, from their first item to their last."""

    def __init__(self, pool: Pool, rule: SittingRule, begin: Start, rng: np.random.Generator) -> None:
        n = len(begin.required)
        self.pool, self.rule, self.need, self.rng = pool, rule, begin.required, rng
        self.mean, self.cov = np.tile(begin.mean, (n, 1)), np.tile(begin.cov, (n, 1, 1))
        self.seats = selection.start(pool, n)
        self.items = np.full((n, rule.max_items), -1)
        self.scores = np.full((n, rule.max_items), -1)
        self.seconds = 0.0

    def hold(self, answers: Answers, counts: Ints, limit: int | None, prices: Floats | None) -> None:
        """Ask until everybody has ended; `counts` is kept up to date in place."""
        going, bank = np.arange(len(self.items)), self.pool.bank
        for turn in range(self.rule.max_items):
            going = self._unfinished(going, turn)
            if not len(going):
                return
            began = time.perf_counter()
            slots = self._choose(going, counts, limit, prices)
            self.seconds += time.perf_counter() - began
            going, slots = going[slots >= 0], slots[slots >= 0]
            if not len(going):
                return
            j = self.pool.item_of[slots]
            y = answers(going, j)
            self.items[going, turn], self.scores[going, turn] = j, y
            self.seats.take(self.pool, going, j)
            moved = update_batch(
                self.mean[going], self.cov[going], bank.competence[j], bank.a[j], bank.b[j], bank.c[j], y
            )
            self.mean[going], self.cov[going] = moved

    def _unfinished(self, going: Ints, turn: int) -> Ints:
        rule = self.rule
        if not rule.stop_decided or turn < rule.min_items:
            return going
        need, var = self.need[going], np.diagonal(self.cov[going], axis1=1, axis2=2)
        sure = levels.decided(levels.p_met(self.mean[going], var, self.pool.cuts, need), need, rule.sure).all(1)
        return going[~(sure & (need > 0).any(1))]

    def _choose(self, going: Ints, counts: Ints, limit: int | None, prices: Floats | None) -> Ints:
        """Slots for `going`. Where more want an item than its limit leaves, lots decide and the others choose again."""
        need = self.need[going]
        value = selection.worth(self.pool, self.rule, self.mean[going], self.cov[going], need, self.seats, going)
        allowed = selection.candidates(self.pool, self.rule, self.seats, going, need)
        if prices is not None:
            value = value * selection.boost_of(self.pool, self.rule, prices, len(going), self.rng)
        if limit is None:
            slots = selection.pick(value, allowed)
            np.add.at(counts, self.pool.item_of[slots[slots >= 0]], 1)
            return slots
        slots, waiting = np.full(len(going), -1), self.rng.permutation(len(going))
        while len(waiting):
            allowed[:, :] &= counts[self.pool.item_of] < limit
            want = selection.pick(value[waiting], allowed[waiting])
            waiting, want = waiting[want >= 0], want[want >= 0]
            j = self.pool.item_of[want]
            order = np.argsort(j, kind="stable")
            rank = np.empty(len(j), np.int64)
            rank[order] = np.arange(len(j)) - np.searchsorted(j[order], j[order])
            served = rank < limit - counts[j]
            slots[waiting[served]] = want[served]
            np.add.at(counts, j[served], 1)
            waiting = waiting[~served]
        return slots


def shadow_prices(
    pool: Pool, rule: SittingRule, begin: Start, max_exposure: float, seed: int, rounds: int = 24, cohort: int = 96
) -> Floats:
    """Price of each item, (J,) on the log scale, that keeps its exposure under the limit without turning anyone away.

    Dual ascent on persons drawn from the model: price += step (exposure - .95 limit) / limit, never below 0.
    """
    rng = np.random.default_rng([seed, 2])
    root = np.linalg.cholesky(begin.cov)
    prices, kept = np.zeros(pool.bank.size), []
    for turn in range(rounds):
        rows = rng.integers(0, len(begin.required), cohort)
        theta = begin.mean + rng.standard_normal((cohort, len(begin.mean))) @ root.T
        counts = np.zeros(pool.bank.size, np.int64)
        _Block(pool, rule, begin.part(rows), rng).hold(drawn(pool, theta, rng), counts, None, prices)
        step = 0.25 / (1 + 3 * turn / rounds)
        prices = np.maximum(prices + step * (counts / cohort - 0.95 * max_exposure) / max_exposure, 0.0)
        if 2 * turn >= rounds:
            kept.append(prices)
    return np.asarray(np.mean(kept, axis=0))


def drawn(pool: Pool, theta: Floats, rng: np.random.Generator) -> Answers:
    """Answers of made-up persons with abilities theta (N, K) under the bank's own response functions."""

    def answer(rows: Ints, items: Ints) -> Ints:
        bank = pool.bank
        up = reach(theta[rows, bank.competence[items]], bank.a[items], bank.b[items], bank.c[items])
        return np.asarray((rng.random(len(rows))[:, None] < up).sum(1))

    return answer
