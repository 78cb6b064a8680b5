"""Find the heading block of a sheet and say which column holds what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from nanglucso.kit.spreadsheets import Cell, Sheet, column_index, column_letter
from nanglucso.kit.text import clean
from nanglucso.workforce.people.staffsheet.fields import FIELDS, guess, heading_key
from nanglucso.workforce.people.staffsheet.problems import BadStaffFile

SEARCH_ROWS = 60
TALLEST = 3
_SAMPLE = 60
_WIDEST = 200

Choice = Mapping[str, str | int | None]
"""Field → column: a letter ("C"), a heading as written, a number from 0, or None for "do not import"."""

_RIVALS = {"name": ("ho_dem", "ten"), "ho_dem": ("name",), "ten": ("name",)}


@dataclass(frozen=True, slots=True)
class MappedColumn:
    """A field and its column (from 0); ``confidence`` 1 sure, 0.85 likely, 0.6 and less: show it to a person."""

    field: str
    index: int
    header: str
    confidence: float

    @property
    def letter(self) -> str:
        return column_letter(self.index)


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """The columns of one sheet. Heading rows are ``first_row`` to ``last_row`` from 0; both -1 when there are none."""

    sheet: str
    columns: tuple[MappedColumn, ...]
    unmapped: tuple[MappedColumn, ...]
    first_row: int
    last_row: int

    def places(self) -> dict[str, int]:
        """Field → column from 0."""
        return {column.field: column.index for column in self.columns}

    @property
    def has_name(self) -> bool:
        fields = {column.field for column in self.columns}
        return "name" in fields or {"ho_dem", "ten"} <= fields


def text_of(value: Cell) -> str:
    """A cell as text: whole floats without ".0", dates as dd/mm/yyyy, blank as ""."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value if value.isalnum() and value.isascii() else clean(value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, dt.date):
        return f"{value.day:02}/{value.month:02}/{value.year:04}"
    return str(value)


def _grid(sheet: Sheet, top: int, height: int) -> list[list[str]]:
    """The texts of the block; a cell merged sideways fills its columns, a cell merged downwards stands only on top."""
    rows = [[text_of(value) for value in row[:_WIDEST]] for row in sheet.rows[top : top + height]]
    for first, left, _, right in sheet.merged:
        if top <= first < top + len(rows) and right > left:
            row = rows[first - top]
            row += [""] * (min(right, _WIDEST - 1) + 1 - len(row))
            for index in range(left + 1, min(right, _WIDEST - 1) + 1):
                row[index] = row[left]
    width = max((len(row) for row in rows), default=0)
    return [row + [""] * (width - len(row)) for row in rows]


def _carry(rows: list[list[str]]) -> None:
    """Without merge marks (CSV) a heading over several columns stands only over the first: carry it to the right."""
    for upper, lower in pairwise(rows):
        for index in range(1, len(upper)):
            if not upper[index] and lower[index] and lower[index - 1] and upper[index - 1]:
                upper[index] = upper[index - 1]


def block_headings(sheet: Sheet, top: int, height: int) -> list[str]:
    """One heading a column: the texts of the block from top to bottom, repeats left out, joined by a space."""
    rows = _grid(sheet, top, height)
    _carry(rows)
    joined = []
    for parts in zip(*rows, strict=True):
        kept = [part for place, part in enumerate(parts) if part and part not in parts[:place]]
        joined.append(" ".join(kept))
    return joined


def _choose(headings: Sequence[str]) -> dict[str, MappedColumn]:
    best: dict[str, MappedColumn] = {}
    for index, heading in enumerate(headings):
        field, confidence = guess(heading) if heading else ("", 0.0)
        if field and (field not in best or confidence > best[field].confidence):
            best[field] = MappedColumn(field, index, heading, confidence)
    return best


def _score(best: Mapping[str, MappedColumn]) -> float:
    if "name" not in best and not {"ho_dem", "ten"} <= best.keys():
        return 0.0
    return sum(column.confidence for column in best.values())


def _map(sheet: Sheet, headings: Sequence[str], top: int, height: int) -> ColumnMap:
    best = _refine(sheet, _choose(headings), headings, top + height)
    taken = {column.index for column in best.values()}
    rest = [MappedColumn("", index, text, 0.0) for index, text in enumerate(headings) if text and index not in taken]
    columns = tuple(sorted(best.values(), key=lambda column: column.index))
    return ColumnMap(sheet.name, columns, tuple(rest), top, _last_row(sheet, top, height))


def _last_row(sheet: Sheet, top: int, height: int) -> int:
    """The block reaches as low as the cells that are merged downwards out of it."""
    ends = [last for first, _, last, _ in sheet.merged if top <= first < top + height and last <= top + TALLEST]
    return max((*ends, top + height - 1))


def _values(sheet: Sheet, index: int, below: int) -> list[Cell]:
    rows = sheet.rows[below : below + _SAMPLE]
    return [row[index] for row in rows if len(row) > index and text_of(row[index])]


def _refine(
    sheet: Sheet, best: dict[str, MappedColumn], headings: Sequence[str], below: int
) -> dict[str, MappedColumn]:
    """Let the values below decide what headings leave open: Nam and Nữ with dates; one name heading, two columns."""
    for gender, birth in (("gender_male", "birth_male"), ("gender_female", "birth_female")):
        column = best.get(gender)
        if column and birth not in best:
            values = _values(sheet, column.index, below)
            if sum(len(text_of(value)) >= 4 and text_of(value)[-1].isdigit() for value in values) * 2 > len(values):
                best[birth] = MappedColumn(birth, column.index, column.header, column.confidence)
                del best[gender]
    name = best.get("name")
    if name and "ten" not in best and name.confidence >= 0.85:
        after = name.index + 1
        same = after >= len(headings) or headings[after] in ("", name.header)
        family, given = _values(sheet, name.index, below), _values(sheet, after, below)
        words = sum(isinstance(value, str) and value.strip().isalpha() for value in given)
        if same and given and words * 10 >= len(given) * 9 and len(given) * 2 > len(family):
            del best["name"]
            best["ho_dem"] = MappedColumn("ho_dem", name.index, name.header, 0.85)
            best["ten"] = MappedColumn("ten", after, name.header, 0.85)
    return best


def header_at(sheet: Sheet, top: int, tallest: int = TALLEST) -> ColumnMap | None:
    """The best heading block that begins exactly at row ``top``, or None when it names no name column."""
    found: tuple[float, ColumnMap] | None = None
    if not any(text_of(value) for value in sheet.rows[top][:_WIDEST]):
        return None
    for height in range(1, min(tallest, len(sheet.rows) - top) + 1):
        headings = block_headings(sheet, top, height)
        score = _score(_choose(headings))
        if score and (found is None or score > found[0]):
            found = score, _map(sheet, headings, top, height)
    return found[1] if found else None


def find_header(sheet: Sheet) -> ColumnMap | None:
    """The first good heading block in the first 60 rows: one with at least 0.6 of the most fields any block names.

    Of blocks that overlap, the one with more fields, then the lower in height.
    """
    found: list[tuple[tuple[float, int], ColumnMap]] = []
    for top in range(min(SEARCH_ROWS, len(sheet.rows))):
        if block := header_at(sheet, top):
            found.append(((sum(column.confidence for column in block.columns), top - block.last_row), block))
    if not found:
        return None
    enough = 0.6 * max(rank[0] for rank, _ in found)
    first = next(block for rank, block in found if rank[0] >= enough)
    return max((item for item in found if item[1].first_row <= first.last_row), key=lambda item: item[0])[1]


def with_mapping(
    sheet: Sheet, found: ColumnMap | None, mapping: Choice, name: str, known: Sequence[str] = FIELDS
) -> ColumnMap:
    """The columns a person chose laid over those found; ``name`` is what messages call the file, ``known`` the fields.

    A chosen field leaves its old column, a chosen column its old field. Raises ``BadStaffFile`` (unknown_field,
    unknown_column).
    """
    base = found or ColumnMap(sheet.name, (), (), -1, -1)
    kept = {column.field: column for column in base.columns}
    headers = {column.index: column.header for column in (*base.columns, *base.unmapped)}
    for field, chosen in mapping.items():
        if field not in known:
            raise BadStaffFile("unknown_field", field=field, known=", ".join(known), name=name)
        for other in (field, *_RIVALS.get(field, ())):
            kept.pop(other, None)
        if chosen is None or chosen == "":
            continue
        index = _chosen_index(sheet, headers, field, chosen, name)
        kept = {key: column for key, column in kept.items() if column.index != index}
        kept[field] = MappedColumn(field, index, headers.get(index, ""), 1.0)
    taken = {column.index for column in kept.values()}
    rest = tuple(MappedColumn("", index, text, 0.0) for index, text in sorted(headers.items()) if index not in taken)
    columns = tuple(sorted(kept.values(), key=lambda column: column.index))
    return ColumnMap(sheet.name, columns, rest, base.first_row, base.last_row)


def _chosen_index(sheet: Sheet, headers: Mapping[int, str], field: str, chosen: str | int, name: str) -> int:
    width = max((len(row) for row in sheet.rows), default=0)
    if isinstance(chosen, str):
        wanted = heading_key(chosen)
        for index, text in headers.items():
            if heading_key(text) == wanted:
                return index
    try:
        index = column_index(chosen) if isinstance(chosen, str) else chosen
    except ValueError:
        index = -1
    if not 0 <= index < width:
        raise BadStaffFile("unknown_column", column=chosen, field=field, name=name)
    return index
