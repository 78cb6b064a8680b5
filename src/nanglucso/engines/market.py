"""What a seat costs at given prices, by the cheapest permitted source, lecturer and room; and what seats use up."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nanglucso.engines.families import Family, tables
from nanglucso.engines.instance import Bools, Floats, Instance, Ints
from nanglucso.engines.kernels import FAR, Tables

MAX_UNITS = 160
RULERS = 4  # ways to measure how much of a room's week a class takes


@dataclass(frozen=True, eq=False)
class Prices:
    """Objective per million đồng (total and per source), per buổi (lecturer) and per week (venue)."""

    money: float
    source: Floats
    lecturer: Floats
    venue: Floats  # (V, RULERS) of a whole week of the room, by each way to measure what a class takes of it
    mandatory: Floats  # (entries,) objective offered for one seat that a mandatory entry counts

    def cash(self, x: Instance) -> Floats:
        """(S,) objective paid for one million of direct cost from each source, management included."""
        return (self.money + self.source) * (1 + x.management)


def lecturer_year(x: Instance) -> Floats:
    """(L,) buổi a lecturer can give in the year under weekly and quarterly limits."""
    weeks = np.bincount(np.arange(x.weeks) // x.weeks_per_quarter, minlength=x.quarters)
    return np.minimum(x.lect_quarter[:, None], weeks[None] * x.lect_week[:, None]).sum(axis=1).astype(float)


def room_loads(x: Instance) -> Floats:
    """(V, RULERS, C, 3) share of a room's year-weeks that a class takes, in weeks, by dual feasible functions.

    A week of B buổi holds only whole classes: two classes of 3 buổi do not share a week of 5.  For every ruler u the
    shares u(b) of classes that fit one week together never sum above 1: u(b) = b / B, and for k = 1, 2, … u(b) =
    floor((k+1) b / B) / k, or b / B where (k+1) b / B is whole (Fekete and Schepers 2001, after Martello and Toth).
    """
    b = x.room[None].astype(np.float64)  # (1, C, 3, 6)
    total = np.maximum(x.venue_buoi, 1)[:, None, None, None].astype(np.float64)
    out = [b / total]
    for k in range(1, RULERS):
        steps = (k + 1) * b / total
        whole = (((k + 1) * x.room[None]) % total.astype(np.int64)) == 0
        out.append(np.where(whole, b / total, np.floor(steps) / k))
    return np.stack(out, axis=1).sum(axis=4)


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
        self.load = room_loads(x)[:, :, c, f]  # (V, RULERS, O)
        weeks = np.full(len(x.venue_area) * RULERS, float(x.weeks))
        self.cap = np.r_[x.budget, x.amount, lecturer_year(x), weeks]

    def rooms(self, prices: Prices) -> Floats:
        """(V+1, O) what a class takes of each room, at the room's price; last: no room."""
        taken = np.einsum("vr,vro->vo", prices.venue, self.load)
        return np.r_[taken, np.zeros((1, len(self.options)))]

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
        rent = cash[:, None] * self.rate_v[None]  # (S, V+1)
        fixed = lect + cash[:, None] * x.fixed[self.c, self.f][None]
        room = rent[:, None, :] * self.rb[None, :, None] + self.rooms(prices).T[None]  # (S, O, V+1)
        shared = (fixed[:, :, None] + room) / self.size
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
        held = classes[:, :, :-1].sum(axis=0)  # (O, V)
        room_weeks = np.einsum("ov,vro->vr", held, self.load).ravel()
        return np.r_[money.sum(), money, hours.sum(axis=(0, 2)), room_weeks], taught


@dataclass(frozen=True, eq=False)
class Crowd:
    """Everybody's needs and limits as the compiled loops read them, and how to share the work."""

    tables: Tables
    exact: bool  # no step of the knapsack is wider than the tiết need
    unit: int  # tiết of one step of the knapsack; a wider step only lets people take more, so the bound stays valid
    threads: int

    @staticmethod
    def of(x: Instance, fams: list[Family], market: Market, threads: int) -> Crowd:
        """For all people of the instance."""
        row_of = {int(o): i for i, o in enumerate(market.options)}
        made = tables(x, fams, row_of)
        step = int(np.gcd.reduce(np.r_[made.level_tiet, 0])) or 1
        unit = max(step, -(-int(x.tiet_max.max(initial=0)) // MAX_UNITS))
        return Crowd(made, unit == step, unit, threads)
