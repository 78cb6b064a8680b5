"""One row → one typed record; what a spreadsheet breaks is mended and said. All people are made up."""

import datetime as dt
import unicodedata

import pytest

from nanglucso.kit.spreadsheets import Cell, Sheet
from nanglucso.workforce.people.staffsheet.cells import (
    citizen_number_fits,
    is_mark,
    read_citizen_number,
    read_code,
    read_email,
    read_gender,
    read_phone,
)
from nanglucso.workforce.people.staffsheet.read import StaffReading, read_staff_sheets

HEADER: tuple[Cell, ...] = (
    *("Họ và tên", "Ngày sinh", "Giới tính", "Số hiệu", "CCCD", "Email", "SĐT", "Đơn vị", "Phòng ban"),
    *("Chức vụ", "Vị trí việc làm", "Ngạch", "Trình độ", "Ngày bổ nhiệm"),
)


def reading(*rows: tuple[Cell, ...], header: tuple[Cell, ...] = HEADER) -> StaffReading:
    return read_staff_sheets((Sheet("DS", (header, *rows)),), name="a.xlsx")


def codes(found: StaffReading) -> list[tuple[str, str, str]]:
    return [(problem.column, problem.code, problem.severity) for problem in found.problems]


def test_a_whole_row() -> None:
    row: tuple[Cell, ...] = (
        *(
            unicodedata.normalize("NFD", "  NGUYỄN THỊ  HOÀ "),
            "01/5/1980",
            "nữ",
            1234.0,
            99180001234.0,
            "Hoa@Example.gov.VN",
        ),
        *(
            912345678.0,
            "Sở Nội vụ",
            "Phòng Cán bộ",
            "Phó phòng",
            "Chuyên viên",
            "Chuyên viên chính",
            "Đại học",
            45000.0,
        ),
    )
    found = reading(row)
    (record,) = found.records
    assert (record.name, record.ho_dem, record.ten) == ("Nguyễn Thị Hoà", "Nguyễn Thị", "Hoà")
    assert (record.birth_date, record.birth_year, record.gender) == (dt.date(1980, 5, 1), 1980, "f")
    assert (record.staff_code, record.citizen_number) == ("1234", "099180001234")
    assert (record.email, record.phone) == ("hoa@example.gov.vn", "0912345678")
    assert (record.unit_text, record.unit_path) == ("Phòng Cán bộ", ("Sở Nội vụ",))
    assert (record.position_text, record.title_text) == ("Chuyên viên", "Phó phòng")
    assert (record.rank_text, record.education) == ("Chuyên viên chính", "Đại học")
    assert record.appointed_on == dt.date(2023, 3, 15)
    assert (record.row, record.sheet) == (2, "DS")
    assert codes(found) == [("E", "zero_restored", "warning"), ("G", "zero_restored", "warning")]


def test_bad_values_name_row_column_and_suggestion() -> None:
    found = reading(
        ("Lê A", "31/02/1990", None, "1", None, None, None, "Sở Y tế"),
        ("Lê B", "05/02/80", None, "2", "1.2E+11", "a@@", "12", "Sở Y tế"),
        ("Lê 3", "02/25/1980", "?", "x" * 31, "123", None, "0912345678; 0987654321", None),
    )
    by_row = {row: {(item.column, item.code) for item in found.problems if item.row == row} for row in (2, 3, 4)}
    assert by_row[2] == {("B", "no_such_day")}
    assert by_row[3] == {
        *(
            ("B", "two_digit_year"),
            ("E", "citizen_number_damaged"),
            ("F", "email_unreadable"),
            ("G", "phone_unreadable"),
        )
    }
    assert by_row[4] == {
        *(("A", "name_odd"), ("B", "date_order"), ("C", "gender_unreadable"), ("D", "staff_code_long")),
        *(("E", "citizen_number_unreadable"), ("G", "phone_several"), ("H", "unit_missing")),
    }
    suggestions = {item.code: item.suggestion for item in found.problems if item.suggestion}
    assert suggestions == {"two_digit_year": "05/02/1980", "date_order": "25/02/1980"}
    assert found.bad_rows == {("DS", 2), ("DS", 3), ("DS", 4)}
    assert all(item.sentence.endswith(".") for item in found.problems)


def test_texts_longer_than_the_register_holds_are_said() -> None:
    found = reading((f"{'Lê ' * 60}An", "1980", None, "1", None, None, None, "x", None, "y" * 300))
    assert codes(found) == [("A", "name_long", "error"), ("J", "text_long", "warning")]
    assert len(found.records[0].title_text) == 200


def test_birth_from_three_columns_and_from_a_year() -> None:
    header = ("Họ tên", "Ngày sinh Ngày", "Ngày sinh Tháng", "Ngày sinh Năm", "Đơn vị")
    found = reading(("Lê A", 5.0, "2", 1980.0, "x"), ("Lê B", None, None, 1981.0, "x"), header=header)
    assert [(item.birth_date, item.birth_year) for item in found.records] == [(dt.date(1980, 2, 5), 1980), (None, 1981)]


def test_birth_columns_tell_the_gender() -> None:
    header = ("Họ tên", "Ngày sinh Nam", "Ngày sinh Nữ", "Đơn vị")
    found = reading(("Lê A", "1980", None, "x"), ("Lê B", None, "5/2/1981", "x"), header=header)
    assert [item.gender for item in found.records] == ["m", "f"]


def test_both_gender_marks_are_a_problem() -> None:
    header = ("Họ tên", "Giới tính Nam", "Giới tính Nữ", "Đơn vị", "Email")
    found = reading(("Lê A", "x", "x", "x", "a@b.vn"), ("Lê B", "x", None, "x", "b@b.vn"), header=header)
    assert [item.gender for item in found.records] == ["", "m"]
    assert codes(found) == [("B", "gender_unreadable", "warning")]


def test_citizen_number_that_does_not_fit_is_said() -> None:
    found = reading(("Lê A", "05/02/1980", "Nam", "1", "099180000001", None, None, "x"))
    assert codes(found) == [("E", "citizen_number_mismatch", "warning")]
    assert citizen_number_fits("099080000001", 1980, "m")
    assert citizen_number_fits("099301000001", 2001, "f")
    assert not citizen_number_fits("099081000001", 1980, "m")
    assert citizen_number_fits("123456789", 1980, "m")


@pytest.mark.parametrize(
    ("cell", "value", "code"),
    [
        ("0912345678", "0912345678", ""),
        (912345678.0, "0912345678", "zero_restored"),
        ("912345678", "0912345678", "zero_restored"),
        ("+84 912 345 678", "0912345678", ""),
        ("0084912345678", "0912345678", ""),
        ("84912345678", "0912345678", ""),
        ("(0292) 3.888.999", "02923888999", ""),
        (2923888999.0, "02923888999", "zero_restored"),
        ("0912.345.678 / 0987654321", "0912345678", "phone_several"),
        ("113", "", "phone_unreadable"),
        ("không có", "", "phone_unreadable"),
        (0.5, "", "phone_unreadable"),
    ],
)
def test_read_phone(cell: Cell, value: str, code: str) -> None:
    assert read_phone(cell) == (value, code)


@pytest.mark.parametrize(
    ("cell", "value", "code"),
    [
        ("099080001234", "099080001234", ""),
        ("099 080 001 234", "099080001234", ""),
        (99080001234.0, "099080001234", "zero_restored"),
        ("99080001234", "099080001234", "zero_restored"),
        ("123456789", "123456789", ""),
        (12345678.0, "012345678", "zero_restored"),
        ("9,9080E+10", "", "citizen_number_damaged"),
        ("09908000123X", "", "citizen_number_unreadable"),
        ("12345", "", "citizen_number_unreadable"),
    ],
)
def test_read_citizen_number(cell: Cell, value: str, code: str) -> None:
    assert read_citizen_number(cell) == (value, code)


def test_small_readers() -> None:
    assert read_code(1234.0) == "1234"
    assert read_code(" CT - 092 - 00001 ") == "CT-092-00001"
    assert read_code("Lê\u200b 7") == "Lê 7"
    assert read_email(" Mailto:A.B@Example.VN; ") == ("a.b@example.vn", "")
    assert read_email("ab @example,vn") == ("ab@example.vn", "")
    assert read_email("không có") == ("", "email_unreadable")
    assert read_email("bé@example.vn") == ("", "email_unreadable")
    assert [read_gender(cell)[0] for cell in ("Nam", "NỮ", "nu", "Male", "f", None)] == ["m", "f", "f", "m", "f", ""]
    assert [is_mark(cell) for cell in ("x", " X ", 1.0, True, "√", "", None, 0.0, "nam")] == [True] * 5 + [False] * 4
