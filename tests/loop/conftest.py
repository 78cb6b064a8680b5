"""Small staff files of made-up people, and a loop run inside the tests' own database."""

from pathlib import Path

import pytest
import xlsxwriter

from nanglucso.project.loop.order import Order
from nanglucso.project.loop.run import read_inputs, run_loop
from tests import make

HEADS = ("STT", "Họ và tên", "Năm sinh", "Mã cán bộ", "Đơn vị", "Chức vụ")
UNITS = ("Sở Nội vụ", "Sở Tư pháp", "Phường Cái Khế", "Xã Phong Điền")
TITLES = ("Chuyên viên", "Văn thư", "Trưởng phòng", "Cán bộ phụ trách việc lạ")
SURNAMES = ("Nguyễn", "Trần", "Lê", "Phạm")


def staff_rows(count: int, units=UNITS) -> list[tuple]:
    return [
        (
            n + 1,
            f"{SURNAMES[n % 4]} Thị Thử {chr(65 + n // 26)}{chr(97 + n % 26)}",
            1970 + n % 30,
            f"MC{n:04d}",
            units[n % len(units)],
            TITLES[n % len(TITLES)],
        )
        for n in range(count)
    ]


def workbook(path: Path, rows, heads=HEADS) -> Path:
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Danh sách")
        sheet.write_row(0, 0, heads)
        for number, row in enumerate(rows, 1):
            sheet.write_row(number, 0, row)
    return path


@pytest.fixture
def loop(tmp_path, db):
    """`loop(staff=path, budget=..., ...)` runs in this database, which holds the content and nobody."""

    def run(staff: Path, budget: int = 40_000_000, seconds: float = 1, **fields) -> dict[str, bytes]:
        order = Order(staff=staff, out=tmp_path / "out", budget=budget, seconds=seconds, **fields)
        return run_loop(order, read_inputs(order), at=make.AT, say=lambda text: None)

    return run
