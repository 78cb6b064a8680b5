"""Workbooks and CSV in: values, dates, merged cells, encodings, separators."""

import datetime as dt
from pathlib import Path

import openpyxl
import pytest

from nanglucso.kit.csvread import find_separator
from nanglucso.kit.spreadsheets import column_index, column_letter, read_sheets
from tests.messy import to_1258

ROWS = [["Họ và tên", "Đơn vị", "Hệ số"], ["Nguyễn Thị Hòa", "Sở Nội vụ, phòng 1", "2,34"], ["Đỗ Văn Ánh", "", "92,5"]]
WANTED = (
    ("Họ và tên", "Đơn vị", "Hệ số"),
    ("Nguyễn Thị Hòa", "Sở Nội vụ, phòng 1", "2,34"),
    ("Đỗ Văn Ánh", None, "92,5"),
)


def csv_text(separator: str) -> str:
    return "\r\n".join(separator.join(f'"{cell}"' for cell in row) for row in ROWS) + "\r\n"


@pytest.mark.parametrize("separator", [";", "\t", ","])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1258"])
def test_read_csv_in_every_encoding_and_separator(tmp_path: Path, encoding: str, separator: str) -> None:
    path = tmp_path / "danh sách.csv"
    text = csv_text(separator) * (4 if encoding == "utf-16-be" else 1)
    path.write_bytes(to_1258(text) if encoding == "cp1258" else text.encode(encoding))
    (sheet,) = read_sheets(path)
    assert sheet.name == "danh sách"
    assert sheet.rows[:3] == WANTED


def test_read_csv_obeys_a_declared_separator_and_quoted_lines(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('sep=|\r\nHọ tên|Địa chỉ; phường, xã\r\nLê An|"dòng một\r\ndòng hai"\r\n', encoding="utf-8")
    assert read_sheets(path)[0].rows == (("Họ tên", "Địa chỉ; phường, xã"), ("Lê An", "dòng một\r\ndòng hai"))


def test_find_separator_is_not_led_astray_by_commas_in_titles() -> None:
    text = "Sở Văn hóa, Thể thao, Du lịch, v.v.\nSTT;Họ tên;Hệ số\n1;An;2,34\n2;Bình;3,33\n"
    assert find_separator(text) == ";"


def test_read_csv_takes_guard_apostrophes_off(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Họ tên,Ghi chú\n'=HYPERLINK(1),'giữ'\n", encoding="utf-8")
    assert read_sheets(path)[0].rows[1] == ("=HYPERLINK(1)", "'giữ'")


def test_read_xlsx_values_merges_and_hidden_sheets(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Một"
    sheet["B3"], sheet["C3"], sheet["D3"], sheet["E3"] = (
        "Hòa",
        dt.date(1980, 2, 5),
        dt.datetime(1980, 2, 5, 7, 30),
        1234,
    )
    sheet["F3"], sheet["G3"] = True, 0.5
    sheet["G3"].number_format = "hh:mm"
    sheet["B5"] = "PHÒNG NỘI VỤ"
    sheet.merge_cells("B5:D6")
    sheet["A1"].number_format = "dd/mm/yyyy"
    hidden = book.create_sheet("Ẩn")
    hidden["A1"] = "x"
    hidden.sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")
    first, second = read_sheets(tmp_path / "a.xlsx")
    assert first.name == "Một"
    assert not first.hidden
    assert first.rows[:2] == ((), ())
    day, moment = dt.date(1980, 2, 5), dt.datetime(1980, 2, 5, 7, 30)
    assert first.rows[2] == (None, "Hòa", day, moment, 1234.0, True, dt.time(12))
    assert first.rows[4] == (None, "PHÒNG NỘI VỤ")
    assert first.merged == ((4, 1, 5, 3),)
    assert second.hidden
    assert second.rows == (("x",),)


def test_read_xls_of_the_old_kind() -> None:
    (sheet,) = read_sheets(Path(__file__).parent / "files" / "messy_staff.xls")
    assert sheet.rows[0][0] == "THÀNH PHỐ CẦN THƠ"
    assert sheet.merged


def test_column_letters_go_both_ways() -> None:
    assert [column_letter(index) for index in (0, 25, 26, 701, 702, 16383)] == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]
    assert all(column_index(column_letter(index)) == index for index in range(0, 16384, 37))
    for wrong in ("", "A1", "ABCD", "Đ"):
        with pytest.raises(ValueError, match="not a column"):
            column_index(wrong)
