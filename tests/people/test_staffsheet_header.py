"""Which heading means what, and where the heading block stands."""

from pathlib import Path

import openpyxl
import pytest

from nanglucso.kit.spreadsheets import Sheet, read_sheets
from nanglucso.workforce.people.staffsheet.fields import FIELDS, HEADINGS, guess
from nanglucso.workforce.people.staffsheet.header import find_header, header_at, with_mapping
from nanglucso.workforce.people.staffsheet.problems import BadStaffFile


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        *(("HỌ VÀ TÊN", "name"), ("Họ tên", "name"), ("Ho va ten", "name"), ("Họ và tên khai sinh", "name")),
        *(("Họ  và\ntên CBCCVC", "name"), ("Họ và tên đệm", "ho_dem"), ("Tên", "ten"), ("Họ và tên Họ đệm", "ho_dem")),
        *(("Ngày sinh (dd/mm/yyyy)", "birth_date"), ("NĂM SINH", "birth_date"), ("NAM SINH", "birth_date")),
        *(
            ("Ngày sinh Nam", "birth_male"),
            ("Ngày sinh Năm", "birth_year"),
            ("Ngày, tháng, năm sinh Nữ", "birth_female"),
        ),
        *(("Giới tính", "gender"), ("Nam/Nữ", "gender"), ("Nữ", "gender_female"), ("Đ.vị công tác", "unit")),
        *(("Cơ quan, đơn vị công tác hiện nay", "unit"), ("Phòng/Ban", "department"), ("Vị trí việc làm", "position")),
        *(
            ("Chức vụ, chức danh", "title"),
            ("Chức vụ hiện nay", "title"),
            ("Ngạch/bậc", "rank"),
            ("Mã ngạch", "rank_code"),
        ),
        *(("Số hiệu CBCCVC", "staff_code"), ("MSCB", "staff_code"), ("Số CCCD (12 số)", "citizen_number")),
        *(("Số định danh cá nhân", "citizen_number"), ("CMND/CCCD", "citizen_number"), ("E-mail", "email")),
        *(("Thư điện tử công vụ", "email"), ("SĐT", "phone"), ("Điên thoại di động", "phone"), ("Số TT", "number")),
        *(("Trình độ chuyên môn", "education"), ("Ngày bổ nhiệm", "appointed_on"), ("Ghi chú", "note")),
    ],
)
def test_guess(heading: str, field: str) -> None:
    assert guess(heading)[0] == field


@pytest.mark.parametrize(
    "heading",
    [
        *(
            "Họ và tên cha",
            "Họ tên vợ (chồng)",
            "Chức vụ đảng",
            "Trình độ lý luận chính trị",
            "Ngày cấp CCCD",
            "Quê quán",
        ),
        *("Nơi cấp", "Dân tộc", "Nguyễn Văn An", "Ngày vào Đảng", "Hệ số lương", "", "123", "Ngày sinh con", "Năm"),
    ],
)
def test_guess_leaves_other_headings_alone(heading: str) -> None:
    assert guess(heading)[0] == ""


def test_every_heading_of_the_table_is_taken_for_its_field() -> None:
    wrong = [(field, text) for field in FIELDS for text in HEADINGS[field] if guess(text) != (field, 1.0)]
    assert wrong == []


def merged_book(path: Path) -> Sheet:
    """Titles, a two-row heading with cells merged both ways, a row of column numbers, one person."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["A1"], sheet["E1"] = "UBND PHƯỜNG CÁI KHẾ", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    sheet["A3"] = "DANH SÁCH CÁN BỘ"
    sheet.merge_cells("A3:I3")
    for place, text in {"A5": "STT", "B5": "Họ và tên", "C5": "Ngày sinh", "E5": "Đơn vị", "F5": "Trình độ"}.items():
        sheet[place] = text
    for place, text in {"C6": "Nam", "D6": "Nữ", "F6": "Chuyên môn", "G6": "Lý luận chính trị", "H5": "Mã số"}.items():
        sheet[place] = text
    for area in ("A5:A6", "B5:B6", "C5:D5", "E5:E6", "F5:G5", "H5:H6"):
        sheet.merge_cells(area)
    sheet.append([1, 2, 3, 4, 5, 6, 7, 8])
    sheet.append([1, "Lê Giả Định", None, "01/5/1980", "Văn phòng", "Đại học", "Cao cấp", 17.0])
    book.save(path)
    return read_sheets(path)[0]


def test_two_row_heading_with_merged_cells(tmp_path: Path) -> None:
    found = find_header(merged_book(tmp_path / "a.xlsx"))
    assert found is not None
    assert (found.first_row, found.last_row) == (4, 5)
    assert found.places() == {
        **{"number": 0, "name": 1, "birth_male": 2, "birth_female": 3, "unit": 4, "education": 5, "staff_code": 7}
    }
    assert [column.header for column in found.unmapped] == ["Trình độ Lý luận chính trị"]
    assert [column.letter for column in found.columns][:3] == ["A", "B", "C"]


def test_two_row_heading_without_merge_marks() -> None:
    rows = (
        ("Sở Văn hóa, Thể thao",),
        ("TT", "Họ và tên", "Ngày sinh", None, "Đơn vị"),
        (None, None, "Nam", "Nữ", None),
        ("1", "Lê Giả Định", "1980", None, "Văn phòng"),
    )
    found = find_header(Sheet("a", rows))
    assert found is not None
    assert (found.first_row, found.last_row) == (1, 2)
    assert found.places() == {"number": 0, "name": 1, "birth_male": 2, "birth_female": 3, "unit": 4}


def test_one_name_heading_over_two_columns() -> None:
    rows = (("TT", "Họ và tên", None, "Đơn vị"), (1.0, "Lê Giả", "Định", "A"), (2.0, "Trần Giả", "Danh", "B"))
    found = find_header(Sheet("a", rows, merged=((0, 1, 0, 2),)))
    assert found is not None
    assert found.places() == {"number": 0, "ho_dem": 1, "ten": 2, "unit": 3}


def test_bare_nam_and_nu_are_told_by_their_values() -> None:
    dates = Sheet(
        "a", (("Họ tên", "Nam", "Nữ", "Đơn vị"), ("Lê A", "1980", None, "x"), ("Lê B", None, "02/03/1981", "x"))
    )
    marks = Sheet("a", (("Họ tên", "Nam", "Nữ", "Đơn vị"), ("Lê A", "x", None, "x"), ("Lê B", None, "X", "x")))
    found, other = find_header(dates), find_header(marks)
    assert found is not None
    assert other is not None
    assert {"birth_male", "birth_female"} <= found.places().keys()
    assert {"gender_male", "gender_female"} <= other.places().keys()


def test_the_first_good_table_is_taken_not_the_richest() -> None:
    small = (("Họ tên", "Đơn vị", "Email"), ("Lê A", "x", "a@b.vn"))
    rich = (("Họ tên", "Đơn vị", "Email", "SĐT"), ("Lê B", "x", "b@b.vn", "0900000000"))
    found = find_header(Sheet("a", (*small, *rich)))
    assert found is not None
    assert found.first_row == 0


def test_no_heading_no_map() -> None:
    sheet = Sheet("a", (("a", "b"), ("Lê A", "Sở Y tế")))
    assert find_header(sheet) is None
    assert header_at(sheet, 1) is None


def test_explicit_mapping_by_letter_heading_and_number() -> None:
    sheet = Sheet("a", (("Người", "Nơi", "Đơn vị", "Mã"), ("Lê A", "Sở Y tế", "kg", "7")))
    chosen = with_mapping(sheet, None, {"name": "A", "unit": 1, "staff_code": "D"}, "a.xlsx")
    assert chosen.places() == {"name": 0, "unit": 1, "staff_code": 3}
    assert chosen.has_name
    found = find_header(Sheet("a", (("Họ tên", "Nơi", "Đơn vị"), ("Lê A", "Sở Y tế", "kg"))))
    moved = with_mapping(sheet, found, {"unit": "Nơi", "name": "A"}, "a.xlsx")
    assert moved.places() == {"name": 0, "unit": 1}
    assert [column.header for column in moved.unmapped] == ["Đơn vị"]
    assert with_mapping(sheet, found, {"unit": None}, "a.xlsx").places() == {"name": 0}


@pytest.mark.parametrize(("mapping", "code"), [({"salary": "A"}, "unknown_field"), ({"unit": "Z"}, "unknown_column")])
def test_explicit_mapping_refused(mapping: dict[str, str], code: str) -> None:
    sheet = Sheet("a", (("Họ tên", "Đơn vị"), ("Lê A", "Sở Y tế")))
    with pytest.raises(BadStaffFile) as caught:
        with_mapping(sheet, find_header(sheet), mapping, "a.xlsx")
    assert caught.value.code == code
    assert "a.xlsx" in str(caught.value) or code == "unknown_field"
