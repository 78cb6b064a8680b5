"""A spreadsheet of many units' answers → rows that can be applied, and what is wrong with others, by row and column.

Units are recognised as the staff import recognises them: nothing is accepted because it merely looks alike.
"""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_noop as _

from nanglucso.develop.readiness.queries.facts import held_on, surveyed_units
from nanglucso.develop.readiness.questionnaire import Questionnaire, clean
from nanglucso.kit.spreadsheets import column_letter, read_sheets
from nanglucso.workforce.people.listsheet.read import ListReading, ListRow, read_list
from nanglucso.workforce.people.recognising import Recogniser

UNIT, SYSTEMS = "unit", "systems"
HEADS = ("Tên đơn vị", "Đơn vị", "Cơ quan, đơn vị", "Tên cơ quan, đơn vị", "Tên cơ quan", "Unit")
CODE = ("Mã đơn vị", "Mã", "Code", "Unit code")
NO_UNIT = _("“%(value)s” is not a unit of the city: write its code or full name.")
UNIT_NEAR = _("“%(value)s” is not a unit of the city. Did you mean: %(near)s?")
NOT_ASKED = _("“%(value)s” is a part of an agency or commune: figures are those of the whole of it.")
NO_SYSTEMS = _("“%(label)s” is blank and the unit never answered it: write the systems, or “không” when it uses none.")
TWICE = _("The unit stands in row %(other)s already.")


def headings(asked: Questionnaire) -> dict[str, tuple[str, ...]]:
    """Field → heads of its column; the first is the template's."""
    return {"code": CODE, UNIT: HEADS} | {one.code: one.heads for one in asked.questions}


class _Reader:
    """Goes through the rows once."""

    def __init__(self, asked: Questionnaire, reading: ListReading, day: date) -> None:
        self.asked = asked
        self.known = Recogniser({}, {}, tuple(reading.columns))
        self.by_code = {unit.code.upper(): unit for unit in self.known.units.values()}
        self.able = set(surveyed_units().values_list("pk", flat=True))
        self.held = held_on(day)
        self.seen: dict[int, int] = {}
        self.rows: list[dict[str, Any]] = []
        self.problems: list[dict[str, Any]] = []

    def fault(self, row: ListRow, column: str, template: str, told: Mapping[str, str]) -> None:
        letter = self.known.letter(row.sheet, column)
        head = headings(self.asked)[column][0]
        who = row.values.get(UNIT) or row.values.get("code", "")
        place = {"sheet": row.sheet, "row": row.row, "column": letter, "head": head, "who": who[:120]}
        self.problems.append({**place, "template": template, "told": dict(told)})

    def one(self, row: ListRow) -> None:
        unit = self._unit(row)
        answers, faults = clean(self.asked, row.values)
        for fault in faults:
            self.fault(row, fault.question, fault.template, fault.told)
        if unit is None or faults:
            return
        if SYSTEMS not in answers and unit not in self.held:
            self.fault(row, SYSTEMS, NO_SYSTEMS, {"label": self.asked.question(SYSTEMS).label})
            return
        self.seen[unit] = row.row
        name = self.known.units[unit].name
        self.rows.append({"row": row.row, "sheet": row.sheet, "unit": unit, "name": name, "answers": answers})

    def _unit(self, row: ListRow) -> int | None:
        by_code = self.by_code.get(row.values.get("code", "").upper())
        text = row.values.get(UNIT) or row.values.get("code", "")
        column = UNIT if row.values.get(UNIT) else "code"
        found, near = (by_code.pk, []) if by_code else self.known.unit_named(text)
        if found is None:
            more = {"near": " / ".join(near)} if near else {}
            self.fault(row, column, UNIT_NEAR if near else NO_UNIT, {"value": text[:80], **more})
        elif found not in self.able:
            self.fault(row, column, NOT_ASKED, {"value": text[:80]})
        elif found in self.seen:
            self.fault(row, column, TWICE, {"other": str(self.seen[found])})
        else:
            return int(found)
        return None


def read(path: Path, asked: Questionnaire, *, name: str, day: date) -> dict[str, Any]:
    """The plan of a file: {rows, problems, columns}. Raises `BadFile`, `BadStaffFile` with one sentence."""
    reading = read_list(read_sheets(path, name=name), headings(asked), (UNIT, "code"), None, name=name)
    reader = _Reader(asked, reading, day)
    for row in reading.rows:
        reader.one(row)
    columns = [
        {"letter": column_letter(one.index), "header": one.header, "field": one.field}
        for sheet in reading.columns
        for one in (*sheet.columns, *sheet.unmapped)
    ]
    return {"rows": reader.rows, "problems": reader.problems, "columns": sorted(columns, key=lambda c: c["letter"])}
