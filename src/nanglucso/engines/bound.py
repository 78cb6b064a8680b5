"""A proven upper bound: Lagrangian prices on money, lecturers' years and venues' years; each person solved exactly.

For any prices ≥ 0 the value  Σ price × amount + Σ_p max_S [gain_p(S) − Σ seat prices]  is an upper bound of the problem
R1-R15 and therefore of R1-R18: a seat's price is the priced cost of a class at full size, shared by its seats, through
the cheapest permitted source, lecturer and venue, and no class can have seats for less.  Each person's best set S is
found exactly per family and joined by a knapsack over tiết.  Prerequisites that cross families, weeks and absence
limits are left out, which can only raise the bound.  Method: Lagrangian relaxation with subgradient steps (Held and
Karp 1971), resources shared by soft minimum so that demand does not jump between equal lecturers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nanglucso.engines.families import Family, tables
from nanglucso.engines.instance import Bools, Floats, Instance, Ints
from nanglucso.engines.kernels import FAR, Tables, best_responses
from nanglucso.engines.linear import INF, Problem, solve
from nanglucso.engines.sharing import in_threads

CHUNK = 4096
MAX_UNITS = 160
TEACH = 0.4  # share of the way to the duals of the lecturers' problem that one step goes
SHORT = 20.0  # dearest lecturers' rates that an untaught buổi costs in that problem
FUND = 0.3  # the same for the sources' problem
MORE = 1.05  # what that problem asks for, as a multiple of the budget
Stop = Callable[[], bool]


@dataclass(frozen=True, eq=False)
class Prices:
    """Objective per million đồng (total and per source) and per buổi (lecturer, venue)."""

    money: float
    source: Floats
    lecturer: Floats
    venue: Floats
    mandatory: Floats  # (entries,) objective offered for one seat that a mandatory entry counts

    def cash(self, x: Instance) -> Floats:
        """(S,) objective paid for one million of direct cost from each source, management included."""
        return (self.money + self.source) * (1 + x.management)


@dataclass(frozen=True, eq=False)
class Bound:
    """A proven bound, the prices that prove it, and whether the run was whole."""

    value: float
    prices: Prices
    shadow: float


def lecturer_year(x: Instance) -> Floats:
    """(L,) buổi a lecturer can give in the year under weekly and quarterly limits."""
    weeks = np.bincount(np.arange(x.weeks) // x.weeks_per_quarter, minlength=x.quarters)
    return np.minimum(x.lect_quarter[:, None], weeks[None] * x.lect_week[:, None]).sum(axis=1).astype(float)


class Market:
    """Seat prices of every option for every kind of person (area × unit type), and the use of resources by demand."""

    def __init__(self, x: Instance, options: Ints) -> None:
        self.x, self.options = x, options
        self.c, self.f = options // 3, options % 3
        types = x.source_type.shape[1]
        self.kinds = len(x.trip) * types
        self.kind = x.area * types + x.type
        many = len(x.mandatory)
        duty = np.array([x.obliged(m) for m in x.mandatory], bool).reshape(many, x.n)
        patterns, pattern = np.unique(duty.T, axis=0, return_inverse=True)
        self.patterns = patterns.astype(float)  # (R, entries) who is counted by which entries
        self.full_kind = pattern.ravel() * self.kinds + self.kind  # (n,) kind and pattern together
        self.counts = np.array([options // 3 == m.course for m in x.mandatory], float).reshape(many, len(options))
        self.owed = np.ceil([m.share * d.sum() - 1e-9 for m, d in zip(x.mandatory, duty, strict=True)])
        c, f = self.c, self.f
        peak = x.lect.max(axis=2)[c, f]
        self.teach = x.can[:, c] & (peak[None] <= x.lect_week[:, None])  # (L, O)
        self.lb, self.rb, self.rw = x.lect_total[c, f], x.room_total[c, f], x.room_weeks[c, f]
        roomy = self.rb > 0
        seats = np.minimum(x.size_max[c, f][:, None], x.venue_seats[None])  # (O, V)
        hosts = roomy[:, None] & (x.venue_seats[None] >= x.size_min[c, f][:, None])
        hosts &= x.room.max(axis=2)[c, f][:, None] <= x.venue_buoi[None]
        trip = np.c_[x.trip[:, x.venue_area].reshape(len(x.trip), -1), np.zeros(len(x.trip))]  # (A, V+1)
        reach = self._reach(trip >= 0)  # (S, V+1) people who can be in one class together
        size = np.minimum(np.c_[seats, x.size_max[c, f]][None], reach[:, None, :])
        fits = np.c_[hosts, ~roomy][None] & (size >= x.size_min[c, f][None, :, None])
        self.size = np.where(fits, size, 1).astype(float)  # (S, O, V+1), last: no room
        allowed = fits[:, :, None, :] & (trip >= 0)[None, None]  # (S, O, A, V+1)
        self.wall = np.where(allowed, 0.0, float(FAR))
        self.fits = fits
        self.trips = np.maximum(trip, 0.0)[None] * self.rw[:, None, None]  # (O, A, V+1)
        funded = x.source_course[:, c] & (x.amount > 0)[:, None]  # (S, O)
        self.fund = funded[:, :, None] & x.source_type[:, None, :]  # (S, O, T)
        self.rate_v = np.r_[x.venue_rate, 0.0]
        self.cap = np.r_[x.budget, x.amount, lecturer_year(x), x.venue_buoi * float(x.weeks)]

    def _reach(self, near: Bools) -> Ints:
        """(S, V+1) most people a class of the source can hold in the venue: absence limits of the units in reach, or,
        without a room, the people the source may pay for."""
        x = self.x
        funded = x.source_type[:, x.unit_type]  # (S, U)
        rooms = funded.astype(np.int64) @ (x.absent_cap[:, None] * near[x.unit_area, :-1])
        return np.c_[rooms, funded @ x.size]

    def offered_prices(self, base: Floats, prices: Prices) -> Floats:
        """(O, R × kinds) seat prices (O, kinds) less what mandatory entries add for the people they count."""
        bonus = (self.patterns * prices.mandatory) @ self.counts  # (R, O)
        return (base[:, None, :] - bonus.T[:, :, None]).reshape(len(base), len(bonus) * self.kinds)

    def seat_prices(self, prices: Prices) -> tuple[Floats, Floats, Floats, Floats]:
        """Price (O, kinds), and what it comes from: by venue (S, O, A, V+1), lecturer (S, L, O), kind (S, O, A, T)."""
        x = self.x
        cash = prices.cash(x)
        hour = cash[:, None] * x.lect_rate[None] + prices.lecturer[None]  # (S, L)
        per_l = np.where(self.teach[None], hour[:, :, None], float(FAR))  # (S, L, O)
        lect = per_l.min(axis=1, initial=float(FAR)) * self.lb  # (S, O)
        room = cash[:, None] * self.rate_v[None] + np.r_[prices.venue, 0.0][None]  # (S, V+1)
        fixed = lect + cash[:, None] * x.fixed[self.c, self.f][None]
        shared = (fixed[:, :, None] + room[:, None, :] * self.rb[None, :, None]) / self.size
        own = cash[:, None, None, None] * (x.seat_cost[self.c, self.f][None, :, None, None] + self.trips[None])
        table = np.minimum(shared[:, :, None, :] + own + self.wall, float(FAR))  # (S, O, A, V+1)
        by_area = table.min(axis=3)  # (S, O, A)
        by_kind = np.where(self.fund[:, :, None, :], by_area[:, :, :, None], float(FAR))  # (S, O, A, T)
        best = by_kind.min(axis=0, initial=float(FAR)) if len(cash) else np.full(by_kind.shape[1:], float(FAR))
        return best.reshape(len(self.options), self.kinds), table, per_l, by_kind

    def use(
        self, prices: Prices, tables: tuple[Floats, Floats, Floats, Floats], demand: Floats, heat: float
    ) -> tuple[Floats, Floats]:
        """Resources used by seats demand (O, kinds), in the order of ``cap``, and lecturer buổi by course (C,).

        Choices within ``heat`` of the best price are shared.
        """
        x = self.x
        best, table, per_l, by_kind = tables
        scale = heat * np.maximum(best, 1e-9)
        pick_q = np.exp(-np.minimum((by_kind.reshape(len(x.amount), len(best), -1) - best) / scale, 60.0))
        pick_q /= np.maximum(pick_q.sum(axis=0), 1e-30)
        areas = len(x.trip)
        flow = (demand * pick_q).reshape(len(x.amount), len(best), areas, -1).sum(axis=3)  # (S, O, A)
        low = table.min(axis=3, keepdims=True)
        pick_v = np.exp(-np.minimum((table - low) / (heat * np.maximum(low, 1e-9)), 60.0))
        pick_v *= self.wall < 1
        pick_v /= np.maximum(pick_v.sum(axis=3, keepdims=True), 1e-30)
        seats = flow[:, :, :, None] * pick_v  # (S, O, A, V+1)
        classes = seats.sum(axis=2) / self.size  # (S, O, V+1)
        low_l = per_l.min(axis=1, keepdims=True)
        pick_l = np.exp(-np.minimum((per_l - low_l) / (heat * np.maximum(low_l, 1e-9)), 60.0)) * self.teach[None]
        pick_l /= np.maximum(pick_l.sum(axis=1, keepdims=True), 1e-30)
        hours = classes.sum(axis=2)[:, None, :] * pick_l * self.lb  # (S, L, O)
        rooms = classes * self.rb[None, :, None]  # (S, O, V+1)
        money = (classes.sum(axis=2) * x.fixed[self.c, self.f]).sum(axis=1) + (hours * x.lect_rate[None, :, None]).sum(
            axis=(1, 2)
        )
        money += (rooms * self.rate_v).sum(axis=(1, 2))
        money += (seats * (x.seat_cost[self.c, self.f][:, None, None] + self.trips)[None]).sum(axis=(1, 2, 3))
        money *= 1 + x.management
        taught = np.bincount(self.c, weights=hours.sum(axis=(0, 1)), minlength=len(x.tiet)).astype(float)
        return np.r_[money.sum(), money, hours.sum(axis=(0, 2)), rooms[:, :, :-1].sum(axis=(0, 1))], taught


@dataclass(frozen=True, eq=False)
class Crowd:
    """Everybody's needs and limits as the compiled loops read them, and how to share the work."""

    tables: Tables
    unit: int  # tiết of one step of the knapsack; a wider step only lets people take more, so the bound stays valid
    threads: int

    @staticmethod
    def of(x: Instance, fams: list[Family], market: Market, threads: int) -> Crowd:
        """For all people of the instance."""
        row_of = {int(o): i for i, o in enumerate(market.options)}
        made = tables(fams, row_of)
        step = int(np.gcd.reduce(np.r_[made.level_tiet, 0])) or 1
        return Crowd(made, max(step, -(-int(x.tiet_max.max(initial=0)) // MAX_UNITS)), threads)


def evaluate(
    x: Instance, crowd: Crowd, market: Market, seat_price: Floats, people: Ints, stop: Stop
) -> tuple[float, Floats]:
    """Sum of exact best surplus at offered prices (O, R × kinds), scaled to everybody, and the seats asked.

    Infinity when stopped.  The parts are added in their order, so that the threads do not change the result.
    """
    price = np.ascontiguousarray(seat_price.T, np.float32)
    cap, weight = x.tiet_max[x.group], x.n / max(len(people), 1)

    def part(some: Ints) -> tuple[float, Floats]:
        asked = np.zeros(price.shape)
        if stop():
            return np.inf, asked
        value = best_responses(
            crowd.tables, some, x.worth_single, price, market.full_kind, x.exempt, cap, crowd.unit, weight, asked
        )
        return weight * float(value), asked

    parts = [people[at : at + CHUNK] for at in range(0, len(people), CHUNK)]
    total, demand = 0.0, np.zeros(price.shape)
    for value, asked in in_threads(part, parts, crowd.threads):
        total += value
        demand += asked
    return total, np.ascontiguousarray(demand.T)


def start_prices(x: Instance, fams: list[Family]) -> Prices:
    """A first guess: everything sells at the average worth of the money."""
    worth = float(x.worth.sum())
    money = 0.3 * worth / max(x.budget, 1e-6)
    rest = (np.zeros(len(a)) for a in (x.lect_rate, x.venue_area, x.mandatory))
    return Prices(money, np.zeros(len(x.amount)), *rest)


def _vector(prices: Prices) -> Floats:
    return np.r_[prices.money, prices.source, prices.lecturer, prices.venue, prices.mandatory]


def _unpack(x: Instance, vector: Floats) -> Prices:
    ends = np.cumsum([1, len(x.amount), len(x.lect_rate), len(x.venue_area), len(x.mandatory)])
    _, source, lecturer, venue, mandatory = (vector[a:b] for a, b in zip([0, *ends], ends, strict=False))
    return Prices(float(vector[0]), source, lecturer, venue, mandatory)


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
) -> tuple[float, Prices]:
    """Subgradient search for prices on the given people (a sample stands for all); best value and its prices."""
    vector, best, best_vector = _vector(start), np.inf, _vector(start)
    supply = np.r_[market.cap, -market.owed]
    teachers, purses = Teachers(x, market), Purses(x, market)
    level = float(start.money + start.source.max(initial=0.0))  # what a million is worth where it is scarce
    for step in range(steps):
        prices = _unpack(x, vector)
        tables = market.seat_prices(prices)
        value, demand = evaluate(x, crowd, market, market.offered_prices(tables[0], prices), people, stop)
        if not np.isfinite(value):
            break
        value += float(vector @ supply)
        if value < best:
            best, best_vector = value, vector.copy()
        by_pattern = demand.reshape(len(demand), -1, market.kinds)
        use, taught = market.use(prices, tables, by_pattern.sum(axis=1), heat=0.03)
        seated = np.einsum("mo,ork,rm->m", market.counts, by_pattern, market.patterns)
        vector = _step(x, market, vector, use, seated, first / (1 + step / 6))
        many = 1 + len(x.amount)
        spent = by_pattern.sum(axis=1) * np.where(tables[0] < float(FAR) / 2, tables[0], 0.0)
        split, supply_now = purses.split(spent)
        level *= float(np.exp(first / (1 + step / 6) * np.clip(use[0] / max(supply_now, 1e-9) - 1.0, -1.0, 1.5)))
        vector[:many] += FUND * (level * split - vector[:many])
        cash = float(prices.cash(x).mean()) if len(prices.source) else 0.0
        at = slice(many, many + len(x.lect_rate))
        vector[at] += TEACH * (teachers.prices(taught, cash) - vector[at])
    return best, _unpack(x, best_vector)


def _step(x: Instance, market: Market, vector: Floats, use: Floats, seated: Floats, size: float) -> Floats:
    """Prices of rooms and duties after one step along use less supply, in proportion to what money is worth."""
    many = 1 + len(x.amount)
    ratio = np.r_[use / np.maximum(market.cap, 1e-9) - 1.0, 1.0 - seated / np.maximum(market.owed, 1.0)]
    ratio = np.clip(ratio, -1.0, 1.5)
    unit = float(vector[0] + vector[1:many].max(initial=0.0)) * (1 + x.management)
    scale = np.r_[np.zeros(many + len(x.lect_rate)), unit * x.venue_rate]
    scale = np.r_[scale, 2.0 * unit * np.array([_cheapest_seat(x, m.course) for m in x.mandatory])]
    out: Floats = np.maximum(0.0, vector + size * scale * ratio)
    return out


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


def prove(x: Instance, crowd: Crowd, market: Market, prices: Prices, stop: Stop) -> float:
    """The bound at these prices over all people; infinity when stopped."""
    offered = market.offered_prices(market.seat_prices(prices)[0], prices)
    total, _ = evaluate(x, crowd, market, offered, np.arange(x.n), stop)
    return total + float(_vector(prices) @ np.r_[market.cap, -market.owed])
