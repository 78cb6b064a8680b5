"""Messy office lists on the real unit tree: everybody is found, nothing is invented, twice changes nothing."""

import time

import pytest

from nanglucso.workforce.people import importing, queries, services
from nanglucso.workforce.people.models import Person, Unit
from nanglucso.workforce.people.staffsheet.read import read_staff
from tests import make
from tests.messy import CITY, write_messy_staff
from tests.people.workbooks import crowd

pytestmark = pytest.mark.django_db


@pytest.fixture
def known():
    """The real units as the writer of messy lists takes them."""
    make.city()
    units = list(Unit.objects.filter(depth__gt=1).exclude(kind=Unit.Kind.SERVICE))
    chains = queries.unit_chain(units)
    return [
        (unit.pk, unit.name, tuple(unit.aliases), (CITY, *(one.name for one in chains[unit.pk][:-1]))) for unit in units
    ]


@pytest.mark.parametrize("layout", [0, 1, 2, 3])
def test_messy_list_is_imported_as_its_truth_says(known, tmp_path, layout):
    path = tmp_path / "messy.xlsx"
    truth = write_messy_staff(path, 150, 40 + layout, known, layout=layout)
    plan = importing.plan_changes(read_staff(path), at=make.AT)
    told = {row.row: row for row in plan.new}
    assert set(told) <= set(truth.people)
    right = sum(told[row].values["unit_id"] == one.unit_id for row, one in truth.people.items() if row in told)
    assert right == len(told)
    expected = {row for row, one in truth.people.items() if one.unit_id is not None} - truth.bad
    assert len(expected - set(told)) <= 0.02 * len(expected)
    for row, change in told.items():
        assert change.name == truth.people[row].name


def test_messy_list_twice_changes_nothing(known, tmp_path):
    path = tmp_path / "messy.xlsx"
    write_messy_staff(path, 150, 7, known, layout=0)
    services.apply_import(actor=None, plan=importing.plan_changes(read_staff(path), at=make.AT), at=make.AT)
    people = list(Person.objects.order_by("pk").values())
    again = importing.plan_changes(read_staff(path), at=make.at(1))
    assert again.size == 0
    services.apply_import(actor=None, plan=again, at=make.at(1))
    assert list(Person.objects.order_by("pk").values()) == people


def test_two_thousand_people_are_applied_in_four_seconds(tmp_path):
    make.city()
    path = crowd(tmp_path / "crowd.xlsx", 2000, ["Sở Nội vụ", "UBND phường Cái Khế", "Xã Phong Điền"])
    plan = importing.plan_changes(read_staff(path), at=make.AT)
    began = time.process_time()
    row = services.apply_import(actor=None, plan=plan, at=make.AT)
    assert time.process_time() - began < 4
    assert row.summary["created"] == 2000
