"""A staff file → people, duplicates, skipped rows and problems; every row of every sheet is accounted for."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nanglucso.kit.spreadsheets import Sheet, read_sheets
from nanglucso.kit.text import looks_legacy
from nanglucso.workforce.people.staffsheet.duplicates import Duplicate, find_duplicates
from nanglucso.workforce.people.staffsheet.header import Choice, ColumnMap, find_header, text_of, with_mapping
from nanglucso.workforce.people.staffsheet.headings import is_unit_text
from nanglucso.workforce.people.staffsheet.mending import mend, on_its_side, report_sheet
from nanglucso.workforce.people.staffsheet.problems import BadStaffFile, Desk, Problem
from nanglucso.workforce.people.staffsheet.records import RecordReader, StaffRecord
from nanglucso.workforce.people.staffsheet.rows import RowReader, title_units


@dataclass(frozen=True, slots=True)
class SkippedRow:
    """A row that is no person and why: title, header, column_numbers, repeated_header, unit_heading, total, footer,

    blank, example (of the model file), no_name, stray, no_name_column (the sheet has no names), hidden_sheet.
    """

    sheet: str
    row: int
    reason: str


@dataclass(frozen=True, slots=True)
class StaffReading:
    """What a file holds. ``rows_read == len(records) + len(duplicates) + len(skipped)`` always.

    Hidden sheets without a list of people (model files keep their choices there) are not counted.
    """

    name: str
    records: tuple[StaffRecord, ...]
    duplicates: tuple[Duplicate, ...]
    skipped: tuple[SkippedRow, ...]
    problems: tuple[Problem, ...]
    columns: tuple[ColumnMap, ...]
    rows_read: int

    @property
    def bad_rows(self) -> frozenset[tuple[str, int]]:
        """(sheet, row) of the records that have an error and should not be applied."""
        return frozenset((item.sheet, item.row) for item in self.problems if item.severity == "error" and item.row)

    def account(self) -> dict[str, Any]:
        """Plain data for a report file: counts, and the place and reason of every row that is no new person."""
        again = [
            {"sheet": item.record.sheet, "row": item.record.row, "first_row": item.first.row, "by": item.by}
            for item in self.duplicates
        ]
        problems = [
            {"sheet": item.sheet, "row": item.row, "column": item.column, "code": item.code}
            | {"severity": item.severity, "sentence": item.sentence, "suggestion": item.suggestion}
            for item in self.problems
        ]
        return {
            "rows_read": self.rows_read,
            "people": len(self.records),
            "duplicates": again,
            "skipped": [{"sheet": item.sheet, "row": item.row, "reason": item.reason} for item in self.skipped],
            "problems": problems,
        }


@dataclass(slots=True)
class _Pile:
    """What has been read so far."""

    records: list[StaffRecord] = field(default_factory=list)
    skipped: list[SkippedRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    columns: list[ColumnMap] = field(default_factory=list)

    def skip_all(self, sheet: Sheet, reason: str) -> None:
        self.skipped += [SkippedRow(sheet.name, row, reason) for row in range(1, len(sheet.rows) + 1)]


def _has_content(sheet: Sheet) -> bool:
    return any(text_of(value) for row in sheet.rows for value in row)


def _is_narrow(sheet: Sheet) -> bool:
    """Whether the sheet has cells in one column at most."""
    used = -1
    for row in sheet.rows:
        for at, value in enumerate(row):
            if at != used and value is not None and text_of(value):
                if used >= 0:
                    return False
                used = at
    return True


def _columns_of(sheet: Sheet, mapping: Choice | None, name: str) -> tuple[ColumnMap | None, BadStaffFile | None]:
    found = find_header(sheet)
    if not mapping:
        if found and len(found.columns) < 3 and on_its_side([sheet]):
            return None, BadStaffFile("on_its_side", name=name, sheet=sheet.name)
        return found, None
    try:
        chosen = with_mapping(sheet, found, mapping, name)
    except BadStaffFile as error:
        if error.code == "unknown_field":
            raise
        return None, error
    return (chosen if chosen.has_name else None), None


def _read_sheet(sheet: Sheet, columns: ColumnMap, pile: _Pile) -> None:
    desk = Desk(sheet.name)
    report_sheet(sheet, columns, desk)
    mended = mend(sheet, columns)
    sheet = mended.sheet
    hint = title_units(sheet, columns.first_row)
    if is_unit_text(sheet.name) and sheet.name not in hint:
        hint = (*hint, sheet.name)
    reader = RecordReader(columns, desk, hint)
    for found in RowReader(sheet, columns).read():
        number = found.index + 1
        if found.columns is not None:
            reader = RecordReader(found.columns, desk, hint)
            desk.row = number
            desk.report("", "columns_changed")
        if found.kind == "person":
            pile.records.append(reader.read(sheet.rows[found.index], number, found.path))
            mended.report(found.index, found.columns or columns, desk)
            continue
        pile.skipped.append(SkippedRow(sheet.name, number, found.kind))
        if found.kind == "no_name":
            desk.row = number
            desk.report(reader.letters.get("name", ""), "no_name", severity="error")
            mended.report(found.index, found.columns or columns, desk)
    pile.problems += desk.found
    pile.columns.append(columns)


def _refuse(sheets: list[Sheet], name: str) -> BadStaffFile:
    """Why nothing could be read: old letters, a single column, or no column of names."""
    texts = (value for sheet in sheets for row in sheet.rows[:300] for value in row if isinstance(value, str))
    if looks_legacy("\n".join(texts)):
        return BadStaffFile("legacy_letters", name=name, font="TCVN3 / VNI")
    if side := on_its_side(sheets):
        return BadStaffFile("on_its_side", name=name, sheet=side)
    if all(_is_narrow(sheet) for sheet in sheets):
        return BadStaffFile("one_column", name=name)
    return BadStaffFile("no_names", name=name)


def read_staff(path: str | os.PathLike[str], mapping: Choice | None = None, *, name: str = "") -> StaffReading:
    """Read a staff list from .xlsx, .xls or .csv.

    ``mapping`` overrules the columns found: field → letter, heading, number from 0, or None to leave it out.
    ``name`` is what messages call the file. Raises ``BadFile`` and ``BadStaffFile`` (a ``BadFile``): one sentence.
    """
    called = name or Path(path).name
    sheets = read_sheets(path, name=called)
    return read_staff_sheets(sheets, mapping, name=called)


def read_staff_sheets(
    sheets: tuple[Sheet, ...], mapping: Mapping[str, str | int | None] | None = None, *, name: str
) -> StaffReading:
    """As ``read_staff``, of sheets already read (a preview that tries another mapping need not parse again)."""
    pile = _Pile()
    refusal: BadStaffFile | None = None
    shown = [sheet for sheet in sheets if not sheet.hidden] or list(sheets)
    if all(_is_narrow(sheet) for sheet in shown):
        raise _refuse(shown, name)
    for sheet in sheets:
        if sheet not in shown:
            listed = find_header(sheet) if _has_content(sheet) else None
            if listed and listed.has_name:
                pile.skip_all(sheet, "hidden_sheet")
                desk = Desk(sheet.name)
                desk.report("", "hidden_sheet", sheet.name)
                pile.problems += desk.found
            continue
        columns, error = _columns_of(sheet, mapping, name)
        refusal = refusal or error
        if columns is None:
            pile.skip_all(sheet, "no_name_column")
        else:
            _read_sheet(sheet, columns, pile)
    if not pile.columns:
        raise refusal or _refuse(shown, name)
    if not pile.records:
        hollow = next((sheet for sheet in shown if sheet.marks.hollow), None)
        if hollow:
            raise BadStaffFile("hollow", name=name, sheet=hollow.name, cell=hollow.marks.hollow_from)
        raise BadStaffFile("no_people", name=name)
    return _reading(pile, name)


def _reading(pile: _Pile, name: str) -> StaffReading:
    letters = [(columns.sheet, found, place) for columns in pile.columns for found, place in columns.places().items()]
    done = find_duplicates(pile.records, letters)
    order = {columns.sheet: place for place, columns in enumerate(pile.columns)}
    problems = sorted((*pile.problems, *done.problems), key=lambda item: (order.get(item.sheet, 999), item.row))
    return StaffReading(
        name=name,
        records=done.unique,
        duplicates=done.duplicates,
        skipped=tuple(pile.skipped),
        problems=tuple(problems),
        columns=tuple(pile.columns),
        rows_read=len(pile.records) + len(pile.skipped),
    )
