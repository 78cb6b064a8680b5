"""The child process that parses a workbook: run by path, with its own memory and processor limits.

It imports nothing of this project. Standard output gets JSON lines: ``{"sheet": …}`` once a sheet, with what only the
markup tells (formulas saved without results, hidden rows), then lists of rows
``[[cells …], [place, kind, ISO text] …]`` where the dates of a block are told apart from texts, at the end
``{"done": true}``; or ``{"error": code, …}``. A hostile file can at worst end this process.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import resource
import sys
import zipfile
from typing import Any

BLOCK = 500
MOST_ERRORS = 20_000
LONGEST_CELL = 32_767


class Refused(Exception):
    """Carries the answer that ends the run."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.answer: dict[str, object] = {"error": code, **params}


def limit(memory: int, seconds: int) -> None:
    """Bound this process for good: address space in bytes, processor time in seconds, no core file."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 2))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def say(answer: object) -> None:
    sys.stdout.write(json.dumps(answer, ensure_ascii=True, separators=(",", ":")))
    sys.stdout.write("\n")


class Writer:
    """Collects rows into blocks and counts what was sent."""

    def __init__(self, most_text: int) -> None:
        self.left = most_text
        self.most_text = most_text
        self.rows: list[list[Any]] = []
        self.dates: list[tuple[int, int, str, str]] = []

    def add(self, sheet: str, number: int, cells: list[Any]) -> None:
        for column, value in enumerate(cells):
            if isinstance(value, str):
                self.left -= len(value)
                if len(value) > LONGEST_CELL:
                    raise Refused("cell_too_long", sheet=sheet, row=number)
                if value == "":
                    cells[column] = None
            elif isinstance(value, (dt.date, dt.time, dt.timedelta)):
                kind, text = written(value)
                self.dates.append((len(self.rows), column, kind, text))
                cells[column] = 0
        while cells and cells[-1] is None:
            cells.pop()
        if self.left < 0:
            raise Refused("too_much_text", limit=self.most_text // 10**6)
        self.rows.append(cells)
        if len(self.rows) >= BLOCK:
            self.flush()

    def flush(self) -> None:
        if self.rows:
            say([self.rows, self.dates])
        self.rows, self.dates = [], []


def written(value: dt.date | dt.time | dt.timedelta) -> tuple[str, str]:
    if isinstance(value, dt.datetime):
        return "s", value.isoformat()
    if isinstance(value, dt.timedelta):
        return "f", str(value.total_seconds() / 86400)
    return ("t" if isinstance(value, dt.time) else "d"), value.isoformat()


_SHEET = re.compile(rb'<(?:\w+:)?sheet\b[^>]*\br:id="([^"]+)"')
_PART = re.compile(rb"<Relationship\b[^>]*>")
_HOLLOW = re.compile(rb'<c\b((?:(?!t="str")[^>])*)><f\b[^>]*(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v></v>)?</c>')
_HIDDEN = re.compile(rb'<row\b[^>]*\bhidden="(?:1|true)"[^>]*>')
_ERROR = re.compile(rb'<c\b([^>]*\bt="e"[^>]*)>(?:<f\b[^>]*(?:/>|>[^<]*</f>))?\s*<v>([^<]*)</v>')
_PLACE = re.compile(rb'\br="([A-Z]*\d+)"')


def markup(path: str) -> list[dict[str, Any]]:
    """For each sheet of an .xlsx in its order: formulas with no saved result, hidden rows, errors."""
    if not zipfile.is_zipfile(path):
        return []
    found = []
    with zipfile.ZipFile(path) as archive:
        names = {name.lower(): name for name in archive.namelist()}
        rels = archive.read(names.get("xl/_rels/workbook.xml.rels", "xl/_rels/workbook.xml.rels"))
        targets = {}
        for part in _PART.findall(rels):
            about = dict(re.findall(rb'(\w+)="([^"]*)"', part))
            targets[about.get(b"Id", b"")] = about.get(b"Target", b"").decode().removeprefix("/xl/")
        for key in _SHEET.findall(archive.read(names["xl/workbook.xml"])):
            part = names.get(f"xl/{targets.get(key, '')}".lower())
            found.append(_marks(archive.read(part)) if part else {})
    return found


def _marks(xml: bytes) -> dict[str, Any]:
    told: dict[str, Any] = {}
    kinds = (("hollow", b"<f", _HOLLOW), ("hidden_rows", b"hidden=", _HIDDEN))
    for name, sign, pattern in kinds:
        hits = pattern.findall(xml) if sign in xml else []
        if hits:
            place = _PLACE.search(hits[0])
            told[name], told[f"{name}_from"] = len(hits), place[1].decode() if place else ""
    if b't="e"' in xml:
        errors = [(_PLACE.search(about), text) for about, text in _ERROR.findall(xml)[:MOST_ERRORS]]
        told["errors"] = [[place[1].decode(), text.decode()] for place, text in errors if place]
    return told


def send_sheet(sheet: Any, about: dict[str, Any], limits: dict[str, int], writer: Writer) -> None:
    start, end = sheet.start, sheet.end
    rows = end[0] + 1 if end else 0
    if rows > limits["rows"]:
        raise Refused("too_many_rows", sheet=sheet.name, rows=rows, limit=limits["rows"])
    cells = rows * (end[1] + 1) if end else 0
    if cells > limits["cells"]:
        raise Refused("too_many_cells", sheet=sheet.name, cells=cells, limit=limits["cells"])
    merged = [(*first, *last) for first, last in sheet.merged_cell_ranges or []]
    say({"sheet": sheet.name, **about, "merged": merged[: limits["rows"]]})
    if not end:
        return
    left = [None] * start[1]
    for number, cells_read in enumerate(sheet.iter_rows(), start=1):
        writer.add(sheet.name, number, left + cells_read if left else cells_read)
    writer.flush()


def run(path: str, limits: dict[str, int]) -> None:
    import python_calamine as calamine

    try:
        # Opened as a stream: by its path calamine would believe the name and not the content.
        with open(path, "rb") as stream, calamine.CalamineWorkbook.from_filelike(stream) as book:
            if len(book.sheets_metadata) > limits["sheets"]:
                raise Refused("too_many_sheets", limit=limits["sheets"])
            writer = Writer(limits["text"])
            marks = markup(path)
            for place, about in enumerate(book.sheets_metadata):
                if about.typ is calamine.SheetTypeEnum.WorkSheet:
                    hidden = about.visible is not calamine.SheetVisibleEnum.Visible
                    marked = marks[place] if place < len(marks) else {}
                    told = {"hidden": hidden, "marks": marked}
                    send_sheet(book.get_sheet_by_index(place), told, limits, writer)
        say({"done": True})
    except Refused as refused:
        say(refused.answer)
    except calamine.PasswordError:
        say({"error": "encrypted"})
    except MemoryError:
        say({"error": "too_heavy"})
    except Exception:
        say({"error": "damaged"})


if __name__ == "__main__":
    asked: dict[str, int] = json.loads(sys.argv[2])
    limit(asked["memory"], asked["seconds"])
    run(sys.argv[1], asked)
