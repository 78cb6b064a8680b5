"""The coverage map: how many people the bank carries at the exposure cap, and what is written next."""

import pytest
from django.urls import reverse

from nanglucso.measure.bank.coveragemap import carried, coverage_map
from nanglucso.measure.bank.models import Item
from tests import make

pytestmark = pytest.mark.django_db


def test_people_carried_by_hand():
    # 2 questions of 100 people are 200 answers; 6 items at a quarter serve 150, so 75 people in full.
    assert carried(6, 100, 2) == 75
    assert carried(8, 100, 2) == 100
    assert carried(9, 100, 2) == 100
    assert carried(0, 100, 2) == 0


def test_the_narrowest_competence_decides_and_its_missing_cells_come_first():
    framework = make.framework()
    row = framework.competences.order_by("index").first()
    Item.objects.filter(competence=row).update(status="retired")
    kept = Item.objects.filter(competence=row, level=1)[:2]
    Item.objects.filter(pk__in=[one.pk for one in kept]).update(status="live")
    found = coverage_map(framework, people=400, length=40)
    assert (found.per_competence, found.wanted) == (2, 2)
    assert found.people == carried(2, 400, 2) == 100
    assert found.narrow[0].competence == row
    first = [need for need in found.needs if need.competence == row]
    assert [need.state for need in found.needs[: len(first)]] == ["missing"] * len(first)
    assert {need.level for need in first} == {2, 3, 4}
    assert found.rows[0].repeats == 1


def test_a_longer_test_wants_more_items():
    framework = make.framework()
    short, long = (coverage_map(framework, people=100, length=n) for n in (20, 80))
    assert (short.wanted, long.wanted) == (1, 4)
    assert sum(cell.lack for row in long.rows for cell in row.cells) > sum(
        cell.lack for row in short.rows for cell in row.cells
    )


def test_the_page_leads_to_the_form_that_writes_what_lacks(as_user):
    client = as_user(make.user("author"))
    reply = client.get(reverse("bank:coverage"), {"people": "5000", "length": "120"})
    need = reply.context["needs"][0]
    address = (
        f"{reverse('bank:draft_new')}?competence={need.competence.code}&amp;level={need.level}&amp;kind={need.kind}"
    )
    assert address in reply.content.decode()
    assert client.get(address.replace("&amp;", "&")).context["form"]["kind"].value() == need.kind
    assert client.get(reverse("bank:coverage"), {"people": "0", "length": "x"}).status_code == 422
