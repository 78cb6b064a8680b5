"""CSV as offices save it: UTF-8 with or without a mark, UTF-16, Windows-1258; semicolon, tab or comma."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from itertools import islice

from nanglucso.kit.faults import BadFile
from nanglucso.kit.legacyfonts import judge
from nanglucso.kit.letters import looks_legacy, nfc

SEPARATORS = ";\t,|"
_SAMPLE = 200
_LONGEST_CELL = 32_767
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
_ORPHAN = re.compile("[\u0300-\u036f]")
_BROKEN = re.compile(r"[;\t|,][^\n]*[;\t|,][^\n]*\n[^\n]*[;\t|,]")
_DEFUSED = re.compile(r"^'(?=[=+\-@\t\r\n|%])")
_HTML = re.compile(r"<(?:!doctype|html|table|\?xml|head|meta)\b", re.IGNORECASE)


def decode(data: bytes, name: str) -> str:
    """Bytes → NFC text, letters of an old font as they stand. Raises ``BadFile``: bad_encoding, not_spreadsheet,
    html_table.
    """
    text = _decoded(data, name)
    controls = len(_CONTROL.findall(text))
    if controls > max(8, len(text) // 1000):
        raise BadFile("not_spreadsheet", name=name)
    if _HTML.match(text.lstrip()[:200]):
        raise BadFile("html_table", name=name)
    return nfc(_CONTROL.sub("", text) if controls else text)


def _decoded(data: bytes, name: str) -> str:
    try:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            return data.decode("utf-16")
        if code := _unmarked_utf16(data[:4096]):
            return data.decode(code)
    except UnicodeDecodeError as error:
        raise BadFile("bad_encoding", name=name) from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _from_1258(data, name)


def _unmarked_utf16(head: bytes) -> str:
    """UTF-16 with no mark shows by its NUL bytes: many in one half, hardly any in the other."""
    half = len(head) // 2
    if half < 8:
        return ""
    even, odd = head[0 : 2 * half : 2].count(0) / half, head[1 : 2 * half : 2].count(0) / half
    if odd > 0.4 and even < 0.05:
        return "utf-16-le"
    return "utf-16-be" if even > 0.4 and odd < 0.05 else ""


def _from_1258(data: bytes, name: str) -> str:
    """Windows-1258 writes tones as marks behind the vowel: after NFC almost none may be left over."""
    if len(_CONTROL.findall(data.decode("latin-1"))) > max(8, len(data) // 1000):
        raise BadFile("not_spreadsheet", name=name)
    western = data.decode("cp1252", "replace")
    try:
        text = nfc(data.decode("cp1258"))
    except UnicodeDecodeError as error:
        if _old_font(western):
            return western
        raise BadFile("bad_encoding", name=name) from error
    orphans, marked = len(_ORPHAN.findall(text)), sum(not letter.isascii() for letter in text)
    if orphans > max(2, marked // 20) or looks_legacy(text[:200_000]):
        if _old_font(western):
            return western
        raise BadFile("bad_encoding", name=name)
    return text


def _old_font(western: str) -> bool:
    """Whether the letters make sense in an old font; `kit.spreadsheets` converts them."""
    return looks_legacy(western[:200_000]) or bool(judge(re.split(r"[;,\t\n]", western[:200_000])).font)


def find_separator(text: str) -> str:
    """The separator that cuts the first 200 records most evenly into the most cells."""
    best, best_score = ",", 0
    for separator in SEPARATORS:
        widths: Counter[int] = Counter()
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        widths.update(len(cells) for cells in islice(reader, _SAMPLE))
        score = max((count * (width - 1) for width, count in widths.items()), default=0)
        if score > best_score:
            best, best_score = separator, score
    return best


def parse_csv(data: bytes, name: str, most_rows: int) -> tuple[tuple[str | None, ...], ...]:
    """Rows of texts, blank cells None. Raises ``BadFile``.

    A line ``sep=;`` on top is obeyed and dropped, as Excel does; the apostrophe that guards an exported text that
    begins like a formula is taken off again.
    """
    text = decode(data, name)
    separator = ""
    if declared := re.match(r"sep=(.)\r?\n", text, re.IGNORECASE):
        separator, text = declared[1], text[declared.end() :]
    csv.field_size_limit(_LONGEST_CELL * 2)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator or find_separator(text))
        rows: list[tuple[str | None, ...]] = []
        for cells in reader:
            if len(rows) >= most_rows:
                raise BadFile("too_many_rows", name=name, sheet=name, rows=len(rows) + 1, limit=most_rows)
            if any(len(cell) > _LONGEST_CELL for cell in cells):
                raise BadFile("cell_too_long", name=name, sheet=name, row=len(rows) + 1)
            if any(cell.count("\n") > 1 and len(_BROKEN.findall(cell)) > 1 for cell in cells):
                raise BadFile("open_quote", name=name, row=len(rows) + 1)
            rows.append(tuple(_DEFUSED.sub("", cell) or None for cell in cells))
    except csv.Error as error:
        raise BadFile("not_spreadsheet", name=name) from error
    return tuple(rows)
