"""Nasty spreadsheets, made by code: each is a staff list of made-up people that something has been done to."""

from __future__ import annotations

import datetime as dt
import io
import unicodedata
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import xlsxwriter

from tests.kit.hostile import bomb, cell, far_corner, write_raw_xlsx
from tests.messy import to_1258

HEADS = ("STT", "Họ và tên", "Ngày sinh", "Số hiệu CBCCVC", "Đơn vị", "Chức vụ", "Thư điện tử")
NAMES = ("Lê Thị Kim Ngân", "Nguyễn Văn Ánh", "Phạm Hữu Nghĩa", "Huỳnh Ngọc Nguyệt", "Đặng Quốc Dương", "Thạch Sa Rinh")
UNITS = ("Sở Nội vụ", "Phường Cái Khế", "Sở Tư pháp", "Xã Phong Điền", "Sở Y tế", "Phường Ninh Kiều")
ROWS: list[list[Any]] = [
    [at + 1, name, f"{at + 11}/04/198{at}", f"NX-{at + 1:03}", UNITS[at], "Chuyên viên", f"a{at}@vidu.gov.vn"]
    for at, name in enumerate(NAMES)
]
Maker = Callable[[Path], Path]
MAKERS: dict[str, Maker] = {}


def nasty(maker: Maker) -> Maker:
    """Register a file under the name of its maker."""
    MAKERS[maker.__name__] = maker
    return maker


def changed(at: int, value: Any, rows: Sequence[Sequence[Any]] = ROWS) -> list[list[Any]]:
    """The rows with another value in one column of the second person."""
    return [[*row[:at], value, *row[at + 1 :]] if place == 1 else [*row] for place, row in enumerate(rows)]


def book(path: Path, grid: Sequence[Sequence[Any]], after: Callable[[Any], None] | None = None) -> Path:
    """One sheet through openpyxl; `after` does what is nasty to it."""
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.title = "Danh sách"
    for row in grid:
        sheet.append(list(row))
    if after:
        after(sheet)
    made.save(path)
    return path


def listed(rows: Sequence[Sequence[Any]] = ROWS, heads: Sequence[Any] = HEADS) -> list[list[Any]]:
    return [list(heads), *(list(row) for row in rows)]


def text(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def csv_of(rows: Sequence[Sequence[Any]] = ROWS, mark: str = ";", end: str = "\r\n") -> str:
    return end.join(mark.join(str(one) for one in row) for row in listed(rows)) + end


# ---------------------------------------------------------------- formulas and errors
@nasty
def formulas_with_results(folder: Path) -> Path:
    path = folder / "a.xlsx"
    with xlsxwriter.Workbook(path) as made:
        sheet = made.add_worksheet()
        for at, row in enumerate(listed()):
            sheet.write_row(at, 0, row)
            if at:
                sheet.write_formula(at, 1, f'=CONCATENATE("{row[1]}","")', None, row[1])
                sheet.write_formula(at, 0, "=ROW()-1", None, at)
    return path


@nasty
def formulas_without_results(folder: Path) -> Path:
    return book(folder / "a.xlsx", listed(changed(1, "=B2")))


@nasty
def every_name_a_formula_without_result(folder: Path) -> Path:
    rows = [[row[0], f'=CONCATENATE("{row[1]}","")', *[f'=""&"{one}"' for one in row[2:]]] for row in ROWS]
    return book(folder / "a.xlsx", listed(rows))


@nasty
def error_in_the_unit(folder: Path) -> Path:
    return book(folder / "a.xlsx", listed(changed(4, "#N/A")), lambda sheet: setattr(sheet["E3"], "data_type", "e"))


@nasty
def error_in_the_email(folder: Path) -> Path:
    return book(folder / "a.xlsx", listed(changed(6, "#REF!")), lambda sheet: setattr(sheet["G3"], "data_type", "e"))


@nasty
def error_in_the_name(folder: Path) -> Path:
    return book(folder / "a.xlsx", listed(changed(1, "#NAME?")))


@nasty
def formula_as_text_in_csv(folder: Path) -> Path:
    return text(folder / "a.csv", csv_of(changed(6, "=cmd|' /C calc'!A0")).encode())


# ---------------------------------------------------------------- heads, merges, order
@nasty
def two_row_merged_heads(folder: Path) -> Path:
    upper = ["STT", "Họ và tên", None, "Ngày sinh", "Số hiệu", "Đơn vị", "Chức vụ"]
    lower = [None, "Họ đệm", "Tên", None, None, None, None]
    rows = [[row[0], *row[1].rsplit(" ", 1), *row[2:6]] for row in ROWS]

    def merge(sheet: Any) -> None:
        sheet.merge_cells("B1:C1")
        for letter in "ADEFG":
            sheet.merge_cells(f"{letter}1:{letter}2")

    return book(folder / "a.xlsx", [upper, lower, *rows], merge)


@nasty
def units_merged_downwards(folder: Path) -> Path:
    rows = [[*row[:4], "Sở Nội vụ" if at in (0, 3) else None, *row[5:]] for at, row in enumerate(ROWS)]

    def merge(sheet: Any) -> None:
        sheet.merge_cells("E2:E4")
        sheet.merge_cells("E5:E7")

    return book(folder / "a.xlsx", listed(rows), merge)


@nasty
def heads_in_row_twelve(folder: Path) -> Path:
    above = [["SỞ NỘI VỤ"], ["DANH SÁCH"], *[[] for _ in range(9)]]
    return book(folder / "a.xlsx", [*above, *listed()])


@nasty
def heads_below_row_sixty(folder: Path) -> Path:
    return book(folder / "a.xlsx", [*[["ghi chú", at] for at in range(80)], *listed()])


@nasty
def heads_without_marks(folder: Path) -> Path:
    return book(
        folder / "a.xlsx", listed(heads=["stt", "ho va ten", "ngay sinh", "so hieu", "don vi", "chuc vu", "email"])
    )


@nasty
def heads_broken_over_lines(folder: Path) -> Path:
    return book(
        folder / "a.xlsx",
        listed(heads=["STT", "Họ\nvà tên", "Ngày\ntháng\nnăm sinh", "Số\nhiệu", "Đơn\nvị", "Chức\nvụ", "E-mail"]),
    )


@nasty
def columns_in_another_order(folder: Path) -> Path:
    return book(folder / "a.xlsx", [list(reversed(row)) for row in listed()])


@nasty
def column_twice(folder: Path) -> Path:
    return book(folder / "a.xlsx", [[*row, "Đơn vị" if at == 0 else "Sở Ngoại vụ"] for at, row in enumerate(listed())])


@nasty
def no_heads(folder: Path) -> Path:
    return book(folder / "a.xlsx", ROWS)


@nasty
def on_its_side(folder: Path) -> Path:
    return book(folder / "a.xlsx", [list(column) for column in zip(*listed(), strict=True)])


@nasty
def one_column(folder: Path) -> Path:
    return book(folder / "a.xlsx", [["Họ và tên"], *[[name] for name in NAMES]])


@nasty
def heads_and_nobody(folder: Path) -> Path:
    return book(folder / "a.xlsx", [list(HEADS)])


# ---------------------------------------------------------------- sheets
@nasty
def two_lists_one_below_the_other(folder: Path) -> Path:
    other = [["Đơn vị", "STT", "Họ tên", "Chức danh"], ["Sở Y tế", 1, "Sơn Thị Bé", "Cán sự"]]
    return book(folder / "a.xlsx", [*listed(), [], [], *other])


@nasty
def two_lists_side_by_side(folder: Path) -> Path:
    half = listed(ROWS[:3])
    other = listed(ROWS[3:])
    return book(folder / "a.xlsx", [[*one, None, *two] for one, two in zip(half, other, strict=True)])


@nasty
def several_sheets(folder: Path) -> Path:
    def more(sheet: Any) -> None:
        for name, rows in (("Phường Cái Khế", ROWS[2:4]), ("Xã Phong Điền", ROWS[4:])):
            other = sheet.parent.create_sheet(name)
            for row in listed(rows):
                other.append(row)
        sheet.parent.create_sheet("Trống")
        notes = sheet.parent.create_sheet("Hướng dẫn")
        notes.append(["Điền đủ các cột", "Không gộp ô"])

    return book(folder / "a.xlsx", listed(ROWS[:2]), more)


def _hide_sheet(state: str) -> Callable[[Any], None]:
    def hide(sheet: Any) -> None:
        other = sheet.parent.create_sheet("Cũ")
        for row in listed([[1, "Sơn Văn Ẩn", "01/01/1980", "NX-999", "Sở Nội vụ", "Cán sự", ""]]):
            other.append(row)
        other.sheet_state = state

    return hide


@nasty
def hidden_sheet(folder: Path) -> Path:
    return book(folder / "a.xlsx", listed(), _hide_sheet("hidden"))


@nasty
def very_hidden_sheet(folder: Path) -> Path:
    return book(folder / "a.xlsx", listed(), _hide_sheet("veryHidden"))


@nasty
def hidden_rows(folder: Path) -> Path:
    def hide(sheet: Any) -> None:
        for number in (3, 4):
            sheet.row_dimensions[number].hidden = True

    return book(folder / "a.xlsx", listed(), hide)


@nasty
def hidden_columns(folder: Path) -> Path:
    return book(folder / "a.xlsx", listed(), lambda sheet: setattr(sheet.column_dimensions["D"], "hidden", True))


@nasty
def chart_sheet_first(folder: Path) -> Path:
    path = folder / "a.xlsx"
    with xlsxwriter.Workbook(path) as made:
        chart = made.add_chart({"type": "column"})
        made.add_chartsheet("Biểu đồ").set_chart(chart)
        sheet = made.add_worksheet("Danh sách")
        for at, row in enumerate(listed()):
            sheet.write_row(at, 0, row)
        chart.add_series({"values": "='Danh sách'!$A$2:$A$4"})
    return path


@nasty
def filter_table_and_comments(folder: Path) -> Path:
    path = folder / "a.xlsx"
    with xlsxwriter.Workbook(path) as made:
        sheet = made.add_worksheet()
        sheet.add_table(0, 0, len(ROWS), 6, {"data": ROWS, "columns": [{"header": head} for head in HEADS]})
        sheet.write_comment("B2", "kiểm tra lại")
        sheet.data_validation("F2:F9", {"validate": "list", "source": ["Chuyên viên", "Cán sự"]})
    return path


@nasty
def a_million_empty_rows(folder: Path) -> Path:
    rows = "".join(
        f'<row r="{at + 1}">'
        + "".join(cell(f"{'ABCDEFG'[column]}{at + 1}", str(one)) for column, one in enumerate(row))
        + "</row>"
        for at, row in enumerate(listed())
    )
    empty = "".join(f'<row r="{number}" spans="1:7"/>' for number in range(len(ROWS) + 2, 1_000_001))
    return write_raw_xlsx(folder / "a.xlsx", rows + empty)


@nasty
def a_million_rows_of_blanks(folder: Path) -> Path:
    blank = "".join(f'<row r="{at}"><c r="A{at}" t="str"><v> </v></c></row>' for at in range(2, 300_000))
    return write_raw_xlsx(folder / "a.xlsx", f'<row r="1">{cell("A1", "Họ và tên")}{cell("B1", "Đơn vị")}</row>{blank}')


@nasty
def one_cell_in_the_far_corner(folder: Path) -> Path:
    return far_corner(folder / "a.xlsx")


# ---------------------------------------------------------------- values
@nasty
def dates_before_1900(folder: Path) -> Path:
    return book(folder / "a.xlsx", listed(changed(2, "12/04/1898")))


@nasty
def dates_of_the_1904_system(folder: Path) -> Path:
    def epoch(sheet: Any) -> None:
        sheet.parent.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
        for at, row in enumerate(ROWS):
            sheet.cell(at + 2, 3).value = dt.datetime.strptime(row[2], "%d/%m/%Y")
            sheet.cell(at + 2, 3).number_format = "dd/mm/yyyy"

    return book(folder / "a.xlsx", listed(), epoch)


@nasty
def months_first(folder: Path) -> Path:
    return book(folder / "a.xlsx", listed(changed(2, "04/29/1981")))


@nasty
def two_digit_years(folder: Path) -> Path:
    return book(folder / "a.xlsx", listed(changed(2, "12/04/81")))


@nasty
def serial_numbers_as_text(folder: Path) -> Path:
    day = (dt.date(1981, 4, 12) - dt.date(1899, 12, 30)).days
    return book(folder / "a.xlsx", listed(changed(2, str(day))))


@nasty
def numbers_as_text_and_texts_as_numbers(folder: Path) -> Path:
    rows = [
        [str(row[0]), *row[1:3], 100_000 + at if at % 2 else f"{100_000 + at}", *row[4:]] for at, row in enumerate(ROWS)
    ]
    return book(folder / "a.xlsx", listed(rows))


@nasty
def decomposed_letters(folder: Path) -> Path:
    return book(
        folder / "a.xlsx",
        [[unicodedata.normalize("NFD", one) if isinstance(one, str) else one for one in row] for row in listed()],
    )


@nasty
def no_break_and_zero_width_spaces(folder: Path) -> Path:
    grid = [
        [f"\u200b{one.replace(' ', chr(160))}\ufeff " if isinstance(one, str) else one for one in row]
        for row in listed()
    ]
    return book(folder / "a.xlsx", grid)


@nasty
def two_people_under_one_number(folder: Path) -> Path:
    return book(folder / "a.xlsx", listed(changed(3, "NX-001")))


@nasty
def the_same_row_twice(folder: Path) -> Path:
    return book(folder / "a.xlsx", listed([*ROWS, [7, *ROWS[0][1:]]]))


@nasty
def citizen_number_rounded(folder: Path) -> Path:
    grid = [[*row, "Số CCCD" if at == 0 else "9,2E+10" if at == 2 else ""] for at, row in enumerate(listed())]
    return text(folder / "a.csv", "\n".join(";".join(str(one) for one in row) for row in grid).encode())


@nasty
def a_cell_longer_than_any(folder: Path) -> Path:
    return text(folder / "a.csv", csv_of(changed(5, "x" * 33_000)).encode())


# ---------------------------------------------------------------- letters and separators
@nasty
def csv_in_windows_1258(folder: Path) -> Path:
    return text(folder / "a.csv", to_1258(csv_of()))


@nasty
def csv_in_utf_16(folder: Path) -> Path:
    return text(folder / "a.csv", csv_of(mark="\t").encode("utf-16"))


@nasty
def csv_in_utf_16_without_mark(folder: Path) -> Path:
    return text(folder / "a.csv", csv_of(mark=",").encode("utf-16-be"))


@nasty
def csv_with_old_line_ends(folder: Path) -> Path:
    return text(folder / "a.csv", csv_of(end="\r").encode("utf-8-sig"))


@nasty
def csv_with_a_quote_that_never_ends(folder: Path) -> Path:
    whole = csv_of().replace("Phạm Hữu", '"Phạm Hữu')
    return text(folder / "a.csv", whole.encode())


def _old(font: str) -> Callable[[str], str]:
    from nanglucso.kit import legacyfonts

    if font == "TCVN3":
        back = {new: old for old, new in legacyfonts._ALONE.items()}
        return lambda told: "".join(back.get(one) or back.get(one.lower(), one) for one in told)
    vni = {new: old for old, new in legacyfonts._VNI.items()}
    return lambda told: "".join(
        vni[one.lower()].upper() if one.isupper() and one.lower() in vni else vni.get(one, one) for one in told
    )


def _typed(font: str, heads: bool = True) -> list[list[Any]]:
    way = _old(font)
    return [
        [way(one) if isinstance(one, str) and (at or heads) else one for one in row] for at, row in enumerate(listed())
    ]


@nasty
def tcvn3_workbook(folder: Path) -> Path:
    return book(folder / "a.xlsx", _typed("TCVN3"))


@nasty
def tcvn3_csv(folder: Path) -> Path:
    return text(
        folder / "a.csv", "\n".join(";".join(str(one) for one in row) for row in _typed("TCVN3")).encode("cp1252")
    )


@nasty
def vni_workbook(folder: Path) -> Path:
    return book(folder / "a.xlsx", _typed("VNI"))


@nasty
def tcvn3_below_heads_of_today(folder: Path) -> Path:
    return book(folder / "a.xlsx", _typed("TCVN3", heads=False))


@nasty
def old_letters_that_may_be_two_things(folder: Path) -> Path:
    grid = _typed("TCVN3")
    grid[0] = list(HEADS)
    return book(
        folder / "a.xlsx", [*grid, *[[at, "Lê Hà", None, None, "Sở Y tế", "Cán sự", None] for at in range(7, 10)]]
    )


# ---------------------------------------------------------------- files that are something else
@nasty
def workbook_named_xls(folder: Path) -> Path:
    return book(folder / "a.xlsx", listed()).rename(folder / "a.xls")


@nasty
def workbook_named_csv(folder: Path) -> Path:
    return book(folder / "a.xlsx", listed()).rename(folder / "a.csv")


@nasty
def csv_named_xlsx(folder: Path) -> Path:
    return text(folder / "a.xlsx", csv_of().encode())


@nasty
def old_workbook(folder: Path) -> Path:
    return text(folder / "a.xls", _fixture())


@nasty
def old_workbook_named_xlsx(folder: Path) -> Path:
    return text(folder / "a.xlsx", _fixture())


@nasty
def old_workbook_with_a_password(folder: Path) -> Path:
    """The record behind the workbook's beginning is made the one that says "encrypted from here on"."""
    data = _fixture()
    at = data.index(b"\x09\x08\x10\x00\x00\x06\x05\x00") + 20
    return text(folder / "a.xls", data[:at] + b"\x2f\x00" + data[at + 2 :])


def _fixture() -> bytes:
    return (Path(__file__).parents[1] / "kit" / "files" / "messy_staff.xls").read_bytes()


@nasty
def workbook_with_macros(folder: Path) -> Path:
    with (
        zipfile.ZipFile(book(folder / "b.xlsx", listed())) as source,
        zipfile.ZipFile(folder / "a.xlsm", "w") as target,
    ):
        for part in source.infolist():
            data = source.read(part)
            if part.filename == "[Content_Types].xml":
                data = data.replace(b"sheet.main+xml", b"sheet.macroEnabled.main+xml").replace(
                    b"officedocument.spreadsheetml.sheet.macro", b"ms-excel.sheet.macro"
                )
            target.writestr(part, data)
        target.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0 macro")
    return folder / "a.xlsm"


@nasty
def workbook_with_a_password(folder: Path) -> Path:
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    return text(folder / "a.xlsx", head + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600))


@nasty
def sheet_protected_but_not_locked(folder: Path) -> Path:
    return book(folder / "a.xlsx", listed(), lambda sheet: sheet.protection.enable())


@nasty
def zip_bomb(folder: Path) -> Path:
    return bomb(folder / "a.xlsx")


@nasty
def broken_zip(folder: Path) -> Path:
    data = book(folder / "b.xlsx", listed()).read_bytes()
    return text(folder / "a.xlsx", data[: len(data) * 2 // 3])


@nasty
def zip_of_something_else(folder: Path) -> Path:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("anh.png", b"\x89PNG")
    return text(folder / "a.xlsx", packed.getvalue())


@nasty
def web_page_named_xls(folder: Path) -> Path:
    return text(
        folder / "a.xls", b"<html><body><table><tr><td>H\xe1\xbb\x8d t\xc3\xaan</td></tr></table></body></html>"
    )


@nasty
def word_document(folder: Path) -> Path:
    with zipfile.ZipFile(folder / "a.docx", "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    return folder / "a.docx"


@nasty
def pdf_named_xlsx(folder: Path) -> Path:
    return text(folder / "a.xlsx", b"%PDF-1.7\n" + bytes(range(256)) * 8 + b"%%EOF")


@nasty
def empty_file(folder: Path) -> Path:
    return text(folder / "a.xlsx", b"")


@nasty
def blank_workbook(folder: Path) -> Path:
    return book(folder / "a.xlsx", [])


@nasty
def entity_bomb(folder: Path) -> Path:
    return write_raw_xlsx(folder / "a.xlsx", "", prologue='<!DOCTYPE x [<!ENTITY a "aaaa">]>')
