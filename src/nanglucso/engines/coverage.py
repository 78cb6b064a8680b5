"""Coverage R16-R18: how far a plan falls short of what is owed to posts, units and named groups, and who would help."""

from __future__ import annotations

from typing import Any

import numpy as np

from nanglucso.engines.instance import Bools, Floats, Instance, Ints, Mandatory
from nanglucso.engines.seating import Seating

EPS = 1e-9
HURRIED = "The run ended before more seats were found; give it more time."


class Coverage:
    """Counts of a seating against R16, R17, R18; ``weight`` is what one missing seat counts in scores."""

    def __init__(self, seating: Seating, weight: float) -> None:
        self.s, self.x, self.weight = seating, seating.x, weight
        x = self.x
        self.who = [x.obliged(m) for m in x.mandatory]
        self.owed = [_ceil(m.share * int(w.sum())) for m, w in zip(x.mandatory, self.who, strict=True)]
        self.unit_owed = x.least_trained
        self.member = [x.group == g.group for g in x.group_minimum]
        self.group_owed = [_ceil(g.share * int(m.sum())) for g, m in zip(x.group_minimum, self.member, strict=True)]
        self.steps = _steps(x)
        self.follow()

    def follow(self) -> None:
        """Count everything once, and from now on follow the seating's changes."""
        self.done_count = np.zeros(len(self.who), np.int64)
        self.trained = np.zeros(len(self.unit_owed), np.int64)
        self.reached = np.zeros(len(self.member), np.int64)
        self._count(np.arange(self.x.n), 1)
        self.s.watch = self._count

    def _count(self, people: Ints, sign: int) -> None:
        """Add (or take away) what these people count now."""
        x, s = self.x, self.s
        for i, m in enumerate(x.mandatory):
            last = s.last_of[people, m.course]
            self.done_count[i] += sign * int((self.who[i][people] & (last >= 0) & (last <= m.deadline)).sum())
        np.add.at(self.trained, x.unit[people[s.count[people] > 0]], sign)
        used = x.tiet_max[x.group[people]] - s.hours[people]
        for k, g in enumerate(x.group_minimum):
            self.reached[k] += sign * int((self.member[k][people] & (used >= g.tiet)).sum())

    def done(self, i: int) -> Bools:
        """(n,) people of mandatory entry i who finish in time."""
        m = self.x.mandatory[i]
        last = self.s.last_of[:, m.course]
        return self.who[i] & (last >= 0) & (last <= m.deadline)

    def used(self) -> Ints:
        """(n,) tiết each person sits in."""
        return self.x.tiet_max[self.x.group] - self.s.hours

    def short(self) -> tuple[list[int], Ints, list[int]]:
        """Seats missing by mandatory entry, by unit, by group entry."""
        r16 = [max(0, owed - int(self.done_count[i])) for i, owed in enumerate(self.owed)]
        r18 = [max(0, owed - int(done)) for owed, done in zip(self.group_owed, self.reached, strict=True)]
        return r16, np.maximum(0, self.unit_owed - self.trained), r18

    def shortfall(self) -> int:
        """Seats missing in all."""
        r16, units, r18 = self.short()
        return sum(r16) + int(units.sum()) + sum(r18)

    def bonus(self) -> Floats | None:
        """(C, n) extra score of a seat that lessens a shortfall, or None when nothing is short.

        For a mandatory course with prerequisites the earlier courses count too, for those who need them first.
        """
        r16, units, r18 = self.short()
        if not sum(r16) and not units.any() and not sum(r18):
            return None
        x = self.x
        out = np.zeros((len(x.tiet), x.n))
        for i, missing in enumerate(r16):
            if missing:
                want = self.who[i] & ~self.done(i)
                for c in self.steps[x.mandatory[i].course]:
                    out[c] += self.weight * (want & ~x.exempt[:, c] & (self.s.form_of[:, c] < 0))
        if units.any():
            out += self.weight * ((units > 0)[x.unit] & (self.s.count == 0))
        used = self.used()
        for g, m, missing in zip(x.group_minimum, self.member, r18, strict=True):
            if missing:
                near = m & (used < g.tiet)
                gain = np.minimum(1.0, (used[None] + x.tiet[:, None]) / max(g.tiet, 1))
                out += self.weight * near * np.where(gain >= 1.0, 1.0, 0.4 * gain)
        return out

    def deadline(self, c: int) -> int:
        """Last week in which a class of the course helps an entry that is short; the year's end when none is."""
        weeks = self.x.weeks
        last = weeks - 1
        for i, m in enumerate(self.x.mandatory):
            if c in self.steps[m.course] and self.done_count[i] < self.owed[i]:
                last = min(last, m.deadline - _tail(self.x, m, c))
        return last

    def reasons(self, hurried: bool = False) -> list[dict[str, Any]]:
        """What is short, as the command's ``reasons`` say it; ``hurried``: the run ended before it was through."""
        x = self.x
        rest = HURRIED if hurried else ""
        r16, units, r18 = self.short()
        out: list[dict[str, Any]] = []
        for i, missing in enumerate(r16):
            if missing:
                m = x.mandatory[i]
                done = self.owed[i] - missing
                out.append(
                    {"rule": "R16", "mandatory": i, "done": done, "needed": self.owed[i], "why": self._why(m, rest)}
                )
        for u in np.nonzero(units)[0]:
            owed = int(self.unit_owed[u])
            why = self._why_people(x.unit == u, rest)
            out.append({"rule": "R17", "unit": int(u), "done": owed - int(units[u]), "needed": owed, "why": why})
        for g, m, missing, owed in zip(x.group_minimum, self.member, r18, self.group_owed, strict=True):
            if missing:
                why = self._why_people(m, rest)
                out.append({"rule": "R18", "group": g.group, "done": owed - missing, "needed": owed, "why": why})
        return out

    def _why(self, m: Mandatory, rest: str) -> str:
        x = self.x
        forms = x.offered[m.course]
        if not forms.any():
            return "The course is offered in no form."
        if not (x.source_course[:, m.course] & (x.amount > 0)).any() or x.budget <= 0:
            return "No funding source has money for the course."
        if not x.can[:, m.course].any():
            return "No lecturer can teach the course."
        if m.deadline + 1 < int(x.length[m.course][forms].min()) + _tail_before(x, m):
            return "The deadline comes before a class, after its prerequisites, can end."
        roomy = x.room_total[m.course] > 0
        if roomy[forms].all() and not len(x.venue_area):
            return "There is no room for the course."
        return rest or "Money, lecturers, rooms or free weeks before the deadline do not reach for more classes."

    def _why_people(self, members: Bools, rest: str) -> str:
        x = self.x
        kinds = np.unique(x.type[members])
        if not (x.source_type[:, kinds] & (x.amount > 0)[:, None]).any() or x.budget <= 0:
            return "No funding source has money for these people."
        if not x.offered.any() or not len(x.lect_rate):
            return "No course can be taught."
        return rest or "Money, seats or hours do not reach for more of these people."


def _ceil(value: float) -> int:
    return int(np.ceil(value - EPS))


def _steps(x: Instance) -> dict[int, list[int]]:
    """For each mandatory course: itself and all courses before it, the earliest first."""
    out: dict[int, list[int]] = {}
    for m in x.mandatory:
        order: list[int] = []
        _visit(x, m.course, order, set())
        out[m.course] = order
    return out


def _visit(x: Instance, c: int, order: list[int], seen: set[int]) -> None:
    if c in seen:
        return
    seen.add(c)
    for before in x.prereq[c]:
        _visit(x, before, order, seen)
    order.append(c)


def _shortest(x: Instance, c: int) -> int:
    lengths = x.length[c][x.offered[c]]
    return int(lengths.min()) if len(lengths) else 0


def _tail(x: Instance, m: Mandatory, c: int) -> int:
    """Weeks that the courses between c and the mandatory course still need after c ends."""
    if c == m.course:
        return 0
    order: list[int] = []
    _visit(x, m.course, order, set())
    later = [d for d in order[order.index(c) + 1 :] if _needs(x, d, c, set())]
    return sum(_shortest(x, d) for d in later)


def _needs(x: Instance, d: int, c: int, seen: set[int]) -> bool:
    if d in seen:
        return False
    seen.add(d)
    return c in x.prereq[d] or any(_needs(x, b, c, seen) for b in x.prereq[d])


def _tail_before(x: Instance, m: Mandatory) -> int:
    order: list[int] = []
    _visit(x, m.course, order, set())
    return sum(_shortest(x, d) for d in order[:-1] if (~x.exempt[:, d]).all())
