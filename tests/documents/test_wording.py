"""Dates, amounts and agency names as offices write them."""

from datetime import date

import pytest

from nanglucso.govern.reports.documents.bases import bases, closed, register
from nanglucso.govern.reports.documents.wording import (
    agency_lines,
    long_date,
    money_words,
    organisation,
    place_date,
    said_name,
    wording,
)
from tests import make


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "Không đồng"),
        (5, "Năm đồng"),
        (15, "Mười lăm đồng"),
        (21, "Hai mươi mốt đồng"),
        (105, "Một trăm linh năm đồng"),
        (1_000, "Một nghìn đồng"),
        (1_005_000, "Một triệu không trăm linh năm nghìn đồng"),
        (59_983_200, "Năm mươi chín triệu chín trăm tám mươi ba nghìn hai trăm đồng"),
        (1_250_000_000, "Một tỷ hai trăm năm mươi triệu đồng"),
        (300_000_000_001, "Ba trăm tỷ không trăm linh một đồng"),
    ],
)
def test_amounts_are_written_out(amount, words):
    assert money_words(amount) == words


def test_negative_amount_is_refused():
    with pytest.raises(ValueError, match="negative"):
        money_words(-1)


def test_low_days_and_first_months_take_a_zero():
    assert long_date(date(2026, 2, 5)) == "05 tháng 02 năm 2026"
    assert long_date(date(2026, 12, 15)) == "15 tháng 12 năm 2026"
    assert place_date("Cần Thơ", date(2026, 1, 9)).split() == ["Cần", "Thơ,", "ngày", "tháng", "01", "năm", "2026"]


def test_superior_is_cut_before_its_place():
    assert agency_lines("ỦY BAN NHÂN DÂN THÀNH PHỐ CẦN THƠ") == ("ỦY BAN NHÂN DÂN", "THÀNH PHỐ CẦN THƠ")
    assert agency_lines("BỘ NỘI VỤ") == ("BỘ NỘI VỤ",)


@pytest.mark.django_db
def test_agency_in_a_sentence_takes_its_name_from_the_tree():
    make.city()
    assert said_name("SỞ NỘI VỤ", "Cần Thơ") == "Sở Nội vụ"
    assert said_name("ỦY BAN NHÂN DÂN THÀNH PHỐ CẦN THƠ", "Cần Thơ") == "Ủy ban nhân dân thành phố Cần Thơ"


def test_unknown_agency_becomes_dots_but_not_the_signer():
    names = organisation({"issuer": "", "signer_name": ""})
    assert set(names["issuer"]) == {"…"}
    assert names["signer_name"] == ""


@pytest.mark.parametrize(
    ("day", "inside", "outside"),
    [
        (date(2026, 3, 2), "101/2017/NĐ-CP", "259/2026/NĐ-CP"),
        (date(2026, 11, 23), "259/2026/NĐ-CP", "101/2017/NĐ-CP"),
        (date(2025, 9, 1), "171/2025/NĐ-CP", "100/2025/TT-BTC"),
    ],
)
def test_bases_follow_the_day(day, inside, outside):
    text = " ".join(one.text for one in bases(wording("plan"), day, "Cần Thơ"))
    assert inside in text
    assert outside not in text


def test_laws_of_another_place_are_not_cited():
    here, away = (bases(wording("plan"), date(2026, 11, 23), place) for place in ("Cần Thơ", "Huế"))
    assert any("219/KH-UBND" in one.text for one in here)
    assert not any("KH-UBND" in one.text for one in away)
    assert closed(away)[-1].endswith(".")


def test_ended_law_is_known_to_the_register():
    law = register()["67/2006/QH11"]
    assert law.in_force(date(2026, 6, 30))
    assert not law.in_force(date(2026, 7, 1))


def test_every_base_is_in_the_register_and_has_an_issuer():
    told = wording("plan")
    for row in told["bases"]:
        assert row["number"] in register()
        assert row["number"].rpartition("/")[2] in told["issuers"]
