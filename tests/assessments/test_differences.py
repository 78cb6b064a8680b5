"""Where ratings and tests are far apart: told in words, in the viewer's units, never decided."""

import pytest
import time_machine
from django.urls import reverse
from tests import make

from nanglucso.core.scope import EVERYTHING
from nanglucso.measure.assessments.comparing import differences
from nanglucso.measure.assessments.services import rate
from nanglucso.measure.profiles import folding, services
from nanglucso.measure.profiles.models import Evidence
from nanglucso.measure.profiles.services import NewEvidence

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_a_day():
    with time_machine.travel(make.at(9), tick=False):
        yield


def sat_a_test(person, score):
    """Sixty answers, all right or all wrong, around the middle of the scale."""
    codes = folding.frame(make.framework()).codes
    entries = [
        {"k": code, "item": 0, "a": 1.4, "b": [b], "c": 0.0, "score": score} for code in codes for b in (-0.8, 0.0, 0.8)
    ]
    row = NewEvidence(person, Evidence.Kind.SITTING, f"bai-{person.pk}", entries, "bài")
    services.record(actor=None, framework=make.framework(), evidence=row, at=make.at(1))


def rated(person, kind, level, actor=None):
    levels = dict.fromkeys(folding.frame(make.framework()).codes, level)
    rate(actor=actor, person=person, kind=kind, levels=levels, framework=make.framework(), at=make.at(2))


def found(**told):
    return [(one.person, one.kind) for one in differences(make.framework(), EVERYTHING, **told)]


def test_a_review_or_rating_far_above_a_weak_test_is_named_and_others_are_not():
    high, fair, untested, boss = (make.person() for _ in range(4))
    sat_a_test(high, 0)
    rated(high, "self", 3)
    sat_a_test(fair, 1)
    rated(fair, "self", 2)
    rated(untested, "self", 4)
    sat_a_test(boss, 0)
    rated(boss, "manager", 3, make.user("head", boss.unit))
    assert sorted(found(), key=str) == sorted([(high, "self"), (boss, "manager")], key=str)
    assert found(kind="self") == [(high, "self")]
    one = differences(make.framework(), EVERYTHING, "self")[0]
    assert len(one.short) >= 3
    assert "talk" in str(one.suggestion) or "trao đổi" in str(one.suggestion)


def test_only_the_newest_rating_is_compared():
    person = make.person(login=True)
    sat_a_test(person, 0)
    rated(person, "self", 4, person.user)
    assert found() == [(person, "self")]
    levels = dict.fromkeys(folding.frame(make.framework()).codes, 0)
    told = {"actor": person.user, "person": person, "kind": "self", "framework": make.framework()}
    rate(**told, levels=levels, at=make.at(3))
    assert found() == []


def test_the_page_is_cut_by_unit_and_gives_the_training_officer_no_button_to_rate(as_user):
    here, there = make.unit("Sở Nội vụ"), make.unit("Sở Tài chính")
    inside, outside = make.person(unit=here), make.person(unit=there)
    for person in (inside, outside):
        sat_a_test(person, 0)
        rated(person, "manager", 4, make.user("head", person.unit))
    url = reverse("assessments:differences")
    page = as_user(make.user("head", here)).get(url).content.decode()
    assert inside.full_name in page
    assert outside.full_name not in page
    assert reverse("assessments:rate", args=[inside.uuid]) in page
    assert f'href="{reverse("assessments:ratings")}" aria-current="true"' in page
    page = as_user(make.user("training")).get(url).content.decode()
    assert outside.full_name in page
    assert reverse("assessments:rate", args=[inside.uuid]) not in page
    assert f'href="{reverse("assessments:campaigns")}" aria-current="true"' in page


@pytest.mark.parametrize("role", ["official", "leader", "author", "auditor", "admin"])
def test_others_do_not_open_it(as_user, role):
    assert as_user(make.user(role)).get(reverse("assessments:differences")).status_code == 403


def test_many_people_take_few_queries(as_user, django_assert_max_num_queries):
    unit = make.unit("Sở Nội vụ")
    for _ in range(6):
        person = make.person(unit=unit)
        sat_a_test(person, 0)
        rated(person, "self", 4)
    client = as_user(make.user("head", unit))
    with django_assert_max_num_queries(14):
        assert len(client.get(reverse("assessments:differences")).context["rows"]) == 6
