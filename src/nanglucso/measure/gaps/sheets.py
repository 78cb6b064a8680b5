"""The gap pages as workbooks: the rows, columns and order that stand on the screen, with when and of whom."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from nanglucso.core.db import raw_rows
from nanglucso.kit.xlsxwrite import Column, Kind, OutSheet
from nanglucso.measure.gaps.heat import MISSING, Heat, Line, Row, Square
from nanglucso.measure.gaps.pages import Mark, PersonRow
from nanglucso.measure.gaps.people import Standings, marks
from nanglucso.measure.gaps.queries import MET, NOT_MET, SMALL_GROUP, UNKNOWN, GapTable
from nanglucso.ui.figures import vmoment
from nanglucso.workforce.framework.models import Competence
from nanglucso.workforce.people.models import Person, Unit
from nanglucso.workforce.people.queries import place, unit_chain


@dataclass(frozen=True)
class About:
    """What stands above every table: title, of whom, when, which figure, and which requirements ("" = all)."""

    title: str
    of_whom: str
    at: datetime
    measure: str = ""
    need: str = ""

    def lines(self, *more: str) -> list[str]:
        said = [
            self.title,
            _("Of: %(whom)s") % {"whom": self.of_whom},
            _("As of %(when)s") % {"when": vmoment(self.at)},
        ]
        return [*said, *([self.need] if self.need else []), *more]


def _value(square: Square) -> Any:
    return square.reason if square.share is None else round(square.share, 4)


def _people(row: Row) -> list[Any]:
    few = row.hidden and row.people < SMALL_GROUP
    return [row.name, f"< {SMALL_GROUP}" if few else row.people, row.measured]


def heat_sheets(heat: Heat, about: About, first: str) -> list[OutSheet]:
    """The map (a figure in every cell, or the reason why there is none), and the counts behind it."""
    rows = [heat.everybody, *heat.rows]
    kind: Kind = "number" if heat.everybody.overall.show == MISSING else "percent"
    named = [Column(first, 42), Column(_("People"), 10, "int"), Column(_("Measured"), 10, "int")]
    heads = [Column(f"{h.code} {h.name}", 20, kind) for h in heat.heads]
    cells = [[*_people(row), *map(_value, row.squares)] for row in rows]
    counted = [[*_people(row), *_counts(row.overall)] for row in rows]
    return [
        OutSheet(_("Gaps"), [*named, *heads], cells, about.lines(about.measure)),
        OutSheet(_("Counts"), [*named, *_count_heads()], counted, about.lines()),
    ]


def _count_heads() -> list[Column]:
    titles = (_("Required"), _("Met"), _("Not met"), _("Not yet known"))
    return [*(Column(title, 14, "int") for title in titles), Column(_("Missing levels"), 14, "number")]


def _counts(square: Square) -> list[Any]:
    if not square.required:
        return [square.reason, None, None, None, None]
    return [square.required, square.met, square.not_met, square.unknown, round(square.missing, 1)]


def lines_sheet(lines: Sequence[Line], about: About) -> OutSheet:
    """Counts, a row a competence or domain."""
    rows = [[f"{line.code} {line.name}", *_counts(line.square)] for line in lines]
    return OutSheet(_("Gaps"), [Column(_("Competence"), 46), *_count_heads()], rows, about.lines())


def mark_value(mark: Mark) -> Any:
    """Missing levels as a number, everything else as the word on the screen."""
    words = {MET: _("met"), UNKNOWN: _("not yet known")}
    return round(mark.missing, 1) if mark.state == NOT_MET else words.get(mark.state, _("not required"))


def people_sheet(rows: Sequence[PersonRow], competences: Sequence[Competence], about: About) -> OutSheet:
    """People × competences: missing levels, or the word."""
    heads = [Column(f"{c.code} {c.short}", 16, "number") for c in competences]
    made = [
        [row.person.full_name, str(row.person.title or row.person.position), *(mark_value(mark) for mark in row.marks)]
        for row in rows
    ]
    columns = [Column(_("Name"), 28), Column(_("Position"), 34), *heads]
    return OutSheet(_("People"), columns, made, about.lines(_note()))


def _note() -> str:
    return _("Numbers are missing levels; used to plan training, not to grade anybody")


def everybody_sheet(table: GapTable, found: Standings, competences: Sequence[Competence], about: About) -> OutSheet:
    """Everybody listed, with counts and every competence; rows are made while they are written."""
    titles = (_("Met"), _("Not met"), _("Not yet known"))
    fixed = [Column(_("Name"), 28), Column(_("Staff number"), 14), Column(_("Unit"), 44), Column(_("Position"), 34)]
    counts = [*(Column(title, 12, "int") for title in titles), Column(_("Missing levels"), 12, "number")]
    heads = [Column(f"{c.code} {c.short}", 14, "number") for c in competences]
    return OutSheet(_("People"), [*fixed, *counts, *heads], _everybody(table, found, competences), about.lines(_note()))


def _everybody(table: GapTable, found: Standings, competences: Sequence[Competence]) -> Iterator[list[Any]]:
    fields = ("pk", "ho_dem", "ten", "staff_code", "unit_id", "title", "position__name")
    wanted = Person.objects.filter(active=True)
    about = {row[0]: row[1:] for row in raw_rows(wanted.order_by().values_list(*fields))}
    where = _where({row[3] for row in about.values() if row[3]})
    filled = marks(table, found.order, np.array([c.index for c in competences], np.int64))
    for i, told in zip(found.order.tolist(), filled, strict=True):
        before, name, code, unit, title, position = about.get(int(table.ids[i]), ("", "", "", 0, "", ""))
        own = [int(part[i]) for part in (found.met, found.not_met, found.unknown)]
        said = [f"{before} {name}".strip(), code or "", where.get(unit, ""), title or position]
        yield [*said, *own, round(float(found.missing[i]), 1), *told]


def _where(units: set[int]) -> dict[int, str]:
    return {pk: place(chain) for pk, chain in unit_chain(Unit.objects.filter(pk__in=units)).items()}
