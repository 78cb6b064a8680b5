"""Seats exchanged one by one on a seating whose classes stay: the bridge between `Seating` and the compiled moves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nanglucso.engines.chain_kernels import State, sweep
from nanglucso.engines.coverage import Coverage
from nanglucso.engines.instance import Floats, Ints
from nanglucso.engines.market import Prices
from nanglucso.engines.respond import Stop
from nanglucso.engines.seating import Seating

CHUNK = 500  # people between two looks at the clock
ENOUGH = 2e-5  # rise of one round, as a share of the objective, below which the rounds end


class Chains:
    """Improves the seats of a seating in place."""

    def __init__(self, seating: Seating, coverage: Coverage, prices: Prices, rng: np.random.Generator) -> None:
        self.s, self.x, self.coverage, self.prices, self.rng = seating, seating.x, coverage, prices, rng
        self.pool, self.pool0 = self._pools()

    def run(self, stop: Stop, rounds: int, done: Callable[[], None]) -> float:
        """Rounds over all people in random order until one brings next to nothing; returns the rise of objective.

        ``done`` is called after each round, when the seating stands.
        """
        before = self.s.objective
        state, numbers = self._state(), list(self.s.classes)
        for turn in range(rounds):
            rise, order = 0.0, self.rng.permutation(self.x.n)
            for at in range(0, len(order), CHUNK):
                if stop():
                    break
                rise += float(sweep(state, order[at : at + CHUNK], self.pool, self.pool0, turn > 0))
            self._write_back(state, numbers)
            done()
            if stop() or (turn and rise < ENOUGH * max(before, 1.0)):
                break
        return self.s.objective - before

    def _pools(self) -> tuple[Ints, Ints]:
        """People in reach of a room in each area, and everybody."""
        x = self.x
        parts = [np.nonzero(x.trip[x.area, a] >= 0)[0] for a in range(len(x.trip))] + [np.arange(x.n)]
        return np.concatenate(parts).astype(np.int64), _starts(parts)

    def _state(self) -> State:
        s, x, cover = self.s, self.x, self.coverage
        ks = list(s.classes.values())
        course = np.array([k.course for k in ks], np.int64)
        form = np.array([k.form for k in ks], np.int64)
        areas = len(x.trip)
        home = np.array([x.venue_area[k.venue] if k.venue >= 0 else areas for k in ks], np.int64)
        seat = self._seat_costs(course, form, home)
        near = [
            np.nonzero((x.cover[c] & x.cover).any(axis=1) | (np.arange(len(x.tiet)) == c))[0]
            for c in range(len(x.tiet))
        ]
        pieces = [np.nonzero(row)[0] for row in x.cover]
        reach = [np.nonzero(np.isfinite(seat[:, a]))[0] for a in range(areas)]
        most = np.array([s.size(k) for k in ks], np.int64)
        member = np.zeros((len(ks), max(int(most.max(initial=1)), 1)), np.int64)
        class_of = np.full((x.n, len(x.tiet)), -1, np.int32)
        for j, k in enumerate(ks):
            member[j, : len(k.members)] = k.members
            class_of[k.members, k.course] = j
        named = x.group_minimum
        return State(
            area=x.area, unit=x.unit, group=x.group, kind=x.type, exempt=x.exempt, busy=s.busy, form_of=s.form_of.T,
            start_of=s.start_of, last_of=s.last_of, class_of=class_of, hours=s.hours, held=s.count, left=s.left,
            val=s.val.T, tiet=x.tiet, piece=_flat(pieces), piece0=_starts(pieces), near=_flat(near),
            near0=_starts(near), before=_flat(x.prereq), before0=_starts(x.prereq),
            after=_flat(s.after), after0=_starts(s.after),
            course=course, form=form, start=np.array([k.start for k in ks], np.int64), length=x.length[course, form],
            source=np.array([k.source for k in ks], np.int64), home=home, room=x.room[course, form] > 0,
            eff=x.eff[course, form], seat=seat, cash=self.prices.money + self.prices.source, most=most,
            least=x.size_min[course, form], many=np.array([len(k.members) for k in ks], np.int64), member=member,
            worst=np.full(len(ks), -1, np.int64), loss=np.zeros(len(ks)), pays=x.source_type, reach=_flat(reach),
            reach0=_starts(reach), away=s.away, away_cap=x.absent_cap, spent=s.spent, amount=x.amount,
            budget=float(x.budget), duty=np.array(cover.who, bool).reshape(len(cover.who), x.n),
            duty_course=np.array([m.course for m in x.mandatory], np.int64),
            duty_week=np.array([m.deadline for m in x.mandatory], np.int64), duty_done=cover.done_count,
            duty_owed=np.array(cover.owed, np.int64), trained=cover.trained, trained_owed=cover.unit_owed,
            named=np.array([g.group for g in named], np.int64), named_tiet=np.array([g.tiet for g in named], np.int64),
            named_done=cover.reached, named_owed=np.array(cover.group_owed, np.int64), hours_max=x.tiet_max[x.group],
        )  # fmt: skip

    def _seat_costs(self, course: Ints, form: Ints, home: Ints) -> Floats:
        """(J, A) million đồng of one seat, inf where the room is out of reach."""
        x = self.x
        trip = np.c_[x.trip, np.zeros(len(x.trip))][:, home].T  # (J, A)
        own = x.seat_cost[course, form][:, None] + np.maximum(trip, 0.0) * x.room_weeks[course, form][:, None]
        return np.ascontiguousarray(np.where(trip >= 0, (1 + x.management) * own, np.inf))

    def _write_back(self, state: State, numbers: list[int]) -> None:
        """Members and costs of the classes, and everything that was kept by multiplication, from the moves' arrays."""
        s = self.s
        for j, number in enumerate(numbers):
            k = s.classes[number]
            k.members = state.member[j, : state.many[j]].copy()
            k.cost = s.fixed_cost(k) + float(s.seat_cost(k, k.members).sum())
        s.spent[:] = 0.0
        for k in s.classes.values():
            s.spent[k.source] += k.cost
        s.journal.clear()
        s.settle()
        state.worst[:] = -1


def _flat(parts: Any) -> Ints:
    return np.concatenate([np.zeros(0, np.int64), *(np.asarray(part, np.int64) for part in parts)])


def _starts(parts: Any) -> NDArray[np.int64]:
    return np.cumsum([0, *(len(part) for part in parts)]).astype(np.int64)
