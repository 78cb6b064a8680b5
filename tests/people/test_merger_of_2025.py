"""The merger of Cần Thơ, Sóc Trăng and Hậu Giang, replayed from the shipped file."""

from datetime import date, timedelta

import pytest

from nanglucso.core.refusals import Refused
from nanglucso.core.scope import EVERYTHING
from nanglucso.workforce.people import services
from nanglucso.workforce.people.models import Person, Position, Unit
from nanglucso.workforce.people.queries_units import TreeOn, place_on
from tests import make

pytestmark = pytest.mark.django_db
DAY = date(2025, 7, 1)


@pytest.fixture
def before():
    make.framework()
    Unit.objects.all().delete()
    if not Position.objects.exists():
        services.load_positions(at=make.AT)
    found = services.load_before(actor=None, code="can-tho-2025", at=make.AT)
    post = Position.objects.filter(family__is_head=False).first()
    return found, [make.person(unit=unit, position=post, since=date(2020, 1, 1)) for unit in found]


def replayed():
    return services.replay(
        writer=make.user("training"), reviewer=make.user("training"), code="can-tho-2025", at=make.AT
    )


def test_three_provinces_become_one_city_with_its_agencies_communes_and_wards(before):
    row = replayed()
    then = {one.state.name for one in TreeOn(DAY - timedelta(1)).rows(scope=EVERYTHING)}
    assert then == {"Thành phố Cần Thơ (cũ)", "Tỉnh Sóc Trăng", "Tỉnh Hậu Giang"}
    rows = TreeOn(DAY).rows(scope=EVERYTHING)
    kinds = [one.state.kind for one in rows]
    assert [one.state.name for one in rows if one.level == 0] == ["Thành phố Cần Thơ"]
    assert (kinds.count("phuong"), kinds.count("xa"), sum(kind in ("so", "van_phong", "thanh_tra") for kind in kinds)) == (
        31, 72, 14,
    )  # fmt: skip
    assert (row.effects["people"], row.effects["ended"], row.effects["begun"]) == (3, 3, 3)
    assert Unit.objects.find_problems() == ([], [], [], [], [])


def test_everybody_of_the_three_is_in_the_city_and_was_in_their_province(before):
    units, people = before
    replayed()
    for unit, person in zip(units, people, strict=True):
        assert place_on(person, DAY - timedelta(1)).unit == unit
        assert place_on(person, DAY).unit.code == "92"
        assert Person.objects.get(pk=person.pk).unit.code == "92"


def test_the_shipped_tree_then_finds_its_units_and_adds_the_divisions(before):
    replayed()
    codes = set(Unit.objects.values_list("code", flat=True))
    names = dict(Unit.objects.filter(depth=2, until=None).values_list("code", "name"))
    created, _changed = services.load_units(at=make.AT)
    assert created == Unit.objects.count() - len(codes)
    assert dict(Unit.objects.filter(code__in=names).values_list("code", "name")) == names
    assert Unit.objects.filter(depth=1).count() == 1
    assert services.load_units(at=make.AT) == (0, 0)


def test_undone_the_three_stand_again(before):
    units, _people = before
    row = replayed()
    services.undo_reorganisation(actor=None, row=row, scope=EVERYTHING, at=make.at(1))
    assert set(Unit.objects.values_list("code", flat=True)) == {unit.code for unit in units}
    assert not Unit.objects.exclude(until=None).exists()


def test_it_is_not_replayed_over_units_and_an_unknown_one_is_named(before):
    with pytest.raises(Refused):
        services.load_before(actor=None, code="can-tho-2025", at=make.AT)
    with pytest.raises(Refused, match="khong-co"):
        services.replay(writer=None, reviewer=None, code="khong-co", at=make.AT)
