"""Everybody's best answer to given prices, and the prices of coverage by units and groups that go with them.

R17 and R18 ask for enough people with a seat in every unit, and with enough tiết in every named group.  At given prices
of seats the best price of such a share has a closed form: it is what the last person needed would have to be offered.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nanglucso.engines.instance import Floats, Instance, Ints
from nanglucso.engines.market import Crowd, Market
from nanglucso.engines.response_kernels import NEVER, ask, best_sets
from nanglucso.engines.sharing import in_threads

CHUNK = 4096
Stop = Callable[[], bool]


@dataclass(frozen=True, eq=False)
class Response:
    """What people gain at given prices, scaled to everybody; ``value`` is infinity when stopped."""

    value: float  # sum of surpluses less what coverage is paid: for any prices of coverage an upper bound holds
    demand: Floats  # (O, R × kinds) seats asked
    unit: Floats  # (U,) objective offered for one more person of the unit with a seat
    named: Floats  # (entries of group_minimum,) the same for one more person with the hours


class Duty:
    """How many people of each unit and named group are owed a seat, or hours, among some of the people."""

    def __init__(self, x: Instance, people: Ints) -> None:
        self.x = x
        self.unit = x.unit[people]
        here = np.bincount(self.unit, minlength=len(x.size))
        self.unit_owed = np.floor(x.least_trained * here / np.maximum(x.size, 1) + 0.5).astype(np.int64)
        first: dict[int, int] = {}
        for i, g in enumerate(x.group_minimum):
            first.setdefault(g.group, i)
        self.least = np.zeros(x.n, np.int64)  # (n,) tiết that count for the person's group
        self.members: dict[int, tuple[Ints, int]] = {}
        for group, i in first.items():
            of, inside = x.group == group, np.nonzero(x.group[people] == group)[0]
            owed_g = np.ceil(x.group_minimum[i].share * int(of.sum()) - 1e-9)
            self.least[of] = x.group_minimum[i].tiet
            self.members[i] = inside, int(np.floor(owed_g * len(inside) / max(int(of.sum()), 1) + 0.5))

    def unit_prices(self, best: Floats) -> Floats:
        """(U,) what the last person owed a seat must be offered; ``best`` (m,) best surplus with a seat."""
        order = np.lexsort((-best, self.unit))
        start = np.searchsorted(self.unit[order], np.arange(len(self.unit_owed)))
        at = np.minimum(start + self.unit_owed - 1, len(best) - 1)
        asked = np.maximum(0.0, -best[order][at])
        return np.where((self.unit_owed > 0) & (asked < -NEVER), asked, 0.0)

    def named_price(self, i: int, lost: Floats) -> float:
        """The same for named group i; ``lost`` (m,) what each member loses by having the hours."""
        owed = self.members[i][1]
        asked = float(np.partition(lost, owed - 1)[owed - 1]) if 0 < owed <= len(lost) else 0.0
        return asked if asked < -NEVER else 0.0


def respond(
    x: Instance, crowd: Crowd, market: Market, seat_price: Floats, people: Ints, stop: Stop, *, covered: bool
) -> Response:
    """Exact best responses at offered prices (O, R × kinds); with ``covered`` R17 and R18 are owed too.

    The parts are added in their order, so that the threads do not change the result.
    """
    t, weight = crowd.tables, x.n / max(len(people), 1)
    duty = Duty(x, people)
    least = duty.least if covered and crowd.exact else np.zeros(x.n, np.int64)
    price, cap = np.ascontiguousarray(seat_price.T, np.float32), x.tiet_max[x.group]
    many, families = len(people), len(t.combo0) - 1
    best, long = np.full(many, -np.inf), np.full(many, -np.inf)
    chosen, chosen_long = np.zeros((many, families), np.int16), np.zeros((many, families), np.int16)

    def part(at: int) -> None:
        s = slice(at, at + CHUNK)
        if not stop():
            best_sets(
                t, people[s], x.worth_single, price, market.full_kind, x.exempt, cap, crowd.unit, least, best[s],
                chosen[s], long[s], chosen_long[s],
            )  # fmt: skip

    in_threads(part, list(range(0, many, CHUNK)), crowd.threads)
    unit, named = np.zeros(len(x.size)), np.zeros(len(x.group_minimum))
    if covered and many:
        unit = duty.unit_prices(best)
    gain = np.maximum(best + unit[duty.unit], 0.0)
    takes = (gain > 0.0) | (unit[duty.unit] > 0.0) & (best + unit[duty.unit] > -1e-6)
    paid = float(unit @ duty.unit_owed)
    for i, (inside, owed) in duty.members.items() if covered and crowd.exact else ():
        with_hours = long[inside] + unit[duty.unit[inside]]
        named[i] = duty.named_price(i, gain[inside] - with_hours)
        more = with_hours + named[i] - gain[inside]
        gain[inside] += np.maximum(more, 0.0)
        chosen[inside[more > -1e-6]] = chosen_long[inside[more > -1e-6]]
        takes[inside[more > -1e-6]] = True
        paid += float(named[i]) * owed
    demand = np.zeros(price.shape)
    ask(t, people, takes, chosen, market.full_kind, weight, demand)
    value = np.inf if stop() else weight * (float(gain.sum()) - paid)
    return Response(value, np.ascontiguousarray(demand.T), unit, named)
