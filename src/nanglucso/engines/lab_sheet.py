"""The simulated sheet: cells, typing, sorting, removing duplicates, changing a column's kind, deleting rows, copying.

A sheet is an object of the task with `rows`: a grid of raw values, its first row the heads. In a task's file a text of
the form `2026-11-05` is a real date; every other way of writing a day is a text, as in a badly kept list. `types` gives
the kind of a column (`{A: text, D: date, F: number}`), `title` the name formulas use, `fixed: true` what cannot be
changed. Grids are tuples: a change makes a new one, so that an earlier one may be kept for undo.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from nanglucso.engines.lab_criteria import alike, as_date, as_number, matcher, typed
from nanglucso.engines.lab_formula import LONGEST, CellError, evaluate
from nanglucso.kit.collation import sort_key

Grid = tuple[tuple[Any, ...], ...]
Objects = Mapping[str, Mapping[str, Any]]
MOST_ROWS, MOST_COLUMNS, DEEPEST = 120, 12, 30
KINDS = ("text", "number", "date")
_ISO = re.compile(r"^\d{4}-\d{2}-\d{2}$")
_REF = re.compile(r"^([A-Z])(\d{1,3})$")
_ROW_OF = re.compile(r"((?:[^\W\d]\w*!)?)(\$?[A-Za-z]\$?)(\d{1,3})(?![\w(])")


class SheetRefused(ValueError):
    """The sheet does not allow this; the message is a code: cell, head, fixed, column, kind, row, same, long, undo."""


def grid(rows: Any) -> Grid:
    """A file's rows as a grid."""
    return tuple(tuple(_read(cell) for cell in row) for row in rows)


def _read(cell: Any) -> Any:
    return date.fromisoformat(cell) if isinstance(cell, str) and _ISO.match(cell) else cell


def place(ref: str, rows: Grid) -> tuple[int, int]:
    """Row and column of `F5`, from 0. Raises SheetRefused outside the grid."""
    found = _REF.match(ref.strip().upper())
    row, column = (int(found[2]) - 1, ord(found[1]) - 65) if found else (-1, -1)
    if not (0 <= row < len(rows) and 0 <= column < len(rows[0])):
        raise SheetRefused("cell")
    return row, column


def name(row: int, column: int) -> str:
    """`F5` of row 4, column 5."""
    return f"{chr(65 + column)}{row + 1}"


@dataclass
class Book:
    """All sheets of a state, for reading values; each cell is worked out once."""

    objects: Objects
    done: dict[tuple[str, int, int], Any] = field(default_factory=dict)
    open: list[tuple[str, int, int]] = field(default_factory=list)

    def value(self, sheet: str, ref: str) -> Any:
        """What the cell shows; None outside the grid."""
        try:
            row, column = place(ref, self.objects[sheet]["rows"])
        except SheetRefused:
            return None
        return self._at(sheet, row, column)

    def work(self, sheet: str, formula: str) -> Any:
        """Value of a formula as if it stood in the sheet; a CellError is returned, not raised."""
        try:
            return evaluate(formula, lambda other, first, last: self._range(other or sheet, first, last))
        except CellError as error:
            return error

    def _at(self, sheet: str, row: int, column: int) -> Any:
        here = (sheet, row, column)
        if here in self.done:
            return self.done[here]
        raw = self.objects[sheet]["rows"][row][column]
        if not (isinstance(raw, str) and raw.startswith("=")):
            return raw
        if here in self.open or len(self.open) >= DEEPEST:
            raise CellError("#REF!")
        self.open.append(here)
        self.done[here] = self.work(sheet, raw)
        self.open.pop()
        return self.done[here]

    def _range(self, sheet: str, first: str, last: str) -> list[Any]:
        code = sheet if sheet in self.objects else self._titled(sheet)
        rows = self.objects[code]["rows"]
        a, b = _REF.match(first), _REF.match(last)
        if not a or not b:
            raise CellError("#REF!")
        columns = range(ord(a[1]) - 65, min(ord(b[1]) - 65, len(rows[0]) - 1) + 1)
        lines = range(max(0, int(a[2]) - 1), min(int(b[2]), len(rows)))
        found = [self._at(code, row, column) for row in lines for column in columns]
        return found or [None]

    def _titled(self, title: str) -> str:
        for code, fields in self.objects.items():
            if "rows" in fields and alike(fields["title"]) == alike(title):
                return code
        raise CellError("#REF!")


def last_row(rows: Grid) -> int:
    """How many rows are used, the head included."""
    return max((n for n, row in enumerate(rows, start=1) if any(cell not in (None, "") for cell in row)), default=0)


def fill(objects: Objects, sheet: str, ref: str, text: str) -> dict[str, Grid]:
    """Type a text into a cell: a formula, a number, a date or a text, by the kind of its column."""
    rows = _open_rows(objects, sheet)
    row, column = place(ref, rows)
    if row == 0:
        raise SheetRefused("head")
    if len(text) > LONGEST:
        raise SheetRefused("long")
    kind = objects[sheet].get("types", {}).get(chr(65 + column))
    bare = text.strip()
    value = bare if bare.startswith("=") or kind == "text" else typed(bare)
    line = (*rows[row][:column], value if value != "" else None, *rows[row][column + 1 :])
    return {sheet: (*rows[:row], line, *rows[row + 1 :])}


def sort(objects: Objects, sheet: str, column: str, order: str) -> dict[str, Grid]:
    """Sort the used rows below the head: numbers, days, texts (Vietnamese order), empty cells last; `order` up|down."""
    rows, at = _open_rows(objects, sheet), _column(objects, sheet, column)
    end = last_row(rows)
    book = Book(objects)
    held = [(book.value(sheet, name(n, at)), rows[n]) for n in range(1, end)]
    full = sorted((one for one in held if one[0] not in (None, "")), key=lambda one: _rank(one[0]))
    full = full[::-1] if order == "down" else full
    empty = [one for one in held if one[0] in (None, "")]
    return {sheet: (rows[0], *[row for _value, row in [*full, *empty]], *rows[end:])}


def _rank(value: Any) -> tuple[int, Any]:
    if isinstance(value, date):
        return 1, value.toordinal()
    if isinstance(value, int | float):
        return 0, value
    return 2, sort_key(str(value))


def unique(objects: Objects, sheet: str, by: str) -> dict[str, Grid]:
    """Keep the first of the rows that are alike in the columns `by` (`A`, `B+C`); the others close up."""
    rows = _open_rows(objects, sheet)
    columns = [_column(objects, sheet, one) for one in by.split("+")]
    seen, kept = set(), []
    for row in rows[1 : last_row(rows)]:
        key = tuple(alike(row[column]) for column in columns)
        if key not in seen:
            seen.add(key)
            kept.append(row)
    blank = (None,) * len(rows[0])
    return {sheet: (rows[0], *kept, *[blank] * (len(rows) - 1 - len(kept)))}


def retype(objects: Objects, sheet: str, column: str, kind: str) -> dict[str, Grid]:
    """Read each cell of a column as number, date or text; what cannot be read so stays as it is."""
    rows, at = _open_rows(objects, sheet), _column(objects, sheet, column)
    if kind not in KINDS:
        raise SheetRefused("kind")
    into: Callable[[Any], Any] = {"number": as_number, "date": as_date, "text": shown}[kind]

    def read(cell: Any) -> Any:
        return cell if cell is None or (isinstance(cell, str) and cell.startswith("=")) else into(cell)

    return {sheet: (rows[0], *[(*row[:at], read(row[at]), *row[at + 1 :]) for row in rows[1:]])}


def delete_row(objects: Objects, sheet: str, row: str) -> dict[str, Grid]:
    """Take a row out; formulas of every sheet follow their rows."""
    rows = _open_rows(objects, sheet)
    at = int(row) - 1 if row.strip().isascii() and row.strip().isdigit() else -1
    if not 0 < at < len(rows):
        raise SheetRefused("row")
    shorter: Grid = (*rows[:at], *rows[at + 1 :], (None,) * len(rows[0]))
    changed = {sheet: shorter}
    for code, fields in objects.items():
        if "rows" in fields and not fields.get("fixed"):
            whole: Grid = changed[code] if code in changed else fields["rows"]
            changed[code] = tuple(tuple(_moved(cell, objects, code, sheet, at + 1) for cell in line) for line in whole)
    return changed


def _moved(cell: Any, objects: Objects, here: str, sheet: str, gone: int) -> Any:
    """A formula after row `gone` of `sheet` was taken out: later rows are one less."""
    if not (isinstance(cell, str) and cell.startswith("=")):
        return cell
    title, inherited = alike(objects[sheet]["title"]), False

    def move(found: re.Match[str]) -> str:
        nonlocal inherited
        after_colon = cell[: found.start()].rstrip().endswith(":")
        mine = inherited if after_colon else (alike(found[1][:-1]) == title if found[1] else here == sheet)
        inherited = mine
        row = int(found[3])
        return f"{found[1]}{found[2]}{row - (mine and (row > gone or (row == gone and after_colon)))}"

    return _ROW_OF.sub(move, cell)


def copy(objects: Objects, source: str, target: str) -> dict[str, Grid]:
    """What `source` shows now, as values, becomes the grid of `target`."""
    book, rows = Book(objects), objects[source]["rows"]
    return {
        target: tuple(
            tuple(_plain(book.value(source, name(r, c))) for c in range(len(rows[0]))) for r in range(len(rows))
        )
    }


def _plain(value: Any) -> Any:
    return value.code if isinstance(value, CellError) else value


CHANGES: dict[str, Callable[..., dict[str, Grid]]] = {
    "fill": fill, "sort": sort, "unique": unique, "retype": retype, "delete_row": delete_row, "copy": copy,
}  # fmt: skip


def visible(fields: Mapping[str, Any], row: int, value: Any) -> bool:
    """Whether the filter of the sheet lets a row through; the head and a sheet without filter show everything."""
    return row == 0 or not fields.get("filter") or matcher(fields["filter"][1])(value)


def shown(value: Any) -> str:
    """A value as the sheet writes it: 1.250.000 · 12,5 · 05/11/2026 · TRUE."""
    if value is None:
        return ""
    if isinstance(value, CellError):
        return value.code
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, date):
        return f"{value.day:02}/{value.month:02}/{value.year}"
    if isinstance(value, int | float):
        text = f"{value:,.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else f"{value:,}"
        return text.translate(str.maketrans(",.", ".,"))
    return str(value)


def _open_rows(objects: Objects, sheet: str) -> Grid:
    fields = objects.get(sheet, {})
    if "rows" not in fields or fields.get("fixed"):
        raise SheetRefused("fixed")
    found: Grid = fields["rows"]
    return found


def _column(objects: Objects, sheet: str, letter: str) -> int:
    at = ord(letter.upper()) - 65 if len(letter) == 1 else -1
    if not 0 <= at < len(objects[sheet]["rows"][0]):
        raise SheetRefused("column")
    return at


def faults(code: str, fields: Mapping[str, Any]) -> str:
    """What is wrong with a sheet of a file, "" when nothing is."""
    rows = fields["rows"]
    if not isinstance(rows, list) or not rows or len({len(row) for row in rows}) != 1:
        return f"{code}.rows: a list of rows of one length is needed"
    if len(rows) > MOST_ROWS or len(rows[0]) > MOST_COLUMNS:
        return f"{code}.rows: at most {MOST_ROWS} rows and {MOST_COLUMNS} columns"
    if not re.fullmatch(r"[^\W\d]\w*", str(fields.get("title", ""))):
        return f"{code}.title: one word, formulas name the sheet by it"
    wrong = [letter for letter, kind in fields.get("types", {}).items() if kind not in KINDS]
    return f"{code}.types: {', '.join(wrong)}: one of {', '.join(KINDS)}" if wrong else ""
