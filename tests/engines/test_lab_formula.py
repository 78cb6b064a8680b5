"""Formulas of the simulated sheet: values as a real sheet gives them, errors as values, nothing ever run."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nanglucso.engines.lab_criteria import as_date, as_number, matcher, typed
from nanglucso.engines.lab_formula import DEEPEST, LONGEST, CellError, evaluate
from nanglucso.engines.lab_sheet import Book

CELLS = {
    "A1": 3,
    "A2": "Đủ",
    "A3": None,
    "A4": 2.5,
    "A5": date(2026, 11, 10),
    "A6": "15.000",
    "B1": 7,
    "B2": 1,
    "B4": 10,
}


def read(_sheet, first, last):
    column, low, high = first[0], int(first[1:]), int(last[1:])
    return [CELLS.get(f"{column}{row}") for row in range(low, high + 1)]


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("=1+2*3", 7),
        ("=(1+2)*3", 9),
        ("=-(-2)", 2),
        ("=10/4", 2.5),
        ("=SUM(A1:A6)", 5.5),  # a date and a number kept as text are not summed as numbers
        ("=SUM(A1:A2;B1)", 10),
        ("=COUNT(A1:A6)", 3),  # numbers and dates
        ("=COUNTA(A1:A6)", 5),
        ("=AVERAGE(A1;A4)", 2.75),
        ("=MIN(A1:B1)", 3),
        ("=MAX(A1;B1)", 7),
        ('=COUNTIF(A1:A6;"đủ")', 1),
        ('=COUNTIF(A1:A6;">=2,5")', 2),
        ('=COUNTIF(A1:A6,">=10/11/2026")', 1),
        ('=COUNTIF(A1:A6;"<>Đủ")', 5),
        ('=SUMIF(A1:A4;">=2";B1:B4)', 17),
        ("=ROUND(2.5;0)", 3),
        ("=ROUND(0-2.5;0)", -3),
        ("=ROUND(1/3;2)", 0.33),
        ('=IF(A1>2;"có";"không")', "có"),
        ("=IF(A3=0;0;B1/A3)", 0),
        ("=IF(B2=1;5;1/0)", 5),
        ("=$A$1 + B1", 10),
        ("=SUM(DanhSach!A1:A1)", 3),
    ],
)
def test_a_formula_gives_what_a_sheet_gives(formula, value):
    assert evaluate(formula, read) == value


@pytest.mark.parametrize(
    ("formula", "code"),
    [
        ("=1/0", "#DIV/0!"),
        ("=A2+1", "#VALUE!"),
        ("=AVERAGE(A2:A3)", "#DIV/0!"),
        ("=TOTAL(A1)", "#NAME?"),
        ("=abc", "#NAME?"),
        ("=__import__(1)", "#ERROR!"),
        ("=1+", "#ERROR!"),
        ("=(1", "#ERROR!"),
        ("=1 2", "#ERROR!"),
        ("=A1:A3", "#VALUE!"),
        ("=SUM()", "#ERROR!"),
        ("=ROUND(1;2;3)", "#VALUE!"),
        ("=" + "(" * (DEEPEST + 1) + "1" + ")" * (DEEPEST + 1), "#ERROR!"),
        ("=" + "1+" * LONGEST + "1", "#ERROR!"),
    ],
)
def test_a_wrong_formula_shows_an_error_of_the_sheet(formula, code):
    with pytest.raises(CellError) as wrong:
        evaluate(formula, read)
    assert wrong.value.code == code


@given(st.text(alphabet='=()+-*/;,<>&"!$:AB1290. SUMIFCOUNTđủ', max_size=LONGEST))
def test_any_text_gives_a_value_or_an_error_of_the_sheet(text):
    book = Book({"s": {"title": "SUM", "rows": ((1, "đủ"), (date(2026, 11, 10), "=A1*2"), (None, 2.5))}})
    value = book.work("s", "=" + text)
    assert value is None or isinstance(value, int | float | str | date | CellError)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.250.000", 1250000),
        ("12,5", 12.5),
        ("5/11/2026", date(2026, 11, 5)),
        ("31/11/2026", "31/11/2026"),
        ("9.500.000 đ", "9.500.000 đ"),
        ("Đủ", "Đủ"),
        ("  ", None),
    ],
)
def test_what_is_typed_is_read_the_vietnamese_way(text, value):
    assert typed(text) == value


def test_changing_the_kind_reads_what_typing_leaves_a_text():
    assert as_number("15.000.000 đ") == 15000000
    assert as_number("0112") == 112
    assert as_date("07.11.2026") == date(2026, 11, 7)
    assert as_date("31/11/2026") == "31/11/2026"


def test_a_criterion_never_compares_unlike_kinds():
    assert not matcher(">=5")("6")
    assert not matcher(">=5")(None)
    assert matcher("<>5")("năm")
