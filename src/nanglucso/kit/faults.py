"""What is wrong with a value or a file, as a code with parameters and one English sentence.

The sentence is a gettext msgid with ``%(name)s`` places: a caller that speaks Vietnamese translates ``template`` and
fills in ``params``; a caller that does not prints ``str(error)``.
"""

from __future__ import annotations

from collections.abc import Mapping

VALUE_MESSAGES: Mapping[str, str] = {
    "number_unreadable": "“%(value)s” is not a number: write it like 1.234.567,89.",
    "date_unreadable": "“%(value)s” is not a date: write it like 05/02/1980.",
    "no_such_day": "“%(value)s” is not a day of the calendar: check the day and the month.",
    "date_order": "“%(value)s” has the month first: write the day first, %(suggestion)s.",
    "two_digit_year": "“%(value)s” has a two-digit year: write all four digits, for example %(suggestion)s.",
    "year_out_of_range": "The year of “%(value)s” is not between 1900 and 2100: check it.",
    "date_incomplete": "“%(value)s” lacks the day or the month: write it like 05/02/1980.",
}

FILE_MESSAGES: Mapping[str, str] = {
    "missing": "The file %(name)s cannot be opened: check its name and place.",
    "empty": "The file %(name)s is empty: choose the spreadsheet that holds the list.",
    "no_cells": "No sheet of %(name)s has any content: choose the spreadsheet that holds the list.",
    "too_big": "The file %(name)s is larger than %(limit)s MB: split it or delete pictures and unused sheets.",
    "not_spreadsheet": "The file %(name)s is not a spreadsheet: save it from Excel or LibreOffice as .xlsx or .csv.",
    "html_table": "The file %(name)s is a web page under a spreadsheet's name: open it in Excel and save it as .xlsx.",
    "encrypted": "The file %(name)s is locked with a password: save a copy without a password.",
    "damaged": "The file %(name)s is damaged or cut short: open it in Excel, save it again as .xlsx and retry.",
    "zip_unpacked": "The file %(name)s unpacks to more than %(limit)s MB: copy the list into a new file and save it.",
    "zip_ratio": "The file %(name)s is packed more than %(limit)s times over: copy the list into a new file.",
    "zip_parts": "The file %(name)s holds more than %(limit)s parts: copy the list into a new file and save it.",
    "not_accepted": "The file %(name)s is not PDF, DOCX, XLSX or PNG, whatever its name: save it as one of them.",
    "cut_short": "The file %(name)s is damaged or cut short: open it, save it again and choose the new file.",
    "two_kinds": "The file %(name)s is a zip and something else at once: save it again and choose the new file.",
    "acts_by_itself": "The PDF %(name)s holds a script, program or file: print it to a new PDF and choose that one.",
    "macros": "The file %(name)s holds macros or a program: save it without, as .docx or .xlsx, and choose that one.",
    "reaches_out": "The file %(name)s draws on another file or address: break its links and choose the new file.",
    "too_many_pixels": "The picture %(name)s has more than %(limit)s million pixels: make it smaller.",
    "doctype": "The file %(name)s holds a DOCTYPE declaration, never needed there: save it again from Excel.",
    "too_many_rows": (
        "Sheet “%(sheet)s” of %(name)s reaches row %(rows)s, more than %(limit)s:"
        " delete the rows below the list or split the file."
    ),
    "too_many_cells": (
        "Sheet “%(sheet)s” of %(name)s spreads over %(cells)s cells, more than %(limit)s:"
        " delete stray cells far from the list."
    ),
    "too_many_sheets": "The file %(name)s has more than %(limit)s sheets: keep only the sheets of the list.",
    "too_much_text": "The text of %(name)s is longer than %(limit)s million characters: split the file.",
    "cell_too_long": "Sheet “%(sheet)s” of %(name)s, row %(row)s, has a cell longer than 32767 characters: shorten it.",
    "too_heavy": (
        "The file %(name)s needs more memory or time than is allowed:"
        " delete stray cells far from the list, or copy the list into a new file."
    ),
    "bad_encoding": "The letters of %(name)s cannot be read: save the file as CSV UTF-8 or as .xlsx.",
    "legacy_letters": (
        "The letters of %(name)s were typed in an old Vietnamese font (%(font)s) and cannot be converted for sure:"
        " convert them to Unicode and save again."
    ),
    "open_quote": "Row %(row)s of %(name)s opens a quotation mark that is never closed: delete the mark and retry.",
    "hollow": (
        "Sheet “%(sheet)s” of %(name)s holds formulas without saved results (first in %(cell)s):"
        " open the file in Excel, save it and retry."
    ),
}


class BadValue(ValueError):
    """A text that cannot be read as the value asked for. ``suggestion`` is a likely intended text, or ``""``."""

    def __init__(self, code: str, value: object, suggestion: str = "") -> None:
        self.code = code
        self.suggestion = suggestion
        self.params: dict[str, str] = {"value": str(value)[:80], "suggestion": suggestion}
        self.template = VALUE_MESSAGES[code]
        super().__init__(self.template % self.params)


class BadFile(ValueError):
    """A file that cannot be used at all; ``str()`` is one English sentence: what, where, what to do."""

    messages: Mapping[str, str] = FILE_MESSAGES

    def __init__(self, code: str, **params: object) -> None:
        self.code = code
        self.params: dict[str, str] = {key: str(value) for key, value in params.items()}
        self.template = self.messages[code]
        super().__init__(self.template % self.params)
