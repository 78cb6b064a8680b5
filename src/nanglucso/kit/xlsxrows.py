"""A worksheet whose rows are written whole: the library's way a cell takes five times as long for the same file.

It stands on names inside the pinned xlsxwriter (`fh`, `_write_single_row`, `_check_dimensions`, the escapes); the tests
compare what both ways write, value by value.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

from xlsxwriter.utility import _datetime_to_excel_datetime, _preserve_whitespace, xl_col_to_name
from xlsxwriter.worksheet import Worksheet
from xlsxwriter.xmlwriter import XMLwriter

LONGEST_CELL = 32_767
_ESCAPES = XMLwriter()


class TooLong(ValueError):
    """A text is longer than a cell of a workbook holds."""


@lru_cache(maxsize=8192)
def _text(text: str) -> str:
    """The end of a cell that holds a text: words like "met" come back in every row."""
    if len(text) > LONGEST_CELL:
        raise TooLong
    plain = _ESCAPES._escape_data(_ESCAPES._escape_control_characters(text))
    space = ' xml:space="preserve"' if _preserve_whitespace(text) else ""
    return f' t="inlineStr"><is><t{space}>{plain}</t></is></c>'


def _number(value: float | Decimal) -> str:
    if not math.isfinite(value):
        return f' t="e"><v>{"#NUM!" if math.isnan(value) else "#DIV/0!"}</v></c>'
    return f"><v>{value:.16G}</v></c>"


def _cell(value: object) -> str:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, bool):
        return f' t="b"><v>{value:d}</v></c>'
    if isinstance(value, (int, float, Decimal)):
        return _number(value)
    if isinstance(value, (dt.date, dt.time)):
        day = value.replace(tzinfo=None) if isinstance(value, (dt.datetime, dt.time)) else value
        return f"><v>{_datetime_to_excel_datetime(day, False, True):.16G}</v></c>"
    return _text(str(value))


class RowSheet(Worksheet):  # type: ignore[misc]
    """In a workbook that keeps no rows in memory; rows go downwards, below what was written cell by cell."""

    def write_whole(self, row: int, values: Sequence[Any], styles: Sequence[Any]) -> None:
        """Row number `row` from 0: as many values as styles; None and "" leave a cell out. Raises `TooLong`."""
        self._check_dimensions(row, 0)
        self._check_dimensions(row, len(styles) - 1)
        self._write_single_row(row)
        made, n = [], row + 1
        for at, (value, style) in enumerate(zip(values, styles, strict=True)):
            if value is not None and value != "":
                made.append(f'<c r="{_letters(at)}{n}" s="{style._get_xf_index()}"{_cell(value)}')
        self.fh.write(f'<row r="{n}">{"".join(made)}</row>')


_letters = lru_cache(maxsize=None)(xl_col_to_name)
