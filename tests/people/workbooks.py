"""Staff workbooks for tests; every person in them is made up."""

from collections.abc import Sequence
from pathlib import Path

from nanglucso.kit.spreadsheets import Column, OutSheet, write_xlsx

HEADS = ("STT", "Họ và tên", "Ngày sinh", "Số hiệu CBCCVC", "Đơn vị", "Vị trí việc làm", "Thư điện tử")
NGAN = ("Lê Thị Kim Ngân", "12/04/1985", "CT-1001", "UBND phường Cái Khế", "Chủ tịch UBND phường", "ngan@vidu.gov.vn")
HIEU = ("Danh Minh Hiếu", "05/02/1990", "CT-1002", "Văn phòng HĐND và UBND phường Cái Khế", "Văn thư", "")
AN = ("Trần Văn An", "1979", "CT-1003", "Sở Nội vụ", "Chuyên viên", "")


def book(path: Path, rows: Sequence[Sequence[object]], heads: Sequence[str] = HEADS) -> Path:
    """One sheet with a heading row and numbered rows."""
    numbered = [[place, *row] for place, row in enumerate(rows, start=1)]
    write_xlsx(path, [OutSheet("Danh sách", [Column(head) for head in heads], numbered)])
    return path


def crowd(path: Path, number: int, units: Sequence[str]) -> Path:
    """A list of many made-up people spread over units."""
    rows = [
        (
            f"Nguyễn Thử {'ABCDEGHIKLMN'[place % 12]}{'aeiou'[place % 5]}n",
            f"{place % 27 + 1:02}/{place % 12 + 1:02}/{1970 + place % 30}",
            f"TH{place:06}",
            units[place % len(units)],
            "Chuyên viên",
            "",
        )
        for place in range(number)
    ]
    return book(path, rows)
