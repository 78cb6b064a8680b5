"""What a seat is worth to each person, given the seats held, the prices of other seats and the tiết that are left.

For person p and option o (course and form): ``take[o, p]`` is the best surplus of a set of further courses that
contains o, ``leave[o, p]`` the best without it.  Tiết of people who wish for more than their year allows carry a price
of their own, so that a short course cannot quietly shut out a long one.
"""

from __future__ import annotations

import numpy as np

from nanglucso.engines.families import Singles
from nanglucso.engines.instance import Floats, Ints
from nanglucso.engines.kernels import refresh
from nanglucso.engines.market import Crowd, Market, Prices
from nanglucso.engines.respond import CHUNK, Stop
from nanglucso.engines.seating import Seating
from nanglucso.engines.sharing import in_threads

SLACK = 1.0  # objective that a seat may be away from somebody's best answer and still be thought of


class Wishes:
    """take and leave (O, n), refreshed for the people whose seats changed."""

    def __init__(self, seating: Seating, crowd: Crowd, market: Market, prices: Prices) -> None:
        self.s, self.x, self.market, self.crowd = seating, seating.x, market, crowd
        self.take: Singles = np.zeros((len(market.options), self.x.n), np.float32)
        self.leave: Singles = np.zeros_like(self.take)
        self.hour_price = np.zeros(self.x.n)
        self.reprice(prices)

    def reprice(self, prices: Prices) -> None:
        """Other prices of seats; call refresh for everybody afterwards."""
        self.prices = prices
        base = self.market.seat_prices(prices)[0]
        self.price = base.astype(np.float32)
        self.rooms = self.market.rooms(prices)
        self.offered = np.ascontiguousarray(self.market.offered_prices(base, prices).T, np.float32)

    def refresh(self, people: Ints, stop: Stop | None = None) -> None:
        """Recompute for these people, a few thousand at a time; returns early when stopped."""

        def part(some: Ints) -> None:
            if stop is None or not stop():
                self._refresh(some)

        if len(people) <= CHUNK:
            part(people)
        else:
            in_threads(part, [people[at : at + CHUNK] for at in range(0, len(people), CHUNK)], self.crowd.threads)

    def _refresh(self, people: Ints) -> None:
        x, s = self.x, self.s
        refresh(
            self.crowd.tables, people, x.worth_single, self.offered, self.market.full_kind, x.exempt, s.form_of.T,
            s.hours, self.take, self.leave, self.hour_price,
        )  # fmt: skip

    def fit(self, unit_price: Floats) -> dict[int, Floats]:
        """By option (n,): how near a seat of it is to each person's best answer, in objective, 0 and above for seats
        that are part of it; -inf beyond SLACK.  Somebody who asks for nothing comes for what R17 offers (U,)."""
        gain = (self.take - self.leave).astype(float)
        gain += np.where((gain > 0).any(axis=0), 0.0, unit_price[self.x.unit])
        return {int(o): np.where(row > -SLACK, row, -np.inf) for o, row in zip(self.market.options, gain, strict=True)}

    def save(self, people: Ints) -> tuple[Ints, Singles, Singles]:
        """The columns of these people, for a later restore."""
        return people, self.take[:, people], self.leave[:, people]

    def restore(self, kept: tuple[Ints, Singles, Singles]) -> None:
        """Put saved columns back."""
        people, take, leave = kept
        self.take[:, people], self.leave[:, people] = take, leave
