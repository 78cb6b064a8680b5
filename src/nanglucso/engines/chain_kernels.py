"""Compiled moves of single seats: a person takes the seat of the member who needs it least, who looks for another.

All functions change the arrays of a `State` in place; the open classes, their weeks, rooms and lecturers stay as they
are.  Every accepted move raises the objective less the priced cost of seats and keeps R1-R15; coverage (R16-R18) is
never lowered below what is owed.  Ejection chains: Glover 1996.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

TINY = 1e-7
CHAIN = 12  # people displaced one after another


class State(NamedTuple):
    """What the moves read and write.  n people, C courses, J open classes, U units, S sources."""

    # people
    area: NDArray[np.int64]
    unit: NDArray[np.int64]
    group: NDArray[np.int64]
    kind: NDArray[np.int64]  # type of the unit
    exempt: NDArray[np.bool_]  # (n, C)
    busy: NDArray[np.bool_]  # (n, W)
    form_of: NDArray[np.int8]  # (C, n)
    start_of: NDArray[np.int16]
    last_of: NDArray[np.int16]
    class_of: NDArray[np.int32]  # (n, C) position of the class held, -1
    hours: NDArray[np.int64]
    held: NDArray[np.int64]  # seats
    left: NDArray[np.float64]  # (n, pieces)
    val: NDArray[np.float64]  # (C, n)
    # courses
    tiet: NDArray[np.int64]
    piece: NDArray[np.int64]  # pieces that course c covers: piece[piece0[c]:piece0[c + 1]]
    piece0: NDArray[np.int64]
    near: NDArray[np.int64]  # courses that share a piece with c, itself among them
    near0: NDArray[np.int64]
    before: NDArray[np.int64]  # prerequisites of c
    before0: NDArray[np.int64]
    after: NDArray[np.int64]  # courses that have c as prerequisite
    after0: NDArray[np.int64]
    # classes
    course: NDArray[np.int64]
    form: NDArray[np.int64]
    start: NDArray[np.int64]
    length: NDArray[np.int64]
    source: NDArray[np.int64]
    home: NDArray[np.int64]  # area of the room, the number of areas when roomless
    room: NDArray[np.bool_]  # (J, 6) weeks of the class spent in a room
    eff: NDArray[np.float64]
    seat: NDArray[np.float64]  # (J, A) million đồng of a seat by area, management included; inf: out of reach
    cash: NDArray[np.float64]  # (S,) objective a million is priced at
    most: NDArray[np.int64]
    least: NDArray[np.int64]
    many: NDArray[np.int64]
    member: NDArray[np.int64]  # (J, largest class)
    worst: NDArray[np.int64]  # (J,) member who loses least, -1 unknown, -2 nobody may go
    loss: NDArray[np.float64]  # (J,) what that member would lose
    pays: NDArray[np.bool_]  # (S, T)
    reach: NDArray[np.int64]  # classes in reach of area a: reach[reach0[a]:reach0[a + 1]]
    reach0: NDArray[np.int64]
    # limits
    away: NDArray[np.int64]  # (U, W)
    away_cap: NDArray[np.int64]
    spent: NDArray[np.float64]  # (S,)
    amount: NDArray[np.float64]
    budget: float
    # coverage
    duty: NDArray[np.bool_]  # (M, n) people a mandatory entry counts
    duty_course: NDArray[np.int64]
    duty_week: NDArray[np.int64]
    duty_done: NDArray[np.int64]
    duty_owed: NDArray[np.int64]
    trained: NDArray[np.int64]  # (U,)
    trained_owed: NDArray[np.int64]
    named: NDArray[np.int64]  # (G,) group of each group minimum
    named_tiet: NDArray[np.int64]
    named_done: NDArray[np.int64]
    named_owed: NDArray[np.int64]
    hours_max: NDArray[np.int64]  # (n,)


@njit(cache=True, nogil=True)
def _revalue(s, p, c):  # type: ignore[no-untyped-def]
    """Recompute what courses near c would still close for p."""
    for i in range(s.near0[c], s.near0[c + 1]):
        d = s.near[i]
        total = 0.0
        for k in range(s.piece0[d], s.piece0[d + 1]):
            total += s.left[p, s.piece[k]]
        s.val[d, p] = total
        if s.class_of[p, d] >= 0:
            s.worst[s.class_of[p, d]] = -1


@njit(cache=True, nogil=True)
def _count(s, p, sign):  # type: ignore[no-untyped-def]
    """Add or take away what p counts for coverage now."""
    for i in range(len(s.duty_course)):
        last = s.last_of[p, s.duty_course[i]]
        if s.duty[i, p] and last >= 0 and last <= s.duty_week[i]:
            s.duty_done[i] += sign
    if s.held[p] > 0:
        s.trained[s.unit[p]] += sign
    for g in range(len(s.named)):
        if s.group[p] == s.named[g] and s.hours_max[p] - s.hours[p] >= s.named_tiet[g]:
            s.named_done[g] += sign


@njit(cache=True, nogil=True)
def enter(s, p, j):  # type: ignore[no-untyped-def]
    """Give p a seat in class j."""
    c, t, m = s.course[j], s.start[j], s.length[j]
    _count(s, p, -1)
    for k in range(s.piece0[c], s.piece0[c + 1]):
        s.left[p, s.piece[k]] *= 1.0 - s.eff[j]
    for w in range(t, t + m):
        s.busy[p, w] = True
        if s.room[j, w - t]:
            s.away[s.unit[p], w] += 1
    s.form_of[c, p], s.start_of[p, c], s.last_of[p, c], s.class_of[p, c] = s.form[j], t, t + m - 1, j
    s.hours[p] -= s.tiet[c]
    s.held[p] += 1
    s.spent[s.source[j]] += s.seat[j, s.area[p]]
    s.member[j, s.many[j]] = p
    s.many[j] += 1
    s.worst[j] = -1
    _revalue(s, p, c)
    _count(s, p, 1)


@njit(cache=True, nogil=True)
def leave(s, p, j):  # type: ignore[no-untyped-def]
    """Take p out of class j."""
    c, t, m = s.course[j], s.start[j], s.length[j]
    _count(s, p, -1)
    for k in range(s.piece0[c], s.piece0[c + 1]):
        s.left[p, s.piece[k]] /= 1.0 - s.eff[j]
    for w in range(t, t + m):
        s.busy[p, w] = False
        if s.room[j, w - t]:
            s.away[s.unit[p], w] -= 1
    s.form_of[c, p], s.start_of[p, c], s.last_of[p, c], s.class_of[p, c] = -1, -1, -1, -1
    s.hours[p] += s.tiet[c]
    s.held[p] -= 1
    s.spent[s.source[j]] -= s.seat[j, s.area[p]]
    for i in range(s.many[j]):
        if s.member[j, i] == p:
            s.member[j, i] = s.member[j, s.many[j] - 1]
            break
    s.many[j] -= 1
    s.worst[j] = -1
    _revalue(s, p, c)
    _count(s, p, 1)


@njit(cache=True, nogil=True)
def may_leave(s, p, j):  # type: ignore[no-untyped-def]
    """Whether no later course of p leans on class j and no coverage that is owed would be lost."""
    c = s.course[j]
    if not s.exempt[p, c]:
        for k in range(s.after0[c], s.after0[c + 1]):
            if s.form_of[s.after[k], p] >= 0:
                return False
    for i in range(len(s.duty_course)):
        tight = s.duty_done[i] <= s.duty_owed[i]
        if tight and s.duty_course[i] == c and s.duty[i, p] and s.last_of[p, c] <= s.duty_week[i]:
            return False
    if s.held[p] == 1 and s.trained[s.unit[p]] <= s.trained_owed[s.unit[p]]:
        return False
    used = s.hours_max[p] - s.hours[p]
    for g in range(len(s.named)):
        tight = s.group[p] == s.named[g] and s.named_done[g] <= s.named_owed[g]
        if tight and used >= s.named_tiet[g] and used - s.tiet[c] < s.named_tiet[g]:
            return False
    return True


@njit(cache=True, nogil=True)
def _loss(s, p, j):  # type: ignore[no-untyped-def]
    """What p would lose without the seat in class j, the seat's price given back."""
    e = s.eff[j]
    return s.val[s.course[j], p] * e / (1.0 - e) - s.cash[s.source[j]] * s.seat[j, s.area[p]]


@njit(cache=True, nogil=True)
def _find_worst(s, j):  # type: ignore[no-untyped-def]
    """Remember the member of class j who would lose least."""
    s.worst[j], s.loss[j] = -2, np.inf
    for i in range(s.many[j]):
        q = s.member[j, i]
        x = _loss(s, q, j)
        if x < s.loss[j] and may_leave(s, q, j):
            s.worst[j], s.loss[j] = q, x


@njit(cache=True, nogil=True)
def can_enter(s, p, j):  # type: ignore[no-untyped-def]
    """Whether p is free, allowed and prepared for class j (its size and the money are not looked at)."""
    c, t = s.course[j], s.start[j]
    if s.form_of[c, p] >= 0 or s.hours[p] < s.tiet[c] or not s.pays[s.source[j], s.kind[p]]:
        return False
    for w in range(s.length[j]):
        if s.busy[p, t + w] or (s.room[j, w] and s.away[s.unit[p], t + w] >= s.away_cap[s.unit[p]]):
            return False
    for k in range(s.before0[c], s.before0[c + 1]):
        b = s.before[k]
        if not s.exempt[p, b] and (s.last_of[p, b] < 0 or s.last_of[p, b] >= t):
            return False
    if not s.exempt[p, c]:  # a later course already held must stay later
        for k in range(s.after0[c], s.after0[c + 1]):
            d = s.after[k]
            if s.form_of[d, p] >= 0 and s.start_of[p, d] < t + s.length[j]:
                return False
    return True


@njit(cache=True, nogil=True)
def _affordable(s, j, more):  # type: ignore[no-untyped-def]
    """Whether source and budget reach for ``more`` million đồng in class j."""
    q = s.source[j]
    return more <= 0.0 or (s.spent[q] + more <= s.amount[q] and s.spent.sum() + more <= s.budget)


@njit(cache=True, nogil=True)
def _best_entry(s, p, shut):  # type: ignore[no-untyped-def]
    """Class whose seat brings most beyond what its weakest member loses; (class, rise), class -1 when none does."""
    pick, rise = -1, TINY
    a = s.area[p]
    for i in range(s.reach0[a], s.reach0[a + 1]):
        j = s.reach[i]
        gain = s.eff[j] * s.val[s.course[j], p] - s.cash[s.source[j]] * s.seat[j, a]
        if gain <= rise or j == shut:
            continue
        if s.many[j] < s.most[j]:
            if can_enter(s, p, j) and _affordable(s, j, s.seat[j, a]):
                pick, rise = j, gain
            continue
        if s.worst[j] == -1:
            _find_worst(s, j)
        if gain - s.loss[j] <= rise or not can_enter(s, p, j):
            continue
        if not may_leave(s, s.worst[j], j):  # coverage has become tight since
            _find_worst(s, j)
            if s.worst[j] < 0 or gain - s.loss[j] <= rise:
                continue
        if _affordable(s, j, s.seat[j, a] - s.seat[j, s.area[s.worst[j]]]):
            pick, rise = j, gain - s.loss[j]
    return pick, rise


@njit(cache=True, nogil=True)
def place(s, p):  # type: ignore[no-untyped-def]
    """Let p take the best seat; whoever is displaced goes on; returns the rise."""
    total = 0.0
    for _ in range(CHAIN):
        j, rise = _best_entry(s, p, -1)
        if j < 0:
            break
        total += rise
        out = -1
        if s.many[j] >= s.most[j]:
            out = s.worst[j]
            leave(s, out, j)
        enter(s, p, j)
        if out < 0:
            continue
        p = out
    return total


@njit(cache=True, nogil=True)
def _best_outsider(s, j, pool):  # type: ignore[no-untyped-def]
    """Who gains most by a free seat of class j: (person, gain)."""
    who, best = -1, TINY
    for i in range(len(pool)):
        p = pool[i]
        gain = s.eff[j] * s.val[s.course[j], p]
        if gain <= best:
            continue
        gain -= s.cash[s.source[j]] * s.seat[j, s.area[p]]
        if gain > best and can_enter(s, p, j) and _affordable(s, j, s.seat[j, s.area[p]]):
            who, best = p, gain
    return who, best


@njit(cache=True, nogil=True)
def trade(s, p, pool, pool0):  # type: ignore[no-untyped-def]
    """Let p give one seat up for a better one; the seat goes to the best outsider.  Returns the rise.

    pool[pool0[a]:pool0[a + 1]]: people who may come to a class whose room is in area a (the last: roomless).
    """
    total = 0.0
    for c in range(s.class_of.shape[1]):
        i = s.class_of[p, c]
        if i < 0 or not may_leave(s, p, i):
            continue
        if s.worst[i] == -1:
            _find_worst(s, i)
        lost, promise = _loss(s, p, i), s.loss[i]
        leave(s, p, i)
        j, rise = _best_entry(s, p, i)
        if j < 0 or rise - lost + min(promise, lost) <= TINY:
            enter(s, p, i)
            continue
        out = -1
        if s.many[j] >= s.most[j]:
            out = s.worst[j]
            leave(s, out, j)
        enter(s, p, j)
        a = s.home[i]
        who, gain = -1, 0.0
        if out >= 0 and can_enter(s, out, i) and _affordable(s, i, s.seat[i, s.area[out]]):
            g = s.eff[i] * s.val[s.course[i], out] - s.cash[s.source[i]] * s.seat[i, s.area[out]]
            if g > TINY:
                who, gain = out, g
        if rise - lost + gain <= TINY:
            other, g = _best_outsider(s, i, pool[pool0[a] : pool0[a + 1]])
            if other >= 0 and g > gain:
                who, gain = other, g
        if rise - lost + gain > TINY and (who >= 0 or s.many[i] >= s.least[i]):
            if who >= 0:
                enter(s, who, i)
            total += rise - lost + gain
        else:
            leave(s, p, j)
            if out >= 0:
                enter(s, out, j)
            enter(s, p, i)
    return total


@njit(cache=True, nogil=True)
def sweep(s, people, pool, pool0, trading):  # type: ignore[no-untyped-def]
    """One move of each kind for these people; returns the rise."""
    total = 0.0
    for i in range(len(people)):
        total += place(s, people[i])
        if trading:
            total += trade(s, people[i], pool, pool0)
    return total
