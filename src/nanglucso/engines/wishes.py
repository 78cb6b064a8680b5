"""What a seat is worth to each person, given the seats held, the prices of other seats and the tiết that are left.

For person p and option o (course and form): ``take[o, p]`` is the best surplus of a set of further courses that
contains o, ``leave[o, p]`` the best without it.  Tiết of people who wish for more than their year allows carry a price
of their own, so that a short course cannot quietly shut out a long one.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nanglucso.engines.bound import CHUNK, Market, Prices, Stop
from nanglucso.engines.families import FAR, Family, Singles, surplus
from nanglucso.engines.instance import Floats, Ints
from nanglucso.engines.seating import Seating

BISECTIONS = 9
Table = tuple[Singles, Singles, tuple[Singles, Singles]]


class _Shape:
    """Index tables of a family: rows of combinations with and without each option, and the number of a set of forms."""

    def __init__(self, fam: Family, row_of: dict[int, int]) -> None:
        self.fam = fam
        self.rows = np.array([row_of[int(o)] for o in fam.options], np.int64)
        parts = [np.nonzero(fam.combos[:, k] > 0)[0] for k in range(len(fam.options))]
        parts += [np.nonzero(fam.combos[:, k] == 0)[0] for k in range(len(fam.options))]
        self.gather = np.concatenate(parts) if parts else np.zeros(0, np.int64)
        self.heads = np.cumsum([0, *(len(p) for p in parts[:-1])]) if parts else np.zeros(0, np.int64)
        self.radix = 4 ** np.arange(len(fam.courses))
        self.number = np.zeros(4 ** len(fam.courses), np.int64)
        place = {int(c): i for i, c in enumerate(fam.courses)}
        worth = np.array([self.radix[place[int(o) // 3]] * (int(o) % 3 + 1) for o in fam.options], np.int64)
        self.number[(fam.combos.astype(np.int64) @ worth).astype(np.int64)] = np.arange(len(fam.combos))
        self.ends = np.r_[fam.level_start[1:], len(fam.tiet)]

    def held(self, form_of: NDArray[np.int8]) -> Ints:
        """(m,) combination that people hold; form_of (m, courses of family), -1 for none."""
        return self.number[(form_of.astype(np.int64) + 1) @ self.radix]


class Wishes:
    """take and leave (O, n), refreshed for the people whose seats changed."""

    def __init__(self, seating: Seating, fams: list[Family], market: Market, prices: Prices) -> None:
        self.s, self.x, self.market = seating, seating.x, market
        row_of = {int(o): i for i, o in enumerate(market.options)}
        self.row_of = row_of
        self.shapes = [_Shape(fam, row_of) for fam in fams]
        self.take: Singles = np.zeros((len(market.options), self.x.n), np.float32)
        self.leave: Singles = np.zeros_like(self.take)
        self.hour_price = np.zeros(self.x.n)
        self.reprice(prices)

    def reprice(self, prices: Prices) -> None:
        """Other prices of seats; call refresh for everybody afterwards."""
        self.prices = prices
        base = self.market.seat_prices(prices)[0]
        self.price = base.astype(np.float32)
        self.offered = self.market.offered_prices(base, prices).astype(np.float32)

    def refresh(self, people: Ints, stop: Stop | None = None) -> None:
        """Recompute for these people, a few thousand at a time; returns early when stopped."""
        for at in range(0, len(people), CHUNK):
            if stop is not None and stop():
                return
            self._refresh(people[at : at + CHUNK])

    def _refresh(self, people: Ints) -> None:
        tables = [self._table(shape, people) for shape in self.shapes]
        theta = self._hour_prices(tables, self.s.hours[people])
        self.hour_price[people] = theta
        theta32 = theta.astype(np.float32)
        for shape, (table, extra, _) in zip(self.shapes, tables, strict=True):
            if theta.any():
                table -= extra * theta32
            best = np.maximum.reduceat(table[shape.gather], shape.heads, axis=0)
            half = len(shape.rows)
            self.take[shape.rows[:, None], people] = best[:half]
            self.leave[shape.rows[:, None], people] = best[half:]

    def _table(self, shape: _Shape, people: Ints) -> Table:
        """(N, m) surplus over what is held, (N, m) further tiết, and the best by level of tiết."""
        x, fam = self.x, shape.fam
        worth = x.worth[np.ix_(people, fam.pieces)].astype(np.float32)
        kind = self.market.full_kind[people]
        table = surplus(fam, worth, self.offered[shape.rows], kind, x.exempt[np.ix_(people, fam.gate)])
        held = shape.held(self.s.form_of[np.ix_(people, fam.courses)])
        who = np.arange(len(people))
        table -= table[held, who]
        if held.any():
            table[~fam.above[held].T] = -FAR
        table[held, who] = 0.0
        extra = (fam.tiet[:, None] - fam.tiet[held][None]).astype(np.float32)
        curve = np.maximum.reduceat(table, fam.level_start, axis=0)
        return table, extra, (curve, extra[fam.level_start])

    def _hour_prices(self, tables: list[Table], hours: Ints) -> Floats:
        """(m,) least price of a tiết at which a person's wishes fit the tiết left."""
        many = len(hours)
        out = np.zeros(many)
        over = np.nonzero(self._asked(tables, np.arange(many), out) > hours)[0]
        if not len(over):
            return out
        low, high = np.zeros(len(over)), np.zeros(len(over))
        for _, _, (curve, extra) in tables:
            ratio = np.where(extra[:, over] > 0, curve[:, over] / np.maximum(extra[:, over], 1), 0.0)
            high = np.maximum(high, ratio.max(axis=0))
        for _ in range(BISECTIONS):
            middle = (low + high) / 2
            fits = self._asked(tables, over, middle) <= hours[over]
            high, low = np.where(fits, middle, high), np.where(fits, low, middle)
        out[over] = high
        return out

    @staticmethod
    def _asked(tables: list[Table], who: Ints, theta: Floats) -> Floats:
        total = np.zeros(len(who))
        for _, _, (curve, extra) in tables:
            level = (curve[:, who] - extra[:, who] * theta).argmax(axis=0)
            total += extra[level, who]
        return total

    def save(self, people: Ints) -> tuple[Ints, Singles, Singles]:
        """The columns of these people, for a later restore."""
        return people, self.take[:, people], self.leave[:, people]

    def restore(self, kept: tuple[Ints, Singles, Singles]) -> None:
        """Put saved columns back."""
        people, take, leave = kept
        self.take[:, people], self.leave[:, people] = take, leave
