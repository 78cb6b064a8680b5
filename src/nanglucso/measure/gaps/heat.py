"""Heat maps as pages show them and workbooks repeat them: heads, groups of rows, cells with a number or a reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from nanglucso.measure.gaps.queries import (
    Cell,
    GapTable,
    HeatRow,
    cells,
    competence_columns,
    domain_columns,
    family_rows,
    unit_rows,
)
from nanglucso.ui.figures import pct
from nanglucso.workforce.framework.models import Framework
from nanglucso.workforce.people.models import Unit

EVERY = "all"
BY_NAME = "name"
AGENCIES = {Unit.Kind.AGENCY, Unit.Kind.OFFICE, Unit.Kind.INSPECTORATE, Unit.Kind.SERVICE}


@dataclass(frozen=True)
class Head:
    """A column: `code` for the address, `text` on the head, `name` in full, `drill` = the domain that it opens."""

    code: str
    text: str
    name: str
    drill: str = ""


@dataclass(frozen=True)
class Square:
    """One cell: a share 0..1, or None with the reason why there is no number; `drill` = the domain it opens."""

    share: float | None
    reason: str
    heat: int | None
    drill: str = ""

    @property
    def css(self) -> str:
        return "bx" if self.heat is None else f"b{self.heat}"

    @property
    def text(self) -> str:
        return "–" if self.share is None else pct(self.share, 0)


@dataclass(frozen=True)
class Row:
    """A unit or a group of positions: its cells and the share of all its requirements that is not met."""

    key: int
    name: str
    people: int
    measured: int
    squares: list[Square]
    overall: Square
    hidden: bool


@dataclass(frozen=True)
class Heat:
    """A whole map: `groups` (title, rows), and the row of everybody."""

    heads: list[Head]
    groups: list[tuple[str, list[Row]]]
    everybody: Row

    @property
    def rows(self) -> list[Row]:
        return [row for _title, rows in self.groups for row in rows]


def columns(framework: Framework, domain: str = "") -> tuple[list[Head], list[Any]]:
    """Six domains; or the competences of one domain (`S3`); or all competences (`all`)."""
    domains, places = domain_columns(framework)
    if not domain:
        return [Head(d.code, d.head, d.name, d.code) for d in domains], places
    rows, singles = competence_columns(framework)
    kept = [(row, place) for row, place in zip(rows, singles, strict=True) if domain in (EVERY, row.domain.code)]
    shown = [Head(row.code, row.code if domain == EVERY else row.short, row.name) for row, _place in kept]
    return shown, [place for _row, place in kept]


def _square(cell: Cell, hidden: bool, drill: str = "") -> Square:
    if hidden:
        return Square(None, _("fewer than five people"), None, drill)
    if not cell.required:
        return Square(None, _("not required"), None, drill)
    return Square(cell.share, "" if cell.share is not None else _("fewer than 60% measured"), cell.heat, drill)


def _row(row: HeatRow, hide: bool, heads: Sequence[Head], everything: np.ndarray) -> Row:
    hidden = hide and row.hidden
    made = [_square(cell, hidden, head.drill) for cell, head in zip(row.cells, heads, strict=True)]
    overall = _square(cells(row.counts, [everything])[0], hidden)
    return Row(row.key, row.name, row.counts.people, row.counts.measured, made, overall, hidden)


def _ordered(rows: list[Row], heads: Sequence[Head], sort: str) -> list[Row]:
    """By name, or worst first by one column or by everything; rows without a number come last."""
    if sort == BY_NAME:
        return rows
    place = next((i for i, head in enumerate(heads) if head.code == sort), None)

    def worst(row: Row) -> tuple[bool, float, str]:
        share = (row.overall if place is None else row.squares[place]).share
        return (share is None, -(share or 0.0), row.name)

    return sorted(rows, key=worst)


def _group_of(kind: str) -> str:
    return "so" if kind in AGENCIES else kind if kind in (Unit.Kind.COMMUNE, Unit.Kind.WARD) else ""


def group_titles() -> dict[str, str]:
    """Kinds of units by their code in the address."""
    return {"so": _("Departments and agencies"), "xa": _("Communes"), "phuong": _("Wards"), "": _("Units")}


Groups = list[tuple[str, list[HeatRow]]]


def _heat(table: GapTable, heads: list[Head], places: list[Any], groups: Groups, hide: bool, sort: str) -> Heat:
    everything = np.concatenate(places) if places else np.arange(table.frame.size)
    whole = table.rows(np.ones(len(table.ids), bool))
    all_ = HeatRow(0, _("Everybody"), "all", whole, cells(whole, places))
    made = [
        (title, _ordered([_row(row, hide, heads, everything) for row in rows if row.counts.people], heads, sort))
        for title, rows in groups
    ]
    return Heat(heads, [(title, rows) for title, rows in made if rows], _row(all_, hide, heads, everything))


def unit_heat(
    framework: Framework,
    table: GapTable,
    units: Sequence[Unit],
    *,
    hide: bool,
    kind: str = "",
    domain: str = "",
    sort: str = "",
) -> Heat:
    """Units × domains or competences, grouped by kind; `hide` blanks groups of fewer than five people."""
    heads, places = columns(framework, domain)
    found: dict[str, list[HeatRow]] = {code: [] for code in group_titles()}
    for row in unit_rows(table, units, places):
        found[_group_of(row.kind)].append(row)
    titles = group_titles()
    groups = [(titles[code], rows) for code, rows in found.items() if not kind or code == kind]
    return _heat(table, heads, places, groups, hide, sort)


def position_heat(framework: Framework, table: GapTable, *, hide: bool, domain: str = "", sort: str = "") -> Heat:
    """Groups of positions × domains or competences."""
    heads, places = columns(framework, domain)
    return _heat(table, heads, places, [(_("Groups of positions"), family_rows(table, places))], hide, sort)
