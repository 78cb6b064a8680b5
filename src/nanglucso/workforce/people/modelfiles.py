"""Model files to fill in: heads that are always recognised, lists to choose from, one row marked as an example."""

from collections.abc import Callable, Sequence

from django.utils.translation import override

from nanglucso.core.scope import EVERYTHING
from nanglucso.kit.spreadsheets import Column, OutSheet
from nanglucso.workforce.framework.queries import current_framework
from nanglucso.workforce.people import queries
from nanglucso.workforce.people.models import Position, PositionFamily, Requirement, Unit
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


def _kinds(choices: Sequence[tuple[str, object]], without: str = "") -> tuple[str, ...]:
    with override("vi"):
        return tuple(str(label) for value, label in choices if value != without)


def units() -> list[OutSheet]:
    """A list of units; a unit above is named by its code."""
    above = list(Unit.objects.filter(until=None, depth__lte=2).order_by("path").values_list("code", flat=True))
    columns = [
        Column("STT", 8),
        Column("Mã đơn vị", 16),
        Column("Tên đơn vị", 40),
        Column("Loại đơn vị", 24, choices=_kinds(Unit.Kind.choices, Unit.Kind.CITY)),
        Column("Mã đơn vị cấp trên", 20, choices=above),
        Column("Tên viết tắt", 16),
        Column("Tên gọi khác", 30),
        Column("Ngày thành lập", 16),
        Column("Căn cứ", 40),
    ]
    example = [EXAMPLE, "VD-P1", "Phòng Ví dụ", "Phòng", above[0] if above else "", "PVD", "P. Ví dụ; Phòng VD"]
    return [OutSheet("Đơn vị", columns, [[*example, "01/07/2025", "Quyết định ví dụ"]])]


def positions() -> list[OutSheet]:
    """A list of positions."""
    families = list(PositionFamily.objects.values_list("name_vi", flat=True))
    groups = _kinds(Position.Group.choices)
    columns = [
        Column("STT", 8),
        Column("Mã vị trí", 20),
        Column("Tên vị trí việc làm", 44),
        Column("Tên tiếng Anh", 36),
        Column("Họ vị trí", 40, choices=families),
        Column("Nhóm", 28, choices=groups),
        Column("Loại đơn vị áp dụng", 30),
        Column("Tên gọi khác", 30),
        Column("Số tiết mỗi năm", 14),
    ]
    example = [EXAMPLE, "VTVL-VD-01", "Chuyên viên ví dụ", "Example officer", families[0] if families else ""]
    return [
        OutSheet("Vị trí", columns, [[*example, groups[1], "; ".join(_kinds(Unit.Kind.choices)[4:6]), "CV ví dụ", 80]])
    ]


def requirements() -> list[OutSheet]:
    """The matrix of required levels as it stands: one row a position, one column a competence."""
    framework = current_framework()
    competences, levels = list(framework.competences.all()), list(framework.levels.all())
    codes = {row.number: row.code for row in levels}
    held = {
        (row.position_id, row.competence_id): codes.get(row.level, "") + ("*" if row.must_have else "")
        for row in Requirement.objects.filter(position__framework=framework, level__gt=0)
    }
    offered = (*(code + star for code in codes.values() for star in ("", "*")), "-")
    columns = [Column("Mã vị trí", 20), Column("Tên vị trí việc làm", 44)]
    columns += [Column(f"{row.code} {row.name_vi}", 14, choices=offered) for row in competences]
    rows = [
        [row.code, row.name, *(held.get((row.pk, one.pk), "") for one in competences)]
        for row in Position.objects.filter(framework=framework).order_by("code")
    ]
    return [OutSheet("Mức yêu cầu", columns, rows)]


MODELS: dict[str, tuple[str, Callable[[], list[OutSheet]]]] = {
    "staff": ("mau-danh-sach-can-bo", staff),
    "units": ("mau-danh-sach-don-vi", units),
    "positions": ("mau-danh-sach-vi-tri", positions),
    "requirements": ("mau-muc-yeu-cau", requirements),
}
"""Kind of list → name of the file and what makes it."""
