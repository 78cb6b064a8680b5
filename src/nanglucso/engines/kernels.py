"""Compiled inner loops of the planner: what courses are worth to a person, and the best people of a class.

Everything here is arithmetic on arrays that the modules above prepare and own; no state, no clock, no randomness.
Compiled once a machine and kept (numba's cache); the functions release the interpreter's lock, so threads share work.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

FAR = np.float32(1e7)
BISECTIONS = 9


class Tables(NamedTuple):
    """All families end to end; family f owns the slices that its offsets name.  See `families.Family` for the words."""

    combo0: NDArray[np.int64]  # (F + 1,) first combination
    closure: NDArray[np.float32]  # flat (N_f, P_f)
    closure0: NDArray[np.int64]  # (F,)
    piece: NDArray[np.int64]
    piece0: NDArray[np.int64]
    course: NDArray[np.int64]
    course0: NDArray[np.int64]
    option: NDArray[np.int64]  # (N, courses of the largest family) row of the option taken, -1 none
    tiet: NDArray[np.int64]  # (N,)
    level: NDArray[np.int64]  # (N,) index into the family's distinct tiết
    level_tiet: NDArray[np.int64]
    level0: NDArray[np.int64]
    number: NDArray[np.int64]  # flat 4 ** courses: combination of a set of forms
    number0: NDArray[np.int64]
    gate: NDArray[np.int64]
    gate0: NDArray[np.int64]
    broken: NDArray[np.uint64]  # (N,) bit g: takes a course without prerequisite g of the family
    hub: NDArray[np.int64]  # (H,) prerequisites of courses of other families
    hub_can: np.uint64  # bit h: hub h belongs to a family, so it can be taken
    home: NDArray[np.uint64]  # (F,) bit h: hub h is of the family
    has: NDArray[np.uint64]  # (N,) bit h: takes hub h
    asks: NDArray[np.uint64]  # (N,) bit h: takes a course of another family than its prerequisite h


@njit(cache=True, nogil=True)
def combination_values(t, f, worth, price, exempt, out):  # type: ignore[no-untyped-def]
    """out[c] = gain less prices of every combination of family f for one person; -FAR where a gate is missing."""
    first, many = t.combo0[f], t.combo0[f + 1] - t.combo0[f]
    pieces, piece0 = t.piece0[f + 1] - t.piece0[f], t.piece0[f]
    shut = np.uint64(0)
    for g in range(t.gate0[f], t.gate0[f + 1]):
        if not exempt[t.gate[g]]:
            shut |= np.uint64(1) << np.uint64(g - t.gate0[f])
    slots = t.course0[f + 1] - t.course0[f]
    at = t.closure0[f]
    for i in range(many):
        c = first + i
        if t.broken[c] & shut:
            out[i] = -FAR
            at += pieces
            continue
        value = np.float32(0.0)
        for k in range(pieces):
            value += t.closure[at + k] * worth[t.piece[piece0 + k]]
        at += pieces
        for s in range(slots):
            o = t.option[c, s]
            if o >= 0:
                value -= price[o]
        out[i] = value
    return many


@njit(cache=True, nogil=True)
def _asked(t, curve, extra, theta):  # type: ignore[no-untyped-def]
    """Further tiết a person would ask for at the price ``theta`` of a tiết."""
    total = 0.0
    for f in range(len(t.combo0) - 1):
        best, pick = -np.inf, t.level0[f]
        for k in range(t.level0[f], t.level0[f + 1]):
            if curve[k] - extra[k] * theta > best:
                best, pick = curve[k] - extra[k] * theta, k
        total += extra[pick]
    return total


@njit(cache=True, nogil=True)
def _hour_price(t, curve, extra, hours):  # type: ignore[no-untyped-def]
    """Least price of a tiết, by bisection, at which the wishes fit the hours left."""
    if _asked(t, curve, extra, 0.0) <= hours:
        return 0.0
    low, high = 0.0, 0.0
    for k in range(len(curve)):
        if extra[k] > 0:
            high = max(high, curve[k] / extra[k])
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        if _asked(t, curve, extra, middle) <= hours:
            high = middle
        else:
            low = middle
    return high


@njit(cache=True, nogil=True)
def _take_and_leave(t, f, many, values, take, leave, p):  # type: ignore[no-untyped-def]
    """For every option of a family: the best combination with it and the best without it."""
    first, slots = t.combo0[f], t.course0[f + 1] - t.course0[f]
    best = 0
    for c in range(many):
        if values[c] > values[best]:
            best = c
    for c in range(many):
        for s in range(slots):
            o = t.option[first + c, s]
            if o >= 0:
                take[o, p] = -FAR
                leave[o, p] = values[best]
    for c in range(many):
        for s in range(slots):
            o = t.option[first + c, s]
            if o >= 0 and values[c] > take[o, p]:
                take[o, p] = values[c]
    for s in range(slots):
        o = t.option[first + best, s]
        if o >= 0:
            without = -FAR
            for c in range(many):
                if t.option[first + c, s] != o and values[c] > without:
                    without = values[c]
            leave[o, p] = without


@njit(cache=True, nogil=True)
def refresh(t, people, worth, price, kind, exempt, form_of, hours, take, leave, hour_price):  # type: ignore[no-untyped-def]
    """take and leave (O, n) and the price of a tiết for these people, given the seats they hold (form_of, (C, n))."""
    families = len(t.combo0) - 1
    values = np.empty(t.combo0[families], np.float32)
    extra_of = np.empty(t.combo0[families], np.float32)
    curve, extra = np.empty(t.level0[families], np.float32), np.empty(t.level0[families], np.float32)
    for i in range(len(people)):
        p = people[i]
        for f in range(families):
            first = t.combo0[f]
            out = values[first : t.combo0[f + 1]]
            many = combination_values(t, f, worth[p], price[kind[p]], exempt[p], out)
            mark, step, slots = 0, 1, t.course0[f + 1] - t.course0[f]
            for s in range(slots):
                mark += step * (form_of[t.course[t.course0[f] + s], p] + 1)
                step *= 4
            held = t.number[t.number0[f] + mark]
            base = out[held]
            for c in range(many):
                contains = True
                if mark:
                    for s in range(slots):
                        o = t.option[first + held, s]
                        if o >= 0 and t.option[first + c, s] != o:
                            contains = False
                out[c] = out[c] - base if contains else -FAR
                extra_of[first + c] = t.tiet[first + c] - t.tiet[first + held]
            out[held] = 0.0
            for k in range(t.level0[f], t.level0[f + 1]):
                curve[k] = -FAR
                extra[k] = t.level_tiet[k] - t.tiet[first + held]
            for c in range(many):
                k = t.level0[f] + t.level[first + c]
                curve[k] = max(curve[k], out[c])
        theta = _hour_price(t, curve, extra, hours[p])
        hour_price[p] = theta
        for f in range(families):
            first, many = t.combo0[f], t.combo0[f + 1] - t.combo0[f]
            if theta > 0.0:
                for c in range(many):
                    values[first + c] -= extra_of[first + c] * np.float32(theta)
            _take_and_leave(t, f, many, values[first : first + many], take, leave, p)


class Bid(NamedTuple):
    """What the score of a seat of one lane is made of; arrays of length 0 where a part does not apply."""

    course: int
    eff: float
    tiet: int
    caution: float
    cash: float  # objective paid for one million đồng of direct cost
    seat: float  # million đồng
    trip: NDArray[np.float64]  # (A,) million đồng of the trips of one seat from each area
    before: NDArray[np.int64]  # prerequisites
    open_row: NDArray[np.int64]  # option rows of later courses of other families
    open_course: NDArray[np.int64]  # the course of each such row
    bonus: NDArray[np.float64]  # (n,) or (0,)
    only: NDArray[np.bool_]  # (n,) or (0,)
    opening: float  # share of what a later course of another family would bring that this one is credited with
    fresh: NDArray[np.float64]  # (U,) extra score of the first seat of a person of each unit


@njit(cache=True, nogil=True)
def _sift(score, who, at, many):  # type: ignore[no-untyped-def]
    """Let the entry at ``at`` of a min-heap sink to its place."""
    while True:
        child = 2 * at + 1
        if child >= many:
            return
        if child + 1 < many and score[child + 1] < score[child]:
            child += 1
        if score[at] <= score[child]:
            return
        score[at], score[child] = score[child], score[at]
        who[at], who[child] = who[child], who[at]
        at = child


@njit(cache=True, nogil=True)
def _later(b, p, exempt, form_of, take, leave):  # type: ignore[no-untyped-def]
    """What later courses of other families would bring a person whom this course opens them to."""
    out, i = 0.0, 0
    if exempt[p, b.course]:
        return out
    while i < len(b.open_row):
        d, best = b.open_course[i], 0.0
        while i < len(b.open_row) and b.open_course[i] == d:
            best = max(best, take[b.open_row[i], p] - leave[b.open_row[i], p])
            i += 1
        if form_of[d, p] < 0:
            out += best
    return b.opening * out


@njit(cache=True, nogil=True)
def best_people(  # type: ignore[no-untyped-def]
    b, row, most, pool, take, leave, price, kind, val, hour_price, hours, form_of, exempt, area, held, unit
):
    """The ``most`` people of the pool who are free for the course with the greatest score, best first; and the scores.

    score = caution × (take - leave + price) + (1 - caution) × what the seat alone closes - its cost, all in objective.
    """
    score, who = np.empty(most, np.float64), np.empty(most, np.int64)
    many, c = 0, b.course
    for i in range(len(pool)):
        p = pool[i]
        if form_of[c, p] >= 0 or hours[p] < b.tiet or (len(b.only) and not b.only[p]):
            continue
        able = True
        for k in range(len(b.before)):
            if not (exempt[p, b.before[k]] or form_of[b.before[k], p] >= 0):
                able = False
        if not able:
            continue
        alone = b.eff * val[c, p] - hour_price[p] * b.tiet
        beyond = take[row, p] - leave[row, p] + price[row, kind[p]]
        s = b.caution * beyond + (1.0 - b.caution) * alone - b.cash * (b.seat + b.trip[area[p]])
        if len(b.open_row):
            s += _later(b, p, exempt, form_of, take, leave)
        if len(b.bonus):
            s += b.bonus[p]
        if held[p] == 0:
            s += b.fresh[unit[p]]
        if many < most:
            score[many], who[many] = s, p
            many += 1
            if many == most:
                for at in range(most // 2 - 1, -1, -1):
                    _sift(score, who, at, most)
        elif s > score[0]:
            score[0], who[0] = s, p
            _sift(score, who, 0, most)
    order = np.argsort(-score[:many], kind="mergesort")
    return who[:many][order], score[:many][order]


@njit(cache=True, nogil=True)
def who_can_come(people, unit, ready, busy, away, cap, room, starts):  # type: ignore[no-untyped-def]
    """(m, starts) people free in all weeks of a class that starts in week 0 … starts-1, their unit not yet full.

    ready (m,) first week possible; room (length of the class,) whether that week of the class is spent in a room.
    """
    out = np.zeros((len(people), starts), np.bool_)
    for i in range(len(people)):
        p, u = people[i], unit[people[i]]
        for t in range(ready[i], starts):
            able = True
            for k in range(len(room)):
                if busy[p, t + k] or (room[k] and away[u, t + k] >= cap[u]):
                    able = False
                    break
            out[i, t] = able
    return out


@njit(cache=True, nogil=True)
def promises(able, score, held, size):  # type: ignore[no-untyped-def]
    """(starts,) sum of the scores of the first ``size`` who can come in each week that a class can be held in."""
    out = np.zeros(able.shape[1])
    for t in range(able.shape[1]):
        if not held[t]:
            continue
        many = 0
        for i in range(able.shape[0]):
            if able[i, t]:
                out[t] += max(score[i], 0.01)
                many += 1
                if many == size:
                    break
    return out
