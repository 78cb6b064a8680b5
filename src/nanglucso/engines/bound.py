"""A proven upper bound: Lagrangian prices on money, lecturers' years and venues' years; each person solved exactly.

For any prices ≥ 0 the value  Σ price × amount + Σ_p max_S [gain_p(S) − Σ seat prices]  is an upper bound of the problem
R1-R15 and therefore of R1-R18: a seat's price is the priced cost of a class at full size, shared by its seats, through
the cheapest permitted source, lecturer and venue, and no class can have seats for less.  Each person's best set S is
found exactly per family and joined by a knapsack over tiết; of prerequisites that cross families the most important
ones count (see `families`), so does whether whole classes fit a room's week (`market.room_loads`).  Weeks and absence
limits are left out, which can only raise the bound.  For plans that meet coverage R16-R18 is priced as well.  Method:
Lagrangian relaxation with subgradient steps (Held and Karp 1971), resources shared by soft minimum so that demand does
not jump between equal lecturers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nanglucso.engines.families import Family
from nanglucso.engines.instance import Floats, Instance, Ints
from nanglucso.engines.kernels import FAR
from nanglucso.engines.linear import INF, Problem, solve
from nanglucso.engines.market import RULERS, Crowd, Market, Prices, lecturer_year
from nanglucso.engines.respond import Stop, respond

TEACH = 0.4  # share of the way to the duals of the lecturers' problem that one step goes
SHORT = 20.0  # dearest lecturers' rates that an untaught buổi costs in that problem
ALIKE = 0.7  # share of a step of a room's price that the rooms of an area have in common
FUND = 0.3  # the same for the sources' problem
MORE = 1.05  # what that problem asks for, as a multiple of the budget
ROOM = 0.01  # share of all that could be gained, by week of a room, that the least step of a room's price goes


def start_prices(x: Instance, fams: list[Family]) -> Prices:
    """A first guess: everything sells at the average worth of the money."""
    worth = float(x.worth.sum())
    money = 0.3 * worth / max(x.budget, 1e-6)
    rooms = np.zeros((len(x.venue_area), RULERS))
    return Prices(money, np.zeros(len(x.amount)), np.zeros(len(x.lect_rate)), rooms, np.zeros(len(x.mandatory)))


def as_row(prices: Prices) -> Floats:
    """All prices in one row; `of_row` reads them back."""
    return np.r_[prices.money, prices.source, prices.lecturer, prices.venue.ravel(), prices.mandatory]


def of_row(x: Instance, row: Floats) -> Prices:
    """Prices of a year from one row; ValueError when it has another length."""
    ends = np.cumsum([1, len(x.amount), len(x.lect_rate), RULERS * len(x.venue_area), len(x.mandatory)])
    _, source, lecturer, venue, mandatory = (row[a:b] for a, b in zip([0, *ends], ends, strict=False))
    if len(row) != ends[-1]:
        raise ValueError(f"{len(row)} prices, {ends[-1]} are expected")
    return Prices(float(row[0]), source, lecturer, venue.reshape(-1, RULERS), mandatory)


def search(
    x: Instance,
    crowd: Crowd,
    market: Market,
    people: Ints,
    start: Prices,
    *,
    steps: int,
    first: float,
    stop: Stop,
    covered: bool = True,
) -> tuple[float, Prices]:
    """Subgradient search for prices on the given people (a sample stands for all); best value and its prices.
    With ``covered`` the bound is one for plans that meet coverage."""
    vector, best, best_vector = as_row(start), np.inf, as_row(start)
    supply = np.r_[market.cap, -market.owed]
    teachers, purses = Teachers(x, market), Purses(x, market)
    level = float(start.money + start.source.max(initial=0.0))  # what a million is worth where it is scarce
    for step in range(steps):
        prices = of_row(x, vector)
        tables = market.seat_prices(prices)
        offered = market.offered_prices(tables[0], prices)
        answer = respond(x, crowd, market, offered, people, stop, covered=covered)
        if not np.isfinite(answer.value):
            break
        value, demand = answer.value + float(vector @ supply), answer.demand
        if value < best:
            best, best_vector = value, vector.copy()
        by_pattern = demand.reshape(len(demand), -1, market.kinds)
        use, taught = market.use(prices, tables, by_pattern.sum(axis=1), heat=0.03)
        seated = np.einsum("mo,ork,rm->m", market.counts, by_pattern, market.patterns)
        vector = _step(x, market, vector, use, seated, first / (1 + step / 6))
        if not covered:
            vector[len(vector) - len(x.mandatory) :] = 0.0
        many = 1 + len(x.amount)
        spent = by_pattern.sum(axis=1) * np.where(tables[0] < float(FAR) / 2, tables[0], 0.0)
        split, supply_now = purses.split(spent)
        level *= float(np.exp(first / (1 + step / 6) * np.clip(use[0] / max(supply_now, 1e-9) - 1.0, -1.0, 1.5)))
        vector[:many] += FUND * (level * split - vector[:many])
        cash = float(prices.cash(x).mean()) if len(prices.source) else 0.0
        at = slice(many, many + len(x.lect_rate))
        vector[at] += TEACH * (teachers.prices(taught, cash) - vector[at])
    return best, of_row(x, best_vector)


def _step(x: Instance, market: Market, vector: Floats, use: Floats, seated: Floats, size: float) -> Floats:
    """Prices of rooms and duties after one step along use less supply, in proportion to what money is worth."""
    many = 1 + len(x.amount)
    ratio = np.r_[use / np.maximum(market.cap, 1e-9) - 1.0, 1.0 - seated / np.maximum(market.owed, 1.0)]
    ratio = _together(x, np.clip(ratio, -1.0, 1.5), many + len(x.lect_rate))
    unit = float(vector[0] + vector[1:many].max(initial=0.0)) * (1 + x.management)
    weeks = max(len(x.venue_area) * x.weeks, 1)
    room = np.maximum(unit * x.venue_rate * x.venue_buoi, ROOM * float(x.worth.sum()) / weeks)
    scale = np.r_[np.zeros(many + len(x.lect_rate)), np.repeat(room, RULERS) / 2]
    scale = np.r_[scale, 2.0 * unit * np.array([_cheapest_seat(x, m.course) for m in x.mandatory])]
    out: Floats = np.maximum(0.0, vector + size * scale * ratio)
    return out


def _together(x: Instance, ratio: Floats, first: int) -> Floats:
    """The prices of the rooms of one area move together for the greater part: else demand jumps from room to room."""
    rooms = ratio[first : first + RULERS * len(x.venue_area)].reshape(-1, RULERS)
    for area in np.unique(x.venue_area):
        mine = x.venue_area == area
        rooms[mine] = ALIKE * rooms[mine].mean(axis=0) + (1 - ALIKE) * rooms[mine]
    return ratio


class Purses:
    """Where money is scarce: the duals of paying what each course and unit type asks from the sources that may pay."""

    def __init__(self, x: Instance, market: Market) -> None:
        self.x = x
        self.types = x.source_type.shape[1]
        self.of = market.c[:, None] * self.types + np.arange(market.kinds) % self.types  # (O, kinds) course and type
        able = x.source_course[:, :, None] & x.source_type[:, None, :] & (x.amount > 0)[:, None, None]
        self.able = able.reshape(len(x.amount), -1)
        self.mean: Floats | None = None

    def split(self, weight: Floats) -> tuple[Floats, float]:
        """How scarce money is in all and in each source (1 + S,), 0 … 1, and what could be spent at most.

        ``weight`` (O, kinds): in proportion to what is asked; the problem asks somewhat more than there is in all.
        """
        x = self.x
        counted = np.bincount(self.of.ravel(), weights=weight.ravel(), minlength=self.able.shape[1])
        asked = counted.astype(np.float64) * (MORE * x.budget / max(float(counted.sum()), 1e-9))
        mean = self.mean = asked if self.mean is None else 0.7 * self.mean + 0.3 * asked
        pairs = np.nonzero((mean > 1e-9) & self.able.any(axis=0))[0]
        source, pair = np.nonzero(self.able[:, pairs])
        if not len(source):
            return np.r_[1.0, np.zeros(len(x.amount))], float(x.budget)
        problem = Problem()
        column = problem.add_columns(np.ones(len(source)), cap=float(mean.max()), whole=False)
        problem.add_rows(np.zeros(len(source)), column, 1.0, -INF, x.budget)
        problem.add_rows(source, column, 1.0, -INF, x.amount)
        problem.add_rows(pair, column, 1.0, -INF, mean[pairs])
        answer = solve(problem, integral=False, seconds=5.0, stop=lambda: False)
        dual = answer.dual[: 1 + len(x.amount)] if len(answer.dual) else np.zeros(1 + len(x.amount))
        return (np.maximum(dual, 0.0) if dual.any() else np.r_[1.0, np.zeros(len(x.amount))]), float(answer.value)


class Teachers:
    """Prices of the lecturers' years: the duals of giving the buổi asked of each course to those who can teach it."""

    def __init__(self, x: Instance, market: Market) -> None:
        self.x = x
        able = np.zeros((len(x.lect_rate), len(x.tiet)), bool)
        able[:, market.c] = market.teach
        self.able, self.who, self.what = able, *np.nonzero(able)
        self.year = lecturer_year(x)
        self.mean: Floats | None = None

    def prices(self, taught: Floats, cash: float) -> Floats:
        """(L,) objective per buổi; ``taught`` (C,) buổi asked now, averaged with what was asked before."""
        self.mean = taught if self.mean is None else 0.7 * self.mean + 0.3 * taught
        courses, many = np.nonzero(self.mean > 1e-9)[0], len(self.who)
        if not len(courses) or not many:
            return np.zeros(len(self.year))
        pay = cash * self.x.lect_rate
        problem = Problem()
        column = problem.add_columns(-pay[self.who], cap=float(self.year.max(initial=1.0)), whole=False)
        short = problem.add_columns(
            np.full(len(courses), -SHORT * float(pay.max())), cap=float(self.mean.max()), whole=False
        )
        row_of = np.full(len(self.mean), -1, np.int64)
        row_of[courses] = np.arange(len(courses))
        pick = row_of[self.what] >= 0
        rows = np.r_[row_of[self.what[pick]], np.arange(len(courses))]
        problem.add_rows(rows, np.r_[column[pick], short], 1.0, self.mean[courses], INF)
        problem.add_rows(self.who, column, 1.0, -INF, self.year)
        dual = solve(problem, integral=False, seconds=5.0, stop=lambda: False).dual
        return np.maximum(dual[len(courses) :], 0.0) if len(dual) else np.zeros(len(self.year))


def _cheapest_seat(x: Instance, c: int) -> float:
    forms = x.offered[c]
    rate = float(x.lect_rate.mean()) if len(x.lect_rate) else 0.0
    cost = x.seat_cost[c] + (x.fixed[c] + rate * x.lect_total[c]) / np.maximum(x.size_max[c], 1)
    return float(cost[forms].min()) if forms.any() else 0.0


def shadow_price(x: Instance, prices: Prices) -> float:
    """Objective gained by one more million đồng of budget when every source grows alike."""
    share = x.amount / x.budget if x.budget > 0 else np.ones(len(x.amount))
    return prices.money + float(prices.source @ share)


@dataclass(frozen=True, eq=False)
class Proof:
    """A bound, and everybody's answer at the prices that prove it."""

    value: float  # infinity when stopped
    people: float  # of it what everybody gains; the rest is what the prices make of all there is
    unit: Floats  # (U,) what R17 pays for a person of each unit
    demand: Floats  # (O, R × kinds) seats asked


def prove(x: Instance, crowd: Crowd, market: Market, prices: Prices, stop: Stop, *, covered: bool) -> Proof:
    """The bound at these prices over all people.

    Without ``covered`` and prices of mandatory entries it holds for every plan, else for those that meet coverage.
    """
    offered = market.offered_prices(market.seat_prices(prices)[0], prices)
    answer = respond(x, crowd, market, offered, np.arange(x.n), stop, covered=covered)
    return Proof(answer.value + on_offer(market, prices), answer.value, answer.unit, answer.demand)


def on_offer(market: Market, prices: Prices) -> float:
    """What the prices make of all money, hours and rooms, less what is owed."""
    return float(as_row(prices) @ np.r_[market.cap, -market.owed])
