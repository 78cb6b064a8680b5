"""Searching people: names without marks, đ, initials, numbers, units."""

import pytest

from nanglucso.core.scope import EVERYTHING
from nanglucso.workforce.people import queries
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def people():
    make.person("Đặng Thị Kim Hòa", staff_code="CT-77", unit=make.unit("Sở Tư pháp"), email="hoa.dang@vidu.gov.vn")
    make.person("Đỗ Văn An", staff_code="CT-78", unit=make.unit("Phường Cái Khế"))
    make.person("Hồ Trung Kiên", staff_code="CT-79", unit=make.unit("Sở Tư pháp"))


def found(text: str) -> list[str]:
    wanted = queries.StaffFilter(text=text)
    return [person.full_name for person in queries.staff(scope=EVERYTHING, wanted=wanted)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("hoa", ["Đặng Thị Kim Hòa"]),
        ("HÒA đặng", ["Đặng Thị Kim Hòa"]),
        ("dang", ["Đặng Thị Kim Hòa"]),
        ("do van", ["Đỗ Văn An"]),
        ("ct-78", ["Đỗ Văn An"]),
        ("hoa.dang@", ["Đặng Thị Kim Hòa"]),
        ("ĐTKH", ["Đặng Thị Kim Hòa"]),
        ("dtkh", ["Đặng Thị Kim Hòa"]),
        ("HTK", ["Hồ Trung Kiên"]),
        ("DVA", ["Đỗ Văn An"]),
        ("so tu phap", ["Đặng Thị Kim Hòa", "Hồ Trung Kiên"]),
        ("kien sở tư pháp", ["Hồ Trung Kiên"]),
        ("an cai khe", ["Đỗ Văn An"]),
        ("kien cai khe", []),
        ("khong co ai", []),
        ("%", []),
        ("   ", ["Đỗ Văn An", "Đặng Thị Kim Hòa", "Hồ Trung Kiên"]),
    ],
)
def test_words_find_whom_they_mean(text: str, names: list[str]) -> None:
    assert found(text) == names
