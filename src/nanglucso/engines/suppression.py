"""Cells of counts that are kept back so that nobody can work them out by adding and subtracting what is shown.

The table: U groups in a tree (`parent`, -1 = the top, parents before children) by C columns. A group's row is the sum
of the rows of the groups right below it and of its own rest; what is in the columns of one row adds up to its total.

Whoever looks is taken to know every total, every cell that is shown, the rests without a small cell, the rule and that
no count is negative. A cell is safe when under all that it may still be any of several numbers that are far enough
apart: `upper - lower >= min(width, total of the row)`.

Such a table is a network (one arc a cell, from a group to the column of the group above), so the bounds are maximum
flows in what is left of the network when the arcs of shown cells are taken out, and the cheapest cells to hide besides
are a shortest path. Formula source: L. H. Cox, "Network models for complementary cell suppression", JASA 90 (1995);
M. Fischetti, J. J. Salazar, "Models and algorithms for the 2-dimensional cell suppression problem", Math. Prog. 84
(1999).
"""

from __future__ import annotations

import heapq
import math
from collections import deque
from dataclasses import dataclass

import numpy as np

ENDLESS = 1 << 40
GROUND = -1
EMPTY = 20.0


@dataclass(frozen=True, eq=False)
class Hierarchy:
    """Counts (U, C) with the parent of each row (U,), -1 for the top, and the rests as rows of their own after them.

    `own` is the number of rows that were given; rows behind it are rests, which nobody publishes.
    """

    counts: np.ndarray
    parent: np.ndarray
    own: int


def hierarchy(counts: np.ndarray, parent: np.ndarray) -> Hierarchy:
    """The tree with a row for what a group has beside the groups below it.

    Raises ValueError when a group holds less than the groups below it, or a parent stands behind its child.
    """
    counts, parent = np.asarray(counts, np.int64), np.asarray(parent, np.int64)
    if (parent >= np.arange(len(parent))).any() or (counts < 0).any():
        raise ValueError("parents stand before their children and no count is negative")
    below = np.zeros_like(counts)
    inner = np.zeros(len(parent), bool)
    for u, p in enumerate(parent):
        if p >= 0:
            below[p] += counts[u]
            inner[p] = True
    rest = counts - below
    if (rest[inner] < 0).any():
        raise ValueError("a group holds less than the groups below it")
    with_rest = np.flatnonzero(inner & (rest.sum(1) > 0))
    return Hierarchy(np.vstack([counts, rest[with_rest]]), np.concatenate([parent, with_rest]), len(parent))


class _Net:
    """The arcs of the cells. Arc a = u * C + c goes from tail to head and carries the count.

    Nodes: the total of a group without groups below it (or the ground, when totals are not known), and every column of
    a group that has some. Pushing along an arc raises its cell, pushing against it lowers it.
    """

    def __init__(self, table: Hierarchy, *, totals: bool) -> None:
        rows, columns = table.counts.shape
        self.flow = table.counts.ravel().tolist()
        has_below = set(table.parent.tolist())
        self.tail: list[int] = []
        self.head: list[int] = []
        for u in range(rows):
            for c in range(columns):
                up = int(table.parent[u])
                inner = u in has_below
                self.tail.append(u * columns + c if inner else (rows * columns + u if totals else GROUND))
                self.head.append(up * columns + c if up >= 0 else GROUND)
        self.at: dict[int, list[int]] = {}
        for arc, (tail, head) in enumerate(zip(self.tail, self.head, strict=True)):
            self.at.setdefault(tail, []).append(arc)
            self.at.setdefault(head, []).append(arc)

    def steps(self, node: int, flow: list[int]) -> list[tuple[int, int, int]]:
        """(arc, node reached, how much it takes) of every arc at a node, in both directions."""
        found = []
        for arc in self.at[node]:
            if self.tail[arc] == node:
                found.append((arc, self.head[arc], ENDLESS))
            if self.head[arc] == node and flow[arc] > 0:
                found.append((arc, self.tail[arc], flow[arc]))
        return found

    def reach(self, cell: int, rises: bool, hidden: np.ndarray, most: int) -> tuple[int, list[int]]:
        """By how much a hidden cell can rise (or fall) by hidden cells alone, `most` is enough; the counts then."""
        start, end = (self.head[cell], self.tail[cell]) if rises else (self.tail[cell], self.head[cell])
        most = most if rises else min(most, self.flow[cell])
        flow, moved = list(self.flow), 0
        if start == end:
            return most, flow
        while moved < most:
            way = self._way(start, end, cell, hidden, flow)
            if not way:
                break
            step = min(most - moved, *(room for _arc, room, _along in way))
            for arc, _room, along in way:
                flow[arc] += step if along else -step
            moved += step
        return moved, flow

    def _way(self, start: int, end: int, cell: int, hidden: np.ndarray, flow: list[int]) -> list[tuple[int, int, bool]]:
        """Arcs of a way over hidden cells as (arc, room, whether along it), or [] when there is none."""
        came: dict[int, tuple[int, int, int, bool]] = {}
        line = deque([start])
        while line:
            node = line.popleft()
            for arc, reached, room in self.steps(node, flow):
                if arc == cell or not hidden[arc] or reached == start or reached in came:
                    continue
                came[reached] = (node, arc, room, room == ENDLESS)
                if reached == end:
                    return self._traced(came, start, end)
                line.append(reached)
        return []

    @staticmethod
    def _traced(came: dict[int, tuple[int, int, int, bool]], start: int, end: int) -> list[tuple[int, int, bool]]:
        way, node = [], end
        while node != start:
            node, arc, room, along = came[node]
            way.append((arc, room, along))
        return way

    def cheapest(
        self, cell: int, rises: bool, hidden: np.ndarray, price: np.ndarray, step: int, flow: list[int]
    ) -> list[int]:
        """Arcs of the cheapest way that moves a cell by `step` more, also over shown cells; [] = there is none."""
        start, end = (self.head[cell], self.tail[cell]) if rises else (self.tail[cell], self.head[cell])
        best: dict[int, float] = {start: 0.0}
        came: dict[int, tuple[int, int, int, bool]] = {}
        line = [(0.0, start)]
        while line:
            cost, node = heapq.heappop(line)
            if node == end and came:
                return [arc for arc, _room, _along in self._traced(came, start, end)]
            if cost > best.get(node, math.inf):
                continue
            for arc, reached, room in self.steps(node, flow):
                more = cost + (0.0 if hidden[arc] else float(price[arc]))
                if arc == cell or room < step or reached == start or more >= best.get(reached, math.inf):
                    continue
                best[reached], came[reached] = more, (node, arc, room, room == ENDLESS)
                heapq.heappush(line, (more, reached))
        return []


def _prices(table: Hierarchy) -> np.ndarray:
    """What hiding costs, (U * C,): one, and more for large counts; an empty cell is hidden last.

    A rest is never hidden for others' sake: it is published nowhere and may be known.
    """
    price = np.where(table.counts > 0, 1.0 + np.log2(1.0 + table.counts) / 4, EMPTY)
    price[table.own :] = np.inf
    return np.asarray(price.ravel())


def _wanted(table: Hierarchy, width: int, totals: bool) -> np.ndarray:
    """How wide the bounds of every cell have to be, (U * C,)."""
    total = table.counts.sum(1, keepdims=True) if totals else np.full((len(table.counts), 1), width)
    return np.asarray(np.broadcast_to(np.minimum(width, total), table.counts.shape).ravel())


def _small(table: Hierarchy, least: int, totals: bool) -> np.ndarray:
    """Cells of 1 to `least` - 1, every cell of a group whose total is as small, a rest with such a cell; (U * C,)."""
    small = (table.counts > 0) & (table.counts < least)
    small[table.own :] = small[table.own :].any(1, keepdims=True)
    if totals:
        whole = table.counts.sum(1, keepdims=True)
        small |= (whole > 0) & (whole < least)
    return np.asarray(small.ravel())


def protect(
    counts: np.ndarray,
    parent: np.ndarray,
    *,
    least: int,
    width: int,
    totals: bool = True,
    start: np.ndarray | None = None,
) -> np.ndarray:
    """Which cells are kept back, bool (U, C).

    counts (U, C) of whole groups, parent (U,); `least`: the smallest count that is shown besides 0; `totals`: whether
    row totals are known; start (U, C): what is kept back already. Cells are hidden until every hidden one is safe, or
    nothing that is left to hide would help it: a large count hidden for others' sake, where all rests are known.
    """
    return protect_again(counts, parent, least=least, width=width, totals=totals, start=start)[0]


def protect_again(
    counts: np.ndarray,
    parent: np.ndarray,
    *,
    least: int,
    width: int,
    totals: bool = True,
    start: np.ndarray | None = None,
    known: np.ndarray | None = None,
) -> tuple[np.ndarray, bool]:
    """As `protect`, and whether every small count is safe, where some cells can be read elsewhere.

    known (U, C): counts that were published before and have not changed: hiding them protects nobody, so they are not
    counted upon; one of `start` stays hidden all the same.
    """
    table = hierarchy(counts, parent)
    net, price, wanted = _Net(table, totals=totals), _prices(table), _wanted(table, width, totals)
    small = _small(table, least, totals)
    seen, kept = _padded(known, small.size), _padded(start, small.size)
    price[seen] = np.inf
    hidden = (small | kept) & ~seen
    waiting = deque(np.flatnonzero(hidden).tolist())
    while waiting:
        cell = waiting.popleft()
        waiting.extend(_secure(net, cell, hidden, price, int(wanted[cell])))
    own = table.own * table.counts.shape[1]
    safe = known is None or all(
        _lacking(net, cell, hidden, int(wanted[cell])) <= 0
        for cell in np.flatnonzero(small[:own] & ~seen[:own]).tolist()
    )
    return np.asarray((hidden | kept).reshape(table.counts.shape)[: table.own]), safe


def _padded(cells: np.ndarray | None, size: int) -> np.ndarray:
    """Cells of the given rows as (U * C,) with nothing for the rests behind them."""
    whole = np.zeros(size, bool)
    if cells is not None:
        whole[: cells.size] = np.asarray(cells, bool).ravel()
    return whole


def _lacking(net: _Net, cell: int, hidden: np.ndarray, wanted: int) -> int:
    """How much the bounds of a hidden cell are too narrow, 0 or less = safe."""
    falls, _flow = net.reach(cell, False, hidden, wanted)
    return wanted - falls - net.reach(cell, True, hidden, wanted - falls)[0]


def _secure(net: _Net, cell: int, hidden: np.ndarray, price: np.ndarray, wanted: int) -> list[int]:
    """Hide what makes one cell safe; the cells newly hidden. A hidden cell more never narrows another's bounds."""
    added: list[int] = []
    while True:
        falls, lowered = net.reach(cell, False, hidden, wanted)
        rises, raised = net.reach(cell, True, hidden, wanted - falls)
        lacking = wanted - falls - rises
        if lacking <= 0:
            return added
        ways = [(True, raised, lacking), (False, lowered, min(lacking, net.flow[cell] - falls))]
        new = _more(net, cell, hidden, price, ways)
        if not new:
            return added
        hidden[new] = True
        added += new


def _more(
    net: _Net, cell: int, hidden: np.ndarray, price: np.ndarray, ways: list[tuple[bool, list[int], int]]
) -> list[int]:
    """Cells to hide next: the cheapest way of the largest step. `ways`: up or down, counts there, what is lacking."""
    step = max(most for _rises, _flow, most in ways)
    while step:
        found = [net.cheapest(cell, rises, hidden, price, step, flow) for rises, flow, most in ways if step <= most]
        fresh = [way for way in ([arc for arc in one if not hidden[arc]] for one in found) if way]
        if fresh:
            return min(fresh, key=lambda way: float(price[way].sum()))
        step //= 2
    return []


def bounds(
    counts: np.ndarray, parent: np.ndarray, hidden: np.ndarray, *, most: int, totals: bool = True
) -> tuple[np.ndarray, np.ndarray]:
    """Lower and upper bound of every hidden cell that whoever looks can work out, (U, C) each; shown cells: the count.

    hidden (U, C); bounds further than `most` from the count are cut there. Rests are taken as known.
    """
    table = hierarchy(counts, parent)
    net = _Net(table, totals=totals)
    whole = np.zeros(table.counts.size, bool)
    whole[: hidden.size] = hidden.ravel()
    low, high = table.counts.ravel().copy(), table.counts.ravel().copy()
    for cell in np.flatnonzero(whole).tolist():
        low[cell] -= net.reach(cell, False, whole, most)[0]
        high[cell] += net.reach(cell, True, whole, most)[0]
    shape = table.counts.shape
    return low.reshape(shape)[: table.own], high.reshape(shape)[: table.own]
