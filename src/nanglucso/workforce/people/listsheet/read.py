"""A sheet with heads and plain rows below them → rows of texts: lists of units, positions, required levels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from nanglucso.kit.spreadsheets import Sheet
from nanglucso.kit.text import similar
from nanglucso.workforce.people.staffsheet.fields import heading_key
from nanglucso.workforce.people.staffsheet.header import (
    Choice,
    ColumnMap,
    MappedColumn,
    block_headings,
    text_of,
    with_mapping,
)
from nanglucso.workforce.people.staffsheet.mending import mend
from nanglucso.workforce.people.staffsheet.problems import BadStaffFile, Desk, Problem
from nanglucso.workforce.people.staffsheet.read import SkippedRow
from nanglucso.workforce.people.staffsheet.rows import EXAMPLE, is_column_numbers

SEARCH_ROWS = 60
Headings = Mapping[str, Sequence[str]]
"""Field → heads that offices give it; the first names it."""


@dataclass(frozen=True, slots=True)
class ListRow:
    """One row: field → text, blanks left out. ``row`` counts from 1."""

    sheet: str
    row: int
    values: Mapping[str, str]


@dataclass(slots=True)
class ListReading:
    """What a file holds; ``rows_read == len(rows) + len(skipped)``."""

    name: str
    rows: list[ListRow] = field(default_factory=list)
    skipped: list[SkippedRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    columns: list[ColumnMap] = field(default_factory=list)

    @property
    def rows_read(self) -> int:
        return len(self.rows) + len(self.skipped)


def read_list(
    sheets: Sequence[Sheet], headings: Headings, needed: Sequence[str], mapping: Choice | None, *, name: str
) -> ListReading:
    """Every visible sheet that has heads for one of the ``needed`` fields.

    Raises ``BadStaffFile``: no_heads, no_rows; unknown_column of the mapping.
    """
    found = ListReading(name)
    for sheet in (one for one in sheets if not one.hidden):
        columns = _columns(sheet, headings, needed)
        if columns and mapping:
            columns = with_mapping(sheet, columns, mapping, name, tuple(headings))
        if columns is None:
            found.skipped += [SkippedRow(sheet.name, row, "no_name_column") for row in range(1, len(sheet.rows) + 1)]
        else:
            _read(sheet, columns, needed, found)
    if not found.columns:
        wanted = " / ".join(f"“{headings[field][0]}”" for field in needed)
        raise BadStaffFile("no_heads", name=name, heads=wanted)
    if not found.rows:
        raise BadStaffFile("no_rows", name=name)
    return found


def _columns(sheet: Sheet, headings: Headings, needed: Sequence[str]) -> ColumnMap | None:
    """The heading block with the most known heads, among them one that is needed."""
    keys = {heading_key(text): field for field, texts in headings.items() for text in texts}
    best: ColumnMap | None = None
    for top in range(min(SEARCH_ROWS, len(sheet.rows))):
        for height in (1, 2):
            block = _map(sheet, top, height, keys)
            if {one.field for one in block.columns}.isdisjoint(needed):
                continue
            if best is None or len(block.columns) > len(best.columns):
                best = block
    return best


def _map(sheet: Sheet, top: int, height: int, keys: Mapping[str, str]) -> ColumnMap:
    taken: dict[str, MappedColumn] = {}
    rest = []
    for index, head in enumerate(block_headings(sheet, top, height)):
        name, confidence = _guess(heading_key(head), keys) if head else ("", 0.0)
        if name and name not in taken:
            taken[name] = MappedColumn(name, index, head, confidence)
        elif head:
            rest.append(MappedColumn("", index, head, 0.0))
    return ColumnMap(sheet.name, tuple(taken.values()), tuple(rest), top, top + height - 1)


def _guess(key: str, keys: Mapping[str, str]) -> tuple[str, float]:
    """1 a known head, 0.85 one that only begins like a code ("1 1 …"), 0.6 one letter or so away."""
    if key in keys:
        return keys[key], 1.0
    words = key.split()
    code = " ".join(words[:2])
    if code in keys and code.replace(" ", "").isdigit():
        return keys[code], 0.85
    near = max(((similar(key, known), known) for known in keys if len(known) > 5), default=(0.0, ""))
    return (keys[near[1]], 0.6) if near[0] >= 0.75 else ("", 0.0)


def _read(sheet: Sheet, columns: ColumnMap, needed: Sequence[str], found: ListReading) -> None:
    mended = mend(sheet, columns)
    desk, places = Desk(sheet.name), columns.places()
    found.columns.append(columns)
    for index, row in enumerate(mended.sheet.rows):
        values = {name: text_of(row[at]) for name, at in places.items() if at < len(row) and text_of(row[at])}
        texts = [text_of(one) for one in row if text_of(one)]
        reason = _reason(index, columns, texts, values, needed)
        if reason:
            found.skipped.append(SkippedRow(sheet.name, index + 1, reason))
            continue
        desk.row = index + 1
        mended.report(index, columns, desk)
        found.rows.append(ListRow(sheet.name, index + 1, values))
    found.problems += desk.found


def _reason(
    index: int, columns: ColumnMap, texts: Sequence[str], values: Mapping[str, str], needed: Sequence[str]
) -> str:
    """Why a row is none of the list, "" when it is one."""
    if index < columns.first_row:
        return "title" if texts else "blank"
    if index <= columns.last_row:
        return "header"
    if not texts:
        return "blank"
    if texts[0].lower() == EXAMPLE.lower():
        return "example"
    if is_column_numbers(texts):
        return "column_numbers"
    return "" if any(name in values for name in needed) else "stray"
