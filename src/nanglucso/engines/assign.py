"""Who sits where, all at once: with the open classes fixed, the seats of many people as one linear problem.

Columns are (person, class) pairs.  Rows: class sizes, tiết, a course once, a class a week, absence of units,
prerequisites, money, mandatory entries.  Two courses on the same piece share its gain: a column per such pair takes
the double count away.  The relaxation is solved first; what it leaves open is settled by a small integer problem.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nanglucso.engines.coverage import Coverage
from nanglucso.engines.instance import Bools, Floats, Ints
from nanglucso.engines.linear import INF, Problem, solve
from nanglucso.engines.respond import Stop
from nanglucso.engines.seating import NOBODY, Seating

SURE = 0.995
NODES = {"mip_max_nodes": 30}
WIDE = 6  # candidates of a class for each seat that these people hold or that is empty
NEAR = 0.08  # reduced cost, as a share of the median gain, up to which an empty seat stays open in the second step
OWED = 3.0  # the same for a seat that coverage may ask for, as a multiple of that
PENALTY = 60.0  # objective that a missing seat of coverage or of a class's least size costs


@dataclass(frozen=True)
class _Pairs:
    """Candidate seats: person p (position in ``people``), class j (position in ``numbers``), column."""

    people: Ints
    numbers: list[int]
    p: Ints
    j: Ints
    who: Ints  # people[p]
    gain: Floats
    course: Ints  # of the class, by class
    form: Ints
    start: Ints
    length: Ints
    inside: list[Ints]  # members among the people, by class


class Assigner:
    """Builds and solves the problem for one set of people on a seating."""

    def __init__(self, seating: Seating, coverage: Coverage, *, threads: int, seed: int) -> None:
        self.s, self.x, self.coverage = seating, seating.x, coverage
        self.threads, self.seed = threads, seed
        self.wide = WIDE  # candidates for each seat
        self.fit: dict[int, Floats] = {}  # by option (n,) how near a seat is to each person's best answer, if known

    def _pairs(self, people: Ints) -> _Pairs:
        x, s = self.x, self.s
        numbers = list(s.classes)
        ks = [s.classes[i] for i in numbers]
        inside = [k.members[np.isin(k.members, people)] for k in ks]
        at = np.full(x.n, -1, np.int64)
        at[people] = np.arange(len(people))
        who_parts, j_parts, gains = [], [], []
        reachable: dict[int, Bools] = {}
        for j, k in enumerate(ks):
            worth = x.worth[np.ix_(people, np.nonzero(x.cover[k.course])[0])].sum(axis=1)
            fit = self.fit.get(3 * k.course + k.form)
            ok = worth > 1e-9 if fit is None else np.isfinite(fit[people])
            for before in x.prereq[k.course]:
                ok &= x.exempt[people, before] | reachable.get(before, np.zeros(len(people), bool))
            ok &= x.source_type[k.source][x.type[people]]
            if k.venue >= 0:
                ok &= x.trip[x.area[people], x.venue_area[k.venue]] >= 0
            ok = _best(
                ok,
                worth if fit is None else fit[people],
                self.wide * (self.s.size(k) - len(k.members) + len(inside[j])),
            )
            ok[at[inside[j]]] = True
            reachable[k.course] = reachable.get(k.course, np.zeros(len(people), bool)) | ok
            pick = np.nonzero(ok)[0]
            who_parts.append(pick)
            j_parts.append(np.full(len(pick), j))
            gains.append(worth[pick] * x.eff[k.course, k.form])
        p = np.concatenate(who_parts) if who_parts else NOBODY
        course = np.array([k.course for k in ks], np.int64)
        form = np.array([k.form for k in ks], np.int64)
        return _Pairs(
            people,
            numbers,
            p,
            np.concatenate(j_parts) if j_parts else NOBODY,
            people[p],
            np.concatenate(gains) if gains else np.zeros(0),
            course,
            form,
            np.array([k.start for k in ks], np.int64),
            x.length[course, form],
            inside,
        )

    def _problem(self, q: _Pairs) -> tuple[Problem, Ints]:
        problem = Problem()
        column = problem.add_columns(q.gain)
        self._sizes(problem, q, column)
        self._persons(problem, q, column)
        self._weeks(problem, q, column)
        self._prerequisites(problem, q, column)
        self._money(problem, q, column)
        self._mandatory(problem, q, column)
        self._reached(problem, q, column)
        self._overlaps(problem, q, column)
        return problem, column

    def _sizes(self, problem: Problem, q: _Pairs, column: Ints) -> None:
        s, x = self.s, self.x
        ks = [s.classes[i] for i in q.numbers]
        stay = np.array([len(k.members) - len(m) for k, m in zip(ks, q.inside, strict=True)])
        high = np.array([s.size(k) for k in ks]) - stay
        low = np.maximum(x.size_min[q.course, q.form] - stay, 0)
        problem.add_rows(q.j, column, 1.0, -INF, high)
        tight = np.nonzero(low > 0)[0]
        row_of = np.full(len(ks), -1, np.int64)
        row_of[tight] = np.arange(len(tight))
        missing = problem.add_columns(np.full(len(tight), -PENALTY), cap=low[tight], whole=False)
        pick = row_of[q.j] >= 0
        row = np.concatenate([row_of[q.j[pick]], np.arange(len(tight))])
        problem.add_rows(row, np.concatenate([column[pick], missing]), 1.0, low[tight], INF)

    def _persons(self, problem: Problem, q: _Pairs, column: Ints) -> None:
        x = self.x
        problem.add_keyed(q.p, column, x.tiet[q.course[q.j]], lambda k: x.tiet_max[x.group[q.people[k]]])
        courses = len(x.tiet)
        problem.add_keyed(q.p * courses + q.course[q.j], column, 1.0, lambda k: np.ones(len(k)), least=2)

    def _weeks(self, problem: Problem, q: _Pairs, column: Ints) -> None:
        """A class a week (only weeks in which a class starts can be the tightest), and absence of units."""
        x, s = self.x, self.s
        people = np.zeros(x.n, bool)
        people[q.people] = True
        rooms = x.room[q.course, q.form]
        for week in np.unique(q.start):
            runs = ((q.start <= week) & (week < q.start + q.length))[q.j]
            problem.add_keyed(q.p[runs], column[runs], 1.0, lambda k: np.ones(len(k)), least=2)
        for week in range(x.weeks):
            place = week - q.start
            on = (place >= 0) & (place < q.length)
            on[on] = rooms[np.nonzero(on)[0], place[on]] > 0
            if not on.any():
                continue
            stay = s.away[:, week].copy()
            for j in np.nonzero(on)[0]:
                stay -= np.bincount(x.unit[q.inside[j]], minlength=len(stay))
            cap = x.absent_cap - stay
            pick = on[q.j]
            problem.add_keyed(x.unit[q.who[pick]], column[pick], 1.0, cap.__getitem__)

    def _prerequisites(self, problem: Problem, q: _Pairs, column: Ints) -> None:
        x = self.x
        for j in range(len(q.numbers)):
            for before in x.prereq[q.course[j]]:
                mine = np.nonzero((q.j == j) & ~x.exempt[q.who, before])[0]
                earlier = (q.course == before) & (q.start + q.length <= q.start[j])
                first = np.nonzero(earlier[q.j])[0]
                row_of = np.full(len(q.people), -1, np.int64)
                row_of[q.p[mine]] = np.arange(len(mine))
                first = first[row_of[q.p[first]] >= 0]
                row = np.concatenate([np.arange(len(mine)), row_of[q.p[first]]])
                value = np.concatenate([np.ones(len(mine)), -np.ones(len(first))])
                if len(mine):
                    problem.add_rows(row, column[np.concatenate([mine, first])], value, -INF, np.zeros(len(mine)))

    def _money(self, problem: Problem, q: _Pairs, column: Ints) -> None:
        s, x = self.s, self.x
        ks = [s.classes[i] for i in q.numbers]
        cost, source = np.zeros(len(q.p)), np.array([k.source for k in ks], np.int64)
        back = np.zeros(len(x.amount))
        for j, k in enumerate(ks):
            pick = q.j == j
            cost[pick] = s.seat_cost(k, q.who[pick])
            back[k.source] += float(s.seat_cost(k, q.inside[j]).sum())
        purse = x.amount - s.spent + back
        problem.add_keyed(source[q.j], column, cost, lambda k: purse[k])
        problem.add_rows(np.zeros(len(column)), column, cost, -INF, x.budget - s.spent.sum() + back.sum())

    def _mandatory(self, problem: Problem, q: _Pairs, column: Ints) -> None:
        chosen = np.zeros(self.x.n, bool)
        chosen[q.people] = True
        for i, m in enumerate(self.x.mandatory):
            others = int((self.coverage.done(i) & ~chosen).sum())
            want = self.coverage.owed[i] - others
            ends = q.start + q.length - 1
            pick = ((q.course == m.course) & (ends <= m.deadline))[q.j] & self.coverage.who[i][q.who]
            if want > 0:
                missing = problem.add_columns([-PENALTY], cap=float(want), whole=False)
                entries = np.concatenate([column[pick], missing])
                problem.add_rows(np.zeros(len(entries)), entries, 1.0, float(want), INF)

    def _reached(self, problem: Problem, q: _Pairs, column: Ints) -> None:
        """R17 and R18 where they are near: a column per person "is trained", "has the hours", and enough of them."""
        x, cover = self.x, self.coverage
        inside = np.zeros(x.n, bool)
        inside[q.people] = True
        trained = self.s.count > 0
        for u in np.nonzero(self._near_units())[0]:
            others = int((trained & ~inside & (x.unit == u)).sum())
            self._enough(problem, q, column, x.unit == u, np.ones_like(q.course), 1, int(cover.unit_owed[u]) - others)
        hours = cover.used()
        for g, member, owed in zip(x.group_minimum, cover.member, cover.group_owed, strict=True):
            others = int((member & ~inside & (hours >= g.tiet)).sum())
            self._enough(problem, q, column, member, x.tiet[q.course], g.tiet, owed - others)

    def _near_units(self) -> Bools:
        """(U,) units whose least share could get lost: with few classes any unit's, for everybody is seated anew."""
        if self.fit:
            return self.coverage.unit_owed > 0
        now = np.bincount(self.x.unit[self.s.count > 0], minlength=len(self.x.unit_area))
        return (self.coverage.unit_owed > 0) & (now <= 1.4 * self.coverage.unit_owed + 2)

    def _owed_seats(self, q: _Pairs) -> Bools:
        """(pairs,) seats that coverage may ask for, whatever they bring."""
        x, cover = self.x, self.coverage
        out = self._near_units()[x.unit[q.who]]
        for member in cover.member:
            out |= member[q.who]
        for m, who in zip(x.mandatory, cover.who, strict=True):
            out |= (q.course[q.j] == m.course) & who[q.who]
        return out

    def _enough(
        self, problem: Problem, q: _Pairs, column: Ints, member: Bools, weight: Ints, least: int, owed: int
    ) -> None:
        """At least ``owed`` of the members reach ``least`` in the sum of weights of their seats; short ones cost."""
        pick = np.nonzero(member[q.who])[0]
        if owed <= 0 or not len(pick) or least <= 0:
            return
        names, row = np.unique(q.p[pick], return_inverse=True)
        reached = problem.add_columns(np.zeros(len(names)))
        rows, entries = np.r_[row, np.arange(len(names))], np.r_[column[pick], reached]
        value = np.r_[weight[q.j[pick]].astype(float), np.full(len(names), -float(least))]
        problem.add_rows(rows, entries, value, np.zeros(len(names)), INF)
        missing = problem.add_columns([-PENALTY], cap=float(owed), whole=False)
        entries = np.r_[reached, missing]
        problem.add_rows(np.zeros(len(entries)), entries, 1.0, float(owed), INF)

    def _overlaps(self, problem: Problem, q: _Pairs, column: Ints) -> None:
        """For classes a, b whose courses share pieces: a column at least x_a + x_b - 1 that takes the double count."""
        x = self.x
        order = [np.nonzero(q.j == j)[0] for j in range(len(q.numbers))]
        for a in range(len(q.numbers)):
            for b in range(a):
                pieces = np.nonzero(x.cover[q.course[a]] & x.cover[q.course[b]])[0]
                if q.course[a] == q.course[b] or not len(pieces):
                    continue
                _, ia, ib = np.intersect1d(q.p[order[a]], q.p[order[b]], assume_unique=True, return_indices=True)
                ca, cb = order[a][ia], order[b][ib]
                both = x.eff[q.course[a], q.form[a]] * x.eff[q.course[b], q.form[b]]
                loss = both * x.worth[np.ix_(q.who[ca], pieces)].sum(axis=1)
                ca, cb, loss = ca[loss > 1e-9], cb[loss > 1e-9], loss[loss > 1e-9]
                if len(loss):
                    extra = problem.add_columns(-loss, whole=False)
                    row = np.tile(np.arange(len(loss)), 3)
                    value = np.repeat([1.0, 1.0, -1.0], len(loss))
                    problem.add_rows(
                        row, np.concatenate([column[ca], column[cb], extra]), value, -INF, np.ones(len(loss))
                    )

    def value(self, people: Ints, seconds: float, stop: Stop) -> tuple[float, Floats]:
        """The best that seats of the open classes could bring these people (relaxed), and what each class is worth in
        it; minus infinity when there was no time to find out."""
        q = self._pairs(people)
        problem, _ = self._problem(q)
        how = {"threads": self.threads, "seed": self.seed, "stop": stop}
        relaxed = solve(problem, integral=False, seconds=seconds, options={"solver": "simplex"}, **how)  # type: ignore[arg-type]
        if relaxed.x is None or not np.isfinite(relaxed.bound):
            return -INF, np.zeros(len(q.numbers))
        seats = np.array([self.s.size(self.s.classes[i]) for i in q.numbers])
        return relaxed.value, relaxed.dual[: len(q.numbers)] * seats

    def assign(self, people: Ints, seconds: float, stop: Stop) -> bool:
        """Seat these people anew; returns whether a whole solution was found and applied (the caller judges it)."""
        q = self._pairs(people)
        if not len(q.p):
            return False
        problem, column = self._problem(q)
        how = {"threads": self.threads, "seed": self.seed, "stop": stop}
        relaxed = solve(problem, integral=False, seconds=seconds, options={"solver": "simplex"}, **how)  # type: ignore[arg-type]
        if relaxed.x is None or stop():
            return False
        x = relaxed.x[column]
        cap = np.concatenate(problem.cap).copy()
        edge = NEAR * float(np.median(q.gain))
        edges = np.where(self._owed_seats(q), OWED, 1.0) * edge
        cap[column[(x < 1e-6) & (relaxed.reduced[column] < -edges)]] = 0.0
        fixed = column[(x > SURE) & (relaxed.reduced[column] > edge)]
        problem.cap = [cap]
        problem.add_rows(np.arange(len(fixed)), fixed, 1.0, np.ones(len(fixed)), INF)
        whole = solve(problem, integral=True, seconds=seconds, gap=2e-3, options=NODES, **how)  # type: ignore[arg-type]
        if whole.x is None:
            return False
        self._apply(q, whole.x[column] > 0.5)
        return True

    def _apply(self, q: _Pairs, chosen: Bools) -> None:
        for number, members in zip(q.numbers, q.inside, strict=True):
            self.s.unseat(number, members)
        for j, number in enumerate(q.numbers):
            self.s.seat(number, q.who[chosen & (q.j == j)])


def _best(ok: Bools, worth: Floats, most: int) -> Bools:
    """Of those marked, the ``most`` with the greatest worth."""
    marked = np.nonzero(ok)[0]
    if len(marked) <= most:
        return ok
    out = np.zeros(len(ok), bool)
    out[marked[np.argpartition(-worth[marked], most)[:most]]] = True
    return out
