"""No figure of fewer than five people, not even as the difference of figures that are shown (adr/0009).

For somebody who may not see names, a figure is a sum over the people of a group of whom a competence is required.
Groups of one page are a partition of the people of the page; `rest` are the people of none of its rows. Whatever is
shown of a competence are its visible groups and its total, so the one thing that can be worked out beside them is the
sum over all hidden groups and the rest. That sum therefore has to hold nobody, or at least five people.
"""

from dataclasses import dataclass

import numpy as np

from nanglucso.measure.gaps.queries.sums import Sums
from nanglucso.measure.gaps.queries.table import GapTable
from nanglucso.measure.gaps.queries.units import Place, Tree, belonging

SMALL_GROUP = 5


@dataclass(frozen=True, eq=False)
class Veil:
    """What is kept back. Columns: the K competences, then the group as a whole; total (K + 1,), rows (G, K + 1)."""

    total: np.ndarray
    rows: np.ndarray


def small(n: np.ndarray) -> np.ndarray:
    """Whether a count of people is too small to be shown: 1 to 4."""
    return np.asarray((n > 0) & (n < SMALL_GROUP))


def hide(n: np.ndarray, rest: np.ndarray, start: np.ndarray) -> np.ndarray:
    """Which groups are kept back, (G, C): the small ones, then the smallest others until what is left is safe.

    n (M, G, C) and rest (M, C): people of M layers (all requirements; must-have; nice-to-have), each of which has to
    be safe by itself; start (G, C): what is kept back already.
    """
    hidden = start | small(n).any(0)
    for c in range(n.shape[2]):
        unsafe = rest[:, c] + n[:, hidden[:, c], c].sum(1)
        for g in np.argsort(n[0, :, c], kind="stable"):
            if not small(unsafe).any():
                break
            if not hidden[g, c] and n[0, g, c]:
                hidden[g, c] = True
                unsafe = unsafe + n[:, g, c]
    return hidden


def _partition(n: np.ndarray, rest: np.ndarray, start: np.ndarray, total: np.ndarray, split: bool) -> np.ndarray:
    """`hide` with whole groups first; a total that is kept back takes its column with it."""
    whole = hide(n[:1, :, -1:], rest[:1, -1:], start[:, -1:])
    hidden = hide(n[:1], rest[:1], start | whole | total)
    return hide(n, rest, hidden) if split else hidden


def asked_of(table: GapTable, group: np.ndarray, n: int) -> np.ndarray:
    """People of whom each competence is required: all, must-have, others; (3, n, K + 1), last everybody."""
    held = np.bincount(group * len(table.posts.ids) + table.place, minlength=n * len(table.posts.ids))
    held = held.reshape(n, len(table.posts.ids)).astype(np.int64)
    need = table.posts.required > 0
    layers = [held @ part.astype(np.int64) for part in (need, need & table.posts.core, need & ~table.posts.core)]
    return np.stack([np.concatenate([layer, held.sum(1, keepdims=True)], 1) for layer in layers])


def _asked_by_unit(table: GapTable | Sums) -> tuple[np.ndarray, np.ndarray]:
    """The units that people belong to, and `asked_of` by these."""
    if isinstance(table, Sums):
        return table.unit, table.asked()
    own, group = np.unique(table.unit, return_inverse=True)
    return own, asked_of(table, group, len(own))


def unit_veil(table: GapTable | Sums, tree: Tree, place: Place, *, split: bool) -> tuple[Veil, list[Place]]:
    """What is kept back on the page of one unit, and its rows: the units right below, or itself when there are none.

    Walks down from the top of the scope, so that a unit kept back on a page above stays kept back on its own page.
    `table` holds the people of the whole scope; `split`: must-have and nice-to-have are shown apart.
    """
    return veil_by_unit(*_asked_by_unit(table), tree, place, split=split)


def veil_by_unit(
    own: np.ndarray, n: np.ndarray, tree: Tree, place: Place, *, split: bool = False
) -> tuple[Veil, list[Place]]:
    """`unit_veil` from counts alone: own (U,) the units that people belong to, n (M, U, C) people of each."""
    paths = tree.paths()
    inside = [paths.get(int(pk), "") for pk in own]
    way = [*tree.above(place), place]
    total = _total(n.sum(1), split)
    rows: list[Place] = []
    hidden = np.zeros((0, n.shape[2]), bool)
    for step, one in enumerate(way):
        rows = tree.below(one)
        member = belonging(inside, [row.path for row in rows]).astype(np.int64)
        groups = np.einsum("gu,muc->mgc", member, n)
        whole = np.einsum("u,muc->mc", belonging(inside, [one.path])[0].astype(np.int64), n)
        hidden = _partition(groups, whole - groups.sum(1), np.zeros(groups.shape[1:], bool), total, split)
        if one is not place:
            total = hidden[rows.index(way[step + 1])]
    return (Veil(total, hidden), rows) if rows else (Veil(total, total[None]), [place])


def _total(n: np.ndarray, split: bool) -> np.ndarray:
    """Totals (M, C) that are kept back for themselves."""
    return np.asarray(small(n).any(0) if split else small(n[0]))


def group_veil(table: GapTable, group: np.ndarray, count: int, *, split: bool) -> Veil:
    """What is kept back where the people of a table are parted into groups (N,) that stand beside one another."""
    n = asked_of(table, group, count)
    total = _total(n.sum(1), split)
    none = np.zeros(n.shape[1:], bool)
    return Veil(total, _partition(n, np.zeros((3, n.shape[2]), np.int64), none, total, split))
