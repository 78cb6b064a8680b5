"""A sheet of a practice task as the page draws it: letters, rows, kinds of cells, the cell that is looked at."""

from collections.abc import Mapping
from typing import Any

from nanglucso.engines.lab_formula import CellError
from nanglucso.engines.lab_sheet import Book, SheetRefused, last_row, name, place, shown, visible

Objects = Mapping[str, Mapping[str, Any]]


def drawn(objects: Objects, sheet: str, cell: str) -> dict[str, Any]:
    """`letters`; `rows` of (number, cells); `at`: the cell looked at, with its raw text; `filter`; `sums`."""
    fields, book = objects[sheet], Book(objects)
    rows = fields["rows"]
    letters = [chr(65 + column) for column in range(len(rows[0]))]
    heads = [shown(head) for head in rows[0]]
    lines = []
    for row in range(len(rows)):
        sieve = fields.get("filter")
        if not visible(fields, row, book.value(sheet, f"{sieve[0]}{row + 1}") if sieve else None):
            continue
        if sieve and row >= last_row(rows):
            continue
        cells = [_cell(book, sheet, row, column, heads[column]) for column in range(len(letters))]
        lines.append({"number": row + 1, "cells": cells, "head": row == 0})
    at = _at(book, sheet, cell)
    return {
        "letters": letters, "rows": lines, "at": at, "filter": _filter(fields, lines), "title": fields["title"],
        "sums": _sums(book, sheet, at["ref"][0], lines) if at else None, "fixed": fields.get("fixed", False),
    }  # fmt: skip


def _cell(book: Book, sheet: str, row: int, column: int, head: str) -> dict[str, Any]:
    value = book.value(sheet, name(row, column))
    kind = book.objects[sheet].get("types", {}).get(chr(65 + column))
    text = isinstance(value, str) and value != ""
    return {
        "ref": name(row, column),
        "shown": shown(value),
        "head": f"{chr(65 + column)} · {head}",
        "side": "right" if value is not None and not isinstance(value, str | CellError) else "left",
        "astext": row > 0 and text and kind in ("number", "date"),
        "error": isinstance(value, CellError),
    }


def _at(book: Book, sheet: str, cell: str) -> dict[str, str] | None:
    rows = book.objects[sheet]["rows"]
    try:
        row, column = place(cell, rows)
    except SheetRefused:
        return None
    raw = rows[row][column]
    text = str(raw).replace(".", ",") if isinstance(raw, float) else str(raw) if isinstance(raw, int) else shown(raw)
    return {"ref": name(row, column), "raw": text, "head": shown(rows[0][column]), "row": str(row + 1)}


def _filter(fields: Mapping[str, Any], lines: list[dict[str, Any]]) -> dict[str, Any] | None:
    if not fields.get("filter"):
        return None
    column, wanted = fields["filter"]
    return {"column": column, "wanted": wanted, "rows": len(lines) - 1}


def _sums(book: Book, sheet: str, letter: str, lines: list[dict[str, Any]]) -> dict[str, Any]:
    """What the foot of a sheet tells of a column: filled cells, numbers among them, their sum; visible rows only."""
    values = [book.value(sheet, f"{letter}{line['number']}") for line in lines if not line["head"]]
    numbers = [one for one in values if isinstance(one, int | float) and not isinstance(one, bool)]
    filled = [one for one in values if one not in (None, "")]
    return {"letter": letter, "filled": len(filled), "numbers": len(numbers), "sum": shown(sum(numbers))}
