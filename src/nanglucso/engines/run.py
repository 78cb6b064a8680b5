"""One solving run: the clock, the prices and their proven bound, the calendar, and the best plan so far."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np

from nanglucso.engines import bound as bounds
from nanglucso.engines import master
from nanglucso.engines.assign import Assigner
from nanglucso.engines.blocks import Blocks
from nanglucso.engines.build import Builder, lanes
from nanglucso.engines.check import check
from nanglucso.engines.coverage import Coverage
from nanglucso.engines.families import families
from nanglucso.engines.improve import Improver, Measure
from nanglucso.engines.instance import Instance, Ints
from nanglucso.engines.market import Crowd, Market, Prices
from nanglucso.engines.outcome import Proven, Result
from nanglucso.engines.seating import Seating
from nanglucso.engines.wishes import Wishes

SAMPLE = 3000  # people on whom prices are searched
RESERVE = 0.3  # seconds kept for closing the books
FEW = 300  # full classes for the money, up to which prices come from the master problem
TICK = 2.0  # seconds between plans reported while the first one grows

OnIncumbent = Callable[[float, float, float], None]
OnPlan = Callable[[Ints, Ints], None]
ShouldStop = Callable[[], bool]


class Run:
    """One solving run: clock, prices, calendar, and the best plan so far."""

    def __init__(
        self,
        x: Instance,
        *,
        time_limit: float,
        seed: int,
        threads: int,
        on_incumbent: OnIncumbent | None,
        should_stop: ShouldStop | None,
        on_plan: OnPlan | None,
    ) -> None:
        self.x, self.seed, self.threads = x, seed, threads
        self.begin = time.monotonic()
        self.end = self.begin + max(time_limit - RESERVE - 1e-5 * x.n, 0.05)
        self.should_stop, self.on_incumbent, self.on_plan = should_stop, on_incumbent, on_plan
        self.stopped = False
        self.built = False  # whether a first plan was built to its end
        self.rng = np.random.default_rng(seed)
        empty = (np.zeros((0, 6), np.int64), np.zeros((0, 2), np.int64))
        self.kept: list[tuple[Ints, Ints]] = [empty]
        self.best: Measure | None = None
        self.bound_all = float(x.worth.sum())  # proven without mandatory entries
        self.bound_met = np.inf  # proven for plans that meet the mandatory entries
        self.proven: bounds.Proof | None = None  # at the prices of `proof`, for plans that meet the mandatory entries
        self.last_tick = self.begin
        self.unit_price = np.zeros(len(x.size))  # (U,) objective that a person owed to R17 is paid for
        self._set_up()
        self.demand = np.zeros((len(self.market.options), self.market.kinds))  # seats asked at the prices found

    def _set_up(self) -> None:
        x = self.x
        self.fams = families(x)
        options = [fam.options for fam in self.fams]
        self.market = Market(x, np.sort(np.concatenate(options)) if options else np.zeros(0, np.int64))
        self.crowd = Crowd.of(x, self.fams, self.market, self.threads)
        self.ways = lanes(self.market)
        self.prices = bounds.start_prices(x, self.fams)
        self.shadow = self.proof = self.prices  # now found, and those of the best bound
        many = min(SAMPLE, x.n)
        self.people = np.random.default_rng(self.seed).permutation(x.n)[:many]
        self.clear()

    @cached_property
    def few(self) -> bool:
        """Whether the money is for few classes."""
        return master.classes_for_the_money(self.x, self.market) <= FEW

    def clear(self) -> None:
        """An empty calendar."""
        self.seating = Seating(self.x)
        self.coverage = Coverage(self.seating, 1.0)

    # ---- clock and books ---------------------------------------------------------------------------------------

    def stop(self) -> bool:
        """Whether to end: somebody asked, or the time is over."""
        if not self.stopped and self.should_stop is not None and self.should_stop():
            self.stopped = True
        return self.stopped or time.monotonic() >= self.end

    def cancelled(self) -> bool:
        """Whether somebody asked to end; time does not count."""
        return self.should_stop is not None and self.should_stop()

    def allow(self, seconds: float) -> None:
        """Leave at least so much time from now on."""
        self.end = max(self.end, time.monotonic() + seconds)

    def left(self) -> float:
        """Seconds left."""
        return max(self.end - time.monotonic(), 0.0)

    def bound(self) -> float:
        """The bound that holds for the best plan."""
        met = self.best is not None and self.best.short == 0
        return min(self.bound_all, self.bound_met) if met else self.bound_all

    def keep(self) -> None:
        """Remember the calendar as the best plan when it is, and say so."""
        now = self.improver.measure()
        if self.best is not None and not now.beats(self.best):
            return
        self.best = now
        self.kept = [*self.kept[-2:], self.seating.plan()]
        if self.on_plan is not None:
            self.on_plan(*self.kept[-1])
        if self.on_incumbent is not None:
            self.on_incumbent(time.monotonic() - self.begin, now.objective, self.bound())

    def tick(self) -> None:
        """Now and then, report the plan that is still growing."""
        if time.monotonic() - self.last_tick > TICK:
            self.keep()
            self.last_tick = time.monotonic()

    def load(self, classes: Ints, seats: Ints) -> list[int]:
        """Write a lawful plan into the empty calendar; coverage is counted once, at the end. Numbers of its classes."""
        self.seating.watch = lambda people, sign: None
        numbers = self.seating.load(classes, seats)
        self.coverage.follow()
        return numbers

    # ---- stages --------------------------------------------------------------------------------------------------

    def price(self, steps: int, first: float, share: float = 1.0, *, quick: bool = False) -> None:
        """Search prices on a sample, for at most ``share`` of the time, and prove the bound at the best over all.

        ``quick`` proves once, whatever the time: where coverage turns out short, only a worse bound is there.
        """
        if not self.ways:
            self.bound_all = self.bound_met = 0.0
            return
        args = (self.x, self.crowd, self.market)
        until, people = self.begin + share * (self.end - self.begin), np.sort(self.people)
        late = lambda: self.stop() or time.monotonic() > until  # noqa: E731
        _, found = bounds.search(*args, people, self.shadow, steps=steps, first=first, stop=late)
        # A sample overrates how scarce the obliged are: a lower offer to them may prove more.
        best, made = np.inf, None
        for share in (1.0, 0.75) if found.mandatory.any() and not quick else (1.0,):
            trial = replace(found, mandatory=found.mandatory * share)
            proof = bounds.prove(*args, trial, self.cancelled if quick else self.stop, covered=True)
            if proof.value < best:
                best, made, self.shadow, self.unit_price, self.demand = (
                    proof.value, proof, trial, proof.unit, proof.demand
                )  # fmt: skip
        if best < self.bound_met:
            self.bound_met, self.proof, self.proven = best, self.shadow, made
        if quick:
            return
        free = replace(found, mandatory=np.zeros_like(found.mandatory))
        self.bound_all = min(self.bound_all, bounds.prove(*args, free, self.stop, covered=False).value)
        self.bound_met = min(self.bound_met, self.bound_all)

    def recall(self, known: Proven) -> bool:
        """Take the bound at `shadow` from an earlier run of the same year; False when it cannot be taken from it."""
        x, asked = self.x, (len(self.market.options), len(self.market.patterns) * self.market.kinds)
        same = known.year == x.year and np.array_equal(known.prices, bounds.as_row(self.shadow))
        if not (self.ways and same and known.demand.shape == asked) or ((x.amount > 0) & ~known.funded).any():
            return False
        value = known.people + bounds.on_offer(self.market, self.shadow)
        self.proof, self.proven = self.shadow, bounds.Proof(value, known.people, known.unit, known.demand)
        self.bound_met, self.unit_price, self.demand = value, known.unit, known.demand
        return True

    def price_by_units(self, steps: int) -> None:
        """Search prices by the master problem; they are taken when they prove a lower bound."""
        args = (self.x, self.crowd, self.market)
        blocks = Blocks(*args)
        found = master.search(self.x, self.market, blocks, self.shadow, steps=steps, stop=self.stop)
        if found is None:
            return
        proof = bounds.prove(*args, found, self.stop, covered=True)
        if proof.value < self.bound_met:
            self.bound_met, self.proof, self.shadow, self.proven = proof.value, found, found, proof
            self.unit_price, self.demand = proof.unit, proof.demand
        free = replace(found, mandatory=np.zeros_like(found.mandatory))
        self.bound_all = min(self.bound_all, bounds.prove(*args, free, self.stop, covered=False).value)
        self.bound_met = min(self.bound_met, self.bound_all)

    def price_free(self, steps: int, first: float) -> None:
        """When coverage is short: search prices for the year without it, and prove what bound they give."""
        args = (self.x, self.crowd, self.market)
        start = replace(self.shadow, mandatory=np.zeros_like(self.shadow.mandatory))
        people = np.sort(self.people)
        _, found = bounds.search(*args, people, start, steps=steps, first=first, stop=self.stop, covered=False)
        self.bound_all = min(self.bound_all, bounds.prove(*args, found, self.stop, covered=False).value)
        self.bound_met = min(self.bound_met, self.bound_all)

    def equip(self, prices: Prices, *, quick: bool = False) -> None:
        """Wishes, builder and improver at these prices; ``quick`` knows no wishes but those of people touched later."""
        self.prices = prices
        self.wishes = Wishes(self.seating, self.crowd, self.market, self.prices)
        self.coverage.weight = self._weight()
        self.builder = Builder(self.seating, self.market, self.wishes, self.coverage)
        self.builder.tick = self.tick
        self.builder.unit_price = self.unit_price
        self.improver = Improver(self.builder, self.ways, self.rng)
        self.assigner = Assigner(self.seating, self.coverage, threads=self.threads, seed=self.seed)
        if quick:
            return
        self.wishes.refresh(np.arange(self.x.n), self.stop)
        if self.few and not self.seating.classes:
            self.assigner.fit = self.wishes.fit(self.unit_price)

    def _weight(self) -> float:
        """What a missing seat counts in scores: well above what a seat costs."""
        at = np.nonzero(self.x.offered)
        mean = float(self.x.seat_cost[at].mean()) if len(at[0]) else 1.0
        return 20.0 * max(mean, 0.05) * max(bounds.shadow_price(self.x, self.prices), 1e-3)

    def _reasons(self, classes: Ints, seats: Ints) -> list[dict[str, Any]]:
        judge = Seating(self.x)
        judge.load(classes, seats)
        return Coverage(judge, 1.0).reasons(hurried=self.stop())

    def result(self) -> Result:
        """The best plan, judged by the checker; an earlier one if the checker should refuse it."""
        for classes, seats in reversed(self.kept):
            verdict = check(self.x, classes, seats, limit=1)
            if verdict["valid_placing"]:
                break
        objective = float(verdict["objective"])
        reasons = [] if verdict["valid"] else self._reasons(classes, seats)
        bound = max(min(self.bound_all, self.bound_met if not reasons else np.inf), objective)
        gap = (bound - objective) / bound if bound > 0 else 0.0
        unbegun = bool(reasons) and not len(classes) and bool(self.ways) and not self.built  # shows nothing
        status = "stopped" if self.stopped or unbegun else ("infeasible" if reasons else "ok")
        seconds = time.monotonic() - self.begin
        shadow = bounds.shadow_price(self.x, self.shadow) if self.ways else 0.0
        prices = bounds.as_row(self.proof).tolist()
        return Result(classes, seats, objective, bound, gap, seconds, shadow, reasons, status, prices, self._proven())

    def _proven(self) -> Proven | None:
        made = self.proven
        if made is None or not np.isfinite(made.people):
            return None
        prices = bounds.as_row(self.proof)
        return Proven(self.x.year, prices, self.x.amount > 0, made.people, made.unit, made.demand)
