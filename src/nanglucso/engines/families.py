"""Families of courses that share pieces, and every way one person can take courses of a family.

A *combination* picks for each course of a family no form or one offered form.  Its closure of a piece is
1 - Π (1 - eff) over the chosen courses that cover it, so the gain of a person is ``closure @ worth``, exactly.
A family with too many combinations is cut into smaller ones; because gains are subadditive, the sum of the parts
is never below the whole, and every bound built on it stays valid.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nanglucso.engines.instance import Bools, Instance, Ints
from nanglucso.engines.kernels import Tables

MAX_COMBINATIONS = 600
MAX_HUBS = 3  # prerequisites across families that a bound knows of, those of most people and courses
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
    )


def families(x: Instance) -> list[Family]:
    """All families of the instance; courses that nobody could take or gain from are left out."""
    ok = feasible_options(x)
    useful = ok.any(axis=1) & (x.cover.any(axis=1) | (x.tiet > 0))
    forms = ok.sum(axis=1)
    return [_family(x, part, ok) for members in _groups(x, useful, forms) for part in _split(members, forms)]


def _hubs(x: Instance, fams: list[Family]) -> Ints:
    """Prerequisites that courses of other families ask for, those that bar most first."""
    of = {int(c): i for i, fam in enumerate(fams) for c in fam.courses}
    bars: dict[int, int] = {}
    for c, family in of.items():
        for before in x.prereq[c]:
            if of.get(before, -1) != family:
                bars[before] = bars.get(before, 0) + int((~x.exempt[:, before]).sum())
    best = sorted(bars, key=lambda h: (-bars[h], h))[:MAX_HUBS]
    return np.array([h for h in best if bars[h]], np.int64)


def _gates(x: Instance, fams: list[Family], hubs: Ints) -> dict[str, Any]:
    """Which combinations take hubs, and which ask for hubs of other families, as bits."""
    home, has, asks = [], [], []
    for fam in fams:
        mine = [h for h in range(len(hubs)) if hubs[h] in fam.courses]
        takes = np.zeros((len(fam.tiet), len(x.tiet)), bool)
        for k, option in enumerate(fam.options):
            takes[:, int(option) // 3] |= fam.combos[:, k] > 0
        home.append(sum(1 << h for h in mine))
        has.append(
            sum((takes[:, hubs[h]].astype(np.uint64) << np.uint64(h) for h in mine), np.zeros(len(takes), np.uint64))
        )
        bits = np.zeros(len(takes), np.uint64)
        for h in set(range(len(hubs))) - set(mine):
            later = [int(c) for c in fam.courses if hubs[h] in x.prereq[int(c)]]
            bits |= takes[:, later].any(axis=1).astype(np.uint64) << np.uint64(h)
        asks.append(bits)
    empty = [np.zeros(0, np.uint64)]
    return {
        "hub": hubs, "hub_can": np.uint64(sum(home)), "home": np.array(home, np.uint64),
        "has": np.concatenate(has or empty), "asks": np.concatenate(asks or empty),
    }  # fmt: skip


def tables(x: Instance, fams: list[Family], row_of: dict[int, int]) -> Tables:
    """The families as the compiled loops read them; ``row_of`` gives the market's row of an option."""
    slots = max((len(f.courses) for f in fams), default=1)
    option = [_option_rows(f, row_of, slots) for f in fams]
    numbers = [_number(f) for f in fams]

    def flat(parts: list[Ints], kind: type = np.int64) -> NDArray[Any]:
        return np.concatenate([np.asarray(part, kind).ravel() for part in parts] or [np.zeros(0, kind)])

    def starts(parts: list[Any]) -> Ints:
        return np.cumsum([0, *(np.size(part) for part in parts)]).astype(np.int64)

    level = [np.searchsorted(f.level_start, np.arange(len(f.tiet)), side="right") - 1 for f in fams]
    gates = [
        np.minimum(f.broken @ (1 << np.arange(len(f.gate), dtype=np.uint64)), np.iinfo(np.uint64).max) for f in fams
    ]
    return Tables(
        combo0=starts([f.tiet for f in fams]),
        closure=flat([f.closure for f in fams], np.float32),  # type: ignore[arg-type,misc]
        closure0=starts([f.closure for f in fams]),
        piece=flat([f.pieces for f in fams]),
        piece0=starts([f.pieces for f in fams]),
        course=flat([f.courses for f in fams]),
        course0=starts([f.courses for f in fams]),
        option=np.concatenate(option) if option else np.zeros((0, slots), np.int64),
        tiet=flat([f.tiet for f in fams]),
        level=flat(level),
        level_tiet=flat([f.level_tiet for f in fams]),
        level0=starts([f.level_tiet for f in fams]),
        number=flat(numbers),
        number0=starts(numbers),
        gate=flat([f.gate for f in fams]),
        gate0=starts([f.gate for f in fams]),
        broken=flat(gates, np.uint64),  # type: ignore[arg-type]
        **_gates(x, fams, _hubs(x, fams)),
    )


def _option_rows(fam: Family, row_of: dict[int, int], slots: int) -> Ints:
    """(N, slots) market row of the option that a combination takes of each course, -1 for none."""
    out = np.full((len(fam.tiet), slots), -1, np.int64)
    place = {int(c): i for i, c in enumerate(fam.courses)}
    for k, o in enumerate(fam.options):
        out[fam.combos[:, k] > 0, place[int(o) // 3]] = row_of[int(o)]
    return out


def _number(fam: Family) -> Ints:
    """(4 ** courses,) combination that holds form f of course i for each digit f + 1 at place i."""
    place = {int(c): i for i, c in enumerate(fam.courses)}
    worth = np.array([4 ** place[int(o) // 3] * (int(o) % 3 + 1) for o in fam.options], np.int64)
    out = np.zeros(4 ** len(fam.courses), np.int64)
    out[fam.combos.astype(np.int64) @ worth] = np.arange(len(fam.combos))
    return out
