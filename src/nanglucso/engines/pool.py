"""A bank prepared for choosing items: where each item sits, and what it is expected to tell at every belief.

red = Var_y E[theta_k | y] = V_kk sum_y M_y^2 / Z_y is the expected fall of the variance by one answer, with
Z_y = E[P_y(x)], M_y = E[P_y(x) z], x = m_k + sqrt(V_kk) z, z ~ N(0, 1). red / V_kk depends on (m_k, V_kk) alone, so it
is tabulated once a bank and looked up by four corners of a grid.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from nanglucso.engines import levels
from nanglucso.engines.irt import Floats, Ints, ItemBank, reach

Singles = NDArray[np.float32]
M_GRID: Final = np.linspace(-4.0, 4.0, 41)
S_GRID: Final = np.linspace(np.log(0.1), np.log(2.0), 25)
_Z, _W = np.polynomial.hermite_e.hermegauss(11)
_W = _W / _W.sum()


@dataclass(frozen=True, eq=False)
class Pool:
    """A bank prepared for choosing; build it once with `build_pool` and keep it.

    Items sit in slots: W = most items of one competence, slot = competence x W + place. item_of (K W,) item or -1,
    slot_of (J,), table (K x cells, W) of red / V_kk, mates (J, F) slots of the item's whole family, padded with K W.
    """

    bank: ItemBank
    domain: Ints
    cuts: Floats
    item_of: Ints
    slot_of: Ints
    table: Singles
    mates: Ints
    minutes: Floats

    @property
    def width(self) -> int:
        return len(self.item_of) // len(self.domain)

    @cached_property
    def typical(self) -> float:
        return float(np.median(self.bank.minutes))

    @cached_property
    def longest(self) -> float:
        return float(self.bank.minutes.max())

    @cached_property
    def families(self) -> int:
        return len(np.unique(self.bank.family))


def build_pool(bank: ItemBank, domain: Sequence[int], cuts: Floats) -> Pool:
    """Prepare a bank. domain (K,): domain index 0 .. D-1 of each competence; cuts (K, L)."""
    codes, k_n = np.asarray(domain, np.int64), len(domain)
    by_k = [np.flatnonzero(bank.competence == k) for k in range(k_n)]
    width = max(1, *(len(x) for x in by_k))
    item_of, table = np.full((k_n, width), -1), np.zeros((k_n, len(M_GRID) * len(S_GRID), width), np.float32)
    for k, items in enumerate(by_k):
        item_of[k, : len(items)] = items
        table[k, :, : len(items)] = reduction_share(bank, items)
    slot_of = np.zeros(bank.size, np.int64)
    flat = item_of.ravel()
    slot_of[flat[flat >= 0]] = np.flatnonzero(flat >= 0)
    minutes = np.where(flat >= 0, bank.minutes[flat] if bank.size else 1.0, 1.0)
    packed = table.reshape(-1, width)
    return Pool(bank, codes, levels.check_cuts(cuts), flat, slot_of, packed, _mates(bank, slot_of, len(flat)), minutes)


def reduction_share(bank: ItemBank, items: Ints) -> Floats:
    """red / V_kk of each item at each cell, (cells, items); cell = index in M_GRID x |S_GRID| + index in S_GRID."""
    m, sd = (x.ravel()[:, None] for x in np.meshgrid(M_GRID, np.exp(S_GRID), indexing="ij"))
    x = (m + sd * _Z)[:, None, :]
    edge = np.zeros((len(m), len(items), 1))
    up, slope = [edge + 1], [edge]
    for s in range(bank.b.shape[1]):
        p = reach(x, bank.a[items, None], bank.b[items, None, s, None], bank.c[items, None])[..., 0]
        up.append((p @ _W)[..., None])
        slope.append((p @ (_W * _Z))[..., None])
    z = -np.diff(np.concatenate([*up, edge], -1))
    big_m = -np.diff(np.concatenate([*slope, edge], -1))
    share = np.where(z > 1e-12, big_m**2 / np.maximum(z, 1e-12), 0.0).sum(-1)
    return np.maximum(share, 1e-9)


def _mates(bank: ItemBank, slot_of: Ints, spare: int) -> Ints:
    members: dict[int, list[int]] = {}
    for j, family in enumerate(bank.family.tolist()):
        members.setdefault(family, []).append(int(slot_of[j]))
    mates = np.full((bank.size, max((len(x) for x in members.values()), default=1)), spare)
    for j, family in enumerate(bank.family.tolist()):
        mates[j, : len(members[family])] = members[family]
    return mates
