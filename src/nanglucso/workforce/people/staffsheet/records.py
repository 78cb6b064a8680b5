"""A row of a staff list → a typed record, with what had to be repaired or refused."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from nanglucso.kit.dates import PartialDate, parse_date, parse_partial
from nanglucso.kit.faults import BadValue
from nanglucso.kit.spreadsheets import Cell, column_letter
from nanglucso.kit.text import proper_name, split_name
from nanglucso.workforce.people.staffsheet.cells import (
    Repaired,
    citizen_number_fits,
    is_mark,
    read_citizen_number,
    read_code,
    read_email,
    read_gender,
    read_phone,
)
from nanglucso.workforce.people.staffsheet.header import ColumnMap, text_of
from nanglucso.workforce.people.staffsheet.headings import is_agency_text
from nanglucso.workforce.people.staffsheet.problems import Desk, Severity

_ODD = re.compile(r"[^\w\s.'’()/-]|[\d_]")
_LONGEST_CODE, _LONGEST_HO_DEM, _LONGEST_TEN, _LONGEST_TEXT = 30, 100, 50, 200
_MARK_COLUMNS = (("gender_male", "m"), ("gender_female", "f"))


@dataclass(frozen=True, slots=True)
class StaffRecord:
    """One person as the file says. Texts are "" and dates None when not given; ``gender`` is "m", "f" or "".

    ``unit_path`` holds the units around ``unit_text``, outermost first, from heading rows and an agency column;
    ``hint`` the agencies named above the table. ``row`` counts from 1.
    """

    row: int
    sheet: str
    name: str
    ho_dem: str
    ten: str
    birth_date: dt.date | None = None
    birth_year: int | None = None
    gender: str = ""
    staff_code: str = ""
    citizen_number: str = ""
    email: str = ""
    phone: str = ""
    unit_text: str = ""
    unit_path: tuple[str, ...] = ()
    hint: tuple[str, ...] = ()
    position_text: str = ""
    title_text: str = ""
    rank_text: str = ""
    rank_code: str = ""
    education: str = ""
    appointed_on: dt.date | None = None


class RecordReader:
    """Reads the person rows of one sheet by one column map; problems are laid on ``desk``."""

    def __init__(self, columns: ColumnMap, desk: Desk, hint: tuple[str, ...] = ()) -> None:
        self.places = columns.places()
        self.letters = {field: column_letter(place) for field, place in self.places.items()}
        self.desk = desk
        self.hint = hint
        self.row: Sequence[Cell] = ()

    def read(self, row: Sequence[Cell], number: int, path: tuple[str, ...]) -> StaffRecord:
        """``number`` is the row as the spreadsheet shows it, ``path`` the unit headings above it."""
        self.row = row
        self.desk.row = number
        name = self._name()
        ho_dem, ten = split_name(name)
        birth, gender = self._birth_and_gender()
        citizen = self._repaired("citizen_number", read_citizen_number)
        year = birth.year if birth else None
        if citizen and not citizen_number_fits(citizen, year, gender):
            self._report("citizen_number", "citizen_number_mismatch")
        unit, around = self._unit(path)
        title = self._cut("title")
        return StaffRecord(
            row=number,
            sheet=self.desk.sheet,
            name=name,
            ho_dem=ho_dem,
            ten=ten,
            birth_date=birth.date if birth else None,
            birth_year=year,
            gender=gender,
            staff_code=self._staff_code(),
            citizen_number=citizen,
            email=self._repaired("email", read_email),
            phone=self._repaired("phone", read_phone),
            unit_text=unit,
            unit_path=around,
            hint=self.hint,
            position_text=self._cut("position") or title,
            title_text=title,
            rank_text=self._cut("rank"),
            rank_code=self._cut("rank_code"),
            education=self._cut("education"),
            appointed_on=self._appointed_on(),
        )

    def _cell(self, field: str) -> Cell:
        place = self.places.get(field, -1)
        return self.row[place] if 0 <= place < len(self.row) else None

    def _text(self, field: str) -> str:
        return text_of(self._cell(field))

    def _cut(self, field: str) -> str:
        text = self._text(field)
        if len(text) > _LONGEST_TEXT:
            self._report(field, "text_long")
        return text[:_LONGEST_TEXT]

    def _report(self, field: str, code: str, value: object = "", severity: Severity = "warning") -> None:
        self.desk.report(self.letters.get(field, ""), code, value, severity)

    def _name(self) -> str:
        if "name" in self.places:
            name = proper_name(self._text("name"))
        else:
            name = proper_name(f"{self._text('ho_dem')} {self._text('ten')}")
        field = "name" if "name" in self.places else "ho_dem"
        if " " not in name:
            self._report(field, "name_one_word", name)
        if _ODD.search(name):
            self._report(field, "name_odd", name)
        ho_dem, ten = split_name(name)
        if len(ho_dem) > _LONGEST_HO_DEM or len(ten) > _LONGEST_TEN:
            self._report(field, "name_long", severity="error")
        return name

    def _birth_and_gender(self) -> tuple[PartialDate | None, str]:
        """Two columns of birth dates tell the gender too; a gender column or a mark overrules them."""
        field, sexed = "birth_date", ""
        for other, gender in (("birth_male", "m"), ("birth_female", "f")):
            if other in self.places and self._text(other):
                field, sexed = other, gender
        gender = self._repaired("gender", read_gender)
        marks = [code for at, code in _MARK_COLUMNS if at in self.places and is_mark(self._cell(at))]
        if len(marks) == 2:
            self._report("gender_male", "gender_unreadable", "x, x")
        elif marks:
            gender = gender or marks[0]
        return self._birth(field), gender or sexed

    def _birth(self, field: str) -> PartialDate | None:
        value: Cell = self._cell(field)
        if "birth_year" in self.places and (value is None or not text_of(value)):
            parts = [self._text(part) for part in ("birth_day", "birth_month", "birth_year")]
            field, value = "birth_year", "/".join(part for part in parts if part)
        if value is None or isinstance(value, dt.time) or not text_of(value):
            return None
        try:
            return parse_partial(value)
        except BadValue as error:
            self.desk.report_value(self.letters[field], error, "error")
            return None

    def _repaired(self, field: str, read: Callable[[Cell], Repaired]) -> str:
        cell = self._cell(field)
        if cell is None or (isinstance(cell, str) and not text_of(cell)):
            return ""
        value, code = read(cell)
        if code:
            self._report(field, code, value or text_of(cell))
        return value

    def _staff_code(self) -> str:
        code = read_code(self._cell("staff_code"))
        if len(code) > _LONGEST_CODE:
            self._report("staff_code", "staff_code_long", code, "error")
            return ""
        return code

    def _unit(self, path: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
        """The innermost of department, unit and headings is the unit; what stands around it is its path."""
        chain = [*path]
        for field in ("unit", "department"):
            text = self._text(field)
            if not text or text in chain:
                continue
            if field == "unit" and chain and is_agency_text(text) and not is_agency_text(chain[-1]):
                chain.insert(0, text)
            else:
                chain.append(text)
        if not chain:
            if self.hint:
                return self.hint[-1], self.hint[:-1]
            self._report("unit", "unit_missing")
            return "", ()
        return chain[-1], tuple(chain[:-1])

    def _appointed_on(self) -> dt.date | None:
        value = self._cell("appointed_on")
        if not text_of(value):
            return None
        try:
            return parse_date(value)
        except BadValue as error:
            self.desk.report_value(self.letters["appointed_on"], error, "warning")
            return None
