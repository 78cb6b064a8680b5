"""Families of courses that share pieces, and every way one person can take courses of a family.

A *combination* picks for each course of a family no form or one offered form.  Its closure of a piece is
1 - Π (1 - eff) over the chosen courses that cover it, so the gain of a person is ``closure @ worth``, exactly.
A family with too many combinations is cut into smaller ones; because gains are subadditive, the sum of the parts
is never below the whole, and every bound built on it stays valid.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from nanglucso.engines.instance import Bools, Instance, Ints

MAX_COMBINATIONS = 600
FAR = np.float32(1e7)  # price of what cannot be had; kept finite so that products with 0 stay 0
Singles = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Family:
    """N combinations of o options on P pieces, sorted by tiết; option = 3 course + form."""

    courses: Ints  # (m,)
    options: Ints  # (o,)
    pieces: Ints  # (P,)
    combos: Singles  # (N, o) 0/1
    closure: Singles  # (N, P)
    tiet: Ints  # (N,)
    level_start: Ints  # first combination of each distinct tiết
    level_tiet: Ints
    gate: Ints  # (g,) prerequisite courses inside the family
    broken: Bools  # (N, g) the combination takes a course without this prerequisite
    above: Bools  # (N, N) above[i, j]: combination j contains combination i


def feasible_options(x: Instance) -> Bools:
    """(C, 3) forms that some lecturer, some source and, where needed, some room could serve at all."""
    ok = x.offered & (x.length <= x.weeks)
    most = x.lect.max(axis=2, initial=0)
    fit = x.can[:, :, None] & (most[None] <= x.lect_week[:, None, None])
    fit &= x.lect_total[None] <= x.lect_quarter[:, None, None] * np.minimum(x.length, x.quarters)[None]
    ok &= fit.any(axis=0)
    roomy = x.room_total > 0
    seats, buoi = x.venue_seats, x.venue_buoi
    peak = x.room.max(axis=2, initial=0)
    hosted = (seats[:, None, None] >= x.size_min) & (buoi[:, None, None] >= peak)
    ok &= ~roomy | hosted.any(axis=0)
    money = (x.amount > 0) & (x.budget > 0)
    funded: Bools = np.any(x.source_course & money[:, None], axis=0)
    return ok & funded[:, None] & (x.size_min <= x.n)


def _joined(groups: list[list[int]], a: int, b: int) -> list[list[int]]:
    first = next(g for g in groups if a in g)
    second = next(g for g in groups if b in g)
    if first is second:
        return groups
    return [*(g for g in groups if g is not first and g is not second), sorted(first + second)]


def _groups(x: Instance, useful: Bools, forms: Ints) -> list[list[int]]:
    """Courses joined when they cover a common piece; then along prerequisites, the least asked for first."""
    groups = [[int(c)] for c in np.nonzero(useful)[0]]
    for pieces in x.cover.T:
        same = np.nonzero(pieces & useful)[0]
        for c in same[1:]:
            groups = _joined(groups, int(same[0]), int(c))
    edges = [(b, c) for c in range(len(x.tiet)) for b in x.prereq[c] if useful[c] and useful[b]]
    asked = np.bincount([b for b, _ in edges], minlength=len(x.tiet))
    for before, c in sorted(edges, key=lambda e: (asked[e[0]], e)):
        merged = _joined(groups, before, c)
        ways = [float(np.prod(forms[g] + 1.0)) for g in merged]
        if len(merged) == len(groups) or max(ways[-1], 1.0) <= MAX_COMBINATIONS:
            groups = merged
    return sorted(groups)


def _split(members: list[int], forms: Ints) -> list[list[int]]:
    parts: list[list[int]] = [[]]
    ways = 1
    for c in members:
        many = int(forms[c]) + 1
        if ways * many > MAX_COMBINATIONS and parts[-1]:
            parts.append([])
            ways = 1
        parts[-1].append(c)
        ways *= many
    return parts


def _family(x: Instance, members: list[int], ok: Bools) -> Family:
    choices = [[-1, *np.nonzero(ok[c])[0].tolist()] for c in members]
    ways = np.array(list(product(*choices)), np.int64).reshape(-1, len(members))
    tiet = (ways >= 0) @ x.tiet[members]
    ways = ways[tiet <= x.tiet_max.max(initial=0)]
    tiet = (ways >= 0) @ x.tiet[members]
    order = np.argsort(tiet, kind="stable")
    ways, tiet = ways[order], tiet[order]
    options = np.array([3 * c + f for c, fs in zip(members, choices, strict=True) for f in fs[1:]], np.int64)
    combos = np.zeros((len(ways), len(options)), np.float32)
    left = np.ones((len(ways), x.cover.shape[1]))
    for i, c in enumerate(members):
        for f in choices[i][1:]:
            rows = ways[:, i] == f
            combos[rows, int(np.nonzero(options == 3 * c + f)[0][0])] = 1.0
            left[np.ix_(rows, np.nonzero(x.cover[c])[0])] *= 1.0 - x.eff[c, f]
    pieces = np.nonzero(x.cover[members].any(axis=0))[0]
    levels, first = np.unique(tiet, return_index=True)
    gates = sorted({g for c in members for g in x.prereq[c] if g in members and g != c})
    broken = np.zeros((len(ways), len(gates)), bool)
    for k, g in enumerate(gates):
        for i, c in enumerate(members):
            if g in x.prereq[c]:
                broken[:, k] |= (ways[:, i] >= 0) & (ways[:, members.index(g)] < 0)
    above = (combos @ combos.T) >= combos.sum(axis=1)[:, None] - 0.5
    closure = (1.0 - left[:, pieces]).astype(np.float32)
    return Family(
        np.array(members),
        options,
        pieces,
        combos,
        closure,
        tiet,
        first,
        levels,
        np.array(gates, np.int64),
        broken,
        above,
    )


def families(x: Instance) -> list[Family]:
    """All families of the instance; courses that nobody could take or gain from are left out."""
    ok = feasible_options(x)
    useful = ok.any(axis=1) & (x.cover.any(axis=1) | (x.tiet > 0))
    forms = ok.sum(axis=1)
    return [_family(x, part, ok) for members in _groups(x, useful, forms) for part in _split(members, forms)]


def surplus(family: Family, worth: Singles, price: Singles, kind: Ints, exempt: Bools) -> Singles:
    """(N, m) gain less price of every combination for m people; FAR below zero where a prerequisite is left out.

    worth (m, P of family), price (o, kinds) of one seat, kind (m,), exempt (m, g of family).
    """
    out = family.closure @ worth.T
    out -= (family.combos @ price)[:, kind]
    for k in range(len(family.gate)):
        rows = np.nonzero(family.broken[:, k])[0]
        out[np.ix_(rows, np.nonzero(~exempt[:, k])[0])] = -FAR
    return out
