"""Numbers as Vietnamese people write them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nanglucso.kit.faults import BadValue
from nanglucso.kit.numbers import (
    format_millions,
    format_money,
    format_number,
    format_percent,
    parse_money,
    parse_number,
)


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("1.234.567,89", "1234567.89"),
        ("92,5", "92.5"),
        ("1 210 triệu", "1210000000"),
        ("1,5 tỷ", "1500000000"),
        ("1,234,567.89", "1234567.89"),
        ("12,5 %", "12.5"),
        ("250.000 đ", "250000"),
        ("250.000đồng", "250000"),
        ("1.234", "1234"),
        ("0.125", "0.125"),
        ("1.5", "1.5"),
        ("(1.500)", "-1500"),
        ("−5", "-5"),
        ("VND 1,000,000", "1000000"),
        ("1\u00a0234\u00a0567", "1234567"),
        (92.5, "92.5"),
        (7, "7"),
    ],
)
def test_parse_number(written: object, number: str) -> None:
    assert parse_number(written) == Decimal(number)


def test_parse_number_language_decides_the_ambiguous() -> None:
    assert parse_number("1.234", "vi") == 1234
    assert parse_number("1.234", "en") == Decimal("1.234")
    assert parse_number("1,234", "vi") == Decimal("1.234")
    assert parse_number("1,234", "en") == 1234


@pytest.mark.parametrize("written", ["", "abc", "1.2.3", "12.34.567", "1,2,3", "1 2", "--1", "1.234,56,7", None, True])
def test_parse_number_refuses(written: object) -> None:
    with pytest.raises(BadValue) as caught:
        parse_number(written)
    assert caught.value.code == "number_unreadable"
    assert "1.234.567,89" in str(caught.value)


@pytest.mark.parametrize("written", [float("nan"), float("inf")])
def test_parse_number_refuses_no_numbers(written: float) -> None:
    with pytest.raises(BadValue):
        parse_number(written)


@given(st.decimals(-(10**9), 10**9, places=2), st.sampled_from(["vi", "en"]))
def test_format_then_parse_gives_the_number_back(number: Decimal, lang: str) -> None:
    assert parse_number(format_number(number, lang, 2), lang) == number


def test_formats() -> None:
    assert format_number(Decimal("1234567.891"), places=2) == "1.234.567,89"
    assert format_number(1234567.5, "en") == "1,234,567.5"
    assert format_number(Decimal("2.5"), places=0) == "3"
    assert format_number(-0.001, places=1) == "0,0"
    assert format_percent(0.925) == "92,5%"
    assert format_percent(1, "en") == "100%"
    assert format_money(1234567) == "1.234.567 đồng"
    assert format_money(1234567, "en") == "VND 1,234,567"
    assert format_millions(1_210_000_000) == "1.210 triệu đồng"
    assert format_millions(1_210_500_000, "en") == "VND 1,210.5 million"


def test_parse_money_is_whole() -> None:
    assert parse_money("1.210,5 triệu") == 1_210_500_000
    with pytest.raises(BadValue):
        parse_money("92,5")
