"""What every unit asks for at given prices, and what it brings: the blocks of the master problem (`master.py`).

A unit is solved as a whole: each of its people by himself, and as many of them with a seat as R17 owes the unit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nanglucso.engines.instance import Bools, Floats, Instance, Ints
from nanglucso.engines.market import Crowd, Market, Prices
from nanglucso.engines.respond import CHUNK, Duty, Stop
from nanglucso.engines.response_kernels import NEVER, best_sets
from nanglucso.engines.sharing import in_threads


@dataclass(frozen=True, eq=False)
class Asked:
    """One answer of every unit.  Seats are counted by unit, option row and kind of person, one entry each."""

    value: Floats  # (U,) gain less the prices offered
    gain: Floats  # (U,) objective
    unit: Ints  # (k,)
    pair: Ints  # (k,) row of the option × kinds + kind
    seats: Ints  # (k,)
    done: Floats  # (U, entries of mandatory) people counted
    reached: Floats  # (U, entries of group_minimum) people with the hours


class Blocks:
    """Answers of the units of one year."""

    def __init__(self, x: Instance, crowd: Crowd, market: Market) -> None:
        self.x, self.crowd, self.market = x, crowd, market
        self.duty = Duty(x, np.arange(x.n))
        self.obliged = [x.obliged(m) for m in x.mandatory]
        self.least = self.duty.least if crowd.exact else np.zeros(x.n, np.int64)
        members = self.duty.members if crowd.exact else {}
        self.named_owed = np.array([members[i][1] if i in members else 0 for i in range(len(x.group_minimum))], float)

    def ask(self, prices: Prices, named: Floats, stop: Stop) -> Asked | None:
        """Answers at these prices, and at ``named`` (entries,) offers to those whom R18 counts; None when stopped."""
        x, t, market = self.x, self.crowd.tables, self.market
        offered = market.offered_prices(market.seat_prices(prices)[0], prices)
        price = np.ascontiguousarray(offered.T, np.float32)
        best, long = np.full(x.n, -np.inf), np.full(x.n, -np.inf)
        chosen = np.zeros((x.n, len(t.combo0) - 1), np.int16)
        chosen_long, cap = np.zeros_like(chosen), x.tiet_max[x.group]

        def part(at: int) -> None:
            s = slice(at, at + CHUNK)
            if not stop():
                best_sets(
                    t, np.arange(x.n)[s], x.worth_single, price, market.full_kind, x.exempt, cap, self.crowd.unit,
                    self.least, best[s], chosen[s], long[s], chosen_long[s],
                )  # fmt: skip

        in_threads(part, list(range(0, x.n, CHUNK)), self.crowd.threads)
        extra = np.zeros(x.n)
        for i, g in enumerate(x.group_minimum):
            if self.named_owed[i] > 0:
                more = (x.group == g.group) & (long + named[i] > best)
                best[more], extra[more], chosen[more] = long[more] + named[i], named[i], chosen_long[more]
        return None if stop() else self._counted(best, extra, chosen, price)

    def _takes(self, best: Floats) -> Bools:
        """(n,) who takes seats: everybody who gains, and the best of a unit until it has those it is owed."""
        unit, units = self.x.unit, len(self.x.size)
        order = np.lexsort((-best, unit))
        start = np.searchsorted(unit[order], np.arange(units))
        rank = np.empty(len(unit), np.int64)
        rank[order] = np.arange(len(unit)) - start[unit[order]]
        out: Bools = ((best > 0) | (rank < self.duty.unit_owed[unit])) & (best > NEVER)
        return out

    def _counted(self, best: Floats, extra: Floats, chosen: NDArray[np.int16], price: NDArray[np.float32]) -> Asked:
        x, t, market = self.x, self.crowd.tables, self.market
        units, size = len(x.size), len(market.options) * market.kinds
        takes = self._takes(best)
        people = np.nonzero(takes)[0]
        combo = t.combo0[:-1] + chosen[people]  # (m, F)
        row = t.option[combo]  # (m, F, slots)
        at = np.nonzero(row >= 0)
        who, row = people[at[0]], row[at]
        tiet = np.zeros(x.n, np.int64)
        tiet[people] = t.tiet[combo].sum(axis=1)
        paid = np.bincount(x.unit[who], weights=price[market.full_kind[who], row].astype(float), minlength=units)
        value: Floats = np.bincount(x.unit, weights=np.where(takes, best, 0.0), minlength=units).astype(np.float64)
        bonus = np.bincount(x.unit, weights=np.where(takes, extra, 0.0), minlength=units)
        key, seats = np.unique(x.unit[who] * size + row * market.kinds + market.kind[who], return_counts=True)
        done = np.zeros((units, len(x.mandatory)))
        for i, m in enumerate(x.mandatory):
            mine = (market.c[row] == m.course) & self.obliged[i][who]
            done[:, i] = np.bincount(x.unit[who[mine]], minlength=units)
        reached = np.zeros((units, len(x.group_minimum)))
        for i, g in enumerate(x.group_minimum):
            mine = takes & (x.group == g.group) & (tiet >= g.tiet)
            reached[:, i] = np.bincount(x.unit[mine], minlength=units)
        return Asked(value, value + paid - bonus, key // size, key % size, seats, done, reached)
