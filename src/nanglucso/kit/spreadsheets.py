"""Spreadsheets in and out. Reading: .xlsx, .xlsm, .xls and .csv into frozen sheets of Python values.

Office files are parsed by python-calamine, which is fast but aborts the process on some crafted files; therefore only
in a child process with 1 GiB of address space and 60 s of processor time, after the zip directory was checked.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from nanglucso.kit import sheetchild
from nanglucso.kit.csvread import parse_csv
from nanglucso.kit.faults import BadFile
from nanglucso.kit.legacyfonts import convert, judge
from nanglucso.kit.letters import looks_legacy
from nanglucso.kit.xlsxwrite import Column, OutSheet, write_csv, write_xlsx
from nanglucso.kit.ziplimits import check_zip

__all__ = ["BadFile", "Cell", "Column", "Marks", "OutSheet", "Sheet", "column_index", "column_letter", "read_sheets"]
__all__ += ["write_csv", "write_xlsx"]

Cell = str | int | float | bool | dt.date | dt.datetime | dt.time | None
"""What a cell may hold; blank is None, a number from a workbook is a float, every value of a CSV is a text."""

MOST_BYTES = 50 * 2**20
MOST_ROWS = 200_000
LIMITS = {
    "memory": 2**30,
    "seconds": 60,
    "rows": MOST_ROWS,
    "cells": 8_000_000,
    "sheets": 100,
    "text": 100_000_000,
}
_WALL_SECONDS = 150
_PASSED_ON = frozenset({"PATH", "LD_LIBRARY_PATH", "PYTHONPATH", "PYTHONHOME", "LANG"})  # no keys, no passwords
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHERS = (b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"\x7fELF", b"MZ\x90", b"#!")
"""PDF, pictures, gzip, programs and scripts, which would pass for lists of one odd column."""
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_FILEPASS = re.compile(rb"\x09\x08\x10\x00\x00\x06\x05\x00.{12}(?:\x86\x00\x00\x00)?\x2f\x00", re.DOTALL)
"""An .xls whose first record behind its beginning (BOF of the workbook) says that the rest is encrypted."""


@dataclass(frozen=True, slots=True)
class Marks:
    """What a sheet's cells do not tell, counted, with the place of the first.

    ``hollow``: formulas saved without their results; ``hidden_rows``: rows that are hidden and were read; ``errors``:
    (cell, error) of an .xlsx, whose cells come as blank; ``font``: the old font (TCVN3 or VNI) whose letters were
    converted, "" for none.
    """

    hollow: int = 0
    hollow_from: str = ""
    hidden_rows: int = 0
    hidden_rows_from: str = ""
    errors: tuple[tuple[str, str], ...] = ()
    font: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: ``rows[0][0]`` is cell A1; rows end at their last filled cell, so their lengths differ.

    ``merged`` holds (first row, first column, last row, last column), all from 0 and inclusive.
    """

    name: str
    rows: tuple[tuple[Cell, ...], ...]
    merged: tuple[tuple[int, int, int, int], ...] = ()
    hidden: bool = False
    marks: Marks = Marks()


def column_letter(index: int) -> str:
    """0 → "A", 26 → "AA"."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_index(letters: str) -> int:
    """ "A" → 0, "AA" → 26; raises ``ValueError`` for anything else than one to three letters A to Z."""
    plain = letters.strip().upper()
    if not (1 <= len(plain) <= 3 and plain.isascii() and plain.isalpha()):
        raise ValueError(f"“{letters}” is not a column of a sheet.")
    index = 0
    for letter in plain:
        index = index * 26 + ord(letter) - 64
    return index - 1


def read_sheets(path: str | os.PathLike[str], *, name: str = "") -> tuple[Sheet, ...]:
    """Every sheet of a file, told by its content and not by its name; ``name`` is what messages call the file.

    Raises ``BadFile`` with one sentence: missing, empty, too big, not a spreadsheet, a web page, locked, damaged,
    a bomb, a DOCTYPE, over 200,000 rows, stray far cells, letters that cannot be read.
    """
    place = Path(path)
    called = name or place.name
    try:
        size = place.stat().st_size
        with place.open("rb") as stream:
            head = stream.read(8)
    except OSError as error:
        raise BadFile("missing", name=called) from error
    if not size:
        raise BadFile("empty", name=called)
    if size > MOST_BYTES:
        raise BadFile("too_big", name=called, limit=MOST_BYTES // 2**20)
    if head.startswith(_OTHERS):
        raise BadFile("not_spreadsheet", name=called)
    if head.startswith(_ZIP):
        check_zip(place, called)
        sheets = _from_child(place, called)
    elif head.startswith(_OLE):
        sheets = _from_ole(place, called)
    else:
        sheets = (Sheet(place.stem, parse_csv(place.read_bytes(), called, MOST_ROWS)),)
    if not any(_filled(sheet) for sheet in sheets):
        hollow = next((sheet for sheet in sheets if sheet.marks.hollow), None)
        if hollow:
            raise BadFile("hollow", name=called, sheet=hollow.name, cell=hollow.marks.hollow_from)
        raise BadFile("no_cells", name=called)
    return _in_unicode(sheets, called)


def _in_unicode(sheets: tuple[Sheet, ...], name: str) -> tuple[Sheet, ...]:
    """The sheets with the letters of an old font converted. Raises ``BadFile`` (legacy_letters) when it is not sure."""
    rows = [row for sheet in sheets for row in islice(sheet.rows, 3000)]
    texts = [value for row in rows for value in row if isinstance(value, str) and not value.isascii()]
    letters = judge(texts)
    if not letters.font and not looks_legacy("\n".join(texts[:20_000])):
        return sheets
    if not letters.sure:
        raise BadFile("legacy_letters", name=name, font=letters.font or "TCVN3 / VNI")
    return tuple(_converted(sheet, letters.font) for sheet in sheets)


def _converted(sheet: Sheet, font: str) -> Sheet:
    rows = tuple(tuple(convert(one, font) if isinstance(one, str) else one for one in row) for row in sheet.rows)
    marks = replace(sheet.marks, font=font if rows != sheet.rows else "")
    return replace(sheet, name=convert(sheet.name, font), rows=rows, marks=marks)


def _filled(sheet: Sheet) -> bool:
    return any(value is not None and str(value).strip() for row in sheet.rows for value in row)


def _from_ole(place: Path, name: str) -> tuple[Sheet, ...]:
    """An .xls, or the wrapping Excel puts around a locked .xlsx; a Word .doc looks the same from outside."""
    data = place.read_bytes()
    if _LOCKED in data or _FILEPASS.search(data):
        raise BadFile("encrypted", name=name)
    if not any(part.encode("utf-16-le") in data for part in ("Workbook", "Book")):
        raise BadFile("not_spreadsheet", name=name)
    return _from_child(place, name)


def _from_child(place: Path, name: str) -> tuple[Sheet, ...]:
    command = [sys.executable, "-P", sheetchild.__file__, str(place.resolve()), json.dumps(LIMITS)]
    quiet = subprocess.DEVNULL
    env = {key: value for key, value in os.environ.items() if key in _PASSED_ON}
    with subprocess.Popen(command, stdin=quiet, stdout=subprocess.PIPE, stderr=quiet, env=env) as child:  # noqa: S603 no shell
        stop = threading.Timer(_WALL_SECONDS, child.kill)
        stop.start()
        try:
            sheets = tuple(_received(child, name))
        finally:
            stop.cancel()
            child.kill()
    return sheets


def _received(child: subprocess.Popen[bytes], name: str) -> Iterator[Sheet]:
    """Sheets as their lines arrive; raises ``BadFile`` when the child says so or dies before its last word."""
    about: dict[str, Any] = {}
    rows: list[tuple[Cell, ...]] = []
    for line in child.stdout or ():
        answer = _answer(line, name)
        if isinstance(answer, list):
            rows += _dated(*answer)
            continue
        if about:
            yield _sheet(about, rows)
        about, rows = answer, []
        if answer.get("error"):
            code = str(answer.pop("error"))
            raise BadFile(code, **{**answer, "name": name})
        if answer.get("done"):
            return
    raise BadFile("too_heavy", name=name)


def _answer(line: bytes, name: str) -> Any:
    try:
        return json.loads(line)
    except ValueError:
        raise BadFile("too_heavy", name=name) from None


def _sheet(about: dict[str, Any], rows: list[tuple[Cell, ...]]) -> Sheet:
    merged = tuple((int(top), int(left), int(low), int(right)) for top, left, low, right in about["merged"])
    errors = tuple((place, error) for place, error in about["marks"].pop("errors", ()))
    marks = Marks(**about["marks"], errors=errors)
    return Sheet(str(about["sheet"]), tuple(rows), merged, bool(about["hidden"]), marks)


def _dated(rows: list[list[Cell]], dates: list[list[Any]]) -> Iterator[tuple[Cell, ...]]:
    for row, column, kind, text in dates:
        rows[row][column] = _READ[kind](text)
    return (tuple(row) for row in rows)


_READ: dict[str, Any] = {
    "s": dt.datetime.fromisoformat,
    "d": dt.date.fromisoformat,
    "t": dt.time.fromisoformat,
    "f": float,
}
