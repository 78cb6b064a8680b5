"""Tables of foreign frameworks: three shapes, the guess of columns, and problems by row and column."""

import pytest

from nanglucso.core.refusals import Refused
from nanglucso.workforce.framework import services, tables
from nanglucso.workforce.framework.models import ForeignTable, Framework
from tests import make

pytestmark = pytest.mark.django_db

TWO_DEEP = [
    ["Miền năng lực", "Mã", "Năng lực thành phần"],
    ["Dữ liệu", "1.1", "Tìm kiếm dữ liệu"], ["", "1.2", "Đánh giá dữ liệu"], ["Giao tiếp", "2.1", "Tương tác"],
]  # fmt: skip
FOUR_DEEP = [
    ["Khung thử nghiệm của một tỉnh", "", "", "", ""],
    ["Lĩnh vực", "Nhóm con", "Năng lực", "Cấp độ", "Biểu hiện"],
    ["Vận hành", "Thiết bị", "Dùng máy tính", "Bậc 2", "Tự xử lý lỗi đơn giản"],
    ["", "", "", "Bậc 1", "Bật, tắt máy đúng cách"], ["", "", "", "Bậc 10", "Đặt chuẩn cho cơ quan"],
    ["", "Mạng", "Dùng mạng", "Bậc 1", "Kết nối mạng của cơ quan"],
]  # fmt: skip
BY_LEVEL = [
    ["Domain", "Code", "Competence", *[f"Level {n}" for n in range(1, 9)]],
    ["Safety", "4.1", "Protecting devices", *[f"can do {n}" for n in range(1, 9)]],
]  # fmt: skip


def taken(rows, **told):
    table = services.start_table(actor=None, name="bang.csv", rows=rows, at=make.AT)
    told = {"name": "Khung ngoài", "code": "ngoai", "version": "1", "columns": table.columns} | told
    return services.import_table(actor=None, table=table, at=make.AT, **told)


def test_two_deep_without_levels():
    row = taken(TWO_DEEP)
    codes = list(row.competences.values_list("code", "domain__name_vi"))
    assert codes == [("1.1", "Dữ liệu"), ("1.2", "Dữ liệu"), ("2.1", "Giao tiếp")]
    assert row.levels.count() == 0
    assert row.status == Framework.Status.DRAFT
    assert not ForeignTable.objects.exists()


def test_four_deep_with_levels_in_a_column():
    row = taken(FOUR_DEEP)
    assert [level.name_vi for level in row.levels.all()] == ["Bậc 1", "Bậc 2", "Bậc 10"]
    one = row.competences.get(name_vi="Dùng máy tính")
    assert one.domain.parent.name_vi == "Vận hành"
    assert one.descriptors.values_list("level__number", "text_vi").first() == (1, "Bật, tắt máy đúng cách")
    assert row.competences.get(name_vi="Dùng mạng").domain.name_vi == "Mạng"


def test_eight_levels_each_in_a_column_of_its_own():
    row = taken(BY_LEVEL)
    assert row.levels.count() == 8
    assert row.cuts == sorted(set(row.cuts))
    assert row.competences.get().descriptors.count() == 8


def test_four_five_and_eight_levels_stand_side_by_side():
    made = [make.framework(), taken(BY_LEVEL, code="tam")]
    five = [["Năng lực", "Cấp độ", "Biểu hiện"]] + [["Một năng lực", f"Bậc {n}", f"Làm được {n}"] for n in range(1, 6)]
    made.append(taken(five, code="nam"))
    assert [row.levels.count() for row in made] == [4, 8, 5]
    way = services.start_crossing(actor=None, source=made[2], target=made[0], at=make.AT)
    assert sorted(way.levels) == ["1", "2", "3", "4", "5"]
    assert [way.levels[str(n)] for n in range(1, 6)] == sorted(way.levels.values())


@pytest.mark.parametrize(
    ("rows", "place"),
    [
        ([["Mã", "Năng lực"], ["1", "A"], ["1", "B"]], (3, "A")),
        ([["Mã", "Năng lực"], ["1", "A"], ["2", ""]], (3, "B")),
        ([["Năng lực", "Cấp độ", "Biểu hiện"], ["A", "1", "x"], ["A", "", "y"]], (3, "B")),
        ([["Năng lực", "Cấp độ"], *[["A", str(n)] for n in range(12)]], (1, "B")),
        ([["Nhóm", "Năng lực"], ["G", "x" * 501]], (2, "B")),
        ([["Cột một", "Cột hai"], ["a", "b"]], (1, "")),
    ],
)  # fmt: skip
def test_problems_name_row_and_column_and_nothing_is_taken(rows, place):
    table = services.start_table(actor=None, name="bang.csv", rows=rows, at=make.AT)
    told = {"name": "Khung", "code": "khung", "version": "1"}
    found = tables.read(table.rows, table.columns, **told)
    assert place in {(row, column) for row, column, _text in found.problems}
    held = Framework.objects.count()
    with pytest.raises(Refused):
        services.import_table(actor=None, table=table, columns=table.columns, at=make.AT, **told)
    assert Framework.objects.count() == held
    assert ForeignTable.objects.exists()


def test_a_table_with_nothing_in_it_is_refused():
    with pytest.raises(Refused):
        services.start_table(actor=None, name="a.csv", rows=[["Mã", "Tên"]], at=make.AT)
