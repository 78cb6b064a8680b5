"""The calendar a plan is written in: classes in weeks, persons in seats, with every rule R1-R15 kept at each step.

All changes go through open, close, seat and unseat, are journalled, and can be rolled back to a mark.
The seating trusts its caller to seat only people it has listed as able to come; ``plan`` has the result checked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nanglucso.engines.instance import Bools, Floats, Instance, Ints
from nanglucso.engines.kernels import who_can_come

NOBODY: Ints = np.zeros(0, np.int64)


@dataclass(slots=True)
class Klass:
    """One open class and its members."""

    course: int
    form: int
    venue: int
    start: int
    lecturer: int
    source: int
    members: Ints = field(default_factory=lambda: NOBODY)
    cost: float = 0.0


class Seating:
    """Weeks, hours, rooms, money and what each person still lacks, under the plan so far."""

    def __init__(self, x: Instance) -> None:
        self.x = x
        n, weeks = x.n, x.weeks
        self.left: Floats = x.worth.copy()  # (n, 4 K) worth not yet closed
        self.cover_t = x.cover.T.astype(np.float64)
        # Kept by course: a class asks everybody about one course. Loops take them the other way round, (C, n): of one
        # person (1, C) both orders are the same memory, and another type to the compiler.
        self.val: Floats = np.asfortranarray(self.left @ self.cover_t)  # (n, C)
        self.busy = np.zeros((n, weeks), bool)
        self.form_of = np.full((n, len(x.tiet)), -1, np.int8, order="F")
        self.start_of = np.full((n, len(x.tiet)), -1, np.int16)
        self.last_of = np.full((n, len(x.tiet)), -1, np.int16)
        self.hours: Ints = x.tiet_max[x.group].copy()  # tiết still free
        self.count = np.zeros(n, np.int64)
        self.away = np.zeros((len(x.unit_area), weeks), np.int64)
        self.lect_week = np.zeros((len(x.lect_rate), weeks), np.int64)
        self.lect_quarter = np.zeros((len(x.lect_rate), x.quarters), np.int64)
        self.venue_week = np.zeros((len(x.venue_area), weeks), np.int64)
        self.spent = np.zeros(len(x.amount))
        self.objective = 0.0
        self.classes: dict[int, Klass] = {}
        self.after = [tuple(d for d in range(len(x.tiet)) if c in x.prereq[d]) for c in range(len(x.tiet))]
        self.journal: list[tuple[Any, ...]] = []
        self.watch: Callable[[Ints, int], None] = lambda people, sign: (
            None
        )  # told before (-1) and after (1) seats change
        self._next = 0
        self._quarter_load: dict[tuple[int, int], Ints] = {}

    # ---- money -------------------------------------------------------------------------------------------------

    def seat_cost(self, k: Klass, people: Ints) -> Floats:
        """(m,) million đồng each seat adds to the class."""
        x = self.x
        own = np.full(len(people), x.seat_cost[k.course, k.form])
        if k.venue >= 0:
            trips = x.trip[x.area[people], x.venue_area[k.venue]]
            own += np.maximum(trips, 0.0) * x.room_weeks[k.course, k.form]
        return (1 + x.management) * own

    def fixed_cost(self, k: Klass) -> float:
        """Million đồng of the class without seats."""
        x, at = self.x, (k.course, k.form)
        room = x.venue_rate[k.venue] * x.room_total[at] if k.venue >= 0 else 0.0
        return float((1 + x.management) * (x.fixed[at] + x.lect_rate[k.lecturer] * x.lect_total[at] + room))

    def purse(self, source: int) -> float:
        """Million đồng that classes of this source may still cost."""
        return float(min(self.x.amount[source] - self.spent[source], self.x.budget - self.spent.sum()))

    def size(self, k: Klass) -> int:
        """Most seats the class may have."""
        most = min(int(self.x.size_max[k.course, k.form]), self.x.n)
        return most if k.venue < 0 else min(most, int(self.x.venue_seats[k.venue]))

    # ---- the four changes --------------------------------------------------------------------------------------

    def open(self, k: Klass) -> int:
        """Open an empty class; returns its number."""
        number = self._next
        self._next += 1
        self._open(number, k)
        self.journal.append((self._undo_open, number))
        return number

    def close(self, number: int) -> Ints:
        """Take everybody out and close the class; returns who was in it."""
        members = self.classes[number].members
        self.unseat(number, members)
        k = self._close(number)
        self.journal.append((self._open, number, k))
        return members

    def seat(self, number: int, people: Ints) -> None:
        """Give people seats in an open class."""
        if len(people):
            self._seat(number, people)
            self.journal.append((self._unseat, number, people))

    def unseat(self, number: int, people: Ints) -> None:
        """Take people out of a class."""
        if len(people):
            self._unseat(number, people)
            self.journal.append((self._seat, number, people))

    def mark(self) -> int:
        """A place in the journal to roll back to."""
        return len(self.journal)

    def rollback(self, mark: int) -> None:
        """Undo everything since the mark."""
        while len(self.journal) > mark:
            step = self.journal.pop()
            step[0](*step[1:])

    def changed(self, mark: int) -> list[int]:
        """Numbers of the classes whose members changed since the mark, rising."""
        return sorted({step[1] for step in self.journal[mark:] if step[0] in (self._seat, self._unseat)})

    def touched(self, mark: int) -> Ints:
        """People whose seats changed since the mark."""
        lists = [step[2] for step in self.journal[mark:] if step[0] in (self._seat, self._unseat)]
        return np.unique(np.concatenate(lists)) if lists else NOBODY

    def _book(self, k: Klass, sign: int) -> None:
        x, m = self.x, int(self.x.length[k.course, k.form])
        weeks = np.arange(k.start, k.start + m)
        lect = sign * x.lect[k.course, k.form, :m]
        self.lect_week[k.lecturer, weeks] += lect
        np.add.at(self.lect_quarter[k.lecturer], weeks // x.weeks_per_quarter, lect)
        if k.venue >= 0:
            self.venue_week[k.venue, weeks] += sign * x.room[k.course, k.form, :m]

    def _open(self, number: int, k: Klass) -> None:
        self._book(k, 1)
        k.cost = self.fixed_cost(k)
        self.spent[k.source] += k.cost
        self.classes[number] = k

    def _close(self, number: int) -> Klass:
        k = self.classes.pop(number)
        self._book(k, -1)
        self.spent[k.source] -= k.cost
        return k

    def _undo_open(self, number: int) -> None:
        self._close(number)

    def _seat(self, number: int, people: Ints) -> None:
        x, k = self.x, self.classes[number]
        c, f, m = k.course, k.form, int(self.x.length[k.course, k.form])
        self.watch(people, -1)
        self._shift(k, people, 1.0 - float(x.eff[c, f]))
        self.busy[people, k.start : k.start + m] = True
        self.form_of[people, c] = f
        self.start_of[people, c] = k.start
        self.last_of[people, c] = k.start + m - 1
        self._count(k, people, 1)
        k.members = np.concatenate([k.members, people])
        self.watch(people, 1)

    def _unseat(self, number: int, people: Ints) -> None:
        x, k = self.x, self.classes[number]
        c, f, m = k.course, k.form, int(self.x.length[k.course, k.form])
        self.watch(people, -1)
        self._shift(k, people, 1.0 / (1.0 - float(x.eff[c, f])))
        self.busy[people, k.start : k.start + m] = False
        self.form_of[people, c] = self.start_of[people, c] = self.last_of[people, c] = -1
        self._count(k, people, -1)
        k.members = k.members[~np.isin(k.members, people)]
        self.watch(people, 1)

    def _shift(self, k: Klass, people: Ints, factor: float) -> None:
        pieces = np.nonzero(self.x.cover[k.course])[0]
        at = np.ix_(people, pieces)
        before = self.left[at]
        self.left[at] = before * factor
        self.objective += float(before.sum()) * (1.0 - factor)
        self.val[people] += (before * (factor - 1.0)) @ self.cover_t[pieces]

    def _count(self, k: Klass, people: Ints, sign: int) -> None:
        x = self.x
        self.hours[people] -= sign * x.tiet[k.course]
        self.count[people] += sign
        cost = sign * float(self.seat_cost(k, people).sum())
        k.cost += cost
        self.spent[k.source] += cost
        rooms = np.nonzero(x.room[k.course, k.form])[0]
        if len(rooms):
            units = np.bincount(x.unit[people], minlength=len(self.away))
            self.away[:, k.start + rooms] += sign * units[:, None]

    def settle(self) -> None:
        """Recompute what was kept by multiplication, so that drift cannot grow."""
        x = self.x
        left = x.worth.copy()
        for k in self.classes.values():
            left[np.ix_(k.members, np.nonzero(x.cover[k.course])[0])] *= 1.0 - x.eff[k.course, k.form]
        self.left[:] = left  # in place: others may hold these arrays
        self.val[:] = left @ self.cover_t
        self.objective = float((x.worth - left).sum())

    # ---- who can come, when ------------------------------------------------------------------------------------

    def free(self, c: int, people: Ints) -> Bools:
        """(m,) people who have not taken the course, have the hours, and the prerequisites behind them."""
        x = self.x
        ok = (self.form_of[people, c] < 0) & (self.hours[people] >= x.tiet[c])
        for before in x.prereq[c]:
            ok &= x.exempt[people, before] | (self.form_of[people, before] >= 0)
        return ok

    def ready(self, c: int, people: Ints) -> Ints:
        """(m,) first week in which each could start the course."""
        first = np.zeros(len(people), np.int64)
        for before in self.x.prereq[c]:
            done = self.last_of[people, before].astype(np.int64) + 1
            first = np.maximum(first, np.where(self.x.exempt[people, before], 0, done))
        return first

    def leaning(self, c: int, people: Ints) -> Bools:
        """(m,) people who need this seat as the prerequisite of another they hold."""
        out = np.zeros(len(people), bool)
        for d in self.after[c]:
            out |= (self.form_of[people, d] >= 0) & ~self.x.exempt[people, c]
        return out

    def can_come(self, c: int, f: int, people: Ints, starts: int) -> Bools:
        """(m, starts) people free in all weeks of a class that starts in week 0 … starts-1, their unit not yet full."""
        x = self.x
        room = x.room[c, f, : int(x.length[c, f])] > 0
        return who_can_come(  # type: ignore[no-any-return]
            people, x.unit, self.ready(c, people), self.busy, self.away, x.absent_cap, room, starts
        )

    def admit(self, c: int, f: int, start: int, people: Ints) -> Ints:
        """Of people in this order, those whom the absence limit of their units lets come together."""
        x = self.x
        rooms = np.nonzero(x.room[c, f])[0]
        if not len(rooms) or not len(people):
            return people
        unit = x.unit[people]
        room_left = (x.absent_cap[:, None] - self.away[:, start + rooms]).min(axis=1)
        order = np.argsort(unit, kind="stable")
        at = np.arange(len(unit))
        head = np.r_[True, unit[order][1:] != unit[order][:-1]]
        rank = np.empty(len(unit), np.int64)
        rank[order] = at - np.maximum.accumulate(np.where(head, at, 0))
        return people[rank < room_left[unit]]

    def lecturers(self, c: int, f: int, starts: int) -> Bools:
        """(L, starts) lecturers who can teach such a class from each week."""
        x = self.x
        out = np.repeat(x.can[:, c][:, None], starts, axis=1)
        for i in range(int(x.length[c, f])):
            if x.lect[c, f, i]:
                out &= self.lect_week[:, i : i + starts] + x.lect[c, f, i] <= x.lect_week[:, None]
        load = self._load(c, f)[:starts]
        for q in range(x.quarters):
            if load[:, q].any():
                room = (x.lect_quarter - self.lect_quarter[:, q])[:, None] >= load[None, :, q]
                out &= room | (load[None, :, q] == 0)
        return out

    def _load(self, c: int, f: int) -> Ints:
        """(W, quarters) lecturer buổi in each quarter of a class that starts in each week."""
        if (c, f) not in self._quarter_load:
            x = self.x
            load = np.zeros((x.weeks, x.quarters), np.int64)
            for i in range(int(x.length[c, f])):
                weeks = np.arange(x.weeks - i)
                np.add.at(load, (weeks, (weeks + i) // x.weeks_per_quarter), x.lect[c, f, i])
            self._quarter_load[c, f] = load
        return self._quarter_load[c, f]

    def venues(self, c: int, f: int, area: int, starts: int) -> Bools:
        """(V, starts) venues of the area that can hold such a class from each week."""
        x = self.x
        out = np.repeat(((x.venue_area == area) & (x.venue_seats >= x.size_min[c, f]))[:, None], starts, axis=1)
        for i in range(int(x.length[c, f])):
            if x.room[c, f, i]:
                out &= self.venue_week[:, i : i + starts] + x.room[c, f, i] <= x.venue_buoi[:, None]
        return out

    def load(self, classes: Ints, seats: Ints) -> list[int]:
        """Write a lawful plan into an empty calendar; returns the numbers of its classes in order."""
        numbers, order = [], np.argsort(seats[:, 1], kind="stable")
        first = np.searchsorted(seats[order, 1], np.arange(len(classes) + 1))
        for j, row in enumerate(classes):
            c, f, v, t, lecturer, q = (int(value) for value in row)
            numbers.append(self.open(Klass(c, f, v, t, lecturer, q)))
            self.seat(numbers[j], seats[order[first[j] : first[j + 1]], 0])
        return numbers

    def plan(self) -> tuple[Ints, Ints]:
        """Classes (m, 6) and seats (k, 2) as the checker reads them."""
        ks = list(self.classes.values())
        rows = [(k.course, k.form, k.venue, k.start, k.lecturer, k.source) for k in ks]
        classes = np.array(rows, np.int64).reshape(-1, 6)
        people = np.concatenate([k.members for k in ks]) if ks else NOBODY
        number = np.repeat(np.arange(len(ks)), [len(k.members) for k in ks])
        return classes, np.stack([people, number], axis=1).astype(np.int64)
