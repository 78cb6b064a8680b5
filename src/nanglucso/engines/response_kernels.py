"""Compiled: every person's exact best set of courses at given prices of seats, prerequisites across families included.

A *hub* is a course that courses of other families have as prerequisite.  A person who needs it either takes it or goes
without what asks for it, so each set of hubs taken (a *state*) is solved by itself and the best of them counts.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from nanglucso.engines.kernels import combination_values

NEVER = -1e6  # values at or below are those of sets that cannot be had


@njit(cache=True, nogil=True)
def _knapsack(t, curve, top, unit, least, value, choice, level):  # type: ignore[no-untyped-def]
    """Exact best of one level a family within ``top`` steps of ``unit`` tiết, at least ``least`` steps when that is
    above 0; fills level (F,) and returns the value."""
    families = len(t.combo0) - 1
    value[: top + 1] = 0.0
    if least > 0:
        value[1 : top + 1] = -np.inf
    for f in range(families):
        for h in range(top, -1, -1):
            best, pick = -np.inf, 0
            for k in range(t.level0[f + 1] - t.level0[f]):
                used = t.level_tiet[t.level0[f] + k] // unit
                if used <= h:
                    trial = value[h - used] + curve[t.level0[f] + k]
                    if trial > best:
                        best, pick = trial, k
            value[h] = best
            choice[f, h] = pick
    at = top
    for h in range(least, top):
        if value[h] > value[at]:
            at = h
    result = value[at]
    if result <= NEVER or at < least:
        return -np.inf
    for f in range(families - 1, -1, -1):
        level[f] = choice[f, at]
        at -= t.level_tiet[t.level0[f] + level[f]] // unit
    return result


@njit(cache=True, nogil=True)
def _curves(t, p, worth, price, exempt, cap, taken, out, curve, pick):  # type: ignore[no-untyped-def]
    """Best value of each level of each family in each state of ``taken``; returns the best set of one family alone
    without hubs: its value, family, combination."""
    curve[:] = -np.inf
    waived = np.uint64(0)
    for h in range(len(t.hub)):
        if exempt[t.hub[h]]:
            waived |= np.uint64(1) << np.uint64(h)
    alone, alone_f, alone_c = -np.inf, 0, 0
    for f in range(len(t.combo0) - 1):
        many = combination_values(t, f, worth, price, exempt, out)
        first, l0 = t.combo0[f], t.level0[f]
        for c in range(many):
            if out[c] <= NEVER:
                continue
            asks, has = t.asks[first + c] & ~waived, t.has[first + c]
            k = l0 + t.level[first + c]
            for i in range(len(taken)):
                if asks & ~taken[i] or taken[i] & t.home[f] & ~has:
                    continue
                if out[c] > curve[i, k]:
                    curve[i, k], pick[i, k] = out[c], c
            if c and asks == 0 and out[c] > alone and t.tiet[first + c] <= cap:
                alone, alone_f, alone_c = out[c], f, c
    return alone, alone_f, alone_c


@njit(cache=True, nogil=True)
def _best_levels(t, curve, cap, unit, value, choice, level):  # type: ignore[no-untyped-def]
    """The best level of each family, within ``cap`` tiết together; returns the value."""
    hours, plain = 0, 0.0
    for f in range(len(level)):
        l0, best = t.level0[f], 0
        for k in range(1, t.level0[f + 1] - l0):
            if curve[l0 + k] > curve[l0 + best]:
                best = k
        level[f] = best
        hours += t.level_tiet[l0 + best]
        plain += curve[l0 + best]
    if plain > NEVER and hours > cap:
        plain = _knapsack(t, curve, cap // unit, unit, 0, value, choice, level)
    return plain


@njit(cache=True, nogil=True)
def _states(t, exempt, taken):  # type: ignore[no-untyped-def]
    """Sets of hubs that a person may take and is not exempt from; fills ``taken`` and returns how many."""
    usable = t.hub_can
    for h in range(len(t.hub)):
        if exempt[t.hub[h]]:
            usable &= ~(np.uint64(1) << np.uint64(h))
    many = 0
    for state in range(1 << len(t.hub)):
        if np.uint64(state) & ~usable == 0:
            taken[many] = np.uint64(state)
            many += 1
    return many


@njit(cache=True, nogil=True)
def _write(t, pick, level, out):  # type: ignore[no-untyped-def]
    """Note the combinations picked; returns whether there is any seat among them."""
    some = False
    for f in range(len(level)):
        out[f] = pick[t.level0[f] + level[f]]
        some |= out[f] > 0
    return some


@njit(cache=True, nogil=True)
def best_sets(t, people, worth, price, kind, exempt, cap, unit, least, value, chosen, value_long, chosen_long):  # type: ignore[no-untyped-def]
    """The best surplus of each person with at least one seat, and with at least least[p] tiết (0: not asked).

    worth (n, pieces) float32, price (kinds, O) float32 of one seat, kind (n,), exempt (n, C), cap and least (n,) tiết.
    Fills value, value_long (m,) and the combinations chosen, chosen_long (m, F); -inf where there is no such set.
    """
    families, states = len(t.combo0) - 1, 1 << len(t.hub)
    largest, units = 0, 0
    for f in range(families):
        largest = max(largest, t.combo0[f + 1] - t.combo0[f])
    for i in range(len(people)):
        units = max(units, cap[people[i]] // unit)
    out, level = np.empty(largest, np.float32), np.zeros(families, np.int64)
    curve, pick = np.empty((states, t.level0[families])), np.zeros((states, t.level0[families]), np.int64)
    steps, choice = np.empty(units + 1, np.float64), np.empty((families, units + 1), np.int64)
    taken, sets = np.zeros(states, np.uint64), np.zeros(families, np.int64)
    for i in range(len(people)):
        p = people[i]
        many = _states(t, exempt[p], taken)
        alone, f, c = _curves(
            t, p, worth[p], price[kind[p]], exempt[p], cap[p], taken[:many], out, curve[:many], pick[:many]
        )
        value[i], value_long[i] = alone, -np.inf
        chosen[i] = 0
        if alone > NEVER:
            chosen[i, f] = c
        for s in range(many):
            found = _best_levels(t, curve[s], cap[p], unit, steps, choice, level)
            if found > NEVER and _write(t, pick[s], level, sets) and found > value[i]:
                value[i] = found
                chosen[i] = sets
            if least[p] > 0 and cap[p] >= least[p]:
                found = _knapsack(t, curve[s], cap[p] // unit, unit, least[p] // unit, steps, choice, level)
                if found > value_long[i]:
                    value_long[i] = found
                    _write(t, pick[s], level, sets)
                    chosen_long[i] = sets


@njit(cache=True, nogil=True)
def ask(t, people, takes, chosen, kind, weight, demand):  # type: ignore[no-untyped-def]
    """Add ``weight`` to demand (kinds, O) for every seat of those who take theirs."""
    for i in range(len(people)):
        if not takes[i]:
            continue
        for f in range(len(t.combo0) - 1):
            c = t.combo0[f] + chosen[i, f]
            for s in range(t.course0[f + 1] - t.course0[f]):
                if t.option[c, s] >= 0:
                    demand[kind[people[i]], t.option[c, s]] += weight
