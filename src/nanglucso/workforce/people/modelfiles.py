"""Model files to fill in: heads that are always recognised, lists to choose from, one row marked as an example."""

from nanglucso.core.scope import EVERYTHING
from nanglucso.kit.spreadsheets import Column, OutSheet
from nanglucso.workforce.people import queries
from nanglucso.workforce.people.models import Position
from nanglucso.workforce.people.staffsheet.rows import EXAMPLE


def staff() -> list[OutSheet]:
    """The staff list: units and positions of the city to choose from."""
    units = sorted(queries.units_by_place(scope=EVERYTHING))
    positions = sorted(set(Position.objects.values_list("name", flat=True)))
    columns = [
        Column("STT", 8),
        Column("Họ và tên", 26),
        Column("Ngày sinh", 14),
        Column("Giới tính", 10, choices=("Nam", "Nữ")),
        Column("Số hiệu CBCCVC", 18),
        Column("Số định danh cá nhân", 20),
        Column("Đơn vị", 44, choices=units),
        Column("Vị trí việc làm", 36, choices=positions),
        Column("Chức vụ", 22),
        Column("Thư điện tử công vụ", 26),
        Column("Điện thoại", 14),
        Column("Ngày bổ nhiệm", 14),
    ]
    example = [EXAMPLE, "Nguyễn Thị Ví Dụ", "05/02/1985", "Nữ", "VD-00001", "", units[0] if units else "Sở Nội vụ"]
    example += [positions[0] if positions else "Chuyên viên", "", "vidu@vidu.gov.vn", "0900000001", "01/07/2025"]
    return [OutSheet("Danh sách", columns, [example])]
