"""The real unit tree: counts, shape, areas, idempotence, reorganisation."""

import pytest

from nanglucso.core.models import AuditEntry
from nanglucso.core.refusals import Refused
from nanglucso.core.scope import EVERYTHING, Scope
from nanglucso.workforce.people import queries
from nanglucso.workforce.people.models import TravelArea, Unit
from nanglucso.workforce.people.services import load_units
from nanglucso.workforce.people.services.tree import UnitTold, merge_units
from tests import make

pytestmark = pytest.mark.django_db


def children(unit: Unit):
    return Unit.objects.filter(path__startswith=unit.path, depth=unit.depth + 1)


def test_city_has_fourteen_agencies_and_one_hundred_and_three_communes_and_wards():
    root = make.city()
    below = children(root)
    assert below.filter(kind__in=["so", "van_phong", "thanh_tra"]).count() == 14
    assert below.filter(kind="phuong").count() == 31
    assert below.filter(kind="xa").count() == 72


def test_tree_is_sound_and_every_unit_has_a_travel_area():
    make.city()
    assert Unit.objects.find_problems() == ([], [], [], [], [])
    assert not Unit.objects.filter(area=None).exists()
    assert TravelArea.objects.count() == 3


def test_divisions_lie_inside_their_ward_and_share_its_area():
    ward = make.unit("Phường Cái Khế")
    names = set(children(ward).values_list("name", flat=True))
    assert {"Văn phòng HĐND và UBND", "Trung tâm Phục vụ hành chính công"} <= names
    assert set(children(ward).values_list("area", flat=True)) == {ward.area_id}


def test_commune_without_divisions_stays_without():
    make.city()
    names = set(children(Unit.objects.get(code="31537")).values_list("name", flat=True))
    assert names
    assert "Phòng Kinh tế" not in names


def test_loading_twice_changes_nothing():
    make.city()
    count = Unit.objects.count()
    assert load_units(at=make.at(1)) == (0, 0)
    assert Unit.objects.count() == count


def test_renamed_unit_keeps_its_place_and_a_new_division_joins_its_parent():
    office = make.unit("Sở Nội vụ")
    told = [
        UnitTold("SNV", "Sở Nội vụ và Tổ chức", "so", "92", short_name="SNV"),
        UnitTold("SNV-MOI", "Phòng Mới", "phong", "SNV"),
    ]
    assert merge_units(told, {}) == (1, 1)
    renamed = Unit.objects.get(code="SNV")
    assert (renamed.pk, renamed.path) == (office.pk, office.path)
    assert Unit.objects.get(code="SNV-MOI").path.startswith(renamed.path)
    assert Unit.objects.find_problems() == ([], [], [], [], [])


def test_missing_file_is_named(tmp_path):
    count = Unit.objects.count()
    with pytest.raises(Refused, match=r"structure\.yaml"):
        load_units(folder=tmp_path, at=make.AT)
    assert Unit.objects.count() == count


def test_one_audit_row_for_the_whole_tree():
    before = AuditEntry.objects.filter(verb="people.load_units").count()
    load_units(at=make.AT)
    assert AuditEntry.objects.filter(verb="people.load_units").count() == before + 1


def test_counts_climb_to_the_ward_and_scope_cuts_the_tree():
    ward, other = make.unit("Phường Cái Khế"), make.unit("Phường Ô Môn")
    office = children(ward).get(name="Văn phòng HĐND và UBND")
    make.person(unit=ward)
    make.person(unit=office)
    make.person(unit=other)
    rows = {row.unit.pk: row for row in queries.unit_rows(scope=EVERYTHING, parent=make.city())}
    assert (rows[ward.pk].here, rows[ward.pk].total) == (1, 2)
    assert rows[other.pk].total == 1
    seen = queries.unit_rows(scope=Scope(paths=(ward.path,)))
    assert [row.unit for row in seen] == [ward]
    assert queries.unit_rows(scope=Scope(), text="") == []


def test_unit_search_ignores_marks():
    make.city()
    found = queries.unit_rows(scope=EVERYTHING, text="cai khe")
    assert "Phường Cái Khế" in {row.unit.name for row in found}
    assert queries.place(queries.unit_chain([found[0].unit])[found[0].unit.pk]).endswith("Phường Cái Khế")
