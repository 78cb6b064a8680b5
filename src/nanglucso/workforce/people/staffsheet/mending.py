"""What is mended in a sheet before its rows are read, and what is said of the sheet as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from nanglucso.kit.spreadsheets import Cell, Sheet, column_index, column_letter
from nanglucso.workforce.people.staffsheet.fields import guess, heading_key
from nanglucso.workforce.people.staffsheet.header import ColumnMap, find_header
from nanglucso.workforce.people.staffsheet.problems import Desk, Severity

_ERRORS = frozenset({"#N/A", "#REF!", "#NAME?", "#DIV/0!", "#VALUE!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"})
_IDENTITY = ("name", "ho_dem", "ten", "staff_code", "citizen_number", "unit", "department")
_BIRTH = ("birth_date", "birth_male", "birth_female", "birth_year")
_MOST_ACROSS, _MOST_DOWN = 200, 60


@dataclass
class Mended:
    """The sheet to read, and {row from 0: [(column from 0, error)]} of the cells that held an error."""

    sheet: Sheet
    errors: dict[int, list[tuple[int, str]]] = field(default_factory=dict)

    def report(self, index: int, columns: ColumnMap, desk: Desk) -> None:
        """Say what errors a person's row holds; one in a field that tells who or where forbids importing the row."""
        fields = {place: name for name, place in columns.places().items()}
        for place, error in self.errors.get(index, ()):
            name = fields.get(place)
            if name:
                severity: Severity = "error" if name in (*_IDENTITY, *_BIRTH) else "warning"
                desk.report(column_letter(place), "error_cell", error, severity)


def mend(sheet: Sheet, columns: ColumnMap) -> Mended:
    """Error cells emptied, cells merged downwards below the heading filled in."""
    errors: dict[int, list[tuple[int, str]]] = {}
    for cell, error in sheet.marks.errors:
        letters = cell.rstrip("0123456789")
        errors.setdefault(int(cell[len(letters) :]) - 1, []).append((column_index(letters), error))
    for index, row in enumerate(sheet.rows):
        for place, value in enumerate(row):
            if isinstance(value, str) and value[:1] == "#" and value in _ERRORS:
                errors.setdefault(index, []).append((place, value))
    downwards = [
        merge for merge in sheet.merged if merge[2] > merge[0] > columns.last_row and merge[1] in _filled(columns)
    ]
    if not errors and not downwards:
        return Mended(sheet)
    rows = list(sheet.rows)
    for index, cells in errors.items():
        if index >= len(rows):
            continue
        bad = {place for place, _error in cells}
        rows[index] = tuple(None if place in bad else value for place, value in enumerate(rows[index]))
    for top, left, low, _right in downwards:
        _fill(rows, top, left, low)
    return Mended(replace(sheet, rows=tuple(rows)), errors)


def _filled(columns: ColumnMap) -> set[int]:
    places = columns.places()
    return {place for name, place in places.items() if name not in ("number", "note")}


def _fill(rows: list[tuple[Cell, ...]], top: int, left: int, low: int) -> None:
    """Repeat a merged cell in the rows that it covers, as far as they hold anything."""
    value = rows[top][left] if top < len(rows) and left < len(rows[top]) else None
    if value is None:
        return
    for index in range(top + 1, min(low + 1, len(rows))):
        row = rows[index]
        if any(one is not None for one in row):
            longer = row + (None,) * (left + 1 - len(row))
            rows[index] = (*longer[:left], value, *longer[left + 1 :])


def report_sheet(sheet: Sheet, columns: ColumnMap, desk: Desk) -> None:
    """Say what concerns the whole sheet: old letters, formulas without results, hidden rows, two of a kind."""
    marks = sheet.marks
    if marks.font:
        desk.report("", "letters_converted", marks.font)
    if marks.hollow:
        desk.report("", "hollow_cells", marks.hollow_from, number=str(marks.hollow))
    if marks.hidden_rows:
        desk.report("", "hidden_rows", marks.hidden_rows, first=marks.hidden_rows_from)
    _report_twice(columns, desk)


def _report_twice(columns: ColumnMap, desk: Desk) -> None:
    """Headings that are taken already: two columns for one field, or a whole second list beside the first."""
    taken = {column.field: column for column in columns.columns if column.confidence >= 0.85}
    again = []
    for column in columns.unmapped:
        name, confidence = guess(column.header)
        if confidence >= 0.85 and name in taken and name not in ("number", "note"):
            again.append((taken[name], column))
    names = [pair for pair in again if pair[0].field in ("name", "ho_dem")]
    if names and len(again) > 1:
        desk.report("", "list_beside", names[0][1].letter, "error")
        return
    for first, other in again:
        if heading_key(first.header) == heading_key(other.header) or first.field in _IDENTITY:
            desk.report(other.letter, "column_twice", other.header, first=first.letter)


def on_its_side(sheets: Sequence[Sheet]) -> str:
    """Name of the first sheet whose headings stand below each other in a column, "" when there is none."""
    for sheet in sheets:
        corner = [row[:_MOST_ACROSS] for row in sheet.rows[:_MOST_DOWN]]
        width = max((len(row) for row in corner), default=0)
        turned = tuple(tuple(row[at] if at < len(row) else None for row in corner) for at in range(width))
        found = find_header(Sheet(sheet.name, turned)) if width > 1 else None
        if found and found.has_name and len(found.columns) >= 3:
            return sheet.name
    return ""
