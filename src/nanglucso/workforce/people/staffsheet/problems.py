"""What is wrong in a staff file: one sentence a problem, with its place and, where there is one, a suggestion."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from nanglucso.kit.faults import FILE_MESSAGES, VALUE_MESSAGES, BadFile, BadValue

Severity = Literal["error", "warning"]

STAFF_FILE_MESSAGES: Mapping[str, str] = {
    "no_names": "No column of names was found in %(name)s: give one column the heading “Họ và tên”.",
    "one_column": (
        "%(name)s has a single column: a staff list needs at least a name and a unit, each in a column of its own."
    ),
    "no_people": "%(name)s has headings but no person below them: fill in the list and try again.",
    "no_heads": "No row of heads was found in %(name)s: give one column the heading %(heads)s.",
    "no_rows": "%(name)s has headings but no row below them: fill in the list and try again.",
    "on_its_side": (
        "The list in sheet “%(sheet)s” of %(name)s lies on its side, one person a column: copy it, paste it with"
        " Transpose and save again."
    ),
    "unknown_field": "“%(field)s” is not something a staff list holds: choose one of %(known)s.",
    "unknown_column": "Column “%(column)s”, chosen for %(field)s, is not in %(name)s: choose another column.",
}

PROBLEM_MESSAGES: Mapping[str, str] = {
    **VALUE_MESSAGES,
    "no_name": "The row has data but no name: fill in the name or delete the row.",
    "name_one_word": "“%(value)s” is a single word: check that the whole name is there.",
    "name_odd": "“%(value)s” holds characters that names do not have: check it.",
    "name_long": "The name is longer than any name can be: check that the row holds one person.",
    "text_long": "The text is longer than 200 characters and was cut there: check it.",
    "unit_missing": "The row names no unit and stands below no unit heading: fill in the unit.",
    "gender_unreadable": "“%(value)s” is not a gender: write Nam or Nữ, or mark one of the two columns.",
    "staff_code_long": "“%(value)s” is longer than 30 characters, too long for a staff number: check it.",
    "staff_code_taken": "Staff number %(value)s is already that of %(other)s in row %(other_row)s: check both.",
    "citizen_number_unreadable": "“%(value)s” is not a citizen number of 12 digits: check it.",
    "citizen_number_damaged": (
        "“%(value)s” was rounded by the spreadsheet and its last digits are lost: type the number again as text."
    ),
    "citizen_number_mismatch": "The citizen number does not go with the birth year or the gender: check them.",
    "citizen_number_taken": "The citizen number is already that of %(other)s in row %(other_row)s: check both.",
    "zero_restored": "The spreadsheet dropped the leading zero: read as %(value)s.",
    "email_unreadable": "“%(value)s” is not an e-mail address: check it.",
    "phone_unreadable": "“%(value)s” is not a telephone number: check it.",
    "phone_several": "Several telephone numbers are given; the first, %(value)s, is kept.",
    "duplicate_differs": "The same person stands in row %(other_row)s with another %(fields)s: the first row is kept.",
    "possible_duplicate": "Perhaps the same person as in row %(other_row)s: add a birth date or a staff number.",
    "hidden_sheet": "Sheet “%(value)s” is hidden and was not read: show it if its people belong to the list.",
    "hidden_rows": "%(value)s rows of the sheet are hidden (first: row %(first)s); they were read like the others.",
    "hollow_cells": (
        "%(number)s formulas have no saved result (first in %(value)s): open the file in Excel, save it and retry."
    ),
    "letters_converted": (
        "The letters were typed in the old font %(value)s and were converted to Unicode: check some of the names."
    ),
    "error_cell": "The cell holds the error %(value)s in place of a value: mend its formula or type the value.",
    "column_twice": (
        "“%(value)s” stands for the same as column %(first)s, which was read: match it by hand if it is meant."
    ),
    "list_beside": (
        "A second list stands beside the first, from column %(value)s on, and was not read: move it to its own sheet."
    ),
    "columns_changed": "A new heading row gives the columns another order; the rows below were read by it.",
}


class BadStaffFile(BadFile):
    """A file that can be opened but holds no staff list."""

    messages: Mapping[str, str] = {**FILE_MESSAGES, **STAFF_FILE_MESSAGES}


@dataclass(frozen=True, slots=True)
class Problem:
    """``row`` counts from 1 as the spreadsheet shows it (0: the whole sheet); ``column`` is its letter or ""."""

    sheet: str
    row: int
    column: str
    code: str
    severity: Severity
    params: Mapping[str, str] = field(default_factory=dict)
    suggestion: str = ""

    @property
    def template(self) -> str:
        """The gettext msgid; fill it in with ``params``."""
        return PROBLEM_MESSAGES[self.code]

    @property
    def sentence(self) -> str:
        """The English sentence."""
        return self.template % self.params


@dataclass(slots=True)
class Desk:
    """Where the readers of one row lay the problems they meet."""

    sheet: str
    found: list[Problem] = field(default_factory=list)
    row: int = 0

    def report(
        self,
        column: str,
        code: str,
        value: object = "",
        severity: Severity = "warning",
        suggestion: str = "",
        **more: str,
    ) -> None:
        params = {"value": str(value)[:80], "suggestion": suggestion, **more}
        self.found.append(Problem(self.sheet, self.row, column, code, severity, params, suggestion))

    def report_value(self, column: str, error: BadValue, severity: Severity) -> None:
        self.report(column, error.code, error.params["value"], severity, error.suggestion)
