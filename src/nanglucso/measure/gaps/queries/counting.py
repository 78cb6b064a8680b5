"""Counting the gap: people and states of groups of people, added up all at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from nanglucso.measure.gaps.queries.protecting import SMALL_GROUP
from nanglucso.measure.gaps.queries.sums import Sums
from nanglucso.measure.gaps.queries.table import NOT_MET, GapTable
from nanglucso.measure.gaps.queries.tallying import Counts, Tally, tally
from nanglucso.measure.gaps.queries.units import belonging
from nanglucso.workforce.framework.models import Competence, Domain, Framework
from nanglucso.workforce.people.models import PositionFamily, Unit


def whole(table: GapTable | Sums) -> Counts:
    """Counts over everybody of a table or of units."""
    if isinstance(table, Sums):
        return table.whole()
    return tally(table, np.zeros(len(table.ids), np.int64), 1).counts(0)


@dataclass(frozen=True)
class Cell:
    """One heat cell: share not met of those whose state is known, 0..1; `heat` 0..6, None = hatched."""

    share: float | None
    not_met: int
    unknown: int
    required: int

    @property
    def heat(self) -> int | None:
        return None if self.share is None else min(6, int(self.share * 10))

    @property
    def percent(self) -> int | None:
        return None if self.share is None else round(100 * self.share)


@dataclass(frozen=True)
class HeatRow:
    """One unit or position group over the columns of a heat map."""

    key: int
    name: str
    kind: str
    counts: Counts
    cells: list[Cell]

    @property
    def hidden(self) -> bool:
        """Fewer than five people: no figure is shown outside the group's own scope."""
        return self.counts.people < SMALL_GROUP


def cells(counts: Counts, columns: Sequence[np.ndarray]) -> list[Cell]:
    """Heat cells of one group; each column is an index array of competences (one, or a whole domain)."""
    made = []
    for column in columns:
        required, not_met = int(counts.required[column].sum()), int(counts.not_met[column].sum())
        unknown = int(counts.unknown[column].sum())
        shown = counts.enough and required > 0
        made.append(Cell(not_met / required if shown else None, not_met, unknown, required))
    return made


def domain_columns(framework: Framework) -> tuple[list[Domain], list[np.ndarray]]:
    """The domains and the competence indexes of each."""
    domains = list(framework.domains.prefetch_related("competences"))
    return domains, [np.array([c.index for c in domain.competences.all()]) for domain in domains]


def competence_columns(framework: Framework) -> tuple[list[Competence], list[np.ndarray]]:
    """The competences, each a column of its own."""
    rows = list(framework.competences.select_related("domain").order_by("index"))
    return rows, [np.array([c.index]) for c in rows]


class UnitLike(Protocol):
    """A unit, or the place of one in a tree."""

    @property
    def pk(self) -> Any: ...
    @property
    def path(self) -> Any: ...
    @property
    def name(self) -> Any: ...
    @property
    def kind(self) -> Any: ...


def _by_unit(table: GapTable | Sums) -> tuple[np.ndarray, Tally]:
    """The units that people belong to, and the counts of each."""
    if isinstance(table, Sums):
        return table.unit, table.tally
    own, group = np.unique(table.unit, return_inverse=True)
    return own, tally(table, group, len(own))


def unit_tally(table: GapTable | Sums, paths: Sequence[str], known: dict[int, str] | None = None) -> Tally:
    """Counts of every unit of these paths with everything below it; `known`: paths by key, when they are at hand."""
    own, counted = _by_unit(table)
    if known is None:
        known = dict(Unit.objects.filter(pk__in=own.tolist()).values_list("pk", "path"))
    return counted.rolled(belonging([known.get(int(pk), "") for pk in own], paths))


def unit_rows(
    table: GapTable | Sums,
    units: Sequence[UnitLike],
    columns: Sequence[np.ndarray],
    known: dict[int, str] | None = None,
) -> list[HeatRow]:
    """One row a unit, everything below it included."""
    counted = unit_tally(table, [unit.path for unit in units], known)
    made = [(unit, counted.counts(g)) for g, unit in enumerate(units)]
    return [HeatRow(unit.pk, unit.name, unit.kind, counts, cells(counts, columns)) for unit, counts in made]


def families(table: GapTable) -> tuple[list[PositionFamily], np.ndarray]:
    """The position families of a table's people by name, and each person's place among them (N,)."""
    held = table.posts.family[table.place]
    kept = list(PositionFamily.objects.filter(pk__in=np.unique(held).tolist()).order_by("name_vi", "pk"))
    order = {family.pk: g for g, family in enumerate(kept)}
    of_post = np.array([order.get(int(pk), 0) for pk in table.posts.family], np.int64)
    return kept, of_post[table.place]


def family_rows(table: GapTable, columns: Sequence[np.ndarray]) -> list[HeatRow]:
    """One row a position family."""
    kept, group = families(table)
    counted = tally(table, group, len(kept)) if kept else None
    made = [(family, counted.counts(g)) for g, family in enumerate(kept)] if counted else []
    made.sort(key=lambda pair: pair[0].name)
    return [HeatRow(family.pk, family.name, "family", counts, cells(counts, columns)) for family, counts in made]


@dataclass(frozen=True)
class Need:
    """One person and competence that is not met or not yet known."""

    person_id: int
    competence: int
    state: str
    required: int
    missing: float
    core: bool


def needs(table: GapTable, *, state: str = NOT_MET) -> list[Need]:
    """Every (person, competence) in a state, largest shortfall first; must-have before nice-to-have."""
    rows, columns = np.nonzero(table.state == state)
    found = [
        Need(
            int(table.ids[i]),
            int(k),
            state,
            int(table.required[i, k]),
            float(table.missing[i, k]),
            bool(table.core[i, k]),
        )
        for i, k in zip(rows, columns, strict=True)
    ]
    return sorted(found, key=lambda need: (not need.core, -need.missing, need.person_id))


def level_shares(table: GapTable | Sums) -> np.ndarray:
    """Share of people expected at each level 0..L, averaged over competences that are required of them; (L + 1,)."""
    return table.level_shares
