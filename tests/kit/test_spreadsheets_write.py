"""Workbooks and CSV out: texts stay texts, and what is written reads back."""

import datetime as dt
import io
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from nanglucso.kit.spreadsheets import Column, OutSheet, read_sheets, write_csv, write_xlsx

HOSTILE = ['=HYPERLINK("http://x","y")', "+84912345678", "-5", "@SUM(A1)", "http://example.vn", "0123", "\tx", "Lê\rAn"]
COLUMNS = [
    *(Column("Họ và tên", 28), Column("Ngày sinh", 12, "date"), Column("Số tiền", 16, "money")),
    *(Column("Tỷ lệ", 8, "percent"), Column("Ghi chú")),
]
ROWS = [
    ["Nguyễn Thị Hòa", dt.date(1980, 2, 5), 1234567, Decimal("0.925"), None],
    ["Đỗ Văn Ánh", None, 0, 1.0, "có"],
]


def test_written_workbook_reads_back(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write_xlsx(path, [OutSheet("Cán bộ", COLUMNS, ROWS, titles=["DANH SÁCH", "Năm 2026"])])
    (sheet,) = read_sheets(path)
    assert sheet.name == "Cán bộ"
    assert sheet.rows[0] == ("DANH SÁCH",)
    assert sheet.rows[3] == ("Họ và tên", "Ngày sinh", "Số tiền", "Tỷ lệ", "Ghi chú")
    assert sheet.rows[4] == ("Nguyễn Thị Hòa", dt.date(1980, 2, 5), 1234567.0, 0.925)
    assert sheet.rows[5] == ("Đỗ Văn Ánh", None, 0.0, 1.0, "có")


def test_number_formats_and_frozen_header(tmp_path: Path) -> None:
    write_xlsx(tmp_path / "a.xlsx", [OutSheet("A", COLUMNS, ROWS)])
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    assert sheet["B2"].number_format == "[$-42A]dd/mm/yyyy"
    assert sheet["C2"].number_format == "#,##0"
    assert sheet.freeze_panes == "A2"
    assert sheet["A1"].font.bold
    assert sheet.column_dimensions["A"].width == pytest.approx(28, abs=1)


def test_hostile_texts_stay_texts_in_a_workbook(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write_xlsx(path, [OutSheet("A", [Column("x")], [[text] for text in HOSTILE])])
    part = zipfile.ZipFile(path).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in part
    assert "<hyperlink" not in part
    assert [row[0] for row in read_sheets(path)[0].rows[1:]] == HOSTILE


def test_hostile_texts_round_trip_through_csv(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with path.open("wb") as stream:
        write_csv(stream, ["Họ tên", "Ghi chú"], [[text, None] for text in HOSTILE])
    raw = path.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    assert b"\n=" not in raw
    assert b'\n"=' not in raw
    assert [row[0] for row in read_sheets(path)[0].rows[1:]] == HOSTILE


def test_sheet_names_are_mended_and_kept_apart() -> None:
    target = io.BytesIO()
    names = ["Phòng: A/B", "Phòng  A B", "x" * 40, "x" * 50, "", "phòng  a b"]
    write_xlsx(target, [OutSheet(name, [Column("x")], []) for name in names])
    titles = openpyxl.load_workbook(target).sheetnames
    assert len({title.lower() for title in titles}) == len(names)
    assert all(0 < len(title) <= 31 for title in titles)


def test_equal_input_gives_equal_bytes() -> None:
    made = []
    for _ in range(2):
        target = io.BytesIO()
        write_xlsx(target, [OutSheet("A", COLUMNS, ROWS)], created=dt.datetime(2026, 1, 1))
        made.append(target.getvalue())
    assert made[0] == made[1]


def test_text_longer_than_a_cell_is_an_error() -> None:
    with pytest.raises(ValueError, match="Row 2"):
        write_xlsx(io.BytesIO(), [OutSheet("A", [Column("x")], [["y" * 40_000]])])


RICH = "<r><t>x</t></r>"
WORDS = [
    *("<r>", " mép ", "a\nb", "a\rb", "_x000D_", "\x07", 'nháy "kép" & <thẻ>', "\uffff", "x" * 32_767),
    *(0, -1.5, 1e-7, 12345678901234, Decimal("0.1"), float("nan"), float("inf"), None, True, False),
]
DAYS = [dt.date(1980, 2, 29), dt.datetime(2026, 11, 30, 8, 5, 30), dt.time(7, 30), dt.date(1900, 1, 1)]


def written_by_the_library(values: list[object]) -> io.BytesIO:
    """A heading and the values below it, cell by cell."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"constant_memory": True, "nan_inf_to_errors": True}) as book:
        sheet, day = book.add_worksheet(), book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
        for row, value in enumerate(["x", *values]):
            if isinstance(value, str):
                sheet.write_string(row, 0, value)
            elif isinstance(value, (dt.date, dt.time)):
                sheet.write_datetime(row, 0, value, day)
            elif value is not None:
                sheet.write(row, 0, value)
    return target


def column(file: io.BytesIO) -> list[object]:
    return [row[0].value for row in openpyxl.load_workbook(file, data_only=True).active.iter_rows(min_row=2)]


@pytest.mark.parametrize(("values", "kind"), [(WORDS, "text"), (DAYS, "datetime")])
def test_rows_written_whole_read_as_those_written_cell_by_cell(values: list[object], kind: Any) -> None:
    ours = io.BytesIO()
    write_xlsx(ours, [OutSheet("A", [Column("x", kind=kind)], [[value] for value in values])])
    assert column(ours) == column(written_by_the_library(values))


def test_a_text_that_looks_like_one_with_formats_inside_stays_a_text() -> None:
    """The library hands it through into the sheet as it stands."""
    ours = io.BytesIO()
    write_xlsx(ours, [OutSheet("A", [Column("x")], [[RICH]])])
    assert column(ours) == [RICH]
    assert column(written_by_the_library([RICH])) == ["x"]


def test_a_text_longer_than_a_cell_is_refused_by_its_row() -> None:
    with pytest.raises(ValueError, match="Row 3"):
        write_xlsx(io.BytesIO(), [OutSheet("A", [Column("x")], [["a"], ["x" * 32_768]])])
