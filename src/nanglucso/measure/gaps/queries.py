"""Nouns of the gap: required minus believed, for any set of people, as arrays and as tables for pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from django.db.models import QuerySet

from nanglucso.core.scope import Scope
from nanglucso.engines import levels
from nanglucso.measure.profiles import folding
from nanglucso.measure.profiles.queries import beliefs, required_levels
from nanglucso.workforce.framework.models import Competence, Domain, Framework
from nanglucso.workforce.people.models import Person, Position, Unit

SMALL_GROUP = 5
ENOUGH_MEASURED = 0.6
MET, NOT_MET, UNKNOWN = levels.MET, levels.NOT_MET, levels.NOT_YET_KNOWN


@dataclass(frozen=True, eq=False)
class GapTable:
    """The gap of N people in K competences.

    required (N, K) levels, 0 = nothing; state (N, K) met | not_met | not_yet_known | ""; missing (N, K) expected
    missing levels; weight (N, K); measured (N,) by a test; mean, var (N, K) in logits.
    """

    frame: folding.Frame
    ids: np.ndarray
    unit: np.ndarray
    position: np.ndarray
    measured: np.ndarray
    required: np.ndarray
    weight: np.ndarray
    core: np.ndarray
    state: np.ndarray
    missing: np.ndarray
    mean: np.ndarray
    var: np.ndarray

    def rows(self, mask: np.ndarray) -> "Counts":
        """Counts over the people of a mask (N,)."""
        state, need = self.state[mask], self.required[mask] > 0
        return Counts(
            people=int(mask.sum()),
            measured=int(self.measured[mask].sum()),
            required=need.sum(0),
            met=(state == MET).sum(0),
            not_met=(state == NOT_MET).sum(0),
            unknown=(state == UNKNOWN).sum(0),
            missing=self.missing[mask].sum(0),
        )


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

    def share_met(self) -> float:
        """Share of all requirements that are met, 0..1."""
        return float(self.met.sum() / max(1, self.required.sum()))

    def mean_missing(self) -> float:
        """Expected missing levels per requirement."""
        return float(self.missing.sum() / max(1, self.required.sum()))


def active_people(scope: Scope) -> QuerySet[Person]:
    """Active staff inside a scope, in name order."""
    return (
        Person.objects.filter(scope.units("unit__path"), active=True).exclude(position=None).order_by("sort_key", "pk")
    )


def gap_table(framework: Framework, people: QuerySet[Person], *, at: datetime | None = None) -> GapTable:
    """The gap of these people, in their order."""
    frame = folding.frame(framework)
    table = beliefs(frame, people, at=at)
    required, weight, core = required_levels(frame, people)
    places = list(people.values_list("unit_id", "position_id"))
    p = levels.p_met(table.mean, table.var, frame.cuts, required)
    share = levels.open_points(table.mean, table.var, frame.cuts, required).sum(-1) / 100
    return GapTable(
        frame,
        table.ids,
        np.array([unit for unit, _ in places], np.int64),
        np.array([position for _, position in places], np.int64),
        table.measured,
        required,
        weight,
        core,
        levels.words(p, required),
        share,
        table.mean,
        table.var,
    )


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


def top_units(scope: Scope) -> list[Unit]:
    """Agencies, communes and wards inside a scope (the city's children; for a unit's own scope, that unit's)."""
    inside = Unit.objects.filter(scope.units("path"))
    children = inside.filter(depth=2).order_by("path")
    return list(children) or list(inside.order_by("path")[:1])


def children(unit: Unit) -> list[Unit]:
    """The units right below."""
    return list(Unit.objects.filter(path__startswith=unit.path, depth=unit.depth + 1).order_by("path"))


def above(unit: Unit, scope: Scope) -> list[Unit]:
    """The units above inside the scope, top first, the city itself left out."""
    paths = _prefixes(unit.path)[1:-1]
    return [one for one in Unit.objects.filter(path__in=paths).order_by("path") if scope.covers(one.path)]


def _membership(table: GapTable, units: Sequence[Unit]) -> np.ndarray:
    """(U, N) whether person n works in unit u or below it."""
    paths = dict(Unit.objects.filter(pk__in=set(table.unit.tolist())).values_list("pk", "path"))
    place = {unit.path: u for u, unit in enumerate(units)}
    inside = np.zeros((len(units), len(table.ids)), bool)
    above = {pk: [place[p] for p in _prefixes(path) if p in place] for pk, path in paths.items()}
    for n, pk in enumerate(table.unit.tolist()):
        inside[above.get(pk, []), n] = True
    return inside


def _prefixes(path: str) -> list[str]:
    step = Unit.steplen
    return [path[:end] for end in range(step, len(path) + 1, step)]


def _grouped(table: GapTable, inside: np.ndarray) -> list[Counts]:
    """Counts of every group of a membership table (G, N), all at once."""
    m = inside.astype(float)
    need = (table.required > 0).astype(float)
    sums = [m @ part for part in (need, *(1.0 * (table.state == word) for word in (MET, NOT_MET, UNKNOWN)))]
    required, met, not_met, unknown = (np.rint(part).astype(np.int64) for part in sums)
    missing, measured = m @ table.missing, np.rint(m @ table.measured.astype(float)).astype(np.int64)
    people = inside.sum(1)
    return [
        Counts(int(people[g]), int(measured[g]), required[g], met[g], not_met[g], unknown[g], missing[g])
        for g in range(len(inside))
    ]


def unit_rows(table: GapTable, units: Sequence[Unit], columns: Sequence[np.ndarray]) -> list[HeatRow]:
    """One row a unit, everything below it included."""
    counted = _grouped(table, _membership(table, units))
    return [
        HeatRow(unit.pk, unit.name, unit.kind, counts, cells(counts, columns))
        for unit, counts in zip(units, counted, strict=True)
    ]


def family_rows(table: GapTable, columns: Sequence[np.ndarray]) -> list[HeatRow]:
    """One row a position family."""
    families = {p.pk: p.family for p in Position.objects.select_related("family")}
    own = np.array([families[pk].pk for pk in table.position.tolist()], np.int64)
    held = set(own.tolist())
    kept = sorted({f.pk: f for f in families.values() if f.pk in held}.values(), key=lambda f: f.name)
    counted = _grouped(table, own[None, :] == np.array([f.pk for f in kept], np.int64)[:, None])
    return [
        HeatRow(family.pk, family.name, "family", counts, cells(counts, columns))
        for family, counts in zip(kept, counted, strict=True)
    ]


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


def level_shares(table: GapTable) -> np.ndarray:
    """Share of people expected at each level 0..L, averaged over competences that are required of them; (L + 1,)."""
    chances = levels.level_chances(table.mean, table.var, table.frame.cuts)
    need = (table.required > 0)[..., None]
    return np.asarray((chances * need).sum((0, 1)) / max(1, int(need.sum())))
