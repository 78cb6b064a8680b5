"""What each row of a sheet is: a person, a unit heading, a total, a signature … Nothing is passed over in silence."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from nanglucso.kit.spreadsheets import Cell, Sheet
from nanglucso.kit.text import clean, unmark
from nanglucso.workforce.people.staffsheet.fields import HEADINGS
from nanglucso.workforce.people.staffsheet.header import ColumnMap, header_at, text_of
from nanglucso.workforce.people.staffsheet.headings import MARK, HeadingPath, is_unit_text, take_apart

Kind = Literal[
    "person",
    "title",
    "header",
    "column_numbers",
    "repeated_header",
    "unit_heading",
    "total",
    "footer",
    "blank",
    "no_name",
    "stray",
    "example",
]
EXAMPLE = "Ví dụ"
"""Stands in place of the row number in the model file's row that only shows how to fill in."""


_TOTAL = re.compile(
    r"^(?:tổng\s*cộng|tổng\s*số|tong\s*cong|tong\s*so|cộng|tổng)"
    r"(?=$|\s*[:.(\d]|\s+(?:số|cộng|là|có|người|\d))"
)
_FOOTER = re.compile(
    r"(?:^|\s|[(])(?:người lập(?: biểu| bảng| danh sách)?|lập biểu|lập bảng|thủ trưởng(?: đơn vị| cơ quan)?"
    r"|ký,? ?(?:và )?(?:ghi )?rõ họ(?: và)? tên|ký tên(?:,? đóng dấu)?|nơi nhận|xác nhận của|kt\.|tm\.|tl\.|tuq\."
    r"|danh sách (?:này )?(?:có|gồm)|kế toán trưởng|người kiểm tra|ngày\s*[\d.… ]+\s*tháng\s*[\d.… ]+\s*năm)"
    r"(?=$|[\s.,:;)\d])"
)
_EXAMPLES = frozenset({EXAMPLE.lower(), "example"})
_NUMBER = re.compile(r"^\(?\s*(\d{1,3})\s*\)?$|^\(?([A-Za-z])\)?$")
_NAME = re.compile(r"^[^\W\d_]+(?:[ .'’-]+[^\W\d_]+)+\.?$")
_ORDINAL = re.compile(r"^\d{1,6}(?:\.0)?[.)]?$")


def _forms(text: str) -> set[str]:
    lower = clean(text).lower()
    return {lower, unicodedata.normalize("NFD", lower), unmark(lower)}


_NAME_TEXTS = {form for field in ("name", "ho_dem") for text in HEADINGS[field] for form in _forms(text)} - {"ho", "họ"}


@dataclass(frozen=True, slots=True)
class ClassedRow:
    """One row, from 0, what it is, and for people the unit headings above it, outermost first."""

    index: int
    kind: Kind
    path: tuple[str, ...] = ()
    columns: ColumnMap | None = None


def is_column_numbers(texts: Sequence[str]) -> bool:
    """(1) (2) (3) …, A B 1 2 …: three cells or more, each a mark, the numbers rising by one."""
    if len(texts) < 3:
        return False
    numbers = []
    for text in texts:
        found = _NUMBER.match(text)
        if not found:
            return False
        if found[1]:
            numbers.append(int(found[1]))
    return all(later - earlier == 1 for earlier, later in pairwise(numbers)) and numbers != []


class RowReader:
    """Goes down a sheet once and says of every row what it is."""

    def __init__(self, sheet: Sheet, columns: ColumnMap) -> None:
        self.sheet = sheet
        self.headings = HeadingPath()
        self.footer = False
        self.begun = False
        self._wide = {top for top, left, low, right in sheet.merged if top == low and right - left >= 2}
        self._use(columns)

    def _use(self, columns: ColumnMap) -> None:
        self.columns = columns
        self.places = columns.places()
        self.names = [self.places[field] for field in ("name", "ho_dem", "ten") if field in self.places]
        self.number = self.places.get("number", -1)
        known = set(self.places.values()) - {self.number, *self.names, self.places.get("note", -1)}
        self.evidence = known
        own = [text_of(value) for at in self.names[:1] for value in self._column(at)]
        self.name_texts = _NAME_TEXTS | {form for text in own if text for form in _forms(text)}

    def _column(self, at: int) -> list[Cell]:
        rows = self.sheet.rows[max(self.columns.first_row, 0) : self.columns.last_row + 1]
        return [row[at] for row in rows if at < len(row)]

    def read(self) -> Iterator[ClassedRow]:
        """Every row of the sheet in order."""
        index = 0
        while index < len(self.sheet.rows):
            if index < self.columns.first_row and not self.begun:
                yield ClassedRow(index, self._above(index))
            elif self.columns.first_row <= index <= self.columns.last_row:
                yield ClassedRow(index, "header")
            else:
                self.begun = True
                changed = self._new_header(index)
                if changed:
                    yield from changed
                    index = changed[-1].index
                else:
                    yield self._below(index)
            index += 1

    def _above(self, index: int) -> Kind:
        return "title" if any(text_of(value) for value in self.sheet.rows[index]) else "blank"

    def _new_header(self, index: int) -> list[ClassedRow]:
        """A heading row again, as at the top of each printed page; it may bring another order of columns."""
        row = self.sheet.rows[index]
        if not any(isinstance(value, str) and value.strip().lower() in self.name_texts for value in row[:30]):
            return []
        found = header_at(self.sheet, index)
        if not found or len(found.columns) < 2:
            return []
        self.footer = False
        changed = found.places() != self.places
        if changed and len(found.columns) * 2 > len(self.columns.columns):
            self.headings.clear()
            self._use(found)
        rows = range(found.first_row, found.last_row + 1)
        return [ClassedRow(at, "repeated_header", columns=found if changed else None) for at in rows]

    def _below(self, index: int) -> ClassedRow:
        row = self.sheet.rows[index]
        filled = [
            (place, value)
            for place, value in enumerate(row)
            if value is not None and (not isinstance(value, str) or value.strip())
        ]
        if not filled:
            return ClassedRow(index, "blank")
        if isinstance(filled[0][1], str) and clean(filled[0][1]).lower() in _EXAMPLES:
            return ClassedRow(index, "example")
        name = " ".join(text for text in (text_of(row[at]) for at in self.names if at < len(row)) if text)
        if not self.footer and len(name) > 3 and name[0].isalpha() and len(filled) > 4 and self._evidence(filled) > 1:
            plain = name.lower()
            if not _TOTAL.match(plain) and not _FOOTER.search(plain) and not is_unit_text(name):
                return ClassedRow(index, "person", self.headings.path)
        return self._sparse(index, [(place, text) for place, value in filled if (text := text_of(value))], name)

    def _evidence(self, filled: Sequence[tuple[int, Cell | str]]) -> int:
        return sum(place in self.evidence for place, _ in filled)

    def _sparse(self, index: int, filled: list[tuple[int, str]], name: str) -> ClassedRow:
        """Rows that are not plainly a person: few cells, or odd ones."""
        texts = [text for _, text in filled]
        if not texts:
            return ClassedRow(index, "blank")
        if is_column_numbers(texts):
            return ClassedRow(index, "column_numbers")
        words = [text for text in texts if any(letter.isalpha() for letter in text)]
        evidence = self._evidence(filled)
        total = any(_TOTAL.match(text.lower()) for text in words[:2])
        if total and (not name or _TOTAL.match(name.lower()) or evidence <= 3):
            return ClassedRow(index, "total")
        if _FOOTER.search(name.lower()) or (
            not name and evidence <= 2 and any(_FOOTER.search(text.lower()) for text in words)
        ):
            self.footer = True
            return ClassedRow(index, "footer")
        ordinal = any(place == self.number and _ORDINAL.match(text) for place, text in filled)
        if self._enter_heading(index, filled, ordinal):
            self.footer = False
            return ClassedRow(index, "unit_heading")
        if self.footer and not (name and evidence and (ordinal or evidence > 2)):
            return ClassedRow(index, "footer")
        self.footer = False
        if not name:
            return ClassedRow(index, "no_name" if evidence > 1 else "stray")
        if evidence or ordinal or _NAME.match(name):
            return ClassedRow(index, "person", self.headings.path)
        return ClassedRow(index, "stray")

    def _enter_heading(self, index: int, filled: list[tuple[int, str]], ordinal: bool) -> bool:
        """A unit heading: one text (beside its number and a head count) that stands alone or across the table."""
        marks = [text for _, text in filled[:-1] if MARK.match(text)][:1]
        words = [text for _, text in filled if text not in marks and any(letter.isalpha() for letter in text)]
        if len(words) != 1 or len(filled) > 3:
            return False
        mark, text = take_apart(words[0])
        if not text or not any(letter.isalpha() for letter in text):
            return False
        unit = is_unit_text(text) or is_unit_text(words[0])
        across = index in self._wide and not _looks_like_note(text)
        if not (unit or (across and not ordinal) or (marks and not ordinal)):
            return False
        self.headings.enter(marks[0] if marks else mark, text)
        return True


def _looks_like_note(text: str) -> bool:
    plain = unmark(clean(text)).lower()
    return plain.startswith(("ghi chu", "luu y", "*", "(")) or len(plain) > 150


def title_units(sheet: Sheet, first_row: int) -> tuple[str, ...]:
    """Agency names in the rows above the heading (at most the first two), outermost first: a hint, not a fact."""
    found: list[str] = []
    for row in sheet.rows[: max(first_row, 0)]:
        for value in row[:30]:
            text = clean(value) if isinstance(value, str) else ""
            if text and len(text) <= 120 and is_unit_text(text) and text not in found:
                found.append(take_apart(text)[1])
    return tuple(found[:2])
