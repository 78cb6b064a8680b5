"""The checker of position descriptions passes what is shipped and finds each kind of fault."""

import copy
from datetime import date

import pytest

from nanglucso.core import content
from nanglucso.workforce.people.positionchecks import check, check_folder, read_positions

TODAY = date(2026, 11, 28)
FOLDER = content.root() / "positions"


def test_sixty_positions_are_shipped_and_none_has_a_fault():
    number, found = check_folder(FOLDER, today=TODAY)
    assert number >= 60
    assert found == []


def change(**fields):
    return lambda row: row.update(fields)


def heavier(row):
    row["nang_luc_so"]["1.1"]["trong_so"] += 1


def all_core(row):
    for one in row["nang_luc_so"].values():
        one["trong_tam"] = True


def all_advanced(row):
    for one in row["nang_luc_so"].values():
        one["muc"] = "NC"


def specialised(row):
    row["nang_luc_so"]["4.1"]["muc"] = "CS"


def lower_than_duties(row):
    row["nang_luc_so"]["5.2"].update(muc="CB", ly_do="cần cho CV1, CV3")


def unreasoned(row):
    row["nang_luc_so"]["6.3"].update(muc="NC", ly_do="")


def without(code):
    return lambda row: row["nang_luc_so"].pop(code)


def pop(section, key):
    return lambda row: row[section].pop(key)


@pytest.mark.parametrize(
    ("fault", "spoil"),
    [
        ("P01", change(II_muc_tieu="")), ("P01", pop("IX_yeu_cau", "kinh_nghiem")), ("P02", change(III_cong_viec=[])),
        ("P02", lambda row: row["III_cong_viec"][0].pop("tieu_chi")), ("P03", heavier), ("P04", all_core),
        ("P05", all_advanced), ("P05", specialised), ("P06", unreasoned), ("P07", lower_than_duties),
        ("P10", change(review_by=date(2026, 1, 1))), ("P11", without("1.3")), ("P12", change(II_muc_tieu="Bạn hãy ký đúng hạn.")),
    ],
)  # fmt: skip
def test_every_kind_of_fault_is_found(fault, spoil):
    rows, families = read_positions(FOLDER)
    row = copy.deepcopy(next(one for one in rows if one["code"] == "VTVL-SO-VT-01"))
    assert check(row, families[row["family"]], today=TODAY) == []
    spoil(row)
    assert fault in {one.code for one in check(row, families[row["family"]], today=TODAY)}


def test_a_code_that_occurs_twice_and_an_unknown_law_are_found(tmp_path):
    for path in FOLDER.glob("*.yaml"):
        (tmp_path / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    first = (FOLDER / "ke_toan_tai_chinh.yaml").read_text(encoding="utf-8").replace("361/2025/NĐ-CP", "99/2099/NĐ-CP")
    (tmp_path / "zz.yaml").write_text(first, encoding="utf-8")
    assert {one.code for one in check_folder(tmp_path, today=TODAY)[1]} == {"P08", "P09"}
