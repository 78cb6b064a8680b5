"""Counts of every unit's own people, a unit one record: what every map by unit is added up from (adr/0008).

A record knows must-have and nice-to-have apart and is the same whoever asks, so it can be kept.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

import numpy as np

from nanglucso.engines import levels
from nanglucso.measure.gaps.queries.table import CORE, NICE, GapTable
from nanglucso.measure.gaps.queries.tallying import MET, NOT_MET, UNKNOWN, Counts, Tally, tally
from nanglucso.measure.profiles.folding import Frame

KINDS = (CORE, NICE)
WORDS = (MET, NOT_MET, UNKNOWN)


def record(frame: Frame) -> np.dtype:
    """One unit: people, measured, with a must-have not met; by kind of requirement states, missing levels, spread."""
    kinds, k = len(KINDS), frame.size
    return np.dtype(
        [
            ("people", "<i4"), ("measured", "<i4"), ("urgent", "<i4"), ("states", "<i4", (kinds, k, len(WORDS))),
            ("missing", "<f8", (kinds, k)), ("spread", "<f8", (kinds, frame.levels + 1)),
        ]
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class Sums:
    """The records (U,) of units (U,); `kinds`: the requirements that count, must-have, nice-to-have or both.

    `as_of`: of when they are where they were not looked through just now.
    """

    frame: Frame
    unit: np.ndarray
    rows: np.ndarray
    kinds: tuple[str, ...] = KINDS
    as_of: datetime | None = None

    def only(self, need: str) -> "Sums":
        """Must-have requirements only (`core`), the others only (`nice`), or everything."""
        return replace(self, kinds=(need,)) if need in KINDS else self

    def of(self, units: np.ndarray) -> "Sums":
        """The records of these units only."""
        kept = np.isin(self.unit, units)
        return replace(self, unit=self.unit[kept], rows=self.rows[kept])

    def _layer(self, field: str, kinds: tuple[str, ...]) -> np.ndarray:
        return np.asarray(self.rows[field][:, [KINDS.index(kind) for kind in kinds]].sum(1))

    @cached_property
    def tally(self) -> Tally:
        """Counts of each unit's own people."""
        states = self._layer("states", self.kinds).astype(np.int64)
        none = self.rows["people"].astype(np.int64)[:, None] - states.sum(2)
        whole = np.concatenate([none[:, :, None], states], 2)
        people, measured = (self.rows[name].astype(np.int64) for name in ("people", "measured"))
        return Tally(people, measured, whole, self._layer("missing", self.kinds))

    def whole(self) -> Counts:
        """Counts over everybody."""
        return self.tally.rolled(np.ones((1, len(self.unit)), bool)).counts(0)

    @property
    def urgent(self) -> int:
        """People of whom a must-have requirement is not met."""
        return int(self.rows["urgent"].sum()) if CORE in self.kinds else 0

    @property
    def level_shares(self) -> np.ndarray:
        """Share of requirements whose person is expected at each level 0..L; (L + 1,)."""
        return np.asarray(self._layer("spread", self.kinds).sum(0) / max(1, int(self.whole().required.sum())))

    def asked(self) -> np.ndarray:
        """People of whom each competence is required: all, must-have, others; (3, U, K + 1), last everybody."""
        people = self.rows["people"].astype(np.int64)[:, None]
        layers = [self._layer("states", kinds).sum(2).astype(np.int64) for kinds in (KINDS, (CORE,), (NICE,))]
        return np.stack([np.concatenate([layer, people], 1) for layer in layers])


def sums_of(table: GapTable) -> Sums:
    """The records of the units of a table's people, by the full computation."""
    own, group = np.unique(table.unit, return_inverse=True)
    made = np.zeros(len(own), record(table.frame))
    for g, need in enumerate(KINDS):
        part = table.only(need)
        counted = tally(part, group, len(own))
        made["people"], made["measured"] = counted.people, counted.measured
        made["states"][:, g] = counted.states[:, :, [levels.CODES.index(word) for word in WORDS]]
        made["missing"][:, g] = counted.missing
        made["spread"][:, g] = part.level_sums(group, len(own))
    made["urgent"] = np.bincount(group[table.urgent_people], minlength=len(own))
    return Sums(table.frame, own, made)
