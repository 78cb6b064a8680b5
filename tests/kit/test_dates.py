"""Dates as offices write them, day first."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nanglucso.kit.dates import (
    PartialDate,
    format_date,
    format_long,
    format_partial,
    format_time,
    from_serial,
    parse_date,
    parse_partial,
)
from nanglucso.kit.faults import BadValue

DAY = dt.date(1980, 2, 5)


@pytest.mark.parametrize(
    "written",
    [
        *("05/02/1980", "5/2/1980", "05-02-1980", "5.2.1980", " 05 / 02 / 1980 ", "05/02/1980.", "'05/02/1980"),
        *(
            "1980-02-05",
            "1980/02/05",
            "1980-02-05 00:00:00",
            "1980-02-05T07:30:00",
            "05/02/1980 10:00",
            "05/02/1980 7h30",
        ),
        *("ngày 05 tháng 02 năm 1980", "Ngày 5 tháng 2 năm 1980", "NGÀY 05 THÁNG 02 NĂM 1980", "05021980", "19800205"),
        *(29256, 29256.0, 29256.75, "29256", 5021980.0, DAY, dt.datetime(1980, 2, 5, 8, 30), "05\u00a002 1980"),
    ],
)
def test_parse_date(written: object) -> None:
    assert parse_date(written) == DAY


@pytest.mark.parametrize(
    ("written", "found"),
    [
        *(
            (1980, PartialDate(1980)),
            (1980.0, PartialDate(1980)),
            ("1980", PartialDate(1980)),
            ("năm 1980", PartialDate(1980)),
        ),
        *(("../../1980", PartialDate(1980)), ("--/--/1980", PartialDate(1980)), ("00/00/1980", PartialDate(1980))),
        *(
            ("05/1980", PartialDate(1980, 5)),
            ("tháng 5/1980", PartialDate(1980, 5)),
            ("00/05/1980", PartialDate(1980, 5)),
        ),
    ],
)
def test_parse_partial(written: object, found: PartialDate) -> None:
    assert parse_partial(written) == found
    assert found.date is None
    with pytest.raises(BadValue) as caught:
        parse_date(written)
    assert caught.value.code == "date_incomplete"


@pytest.mark.parametrize(
    ("written", "code", "suggestion"),
    [
        ("05/02/80", "two_digit_year", "05/02/1980"),
        ("5-2-05", "two_digit_year", "05/02/2005"),
        ("31/02/1990", "no_such_day", ""),
        ("29/02/2023", "no_such_day", ""),
        ("02/25/1980", "date_order", "25/02/1980"),
        ("05/02/1880", "year_out_of_range", ""),
        (dt.date(1899, 12, 31), "year_out_of_range", ""),
        ("không rõ", "date_unreadable", ""),
        ("", "date_unreadable", ""),
        (None, "date_unreadable", ""),
        (60, "date_unreadable", ""),
        (True, "date_unreadable", ""),
        ("5/2/19800", "date_unreadable", ""),
        ("99/99/9999", "year_out_of_range", ""),
    ],
)
def test_parse_date_refuses_with_reason(written: object, code: str, suggestion: str) -> None:
    with pytest.raises(BadValue) as caught:
        parse_partial(written)
    assert (caught.value.code, caught.value.suggestion) == (code, suggestion)
    assert str(caught.value) == caught.value.template % caught.value.params


@given(st.dates(dt.date(1906, 1, 1), dt.date(2100, 12, 31)))
def test_every_way_of_writing_reads_back(day: dt.date) -> None:
    serial = (day - dt.date(1899, 12, 30)).days
    written = (format_date(day), format_long(day), day.isoformat(), serial, float(serial), day)
    assert {parse_date(value) for value in written} == {day}


def test_serial_of_excel_and_its_phantom_day() -> None:
    assert from_serial(1) == dt.date(1900, 1, 1)
    assert from_serial(59) == dt.date(1900, 2, 28)
    assert from_serial(61) == dt.date(1900, 3, 1)
    assert from_serial(0, epoch_1904=True) == dt.date(1904, 1, 1)


def test_formats() -> None:
    assert format_date(DAY) == "05/02/1980"
    assert format_date(None) == ""
    assert format_long(dt.date(2026, 3, 9)) == "ngày 09 tháng 3 năm 2026"
    assert format_long(DAY) == "ngày 05 tháng 02 năm 1980"
    assert [format_partial(PartialDate(*parts)) for parts in ((1980,), (1980, 2), (1980, 2, 5))] == [
        "1980",
        "02/1980",
        "05/02/1980",
    ]
    assert format_time(dt.datetime(2026, 1, 1, 8, 5)) == "08:05"
