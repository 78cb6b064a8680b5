"""Prices by the master problem: which mixture of the units' answers the classes, the money and the lecturers can carry.

Where money buys few classes and coverage asks for most of it, prices found step by step stay far from the best: whether
a unit's owed people sit in one course or another turns on small differences.  The master problem (Dantzig and Wolfe
1960) takes all answers that units have given so far, lets each unit mix its own, and finds the best mixture by a linear
problem over numbers of classes; its duals are the next prices.  Prices are only proposed here: what bound they prove is
found by `bound.prove` from the prices alone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from nanglucso.engines.blocks import Asked, Blocks
from nanglucso.engines.bound import as_row
from nanglucso.engines.instance import Floats, Instance, Ints
from nanglucso.engines.linear import INF, Problem, solve
from nanglucso.engines.market import Market, Prices, lecturer_year
from nanglucso.engines.respond import Stop

MISSING = 20.0  # dearest prices of a seat that somebody missing from coverage costs in the master problem
SPREAD = (1.0, 0.6, 0.8, 1.3)  # the prices to begin with, as multiples of those known
HALFWAY = 0.5  # share of the way from the best prices to the master's that the next ones go (Wentges 1997)
CLOSE = 5e-4  # distance of bound and master, as a share, at which the search ends
SECONDS = 20.0  # for one master problem, far more than it takes


@dataclass(frozen=True, eq=False)
class Kinds:
    """Every kind of class that the master may hold: option row, source, area (the row of no room last)."""

    row: Ints
    source: Ints
    size: Floats  # seats
    fixed: Floats  # million đồng of a class without lecturer and seats
    seat: Floats  # (k, kinds of people) million đồng of a seat, inf where one cannot come or be paid

    @staticmethod
    def of(x: Instance, market: Market) -> Kinds:
        """At the greatest size and the least rent of each area, so that no class is dearer here than it is."""
        types, more = x.source_type.shape[1], 1 + x.management
        area = np.r_[x.venue_area, len(x.trip)]
        found = []
        for row in range(len(market.options)):
            own = x.seat_cost[market.c[row], market.f[row]]
            for q in np.nonzero(market.fund[:, row].any(axis=1))[0]:
                held = np.nonzero(market.fits[q, row])[0]
                for a in np.unique(area[held]):
                    here = held[area[held] == a]
                    rent = float(market.rate_v[here].min()) * market.rb[row]
                    trip = x.trip[:, a] if a < len(x.trip) else np.zeros(len(x.trip))
                    seat = np.where(trip >= 0, own + np.maximum(trip, 0.0) * market.rw[row], np.inf)
                    pays = np.where(market.fund[q, row], more, np.inf)
                    cost = np.where(pays < np.inf, seat[:, None] * more, np.inf).reshape(len(x.trip) * types)
                    fixed = more * (x.fixed[market.c[row], market.f[row]] + rent)
                    found.append((row, q, float(market.size[q, row, here].max()), fixed, cost))
        columns = list(zip(*found, strict=True)) or [(), (), (), (), ()]
        seat = np.array(columns[4], float).reshape(len(found), market.kinds)
        whole = [np.array(column, np.int64) for column in columns[:2]]
        return Kinds(whole[0], whole[1], np.array(columns[2], float), np.array(columns[3], float), seat)


def classes_for_the_money(x: Instance, market: Market) -> float:
    """How many full classes of the usual cost the budget buys, lecturers at their mean rate."""
    k = Kinds.of(x, market)
    if not len(k.row):
        return 0.0
    seat = np.where(np.isfinite(k.seat), k.seat, 0.0).sum(axis=1) / np.maximum(np.isfinite(k.seat).sum(axis=1), 1)
    hours = market.lb[k.row] * float(x.lect_rate.mean()) * (1 + x.management)
    return float(x.budget / max(float(np.median(k.fixed + hours + k.size * seat)), 1e-9))


class Master:
    """The linear problem over all answers so far."""

    def __init__(self, x: Instance, market: Market, blocks: Blocks) -> None:
        self.x, self.market, self.blocks = x, market, blocks
        self.kinds = Kinds.of(x, market)
        self.year = lecturer_year(x)
        able = x.can[None] & x.source_course[:, None, :]
        self.teach_source, self.teacher, self.taught = np.nonzero(able)
        self.answers: list[Asked] = []
        self.short = 0.0  # people missing from coverage in the last mixture

    def solve(self, stop: Stop) -> tuple[float, Prices, Floats] | None:
        """Value of the best mixture, prices, and offers for R18; None when stopped."""
        problem, first = Problem(), {}
        classes, flow, kind, person = self._columns(problem)
        hours = problem.add_columns(np.zeros(len(self.taught)), cap=INF, whole=False)
        answers = np.concatenate([problem.add_columns(a.gain, whole=False) for a in self.answers])
        for name, rows in (
            ("mix", lambda: self._mix(problem, answers)),
            ("seats", lambda: self._seats(problem, answers, classes, flow, kind, person)),
            ("money", lambda: self._money(problem, classes, flow, hours, kind, person)),
            ("teach", lambda: self._teach(problem, classes, hours)),
            ("cover", lambda: self._cover(problem, answers)),
        ):
            first[name] = problem.rows
            rows()
        found = solve(problem, integral=False, seconds=SECONDS, stop=stop)
        if found.x is None or not np.isfinite(found.bound):
            return None
        self.short = float(found.x[self.missing].sum())
        return found.value, *self._prices(found.dual, first)

    def _prices(self, dual: Floats, first: dict[str, int]) -> tuple[Prices, Floats]:
        x = self.x
        money = np.maximum(dual[first["money"] : first["teach"]], 0.0)
        lecturer = np.maximum(dual[first["cover"] - len(self.year) : first["cover"]], 0.0)
        offer = np.maximum(-dual[first["cover"] :], 0.0)
        rooms = np.zeros((len(x.venue_area), self.market.load.shape[1]))
        many = len(x.mandatory)
        return Prices(float(money[0]), money[1:], lecturer, rooms, offer[:many]), offer[many:]

    def _columns(self, problem: Problem) -> tuple[Ints, Ints, Ints, Ints]:
        """Numbers of classes of each kind; seats of each kind of people in them: column, kind of class, of people."""
        classes = problem.add_columns(np.zeros(len(self.kinds.row)), cap=INF, whole=False)
        kind, person = np.nonzero(np.isfinite(self.kinds.seat))
        return classes, problem.add_columns(np.zeros(len(kind)), cap=INF, whole=False), kind, person

    def _mix(self, problem: Problem, answers: Ints) -> None:
        units = len(self.x.size)
        least = np.where(self.blocks.duty.unit_owed > 0, 1.0, 0.0)
        problem.add_rows(np.tile(np.arange(units), len(self.answers)), answers, 1.0, least, np.ones(units))

    def _seats(self, problem: Problem, answers: Ints, classes: Ints, flow: Ints, kind: Ints, person: Ints) -> None:
        """No more seats asked than the classes give to each kind of people, no more in a class than it holds."""
        units, k = len(self.x.size), self.kinds
        unit = np.concatenate([a.unit + i * units for i, a in enumerate(self.answers)])
        pair = np.concatenate([a.pair for a in self.answers])
        seats = np.concatenate([a.seats for a in self.answers]).astype(float)
        rows = np.r_[pair, k.row[kind] * self.market.kinds + person]
        asked = len(self.market.options) * self.market.kinds
        problem.add_rows(rows, np.r_[answers[unit], flow], np.r_[seats, -np.ones(len(flow))], -INF, np.zeros(asked))
        rows, size = np.r_[kind, np.arange(len(classes))], np.r_[np.ones(len(flow)), -k.size]
        problem.add_rows(rows, np.r_[flow, classes], size, -INF, np.zeros(len(classes)))

    def _money(self, problem: Problem, classes: Ints, flow: Ints, hours: Ints, kind: Ints, person: Ints) -> None:
        x, k = self.x, self.kinds
        column = np.r_[flow, classes, hours]
        cost = np.r_[k.seat[kind, person], k.fixed, (1 + x.management) * x.lect_rate[self.teacher]]
        problem.add_rows(np.zeros(len(column)), column, cost, -INF, x.budget)
        source = np.r_[k.source[kind], k.source, self.teach_source]
        problem.add_rows(source, column, cost, -INF, x.amount)

    def _teach(self, problem: Problem, classes: Ints, hours: Ints) -> None:
        """The buổi of the classes of a source and course are given by those who can teach it, within their years."""
        x, k, courses = self.x, self.kinds, len(self.x.tiet)
        key = np.r_[k.source * courses + self.market.c[k.row], self.teach_source * courses + self.taught]
        value = np.r_[self.market.lb[k.row].astype(float), -np.ones(len(hours))]
        problem.add_rows(key, np.r_[classes, hours], value, -INF, np.zeros(len(x.amount) * courses))
        problem.add_rows(self.teacher, hours, 1.0, -INF, self.year)

    def _cover(self, problem: Problem, answers: Ints) -> None:
        """Enough people whom R16 and R18 count; who is missing costs more than a seat ever does."""
        counts = np.concatenate([np.c_[a.done, a.reached] for a in self.answers])
        owed = np.r_[self.market.owed, self.blocks.named_owed]
        dear = MISSING * max(float(self.dear), 1.0)
        self.missing = problem.add_columns(np.full(len(owed), -dear), cap=INF, whole=False)
        for i, many in enumerate(owed):
            column = np.r_[answers, self.missing[i]]
            problem.add_rows(np.zeros(len(column)), column, np.r_[counts[:, i], 1.0], float(many), INF)

    @property
    def dear(self) -> float:
        """The greatest gain of a person, more than any seat is worth."""
        return float(self.x.worth.sum(axis=1).max(initial=0.0))


def search(x: Instance, market: Market, blocks: Blocks, start: Prices, *, steps: int, stop: Stop) -> Prices | None:
    """The best prices found in ``steps`` master problems; None when stopped, or when coverage cannot be met."""
    master, named = Master(x, market, blocks), np.zeros(len(x.group_minimum))
    start = replace(start, venue=np.zeros_like(start.venue))
    for share in SPREAD:
        answer = blocks.ask(_times(start, share), named, stop)
        if answer is None:
            return None
        master.answers.append(answer)
    best, at, at_named = INF, start, named
    for _ in range(steps):
        found = master.solve(stop)
        if found is None:
            return None
        value, prices, named = found
        trial, trial_named = _between(at, prices), (1 - HALFWAY) * at_named + HALFWAY * named
        answer = blocks.ask(trial, trial_named, stop)
        if answer is None:
            return None
        master.answers.append(answer)
        proven = float(answer.value.sum() + as_row(trial) @ np.r_[market.cap, -market.owed])
        proven -= float(trial_named @ blocks.named_owed)
        if proven < best:
            best, at, at_named = proven, trial, trial_named
        if best - value < CLOSE * best:
            break
    return at if master.short < 1e-6 else None


def _times(p: Prices, share: float) -> Prices:
    return Prices(p.money * share, p.source * share, p.lecturer * share, p.venue, p.mandatory)


def _between(a: Prices, b: Prices) -> Prices:
    """Prices between two."""
    mix = lambda one, other: (1 - HALFWAY) * one + HALFWAY * other  # noqa: E731
    return Prices(
        mix(a.money, b.money), mix(a.source, b.source), mix(a.lecturer, b.lecturer), a.venue,
        mix(a.mandatory, b.mandatory),
    )  # fmt: skip
