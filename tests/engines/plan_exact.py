"""A best plan of a very small year as one integer problem (HiGHS), and a bound by prices alone."""

from typing import Any

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from nanglucso.engines import bound as bounds
from nanglucso.engines.families import families
from nanglucso.engines.instance import Instance
from nanglucso.engines.market import Crowd, Market

INFEASIBLE = 2  # scipy's status
Rows = list[tuple[dict[int, float], float]]


def proven(x: Instance, *, covered: bool = False) -> float:
    """A bound by prices alone, at the prices of a short search; with ``covered`` one for plans that meet R16-R18."""
    fams = families(x)
    if not fams:
        return 0.0
    market = Market(x, np.sort(np.concatenate([f.options for f in fams])))
    args = (x, Crowd.of(x, fams, market, 1), market)
    start, people = bounds.start_prices(x, fams), np.arange(x.n)
    value, prices = bounds.search(*args, people, start, steps=15, first=0.3, stop=lambda: False, covered=covered)
    again = bounds.prove(*args, prices, lambda: False, covered=covered).value
    assert abs(again - value) <= 1e-6 * max(abs(value), 1.0)
    return again


def coverage_rows(x: Instance, held: list[Any], seats: list[Any], many: int, rows: Rows) -> int:
    """Add R16-R18 as rows ``sum <= cap``; returns how many columns (a person counts, 0 or 1) they need."""
    of: dict[int, list[int]] = {}
    for k, (p, _) in enumerate(seats):
        of.setdefault(p, []).append(k)
    extra = 0
    first = many + len(seats)

    def enough(people: list[int], least: int, owed: int) -> None:
        nonlocal extra
        row = {}
        for p in people:
            column = first + extra
            extra += 1
            row[column] = -1.0
            tiet = {many + k: -float(x.tiet[held[seats[k][1]][0]]) if least else -1.0 for k in of.get(p, [])}
            rows.append(({column: float(max(least, 1)), **tiet}, 0.0))
        rows.append((row, -float(owed)))

    for m in x.mandatory:
        who = x.obliged(m)
        row = {}
        for k, (p, j) in enumerate(seats):
            c, f, _, t, _, _ = held[j]
            if who[p] and c == m.course and t + x.length[c, f] - 1 <= m.deadline:
                row[many + k] = -1.0
        rows.append((row, -float(np.ceil(m.share * who.sum() - 1e-9))))
    for u in np.nonzero(x.size >= x.unit_min_size)[0]:
        owed = int(np.ceil(x.unit_min_share * x.size[u] - 1e-9))
        enough(np.nonzero(x.unit == u)[0].tolist(), 0, owed)
    for g in x.group_minimum:
        people = np.nonzero(x.group == g.group)[0].tolist()
        enough(people, g.tiet, int(np.ceil(g.share * len(people) - 1e-9)))
    return extra


def optimum(x: Instance, *, covered: bool = False) -> float | None:
    """Value of a best plan with R1-R15, with ``covered`` R16-R18 too, as one integer problem; None when there is none.

    No class is held twice in the same room, week and by the same lecturer; courses must share no piece.
    """
    held = [
        (c, f, v, t, lecturer, q)
        for c, f in zip(*np.nonzero(x.offered), strict=True)
        for v in (range(len(x.venue_area)) if x.room_total[c, f] else [-1])
        for t in range(x.weeks - x.length[c, f] + 1)
        for lecturer in np.nonzero(x.can[:, c])[0]
        for q in np.nonzero(x.source_course[:, c])[0]
    ]
    seats = [
        (p, j)
        for j, (c, _, v, _, _, q) in enumerate(held)
        for p in range(x.n)
        if x.source_type[q, x.type[p]] and (v < 0 or x.trip[x.area[p], x.venue_area[v]] >= 0)
    ]
    many = len(held)
    rows: list[tuple[dict[int, float], float]] = []
    sums: dict[Any, dict[int, float]] = {}

    def add(key: Any, column: int, value: float) -> None:
        row = sums.setdefault(key, {})
        row[column] = row.get(column, 0.0) + float(value)

    size, gain = [{} for _ in held], np.zeros(many + len(seats))
    for j, (c, f, v, t, lecturer, q) in enumerate(held):
        rent = x.venue_rate[v] * x.room_total[c, f] if v >= 0 else 0.0
        fixed = (1 + x.management) * (x.fixed[c, f] + x.lect_rate[lecturer] * x.lect_total[c, f] + rent)
        for key in (("money", q), ("money", -1)):
            add(key, j, fixed)
        for i in range(x.length[c, f]):
            add(("week", lecturer, t + i), j, x.lect[c, f, i])
            add(("quarter", lecturer, (t + i) // x.weeks_per_quarter), j, x.lect[c, f, i])
            if v >= 0:
                add(("venue", v, t + i), j, x.room[c, f, i])
    for k, (p, j) in enumerate(seats):
        c, f, v, t, _, q = held[j]
        column = many + k
        gain[column] = x.eff[c, f] * float(x.worth[p][x.cover[c]].sum())
        trip = max(0.0, x.trip[x.area[p], x.venue_area[v]]) * x.room_weeks[c, f] if v >= 0 else 0.0
        for key in (("money", q), ("money", -1)):
            add(key, column, (1 + x.management) * (x.seat_cost[c, f] + trip))
        size[j][column] = 1.0
        add(("tiet", p), column, x.tiet[c])
        add(("once", p, c), column, 1.0)
        for i in range(x.length[c, f]):
            add(("busy", p, t + i), column, 1.0)
            if x.room[c, f, i]:
                add(("away", x.unit[p], t + i), column, 1.0)
        for before in x.prereq[c]:
            if not x.exempt[p, before]:
                row = {column: 1.0}
                for k2, (p2, j2) in enumerate(seats):
                    c2, f2, _, t2, _, _ = held[j2]
                    if p2 == p and c2 == before and t2 + x.length[c2, f2] <= t:
                        row[many + k2] = -1.0
                rows.append((row, 0.0))
    caps = {
        "money": lambda k: x.budget if k[1] < 0 else x.amount[k[1]],
        "week": lambda k: x.lect_week[k[1]],
        "quarter": lambda k: x.lect_quarter[k[1]],
        "venue": lambda k: x.venue_buoi[k[1]],
        "tiet": lambda k: x.tiet_max[x.group[k[1]]],
        "once": lambda k: 1.0,
        "busy": lambda k: 1.0,
        "away": lambda k: x.absent_cap[k[1]],
    }
    rows += [(row, float(caps[key[0]](key))) for key, row in sums.items()]
    for j, (c, f, v, _, _, _) in enumerate(held):
        most = x.size_max[c, f] if v < 0 else min(x.size_max[c, f], x.venue_seats[v])
        rows.append((size[j] | {j: -float(most)}, 0.0))
        rows.append((dict.fromkeys(size[j], -1.0) | {j: float(x.size_min[c, f])}, 0.0))
    extra = coverage_rows(x, held, seats, many, rows) if covered else 0
    gain = np.r_[gain, np.zeros(extra)]
    data = [(i, column, value) for i, (row, _) in enumerate(rows) for column, value in row.items()]
    at, columns, values = zip(*data, strict=True)
    matrix = sparse.csr_matrix((values, (at, columns)), shape=(len(rows), len(gain)))
    limit = LinearConstraint(matrix, -np.inf, np.array([cap for _, cap in rows]))
    answer = milp(
        -gain, constraints=limit, bounds=Bounds(0, 1), integrality=np.ones(len(gain)), options={"time_limit": 60}
    )
    assert answer.success or answer.status == INFEASIBLE, answer.message
    return float(-answer.fun) if answer.success else None
