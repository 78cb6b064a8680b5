"""Workbooks and CSV out. Every text stays a text: nothing a person typed can become a formula or a link."""

from __future__ import annotations

import csv
import datetime as dt
import io
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import zip_longest
from typing import IO, Any, Literal

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from nanglucso.kit.xlsxrows import LONGEST_CELL, RowSheet, TooLong

Kind = Literal["text", "int", "number", "money", "percent", "date", "datetime"]

FORMATS: dict[str, str] = {
    "int": "#,##0",
    "number": "#,##0.##",
    "money": "#,##0",
    "percent": "0.0%",
    "date": "[$-42A]dd/mm/yyyy",
    "datetime": "[$-42A]dd/mm/yyyy hh:mm",
}
"""Excel shows the marks of the reader's own system: 1.234.567,89 on a Vietnamese one; 42A is Vietnamese."""

LISTS = "Danh mục"
CHOICE_ROWS = 5000
"""How many rows below the heading offer a column's choices."""

_FORMULA = re.compile(r"[=+\-@\t\r\n|%]")
_FIGURE = re.compile(r"-?[0-9.,]+")
_NAME_MARKS = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_HEADER = {
    "bold": True,
    "bg_color": "#1F4E79",
    "font_color": "#FFFFFF",
    "text_wrap": True,
    "valign": "vcenter",
    "border": 1,
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column's title, width in characters and kind; texts of kind "text" are never read as numbers.

    With ``choices`` the cells below offer that list (any other text is warned of, not refused).
    """

    title: str
    width: float = 18
    kind: Kind = "text"
    choices: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class OutSheet:
    """A sheet to write: titles above the header, typed columns, rows as long as the columns."""

    name: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Any]]
    titles: Sequence[str] = ()


def _sheet_name(name: str, taken: set[str]) -> str:
    plain = _NAME_MARKS.sub(" ", name).strip().strip("'")[:31] or "Sheet"
    tried, number = plain, 2
    while tried.lower() in taken:
        suffix = f" ({number})"
        tried, number = plain[: 31 - len(suffix)] + suffix, number + 1
    taken.add(tried.lower())
    return tried


def write_xlsx(
    target: str | os.PathLike[str] | IO[bytes], sheets: Iterable[OutSheet], *, created: dt.datetime | None = None
) -> None:
    """Write a workbook row by row (memory does not grow with the rows). ``created`` makes the file repeatable.

    Raises ``ValueError`` for a text longer than a cell holds.
    """
    place = target if hasattr(target, "write") else os.fspath(target)
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    options |= {"strings_to_numbers": False, "nan_inf_to_errors": True}
    with xlsxwriter.Workbook(place, options) as book:
        if created:
            book.set_properties({"created": created.replace(tzinfo=None)})
        header = book.add_format(_HEADER)
        title = book.add_format({"bold": True, "font_size": 13})
        styles = {kind: book.add_format({"num_format": shape, "valign": "top"}) for kind, shape in FORMATS.items()}
        styles["text"] = book.add_format({"num_format": "@", "valign": "top"})
        taken: set[str] = set()
        lists = _Lists(book)
        for out in sheets:
            sheet = book.add_worksheet(_sheet_name(out.name, taken), RowSheet)
            _write_sheet(sheet, out, header, title, styles)
            lists.offer(sheet, out)
        lists.write(_sheet_name(LISTS, taken))


class _Lists:
    """The choices of all columns, kept on a hidden sheet of their own: a list written into a cell holds 255 letters."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.columns: list[Sequence[str]] = []

    def offer(self, sheet: Any, out: OutSheet) -> None:
        top = len(out.titles) + bool(out.titles) + 1
        for index, column in enumerate(out.columns):
            if column.choices:
                letter = xl_col_to_name(len(self.columns))
                self.columns.append(column.choices)
                source = f"='{LISTS}'!${letter}$1:${letter}${len(column.choices)}"
                asked = {"validate": "list", "source": source, "error_type": "warning", "ignore_blank": True}
                sheet.data_validation(top, index, top + CHOICE_ROWS, index, asked)

    def write(self, name: str) -> None:
        if not self.columns:
            return
        sheet = self.book.add_worksheet(name)
        sheet.hide()
        for row, values in enumerate(zip_longest(*self.columns)):
            for column, value in enumerate(values):
                if value is not None:
                    sheet.write_string(row, column, value)


def _write_sheet(sheet: Any, out: OutSheet, header: Any, title: Any, styles: dict[str, Any]) -> None:
    for index, column in enumerate(out.columns):
        sheet.set_column(index, index, column.width)
    for row, text in enumerate(out.titles):
        sheet.write_string(row, 0, text, title)
    top = len(out.titles) + bool(out.titles)
    for index, column in enumerate(out.columns):
        sheet.write_string(top, index, column.title, header)
    sheet.freeze_panes(top + 1, 0)
    last, kinds = top, [styles[column.kind] for column in out.columns]
    for last, values in enumerate(out.rows, start=top + 1):
        try:
            sheet.write_whole(last, values, kinds)
        except TooLong:
            text = f"Row {last + 1}: a cell of a workbook holds at most {LONGEST_CELL} characters."
            raise ValueError(text) from None
    if out.columns:
        sheet.autofilter(top, 0, last, len(out.columns) - 1)


def guarded(value: object) -> object:
    """What a CSV may hold: a text that a spreadsheet would read as a formula gets an apostrophe in front."""
    if value is None:
        return ""
    if isinstance(value, (int, float, Decimal)):
        return value
    text = str(value)
    return f"'{text}" if _FORMULA.match(text) and not _FIGURE.fullmatch(text) else text


def write_csv(target: IO[bytes], header: Sequence[str], rows: Iterable[Sequence[object]], separator: str = ",") -> None:
    """UTF-8 with a mark, for Excel; a text that begins like a formula gets an apostrophe, which reading takes off."""
    text = io.TextIOWrapper(target, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text, delimiter=separator)
    writer.writerow([guarded(one) for one in header])
    for row in rows:
        writer.writerow([guarded(value) for value in row])
    text.flush()
    text.detach()
