"""What each row is: people, unit headings, totals, signatures, and everything else by its name."""

import pytest

from nanglucso.kit.spreadsheets import Cell, Sheet
from nanglucso.workforce.people.staffsheet.header import find_header
from nanglucso.workforce.people.staffsheet.headings import HeadingPath, is_unit_text, take_apart
from nanglucso.workforce.people.staffsheet.rows import RowReader, is_column_numbers, title_units

HEADER: tuple[Cell, ...] = ("STT", "Họ và tên", "Ngày sinh", "Chức vụ", "Đơn vị", "Email")


def kinds(*rows: tuple[Cell, ...], merged: tuple[tuple[int, int, int, int], ...] = ()) -> list[str]:
    """What the rows below the usual heading are."""
    sheet = Sheet("a", (HEADER, *rows), merged)
    columns = find_header(sheet)
    assert columns is not None
    return [row.kind for row in RowReader(sheet, columns).read()][1:]


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        ((1.0, "Lê Giả Định", "1980", "Chuyên viên", "Sở Y tế", "a@b.vn"), "person"),
        (("1", "Tổng Giả Định", "1980", "Chuyên viên", "Sở Y tế"), "person"),
        (("1", "Tống Văn An", None, None, None), "person"),
        ((None, "Lê Giả Định", "1980", None, None), "person"),
        ((1.0, "Lê Giả Định"), "person"),
        ((1.0, "Lê Giả Định", "1980", "Kế toán trưởng"), "person"),
        ((1.0, "Trương Văn An"), "person"),
        (("(1)", "(2)", "(3)", "(4)", "(5)", "(6)"), "column_numbers"),
        (("A", "B", 1.0, 2.0, 3.0, 4.0), "column_numbers"),
        ((1.0, 2.0, 3.0, 4.0, 5.0, 6.0), "column_numbers"),
        ((), "blank"),
        ((None, "   ", "\u00a0"), "blank"),
        ((None, "Tổng cộng: 12 người"), "total"),
        (("TỔNG CỘNG", None, 12.0, 3.0, 4.0, 5.0), "total"),
        ((None, "Cộng", 12.0), "total"),
        (("I", "PHÒNG NỘI VỤ"), "unit_heading"),
        (("I. Sở Nội vụ",), "unit_heading"),
        ((None, "Phòng Nội vụ (12 người)"), "unit_heading"),
        (("A", "KHỐI ĐẢNG", 25.0), "unit_heading"),
        ((1.0, "Phòng Văn hóa - Xã hội"), "unit_heading"),
        (("Đơn vị: Trường Tiểu học Giả Định",), "unit_heading"),
        ((None, "P. Kinh tế"), "unit_heading"),
        ((None, None, None, None, None, "Cần Thơ, ngày 05 tháng 02 năm 2026"), "footer"),
        ((None, "NGƯỜI LẬP BIỂU", None, None, "THỦ TRƯỞNG ĐƠN VỊ"), "footer"),
        ((None, "(Ký, ghi rõ họ tên)"), "footer"),
        (("Danh sách này có 12 người",), "footer"),
        ((None, None, "1980", "Chuyên viên", "Sở Y tế"), "no_name"),
        ((None, None, None, None, None, "xem lại"), "stray"),
        (HEADER, "repeated_header"),
        (("stt", "HỌ VÀ TÊN", "ngày sinh", "Chức vụ", "Đơn vị", "Email"), "repeated_header"),
    ],
)
def test_one_row(row: tuple[Cell, ...], kind: str) -> None:
    assert kinds(row) == [kind]


def test_names_under_a_signature_are_not_people() -> None:
    signed = (None, "NGƯỜI LẬP BIỂU", None, None, "THỦ TRƯỞNG")
    assert kinds(signed, (), (None, "Lê Giả Định", None, None, "Trần Giả Danh")) == ["footer", "blank", "footer"]


def test_a_numbered_person_after_a_signature_is_one_again() -> None:
    signed = (None, "Người lập biểu")
    assert kinds(signed, (9.0, "Lê Giả Định", "1980", "Văn thư", "Sở Y tế"))[1] == "person"
    assert kinds(signed, ("II", "PHÒNG NỘI VỤ"), (1.0, "Lê Giả Định", "1980"))[1:] == ["unit_heading", "person"]


def test_a_merged_line_across_the_table_is_a_heading_unless_it_is_a_note() -> None:
    across = ((1, 0, 1, 5),)
    assert kinds(("Cảng vụ Giả Định",), merged=across) == ["unit_heading"]
    assert kinds(("Cảng vụ Giả Định",)) == ["stray"]
    assert kinds(("Ghi chú: số liệu giả định",), merged=across) == ["stray"]


def test_a_new_heading_row_may_change_the_order_of_columns() -> None:
    other = ("Họ và tên", "STT", "Email", "Đơn vị", "Chức vụ", "Ngày sinh")
    rows = (
        HEADER,
        (1.0, "Lê Giả Định", "1980", "Văn thư", "Sở Y tế"),
        other,
        ("Trần Giả Danh", 1.0, "a@b.vn", "Sở Y tế"),
    )
    sheet = Sheet("a", rows)
    columns = find_header(sheet)
    assert columns is not None
    read = list(RowReader(sheet, columns).read())
    assert [row.kind for row in read] == ["header", "person", "repeated_header", "person"]
    assert read[2].columns is not None
    assert read[2].columns.places()["name"] == 0


def test_paths_of_nested_headings() -> None:
    path = HeadingPath()
    seen = []
    for mark, text in [
        *(("I", "SỞ NỘI VỤ"), ("1", "Phòng A"), ("2", "Phòng B"), ("II", "SỞ Y TẾ"), ("1", "Phòng C")),
        *(("", "UBND phường X"), ("", "Phòng D"), ("", "Phòng E"), ("", "Sở G")),
    ]:
        path.enter(mark, text)
        seen.append(" > ".join(path.path))
    assert seen[:5] == ["SỞ NỘI VỤ", "SỞ NỘI VỤ > Phòng A", "SỞ NỘI VỤ > Phòng B", "SỞ Y TẾ", "SỞ Y TẾ > Phòng C"]
    path.clear()
    for mark, text in [("", "UBND phường X"), ("", "Phòng D"), ("", "Phòng E"), ("", "Sở G")]:
        path.enter(mark, text)
        seen.append(" > ".join(path.path))
    assert seen[-4:] == ["UBND phường X", "UBND phường X > Phòng D", "UBND phường X > Phòng E", "Sở G"]


@pytest.mark.parametrize(
    ("text", "mark", "bare"),
    [
        ("II. PHÒNG NỘI VỤ (12 người)", "II", "PHÒNG NỘI VỤ"),
        ("1.2. Phòng A: 5 cán bộ", "1.2", "Phòng A"),
        ("Đơn vị: Sở Y tế", "", "Sở Y tế"),
        ("P. Cái Khế", "", "P. Cái Khế"),
        ("X. Vĩnh Hải", "", "X. Vĩnh Hải"),
        ("X. Phòng Nội vụ", "X", "Phòng Nội vụ"),
        ("Phòng 2 (gồm 3 người)", "", "Phòng 2"),
    ],
)
def test_take_apart(text: str, mark: str, bare: str) -> None:
    assert take_apart(text) == (mark, bare)


def test_unit_texts_heed_marks() -> None:
    assert is_unit_text("Trường Tiểu học A")
    assert not is_unit_text("Trương Tiểu Học")
    assert not is_unit_text("Phong Văn An")
    assert not is_unit_text("Hộian")


def test_column_numbers_must_rise() -> None:
    assert is_column_numbers(["(1)", "(2)", "(3)"])
    assert not is_column_numbers(["1", "2", "4"])
    assert not is_column_numbers(["1", "2"])
    assert not is_column_numbers(["A", "B", "C"])


def test_title_units_are_agencies_above_the_heading() -> None:
    rows = (("UBND PHƯỜNG CÁI KHẾ", None, "CỘNG HÒA XÃ HỘI"), ("PHÒNG VĂN HÓA - XÃ HỘI",), ("DANH SÁCH",), HEADER)
    assert title_units(Sheet("a", rows), 3) == ("UBND PHƯỜNG CÁI KHẾ", "PHÒNG VĂN HÓA - XÃ HỘI")
