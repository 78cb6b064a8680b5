"""People one by one: how much each meets, misses and leaves unknown of what the position requires."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from django.utils.translation import gettext as _

from nanglucso.engines import levels
from nanglucso.measure.gaps.queries import MET, NOT_MET, UNKNOWN, GapTable
from nanglucso.workforce.people.models import Person, Unit
from nanglucso.workforce.people.queries import place, unit_chain

PAGE = 50
BY_MISSING, BY_NAME, BY_UNKNOWN = "", "name", "unknown"


@dataclass(frozen=True, eq=False)
class Standings:
    """Counts of N people over the columns asked for, and the order in which they are listed (places in the table)."""

    met: np.ndarray
    not_met: np.ndarray
    unknown: np.ndarray
    missing: np.ndarray
    order: np.ndarray


def states() -> dict[str, str]:
    """Whom to list, by code in the address."""
    return {
        "": _("Everybody"), "gap": _("With something not met"), "unknown": _("With something not yet known"),
        "met": _("Everything met"),
    }  # fmt: skip


def orders() -> dict[str, str]:
    """How the list can be ordered."""
    return {BY_MISSING: _("Most missing first"), BY_UNKNOWN: _("Most unknown first"), BY_NAME: _("By name")}


def standings(table: GapTable, k: np.ndarray, *, state: str = "", sort: str = "") -> Standings:
    """Everybody of a table in name order; k: indexes of the competences that count."""
    code = {word: levels.CODES.index(word) for word in (MET, NOT_MET, UNKNOWN)}
    part = table.codes[:, k]
    met, gap, unknown = ((part == code[word]).sum(1) for word in (MET, NOT_MET, UNKNOWN))
    missing = np.where(part == code[NOT_MET], table.missing[:, k], 0.0).sum(1)
    kept = {"gap": gap > 0, "unknown": unknown > 0, "met": (met > 0) & (gap + unknown == 0)}.get(state, gap >= 0)
    by = {BY_NAME: np.zeros(len(met)), BY_UNKNOWN: -unknown}.get(sort, -missing)
    order = np.argsort(by, kind="stable")
    return Standings(met, gap, unknown, missing, order[kept[order]])


@dataclass(frozen=True)
class Line:
    """One person of the list."""

    person: Person
    where: str
    measured: bool
    met: int
    not_met: int
    unknown: int
    missing: float


def listed(table: GapTable, found: Standings, places: Sequence[int]) -> list[Line]:
    """These places of the order as lines, with the people's names and units; two statements."""
    rows = [int(found.order[place]) for place in places]
    people = Person.objects.select_related("unit", "position").in_bulk([int(table.ids[i]) for i in rows])
    chains = unit_chain(person.unit for person in people.values())
    return [_line(table, found, i, people[int(table.ids[i])], chains) for i in rows if int(table.ids[i]) in people]


def _line(table: GapTable, found: Standings, i: int, person: Person, chains: dict[int, tuple[Unit, ...]]) -> Line:
    where = place(chains.get(person.unit_id or 0, ()))
    counts = (int(found.met[i]), int(found.not_met[i]), int(found.unknown[i]))
    return Line(person, where, bool(table.measured[i]), *counts, float(found.missing[i]))


def marks(table: GapTable, order: np.ndarray, k: np.ndarray) -> Iterator[list[float | str]]:
    """Rows of a workbook: missing levels where a requirement is not met, otherwise the word."""
    words = {levels.CODES.index(MET): _("met"), levels.CODES.index(UNKNOWN): _("not yet known"), 0: "–"}
    short = levels.CODES.index(NOT_MET)
    for i in order.tolist():
        codes, missing = table.codes[i, k].tolist(), np.round(table.missing[i, k], 1).tolist()
        yield [m if c == short else words[c] for c, m in zip(codes, missing, strict=True)]
