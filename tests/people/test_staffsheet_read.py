"""Whole files: messy lists must be read exactly, broken ones refused with one sentence. All people are made up."""

import json
import time
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nanglucso.kit.faults import BadFile
from nanglucso.kit.spreadsheets import Cell, Sheet
from nanglucso.workforce.people.staffsheet.matching import UnitQuery, match_units
from nanglucso.workforce.people.staffsheet.problems import BadStaffFile
from nanglucso.workforce.people.staffsheet.read import StaffReading, read_staff, read_staff_sheets
from tests.kit.hostile import bomb, far_corner, write_raw_xlsx
from tests.messy import MessyTruth, sample_units, write_messy_staff

FIELDS = (
    "name",
    "birth_date",
    "birth_year",
    "gender",
    "staff_code",
    "citizen_number",
    "email",
    "phone",
    "position_text",
)
XLS = Path(__file__).parent.parent / "kit" / "files" / "messy_staff.xls"


def assert_exact(found: StaffReading, truth: MessyTruth) -> None:
    """Every row, every field, every unit."""
    assert found.rows_read == truth.rows_read == len(found.records) + len(found.duplicates) + len(found.skipped)
    assert {item.row: item.reason for item in found.skipped} == truth.skipped
    assert {item.record.row: item.first.row for item in found.duplicates} == truth.duplicates
    assert {row for _, row in found.bad_rows} == truth.bad
    read = {item.row: tuple(getattr(item, field) for field in FIELDS) for item in found.records}
    assert read == {row: tuple(getattr(one, field) for field in FIELDS) for row, one in truth.people.items()}
    queries = {item.row: UnitQuery(item.unit_text, item.unit_path, item.hint) for item in found.records}
    matches = match_units(queries.values(), sample_units())
    units = {row: matches[query].id for row, query in queries.items()}
    assert units == {row: one.unit_id for row, one in truth.people.items()}
    for row, one in truth.people.items():
        if one.near_unit_id is not None:
            assert one.near_unit_id in [item.id for item in matches[queries[row]].suggestions]


@pytest.mark.parametrize("seed", range(12))
def test_messy_workbooks_are_read_exactly(tmp_path: Path, seed: int) -> None:
    path = tmp_path / "danh sách.xlsx"
    truth = write_messy_staff(path, 400, seed)
    assert truth.duplicates
    assert truth.bad
    assert_exact(read_staff(path), truth)


@pytest.mark.parametrize(
    ("encoding", "separator", "seed"),
    [
        *(("utf-8", ",", 20), ("utf-8-sig", ";", 21), ("utf-16", "\t", 22), ("utf-16-le", ";", 23)),
        *(("cp1258", ";", 24), ("cp1258", ",", 25), ("utf-8", "\t", 26), ("utf-16-be", ",", 27)),
    ],
)
def test_messy_csv_is_read_exactly(tmp_path: Path, encoding: str, separator: str, seed: int) -> None:
    path = tmp_path / "a.csv"
    truth = write_messy_staff(path, 300, seed, encoding=encoding, separator=separator)
    assert_exact(read_staff(path), truth)


def test_messy_xls_is_read_exactly(tmp_path: Path) -> None:
    """The .xls is the seed's workbook saved by LibreOffice as "Excel 97"; make it anew when the generator changes."""
    truth = write_messy_staff(tmp_path / "a.xlsx", 40, 11, layout=1)
    assert_exact(read_staff(XLS), truth)


def test_a_wrong_reading_would_be_noticed(tmp_path: Path) -> None:
    truth = write_messy_staff(tmp_path / "a.csv", 60, 31)
    found = read_staff(tmp_path / "a.csv")
    first = min(truth.people)
    truth.skipped[first] = "total"
    with pytest.raises(AssertionError):
        assert_exact(found, truth)


@pytest.mark.thorough
def test_large_list_is_quick(tmp_path: Path) -> None:
    """A fifth of 60,000 people, by processor time, so that a busy machine does not fail it."""
    path = tmp_path / "a.csv"
    truth = write_messy_staff(path, 12_000, 5)
    began = time.process_time()
    found = read_staff(path)
    assert time.process_time() - began < 3
    assert found.rows_read == truth.rows_read
    began = time.process_time()
    match_units((UnitQuery(item.unit_text, item.unit_path, item.hint) for item in found.records), sample_units())
    assert time.process_time() - began < 1.5


def save(path: Path, *sheets: tuple[str, list[list[object]], bool]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows, hidden in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
        sheet.sheet_state = "hidden" if hidden else "visible"
    book.save(path)
    return path


def test_several_sheets_hidden_ones_and_one_without_names(tmp_path: Path) -> None:
    people = [["Họ tên", "Ngày sinh", "Email"], ["Lê Giả Định", "1980", "a@b.vn"], ["Trần Giả Danh", "1981", "c@b.vn"]]
    path = save(
        *(
            tmp_path / "a.xlsx",
            ("Sở Y tế", people, False),
            ("Danh mục", [["Mã", "Tên ngạch"], [1, "Chuyên viên"]], False),
        ),
        *(("Cũ", people, True), ("Sở Nội vụ", people[:2], False)),
    )
    found = read_staff(path)
    assert [(item.sheet, item.row, item.unit_text) for item in found.records] == [
        *(("Sở Y tế", 2, "Sở Y tế"), ("Sở Y tế", 3, "Sở Y tế"), ("Sở Nội vụ", 2, "Sở Nội vụ"))
    ]
    reasons = [(item.sheet, item.reason) for item in found.skipped if item.reason != "header"]
    assert reasons == [*[("Danh mục", "no_name_column")] * 2, *[("Cũ", "hidden_sheet")] * 3]
    assert found.rows_read == 3 + 2 + 3 + 2
    assert [(item.sheet, item.row, item.code) for item in found.problems] == [("Cũ", 0, "hidden_sheet")]
    assert [columns.sheet for columns in found.columns] == ["Sở Y tế", "Sở Nội vụ"]


def test_unit_comes_from_column_then_heading_then_title() -> None:
    header = ("STT", "Họ và tên", "Ngày sinh", "Đơn vị")
    rows = (
        *(("UBND PHƯỜNG CÁI KHẾ",), ("DANH SÁCH",), header, (1.0, "Lê A", "1980", None)),
        *(("I", "PHÒNG VĂN HÓA - XÃ HỘI"), (1.0, "Lê B", "1980", None), (2.0, "Lê C", "1980", "Sở Nội vụ")),
    )
    found = read_staff_sheets((Sheet("Sheet1", rows),), name="a.xlsx")
    about = {item.name: (item.unit_text, item.unit_path, item.hint) for item in found.records}
    title = ("UBND PHƯỜNG CÁI KHẾ",)
    assert about == {
        "Lê A": ("UBND PHƯỜNG CÁI KHẾ", (), title),
        "Lê B": ("PHÒNG VĂN HÓA - XÃ HỘI", (), title),
        "Lê C": ("PHÒNG VĂN HÓA - XÃ HỘI", ("Sở Nội vụ",), title),
    }


def test_columns_in_a_new_order_further_down_are_followed() -> None:
    rows = (
        *(("Họ và tên", "Đơn vị", "Email"), ("Lê A", "Sở Y tế", "a@b.vn")),
        *(("Email", "Họ và tên", "Đơn vị"), ("b@b.vn", "Lê B", "Sở Nội vụ")),
    )
    found = read_staff_sheets((Sheet("S", rows),), name="a.xlsx")
    assert [(item.name, item.email) for item in found.records] == [("Lê A", "a@b.vn"), ("Lê B", "b@b.vn")]
    assert [(item.row, item.code) for item in found.problems] == [(3, "columns_changed")]


def test_explicit_mapping_reads_a_list_with_unknown_headings(tmp_path: Path) -> None:
    path = save(tmp_path / "a.xlsx", ("S", [["Người", "Chỗ"], ["Lê Giả Định", "Sở Y tế"]], False))
    with pytest.raises(BadStaffFile):
        read_staff(path)
    found = read_staff(path, {"name": "A", "unit": "B"})
    assert [(item.name, item.unit_text) for item in found.records][-1] == ("Lê Giả Định", "Sở Y tế")


TEXTS = ("Họ và tên", "Đơn vị", "Lê Giả Định", "PHÒNG NỘI VỤ", "I", "Tổng cộng", "x", "NGƯỜI LẬP BIỂU", "05/02/80", " ")
CELLS = st.one_of(st.none(), st.sampled_from(TEXTS), st.floats(), st.dates(), st.booleans(), st.text(max_size=6))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(CELLS, max_size=6), min_size=1, max_size=12), st.integers(0, 12))
def test_every_row_is_accounted_for_whatever_the_cells_hold(rows: list[list[Cell]], at: int) -> None:
    header: list[Cell] = ["Họ và tên", "Ngày sinh", "SĐT", "Đơn vị", "CCCD", "Email"]
    grid = [*rows[:at], header, ["Lê Giả Định", "1980", None, "Sở Y tế"], *rows[at:]]
    found = read_staff_sheets((Sheet("S", tuple(map(tuple, grid))),), name="a.xlsx")
    seen = [*(item.row for item in found.records), *(item.row for item in found.skipped)]
    seen += [item.record.row for item in found.duplicates]
    assert sorted(seen) == list(range(1, len(grid) + 1))
    assert found.rows_read == len(grid)
    assert all(item.sentence for item in found.problems)


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("one.csv", "Họ và tên\nLê Giả Định\nTrần Giả Danh\n", "one_column"),
        ("names.csv", "Mã;Đơn vị\n1;Sở Y tế\n2;Sở Nội vụ\n", "no_names"),
        ("nobody.csv", "STT;Họ và tên;Đơn vị\n;;\n", "no_people"),
        ("empty.csv", "", "empty"),
        ("blank.csv", ";;\n;;\n", "no_cells"),
    ],
)
def test_a_file_with_no_list_is_refused(tmp_path: Path, name: str, text: str, code: str) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadFile) as caught:
        read_staff(path)
    assert caught.value.code == code
    assert name in str(caught.value)
    assert str(caught.value).endswith(".")


def test_hostile_workbooks_are_refused(tmp_path: Path) -> None:
    old = [["Họ và tên", "Đơn vị", "Chức vụ"], *[["NguyÔn V¨n ¸nh", "Së Néi vô", "Lª Hå"], ["Lê Hà", "Lá", "Hè"]] * 5]
    made = {
        "too_heavy": far_corner(tmp_path / "corner.xlsx"),
        "zip_unpacked": bomb(tmp_path / "bomb.xlsx"),
        "doctype": write_raw_xlsx(tmp_path / "doctype.xlsx", "", prologue="<!DOCTYPE x>"),
        "legacy_letters": save(tmp_path / "tcvn3.xlsx", ("S", old, False)),
        "no_cells": write_raw_xlsx(tmp_path / "void.xlsx", ""),
    }
    told = {}
    for path in made.values():
        with pytest.raises(BadFile) as caught:
            read_staff(path)
        told[caught.value.code] = path
    assert told == made


def test_account_is_plain_data_and_adds_up(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    truth = write_messy_staff(path, 120, 3)
    account = json.loads(json.dumps(read_staff(path).account()))
    assert account["rows_read"] == account["people"] + len(account["duplicates"]) + len(account["skipped"])
    assert account["people"] == len(truth.people)
    assert {item["row"]: item["reason"] for item in account["skipped"]} == truth.skipped
    assert all(item["sentence"].endswith(".") for item in account["problems"])


def test_a_name_like_a_formula_is_read_as_text(tmp_path: Path) -> None:
    rows = [["Họ và tên", "Đơn vị", "Email"], ['=HYPERLINK("x")', "Sở Y tế", "a@b.vn"]]
    found = read_staff_sheets((Sheet("S", tuple(map(tuple, rows))),), name="a.xlsx")
    assert found.records[0].name == '=HYPERLINK("x")'
    assert [(item.code, item.severity) for item in found.problems] == [
        *(("name_one_word", "warning"), ("name_odd", "warning"))
    ]
