"""Small files with a heading row, from any spreadsheet or CSV: rows as {heading: cell}, with their numbers."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from nanglucso.kit.spreadsheets import Cell, Sheet, read_sheets
from nanglucso.kit.text import clean, fold
from nanglucso.project.loop.order import BadInput

LOOK_AT = 30
_WORDS = re.compile(r"[^a-z0-9.]+")


@dataclass(frozen=True)
class TableRow:
    """`number` as the spreadsheet shows it; `cells` by the canonical name of their column."""

    number: int
    cells: dict[str, Cell]

    def text(self, name: str) -> str:
        """A cell as text; whole numbers without ".0"."""
        value = self.cells.get(name)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return "" if value is None else clean(str(value))


def heading_key(value: Cell) -> str:
    """A heading without marks, case and signs: "Mã cán bộ" → "ma can bo", 1.1 → "1.1"."""
    return _WORDS.sub(" ", fold("" if value is None else str(value))).strip()


def rows_of(
    sheet: Sheet, known: Callable[[str], str], needed: Sequence[str], *, file: str, example: str
) -> Iterator[TableRow]:
    """Rows below the heading row: the first of the top thirty that has every needed column.

    `known` turns a heading's key into a column's canonical name or "". Raises `BadInput` showing an example heading.
    """
    heads = [[known(heading_key(cell)) for cell in row] for row in sheet.rows[:LOOK_AT]]
    top = next((place for place, names in enumerate(heads) if set(needed) <= set(names)), -1)
    if top < 0:
        text = _("%(file)s: no heading row with the columns %(columns)s was found; write one like: %(example)s.")
        raise BadInput(text % {"file": file, "columns": ", ".join(needed), "example": example})
    for number, cells in enumerate(sheet.rows[top + 1 :], start=top + 2):
        pairs = zip(heads[top], cells, strict=False)
        filled: dict[str, Cell] = {name: cell for name, cell in pairs if name and cell not in (None, "")}
        if filled:
            yield TableRow(number, filled)


def first_sheet(path: Path) -> Sheet:
    """The first visible sheet that has anything in it. Raises `BadFile`."""
    sheets = [one for one in read_sheets(path) if any(cell is not None for row in one.rows for cell in row)]
    return next((one for one in sheets if not one.hidden), sheets[0])
