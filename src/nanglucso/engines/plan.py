"""The annual plan: prices, a first plan by priced surplus, then seats assigned all at once and classes exchanged.

``solve`` hands out a plan that keeps R1-R15 whatever happens, the coverage R16-R18 when it can be had, a proven upper
bound and the value of money.  Nothing depends on the clock but where the work stops: with a limit that is large enough
the same instance, seed and threads give the same plan.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from nanglucso.engines import bound as bounds
from nanglucso.engines import warm
from nanglucso.engines.assign import Assigner
from nanglucso.engines.bound import Crowd, Market, Prices
from nanglucso.engines.build import Builder, lanes
from nanglucso.engines.chains import Chains
from nanglucso.engines.check import check
from nanglucso.engines.coverage import Coverage
from nanglucso.engines.families import families
from nanglucso.engines.improve import Improver, Measure
from nanglucso.engines.instance import Floats, Instance, Ints
from nanglucso.engines.seating import Seating
from nanglucso.engines.wishes import Wishes

SAMPLE = 3000  # people on whom prices are searched
CHUNK = 2000  # people whose seats are assigned in one problem
FLOORS = (-0.1, -0.6)  # surplus per priced cost down to which classes are opened, round by round
SEARCH = 0.3  # share of the time that the first search for prices may take
SMALL, TINY = 2500, 800  # people up to which several first plans are built, and many
WORTHWHILE = 5e-4  # rise of what the classes promise, as a share, from which seats are assigned once more
ROUNDS = 6  # of exchanging seats and opening classes, at most
CONTEST = (0.5, 0.6, 0.8, 0.7, 0.5, 0.6, 0.8)  # cautions of the further first plans
ASSIGN = 120.0  # seconds for one such problem, far more than it takes on a machine that is not overloaded
RESERVE = 0.3  # seconds kept for closing the books
TICK = 2.0  # seconds between plans reported while the first one grows

OnIncumbent = Callable[[float, float, float], None]
OnPlan = Callable[[Ints, Ints], None]
ShouldStop = Callable[[], bool]


@dataclass(frozen=True, eq=False)
class Result:
    """A plan: classes (m, 6) course, form, venue, start, lecturer, source; seats (k, 2) person, class.

    ``status`` is "ok", "infeasible" (some coverage entry is short, see ``reasons``) or "stopped" (should_stop said so).
    """

    classes: Ints
    seats: Ints
    objective: float
    bound: float
    gap: float
    seconds: float
    shadow_price: float
    reasons: list[dict[str, Any]]
    status: str


@dataclass(frozen=True, eq=False)
class WhatIf:
    """A plan near an old one under another budget, and how far it is from the old one."""

    result: Result
    change: float
    classes_added: int
    classes_removed: int
    people_moved: int


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
        warm.ready()
        self.x, self.seed, self.threads = x, seed, threads
        self.begin = time.monotonic()
        self.end = self.begin + max(time_limit - RESERVE - 2e-5 * x.n, 0.05)
        self.should_stop, self.on_incumbent, self.on_plan = should_stop, on_incumbent, on_plan
        self.stopped = False
        self.rng = np.random.default_rng(seed)
        empty = (np.zeros((0, 6), np.int64), np.zeros((0, 2), np.int64))
        self.kept: list[tuple[Ints, Ints]] = [empty]
        self.best: Measure | None = None
        self.bound_all = float(x.worth.sum())  # proven without mandatory entries
        self.bound_met = np.inf  # proven for plans that meet the mandatory entries
        self.last_tick = self.begin
        self._set_up()

    def _set_up(self) -> None:
        x = self.x
        self.fams = families(x)
        options = [fam.options for fam in self.fams]
        self.market = Market(x, np.sort(np.concatenate(options)) if options else np.zeros(0, np.int64))
        self.crowd = Crowd.of(x, self.fams, self.market, self.threads)
        self.ways = lanes(self.market)
        self.prices = bounds.start_prices(x, self.fams)
        self.shadow = self.prices
        many = min(SAMPLE, x.n)
        self.people = np.random.default_rng(self.seed).permutation(x.n)[:many]
        self.clear()

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

    # ---- stages --------------------------------------------------------------------------------------------------

    def price(self, steps: int, first: float, share: float = 1.0) -> None:
        """Search prices on a sample, for at most ``share`` of the time, and prove the bound at the best over all."""
        if not self.ways:
            self.bound_all = self.bound_met = 0.0
            return
        args = (self.x, self.crowd, self.market)
        until, people = self.begin + share * (self.end - self.begin), np.sort(self.people)
        late = lambda: self.stop() or time.monotonic() > until  # noqa: E731
        _, found = bounds.search(*args, people, self.shadow, steps=steps, first=first, stop=late)
        # A sample overrates how scarce the obliged are: a lower offer to them may prove more.
        best = np.inf
        for share in (1.0, 0.75) if found.mandatory.any() else (1.0,):
            trial = replace(found, mandatory=found.mandatory * share)
            proven = bounds.prove(*args, trial, self.stop)
            if proven < best:
                best, self.shadow = proven, trial
        self.bound_met = min(self.bound_met, best)
        if found.mandatory.any():
            free = replace(found, mandatory=np.zeros_like(found.mandatory))
            self.bound_all = min(self.bound_all, bounds.prove(*args, free, self.stop))
        else:
            self.bound_all = min(self.bound_all, self.bound_met)

    def equip(self, prices: Prices) -> None:
        """Wishes, builder and improver at these prices."""
        self.prices = prices
        self.wishes = Wishes(self.seating, self.crowd, self.market, self.prices)
        self.coverage.weight = self._weight()
        self.builder = Builder(self.seating, self.market, self.wishes, self.coverage)
        self.builder.tick = self.tick
        self.improver = Improver(self.builder, self.ways, self.rng)
        self.assigner = Assigner(self.seating, self.coverage, threads=self.threads, seed=self.seed)
        self.wishes.refresh(np.arange(self.x.n), self.stop)

    def _weight(self) -> float:
        """What a missing seat counts in scores: well above what a seat costs."""
        at = np.nonzero(self.x.offered)
        mean = float(self.x.seat_cost[at].mean()) if len(at[0]) else 1.0
        return 20.0 * max(mean, 0.05) * max(bounds.shadow_price(self.x, self.prices), 1e-3)

    def construct(self) -> None:
        """Mandatory courses, then classes in falling surplus per cost, then seats exchanged one by one."""
        self.builder.oblige(self.ways, self.stop)
        for floor in FLOORS:
            self.builder.run(self.ways, floor, self.stop)
        self.improver.fill_all(self.stop)
        self.keep()
        self.repair(40)
        self.chain()

    def chain(self) -> None:
        """Exchange seats until it brings next to nothing; classes that became worth it are opened in between."""
        for _ in range(ROUNDS):
            if self.stop():
                return
            before = self.seating.objective
            Chains(self.seating, self.coverage, self.prices, self.rng).run(self.stop, 3, self.keep)
            self.wishes.refresh(np.arange(self.x.n), self.stop)
            self.improver.fill_all(self.stop)
            self.builder.run(self.ways, FLOORS[-1], self.stop)
            self.keep()
            if self.seating.objective < before * (1 + WORTHWHILE):
                return

    def contest(self, cautions: tuple[float, ...]) -> float:
        """Further first plans, built with other caution; stay with the one whose classes promise most.

        Returns what the classes promised before.
        """
        people = np.arange(self.x.n)
        start = self.assigner.value(people, self.left(), self.stop)[0]
        best, plan = (-self.coverage.shortfall(), start), self.seating.plan()
        for i, caution in enumerate(cautions):
            if self.stop():
                break
            self.clear()
            self.equip(self._shaken(i))
            self.builder.caution = caution
            self.construct()
            if self.stop():
                break
            now = (-self.coverage.shortfall(), self.assigner.value(people, self.left(), self.stop)[0])
            if now > best:
                best, plan = now, self.seating.plan()
        self.clear()
        self.seating.load(*plan)
        self.equip(self.shadow)
        return start

    def _shaken(self, turn: int) -> Prices:
        """The prices found; from the third turn on each source's a little other, so that other classes come first."""
        p = self.shadow
        noise = np.exp(0.1 * self.rng.normal(size=len(p.source))) if turn >= 2 else np.ones(len(p.source))
        return Prices(0.0, (p.money + p.source) * noise, p.lecturer, p.venue, p.mandatory)

    def repair(self, tries: int) -> None:
        """When coverage is short: open, fill and exchange with what helps it counted extra."""
        b, im = self.builder, self.improver
        for turn in range(tries):
            b.bonus = self.coverage.bonus()
            if b.bonus is None or self.stop():
                break
            if turn % 10 == 0:
                b.run(self.ways, -0.9, self.stop)
                im.fill_all(self.stop)
                im.reseat_all(self.stop)
            else:
                im.rebuild(1 + turn % 3, self.stop)
        b.bonus = None
        self.keep()

    def assign(self) -> bool:
        """Assign the seats of people chunk by chunk; returns whether anything became better."""
        better = False
        order = self._order()
        for at in range(0, len(order), CHUNK):
            if self.stop():
                break
            better |= self._assign(order[at : at + CHUNK] if len(order) > 1.25 * CHUNK else order)
            if len(order) <= 1.25 * CHUNK:
                break
        return better

    def _order(self) -> Ints:
        """People by area, in random order inside it, so that a chunk shares its classes."""
        shuffle = self.rng.permutation(self.x.n)
        return shuffle[np.argsort(self.x.area[shuffle], kind="stable")]

    def _assign(self, people: Ints) -> bool:
        s, im = self.seating, self.improver
        before, mark = im.measure(), s.mark()
        done = self.assigner.assign(people, min(self.left(), ASSIGN), self.stop)
        if done:
            for number in im.lean_classes():
                im.fill(number)
            for number in im.lean_classes():
                im.remove(number)
        if not done or not im.measure().beats(before):
            s.rollback(mark)
            return False
        self.wishes.refresh(s.touched(mark), self.stop)
        im.fill_all(self.stop)
        self.keep()
        return True

    def exchange(self, turns: int) -> float:
        """Close a few classes and open others, judged by what the best seating of all classes could bring: returned."""
        im, people = self.improver, np.arange(self.x.n)
        value, worth = self.assigner.value(people, self.left(), self.stop)
        for turn in range(turns):
            if self.stop() or not self.seating.classes:
                break
            short, mark = self.coverage.shortfall(), self.seating.mark()
            price = self._class_prices()
            im.shake(im.victims(1 + turn % 3, (worth - price) / np.maximum(price, 1e-9)), self.stop)
            new, new_worth = self.assigner.value(people, self.left(), self.stop)
            if self.coverage.shortfall() <= short and new > value * (1 + 1e-5):
                value, worth = new, new_worth
                self.keep()
            else:
                im.undo(mark)
        self.builder.bonus = None
        return value

    def _class_prices(self) -> Floats:
        """Priced cost of each open class."""
        cash = self.prices.money + self.prices.source
        return np.array([max(k.cost * cash[k.source], 1e-9) for k in self.seating.classes.values()])

    def result(self) -> Result:
        """The best plan, judged by the checker; an earlier one if the checker should refuse it."""
        for classes, seats in reversed(self.kept):
            verdict = check(self.x, classes, seats, limit=1)
            if verdict["valid_placing"]:
                break
        objective = float(verdict["objective"])
        judge = Seating(self.x)
        judge.load(classes, seats)
        reasons = Coverage(judge, 1.0).reasons(hurried=self.stop())
        bound = max(min(self.bound_all, self.bound_met if not reasons else np.inf), objective)
        gap = (bound - objective) / bound if bound > 0 else 0.0
        status = "stopped" if self.stopped else ("infeasible" if reasons else "ok")
        seconds = time.monotonic() - self.begin
        shadow = bounds.shadow_price(self.x, self.shadow) if self.ways else 0.0
        return Result(classes, seats, objective, bound, gap, seconds, shadow, reasons, status)


def solve(
    instance: Instance,
    *,
    time_limit: float,
    seed: int,
    threads: int = 1,
    on_incumbent: OnIncumbent | None = None,
    should_stop: ShouldStop | None = None,
    on_plan: OnPlan | None = None,
) -> Result:
    """The best plan found in ``time_limit`` seconds.

    on_incumbent(seconds, objective, bound) and on_plan(classes, seats) are called for every better plan;
    should_stop() is asked many times a second and ends the run with the best plan so far.
    """
    run = Run(
        instance,
        time_limit=time_limit,
        seed=seed,
        threads=threads,
        on_incumbent=on_incumbent,
        should_stop=should_stop,
        on_plan=on_plan,
    )
    run.price(25, 0.5, SEARCH)
    run.equip(run.shadow)
    if run.ways and not run.stop():
        improve(run)
    return run.result()


def improve(run: Run) -> None:
    """The stages of a run; small years get more tries, as each costs less."""
    n = run.x.n
    run.construct()
    if n <= SMALL and not run.stop():
        run.shadow = bounds.start_prices(run.x, run.fams)
        run.price(40, 0.3)
        run.clear()
        run.equip(run.shadow)
        run.construct()
    run.assign()
    run.repair(40)
    run.price(30, 0.15)
    if n <= SMALL:
        before = run.contest(CONTEST if n <= TINY else CONTEST[:2])
        after = run.exchange(40 if n <= TINY else 4)
        if after > before * (1 + WORTHWHILE):
            run.assign()
            run.repair(20)
    elif run.assign():
        run.repair(20)
    run.price(30, 0.07)
