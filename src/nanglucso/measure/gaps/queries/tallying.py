"""People and states of groups of people, added up all at once."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from nanglucso.engines import levels

if TYPE_CHECKING:
    from nanglucso.measure.gaps.queries.table import GapTable

MET, NOT_MET, UNKNOWN = levels.MET, levels.NOT_MET, levels.NOT_YET_KNOWN
ENOUGH_MEASURED = 0.6


@dataclass(frozen=True, eq=False)
class Counts:
    """Counts of one group; each array is (K,)."""

    people: int
    measured: int
    required: np.ndarray
    met: np.ndarray
    not_met: np.ndarray
    unknown: np.ndarray
    missing: np.ndarray

    @property
    def enough(self) -> bool:
        """At least 60% measured: below that a heat cell is hatched and carries no number."""
        return self.people > 0 and self.measured >= ENOUGH_MEASURED * self.people

    def over(self, shown: np.ndarray) -> "Counts":
        """The same counts with those competences set to nothing that are not shown (K,)."""
        parts = (self.required, self.met, self.not_met, self.unknown, self.missing)
        return Counts(self.people, self.measured, *(part * shown for part in parts))

    def share_met(self) -> float:
        """Share of all requirements that are met, 0..1."""
        return float(self.met.sum() / max(1, self.required.sum()))

    def mean_missing(self) -> float:
        """Expected missing levels per requirement."""
        return float(self.missing.sum() / max(1, self.required.sum()))


@dataclass(frozen=True, eq=False)
class Tally:
    """Counts of G groups: people and measured (G,), states (G, K, 4) in the order of `levels.CODES`, missing (G, K)."""

    people: np.ndarray
    measured: np.ndarray
    states: np.ndarray
    missing: np.ndarray

    def counts(self, g: int) -> Counts:
        state = {word: self.states[g, :, code] for code, word in enumerate(levels.CODES)}
        required = self.states[g, :, 1:].sum(1)
        people, measured = int(self.people[g]), int(self.measured[g])
        return Counts(people, measured, required, state[MET], state[NOT_MET], state[UNKNOWN], self.missing[g])

    def rolled(self, member: np.ndarray) -> "Tally":
        """Sums over the groups of every row of a membership table (R, G)."""
        m = member.astype(np.int64)
        rolled = np.einsum("rg,gkc->rkc", m, self.states, optimize=True)
        return Tally(m @ self.people, m @ self.measured, rolled, m @ self.missing)


def tally(table: "GapTable", group: np.ndarray, n: int) -> Tally:
    """Counts of n groups; group (N,) is each person's group, 0 .. n - 1."""
    k = table.frame.size
    cell = group[:, None] * k + np.arange(k)
    states = np.bincount((cell * 4 + table.codes).ravel(), minlength=n * k * 4).reshape(n, k, 4)
    missing = np.bincount(cell.ravel(), weights=table.missing.ravel(), minlength=n * k).reshape(n, k)
    people = np.bincount(group, minlength=n)
    return Tally(people, np.bincount(group[table.measured], minlength=n), states, missing)
