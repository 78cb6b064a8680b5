"""The checker: is a plan lawful, and what is it worth?  Written from the rules R1-R18 alone, without any solver.

A plan is two integer arrays: classes (m, 6) with columns course, form, venue, start, lecturer, source, and seats (k, 2)
with columns person, class.  Sums of money may exceed a limit by 0.001 million đồng.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from nanglucso.engines.instance import MAX_WEEKS_OF_CLASS, Bools, Floats, Instance, Ints

MONEY_TOLERANCE = 1e-3
EPS = 1e-9
RULES = tuple(f"R{i}" for i in range(1, 19))
Items = list[dict[str, Any]]


@dataclass(frozen=True)
class _View:
    """The part of a plan whose references hold: full class columns, and the seats (person p, class j) of good ones."""

    instance: Instance
    good: Bools
    use: Ints
    course: Ints
    form: Ints
    venue: Ints
    start: Ints
    lecturer: Ints
    source: Ints
    length: Ints
    last: Ints
    rooms: Ints  # (m, 6)
    lect: Ints  # (m, 6)
    room_weeks: Ints
    p: Ints
    j: Ints
    size: Ints
    travel: Floats  # trip of each seat, 0 when roomless


def _over(keys: Ints, amount: Any, cap: Callable[[Ints], Any]) -> tuple[Ints, Any, Any]:
    """Sum the amounts by key; the keys whose sum exceeds cap(key), with sum and cap."""
    names, where = np.unique(keys, return_inverse=True)
    total = np.bincount(where, amount, minlength=len(names)) if len(names) else np.zeros(0)
    limit = np.asarray(cap(names)) if len(names) else np.zeros(0)
    bad = total > limit + EPS
    return names[bad], total[bad], limit[bad]


def _expand(start: Ints, length: Ints) -> tuple[Ints, Ints, Ints]:
    """Row number, week, and place in the class of every week that the rows run."""
    row = np.repeat(np.arange(len(start)), length)
    place = np.arange(len(row)) - np.repeat(np.cumsum(length) - length, length)
    return row, start[row] + place, place


def _good_classes(x: Instance, classes: Ints) -> Bools:
    c, f, v, s, lecturer, q = classes.T
    good = (c >= 0) & (c < len(x.tiet)) & (f >= 0) & (f < 3)
    cc, ff = np.where(good, c, 0), np.where(good, f, 0)
    if not len(x.tiet) or not len(classes):
        return np.zeros(len(classes), bool)
    good &= x.offered[cc, ff]
    good &= (s >= 0) & (s + np.where(good, x.length[cc, ff], 1) <= x.weeks)
    good &= (lecturer >= 0) & (lecturer < len(x.lect_rate)) & (q >= 0) & (q < len(x.amount))
    roomy = good & (x.room_total[cc, ff] > 0)
    return good & np.where(roomy, (v >= 0) & (v < len(x.venue_area)), v == -1)


def _view(x: Instance, classes: Ints, seats: Ints) -> tuple[_View, Items]:
    good = _good_classes(x, classes)
    p, j = seats.T
    exists = (p >= 0) & (p < x.n) & (j >= 0) & (j < len(classes))
    items: Items = [{"class": int(i)} for i in np.nonzero(~good)[0]]
    items += [{"seat": int(i)} for i in np.nonzero(~exists)[0]]
    keep = exists.copy()
    keep[exists] = good[j[exists]]
    p, j = p[keep], j[keep]
    c, f, v, s, lecturer, q = (np.where(good, column, 0) for column in classes.T)
    m = len(classes)
    rooms = x.room[c, f] * good[:, None] if m else np.zeros((0, MAX_WEEKS_OF_CLASS), np.int64)
    lect = x.lect[c, f] * good[:, None] if m else rooms
    length = np.where(good, x.length[c, f], 1) if m else np.zeros(0, np.int64)
    room_weeks = (rooms > 0).sum(axis=1)
    travel = np.zeros(len(p))
    away = room_weeks[j] > 0
    travel[away] = x.trip[x.area[p[away]], x.venue_area[v[j[away]]]] if away.any() else 0.0
    size = np.bincount(j, minlength=m)
    last = s + length - 1
    use = np.nonzero(good)[0]
    return _View(
        x, good, use, c, f, v, s, lecturer, q, length, last, rooms, lect, room_weeks, p, j, size, travel
    ), items


def _sizes(w: _View) -> Items:
    x, c, f = w.instance, w.course[w.use], w.form[w.use]
    low, high = x.size_min[c, f], x.size_max[c, f]
    roomy = w.room_weeks[w.use] > 0
    high[roomy] = np.minimum(high[roomy], x.venue_seats[w.venue[w.use][roomy]]) if roomy.any() else high[roomy]
    size = w.size[w.use]
    bad = np.nonzero((size < low) | (size > high))[0]
    return [{"class": int(w.use[i]), "size": int(size[i]), "min": int(low[i]), "max": int(high[i])} for i in bad]


def _person_time(w: _View) -> tuple[Items, Items]:
    """R3 one class a week, R7 absence of a unit in a week."""
    x = w.instance
    row, week, place = _expand(w.start[w.j], w.length[w.j])
    keys, count, _ = _over(w.p[row] * x.weeks + week, np.ones(len(row)), lambda k: np.ones(len(k)))
    r3 = [
        {"person": int(k // x.weeks), "week": int(k % x.weeks), "classes": int(n)}
        for k, n in zip(keys, count, strict=True)
    ]
    away = w.rooms[w.j[row], place] > 0
    once = np.unique(w.p[row][away] * x.weeks + week[away])
    keys, count, cap = _over(
        x.unit[once // x.weeks] * x.weeks + once % x.weeks, np.ones(len(once)), lambda k: x.absent_cap[k // x.weeks]
    )
    r7 = [
        {"unit": int(k // x.weeks), "week": int(k % x.weeks), "absent": int(n), "max": int(m)}
        for k, n, m in zip(keys, count, cap, strict=True)
    ]
    return r3, r7


def _person_courses(w: _View) -> tuple[Items, Items, Items]:
    """R4 a course once, R6 travel area, R8 tiết a year."""
    x = w.instance
    total = len(x.tiet)
    keys, _, _ = _over(w.p * total + w.course[w.j], np.ones(len(w.p)), lambda k: np.ones(len(k)))
    r4 = [{"person": int(k // total), "course": int(k % total)} for k in keys]
    r6 = [{"person": int(w.p[i]), "class": int(w.j[i])} for i in np.nonzero(w.travel < 0)[0]]
    keys, hours, cap = _over(w.p, x.tiet[w.course[w.j]], lambda k: x.tiet_max[x.group[k]])
    r8 = [{"person": int(k), "tiet": int(h), "max": int(m)} for k, h, m in zip(keys, hours, cap, strict=True)]
    return r4, r6, r8


def _prerequisites(w: _View) -> Items:
    x, items = w.instance, []
    total = len(x.tiet)
    keys = w.p * total + w.course[w.j]
    order = np.lexsort((w.last[w.j], keys))
    taken, first = np.unique(keys[order], return_index=True)
    done = w.last[w.j][order][first]
    for c in range(total):
        at = np.nonzero(w.course[w.j] == c)[0]
        for before in x.prereq[c] if len(at) else ():
            bound = at[~x.exempt[w.p[at], before]]
            want = w.p[bound] * total + before
            place = np.minimum(np.searchsorted(taken, want), len(taken) - 1)
            met = (taken[place] == want) & (done[place] < w.start[w.j[bound]])
            items += [{"person": int(w.p[i]), "class": int(w.j[i]), "prereq": int(before)} for i in bound[~met]]
    return items


def _supply(w: _View) -> dict[str, Items]:
    """R9-R12 lecturers and venues."""
    x, use = w.instance, w.use
    wrong = use[~x.can[w.lecturer[use], w.course[use]]] if len(use) else use
    row, week, place = _expand(w.start[use], w.length[use])
    j = use[row]
    out: dict[str, Items] = {"R9": [{"class": int(i), "lecturer": int(w.lecturer[i])} for i in wrong]}
    keys, sums, caps = _over(w.lecturer[j] * x.weeks + week, w.lect[j, place], lambda k: x.lect_week[k // x.weeks])
    out["R10"] = [
        {"lecturer": int(k // x.weeks), "week": int(k % x.weeks), "buoi": int(b), "max": int(m)}
        for k, b, m in zip(keys, sums, caps, strict=True)
    ]
    many = x.quarters
    quarter = w.lecturer[j] * many + week // x.weeks_per_quarter
    keys, sums, caps = _over(quarter, w.lect[j, place], lambda k: x.lect_quarter[k // many])
    out["R11"] = [
        {"lecturer": int(k // many), "quarter": int(k % many), "buoi": int(b), "max": int(m)}
        for k, b, m in zip(keys, sums, caps, strict=True)
    ]
    held = w.rooms[j, place] > 0
    keys, sums, caps = _over(
        w.venue[j][held] * x.weeks + week[held], w.rooms[j, place][held], lambda k: x.venue_buoi[k // x.weeks]
    )
    out["R12"] = [
        {"venue": int(k // x.weeks), "week": int(k % x.weeks), "buoi": int(b), "max": int(m)}
        for k, b, m in zip(keys, sums, caps, strict=True)
    ]
    return out


def _cost(w: _View) -> Floats:
    """(m,) million đồng of each class; 0 for a class whose references fail."""
    x, c, f = w.instance, w.course, w.form
    if not len(c) or not w.good.any():
        return np.zeros(len(c))
    roomy = w.room_weeks > 0
    hire = np.zeros(len(c))
    hire[roomy] = x.venue_rate[w.venue[roomy]] * w.rooms[roomy].sum(axis=1)
    fixed = x.fixed[c, f] + x.lect_rate[w.lecturer] * w.lect.sum(axis=1) + hire
    trips = np.bincount(w.j, np.maximum(w.travel, 0.0) * w.room_weeks[w.j], minlength=len(c))
    return np.where(w.good, (1 + x.management) * (fixed + x.seat_cost[c, f] * w.size + trips), 0.0)


def _money(w: _View, cost: Floats, by_source: Floats) -> dict[str, Items]:
    """R13-R15."""
    x, use = w.instance, w.use
    out: dict[str, Items] = {}
    bad = np.nonzero(by_source > x.amount + MONEY_TOLERANCE)[0]
    out["R13"] = [{"source": int(s), "spent": round(float(by_source[s]), 3), "amount": float(x.amount[s])} for s in bad]
    spent = float(cost.sum())
    over = spent > x.budget + MONEY_TOLERANCE
    out["R14"] = [{"spent": round(spent, 3), "budget": x.budget}] if over else []
    unfit = use[~x.source_course[w.source[use], w.course[use]]] if len(use) else use
    items: Items = [{"class": int(i), "source": int(w.source[i])} for i in unfit]
    if len(w.p):
        wrong = np.nonzero(~x.source_type[w.source[w.j], x.type[w.p]])[0]
        items += [{"class": int(w.j[i]), "person": int(w.p[i]), "source": int(w.source[w.j[i]])} for i in wrong]
    out["R15"] = items
    return out


def _coverage(w: _View) -> dict[str, Items]:
    """R16-R18."""
    x = w.instance
    out: dict[str, Items] = {"R16": [], "R17": [], "R18": []}
    for i, entry in enumerate(x.mandatory):
        who, did = x.obliged(entry), np.zeros(x.n, bool)
        did[w.p[(w.course[w.j] == entry.course) & (w.last[w.j] <= entry.deadline)]] = True
        needed, done = int(np.ceil(entry.share * who.sum() - EPS)), int((did & who).sum())
        if done < needed:
            out["R16"].append({"mandatory": i, "done": done, "needed": needed})
    trained = np.zeros(x.n, bool)
    trained[w.p] = True
    got = np.bincount(x.unit[trained], minlength=len(x.unit_area))
    least = x.least_trained
    out["R17"] = [{"unit": int(u), "trained": int(got[u]), "needed": int(least[u])} for u in np.nonzero(got < least)[0]]
    hours = np.bincount(w.p, x.tiet[w.course[w.j]], minlength=x.n)
    for least_group in x.group_minimum:
        members = x.group == least_group.group
        needed = int(np.ceil(least_group.share * members.sum() - EPS))
        reached = int((members & (hours >= least_group.tiet)).sum())
        if reached < needed:
            out["R18"].append({"group": least_group.group, "reached": reached, "needed": needed})
    return out


def _objective(w: _View) -> float:
    """Σ weight × open share × (1 − Π over covering seats of (1 − eff))."""
    x = w.instance
    left = np.ones(x.open.shape)
    course, form = w.course[w.j], w.form[w.j]
    for c in np.unique(course):
        pieces = np.nonzero(x.cover[c])[0]
        for f in range(3):
            who = w.p[(course == c) & (form == f)]
            np.multiply.at(left, (who[:, None], pieces[None, :]), 1.0 - x.eff[c, f])
    return float((x.worth * (1.0 - left)).sum())


def check(instance: Instance, classes: Ints, seats: Ints, *, limit: int = 1000) -> dict[str, Any]:
    """Judge a plan: validity, objective, cost, and per violated rule the count and at most ``limit`` items.

    The keys are those of the command ``plan check``; every item names what broke the rule.
    """
    classes = np.asarray(classes, np.int64).reshape(-1, 6)
    seats = np.asarray(seats, np.int64).reshape(-1, 2)
    view, references = _view(instance, classes, seats)
    cost = _cost(view)
    by_source: Floats = np.bincount(view.source[view.use], cost[view.use], len(instance.amount)).astype(np.float64)
    r3, r7 = _person_time(view)
    r4, r6, r8 = _person_courses(view)
    found: dict[str, Items] = {"R1": references, "R2": _sizes(view), "R3": r3, "R4": r4, "R5": _prerequisites(view)}
    found |= {"R6": r6, "R7": r7, "R8": r8, **_supply(view), **_money(view, cost, by_source), **_coverage(view)}
    bad = {rule: {"count": len(found[rule]), "items": found[rule][:limit]} for rule in RULES if found[rule]}
    trained = len(np.unique(view.p))
    return {
        "valid": not bad,
        "valid_placing": not any(int(rule[1:]) <= 15 for rule in bad),
        "objective": round(_objective(view), 6),
        "cost": round(float(cost.sum()), 3),
        "cost_by_source": [round(float(c), 3) for c in by_source],
        "classes": len(view.use),
        "seats": len(view.p),
        "trained": trained,
        "violations": bad,
    }
