"""Position families and descriptions loaded from content."""

import pytest
import yaml
from django.utils import translation

from nanglucso.core import content
from nanglucso.core.refusals import Refused
from nanglucso.workforce.people import queries
from nanglucso.workforce.people.models import Position, PositionFamily, Requirement
from nanglucso.workforce.people.reasons import COMMON, why
from nanglucso.workforce.people.services import load_positions
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path):
    """A copy of the shipped families with one position file."""
    make.city()
    families = content.root() / "positions" / "families.yaml"
    (tmp_path / "families.yaml").write_text(families.read_text(encoding="utf-8"), encoding="utf-8")
    told = content.read_yaml(content.root() / "positions" / "tiep_nhan_tra_ket_qua.yaml")[:1]

    def write(**changes):
        told[0].update(changes)
        (tmp_path / "one.yaml").write_text(yaml.safe_dump(told, allow_unicode=True), encoding="utf-8")
        return tmp_path

    return write


def test_shipped_positions_require_known_levels_with_weights_of_a_hundred():
    make.city()
    assert Position.objects.count() >= 60
    for position in Position.objects.prefetch_related("requirements"):
        rows = list(position.requirements.all())
        assert sum(row.weight for row in rows) == pytest.approx(100), position.code
        assert all(0 <= row.level <= 4 for row in rows)
        assert sum(row.must_have for row in rows) <= 8, position.code


def test_family_defaults_expand_domains_and_leave_out_what_is_not_required():
    make.city()
    support = PositionFamily.objects.get(code="ho_tro_phuc_vu").defaults
    assert support["1.1"] == 1
    assert "3.1" not in support
    assert support["6.4"] == 1
    leaders = PositionFamily.objects.get(code="lanh_dao_ubnd_xa")
    assert leaders.defaults["3.1"] == 3
    assert leaders.is_head
    assert not PositionFamily.objects.get(code="van_thu_luu_tru").is_head


def test_every_family_has_a_stand_in_position():
    make.city()
    for family in PositionFamily.objects.all():
        assert family.positions.filter(code=family.default_code).exists(), family.code


def test_loading_twice_changes_nothing():
    make.city()
    before = list(Position.objects.order_by("pk").values()), list(Requirement.objects.order_by("pk").values())
    load_positions(at=make.at(1))
    assert before == (
        list(Position.objects.order_by("pk").values()),
        list(Requirement.objects.order_by("pk").values()),
    )


def test_changed_file_updates_the_position_in_place(folder):
    held = Position.objects.get(code="VTVL-XA-TN-01")
    needs = {"4.1": {"muc": "CS", "trong_so": 100, "trong_tam": True, "ly_do": "thử"}}
    load_positions(folder=folder(name="Tên mới", nang_luc_so=needs), at=make.at(1))
    held.refresh_from_db()
    assert held.name == "Tên mới"
    (need,) = held.requirements.all()
    assert (need.level, need.weight, need.must_have) == (4, 100, True)


@pytest.mark.parametrize(
    "changes",
    [
        {"family": "khong_co"},
        {"group": "z"},
        {"nang_luc_so": {"9.9": {"muc": "CB"}}},
        {"nang_luc_so": {"1.1": {"muc": "XX"}}},
    ],
)
def test_faulty_position_is_refused_by_its_code_and_changes_nothing(folder, changes):
    before = list(Position.objects.order_by("pk").values())
    with pytest.raises(Refused, match="VTVL-XA-TN-01"):
        load_positions(folder=folder(**changes), at=make.at(1))
    assert list(Position.objects.order_by("pk").values()) == before


def test_counts_of_holders_and_requirements_do_not_multiply():
    position = make.position("VTVL-XA-TN-01")
    for _ in range(3):
        make.person(position=position)
    row = queries.positions().get(pk=position.pk)
    assert (row.holders, row.required) == (3, 20)


def test_family_matrix_has_a_column_for_every_position():
    make.city()
    positions, rows = queries.family_matrix(PositionFamily.objects.get(code="tiep_nhan_tra_ket_qua"))
    assert len(rows) == 20
    assert all(len(row.levels) == len(positions) for row in rows)
    place = [one.code for one in positions].index("VTVL-XA-TN-01")
    assert next(row for row in rows if row.competence.code == "2.1").levels[place] == 3


def test_demands_come_highest_first():
    make.city()
    framework = make.framework()
    found = queries.demands(framework.competences.get(code="4.1"))
    assert [one.level for one in found] == sorted((one.level for one in found), reverse=True)


def test_standard_reasons_speak_the_readers_language_and_others_stay_as_written():
    with translation.override("en"):
        assert why("cần cho CV1, CV4", form_below=True).text == "needed for CV1, CV4"
        assert why("cần cho CV4", form_below=False).text == "needed for task 4 of the position"
        assert not why(COMMON, form_below=False).stored
        assert why("cao hơn mặc định (CV4)", form_below=False) == why("cao hơn mặc định (CV4)", form_below=True)
        assert why("cao hơn mặc định (CV4)", form_below=False).stored
    with translation.override("vi"):
        assert why("cần cho CV1, CV4", form_below=False).text == "cần cho việc 1, 4 của vị trí"
        assert why(COMMON, form_below=False).text == COMMON


def test_the_shipped_reasons_are_mostly_standard():
    make.city()
    reasons = [why(text, form_below=True).stored for text in Requirement.objects.values_list("reason", flat=True)]
    assert sum(reasons) < len(reasons) / 4
