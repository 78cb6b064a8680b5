"""Self-review and ratings: what was chosen survives a refusal, nobody rates themselves or a stranger."""

import pytest
import time_machine
from django.urls import reverse
from tests import make

from nanglucso.core.models import RoleGrant
from nanglucso.measure.assessments.models import Rating
from nanglucso.measure.profiles.models import Evidence

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_a_day():
    with time_machine.travel(make.at(1), tick=False):
        yield


def codes():
    return list(make.framework().competences.order_by("index").values_list("code", flat=True))


def checked(page, code, level):
    return f'name="c-{code}" value="{level}" checked' in page


def test_a_complete_self_review_is_saved_counted_and_shown_again(as_user):
    person = make.person(login=True)
    client = as_user(person.user)
    url = reverse("assessments:self_rating")
    assert client.get(url).status_code == 200
    reply = client.post(url, {f"c-{code}": 2 for code in codes()})
    assert (reply.status_code, reply.url) == (302, reverse("profiles:mine"))
    assert Rating.objects.get().levels == dict.fromkeys(codes(), 2)
    assert Evidence.objects.get(person=person).kind == "self"
    assert checked(client.get(url).content.decode(), "3.3", 2)


def test_a_missing_level_is_refused_by_name_and_everything_chosen_is_kept(as_user):
    person = make.person(login=True)
    client = as_user(person.user)
    sent = {f"c-{code}": 3 for code in codes() if code != "4.1"}
    reply = client.post(reverse("assessments:self_rating"), sent, headers={"Accept-Language": "en"})
    page = reply.content.decode()
    assert reply.status_code == 422
    assert not Rating.objects.exists()
    assert 'href="#c-4-1"' in page
    assert page.count('href="#c-') == 1
    assert all(checked(page, code, 3) for code in codes() if code != "4.1")


@pytest.mark.parametrize("level", ["9", "-1", "abc"])
def test_a_level_that_does_not_exist_is_refused_and_nothing_is_saved(as_user, level):
    person = make.person(login=True)
    client = as_user(person.user)
    sent = {f"c-{code}": 1 for code in codes()} | {"c-2.1": level}
    assert client.post(reverse("assessments:self_rating"), sent).status_code == 422
    assert not Rating.objects.exists()


def test_the_self_review_shows_the_description_of_every_level(as_user):
    person = make.person(login=True)
    page = as_user(person.user).get(reverse("assessments:self_rating")).content.decode()
    framework = make.framework()
    for competence in framework.competences.prefetch_related("descriptors"):
        for descriptor in competence.descriptors.all():
            assert descriptor.text_vi.replace("&", "&amp;").replace('"', "&quot;").replace("'", "&#x27;") in page


def test_a_head_rates_a_person_of_the_unit_in_what_the_position_requires(as_user):
    unit = make.unit()
    person = make.person(unit=unit)
    head = make.user("head", unit)
    client = as_user(head)
    required = set(person.position.requirements.filter(level__gt=0).values_list("competence__code", flat=True))
    url = reverse("assessments:rate", args=[person.uuid])
    assert {row.competence.code for row in client.get(url).context["form"].rows} == required
    some = sorted(required)[:2]
    reply = client.post(url, {f"c-{code}": 2 for code in some} | {"note": "Tự làm báo cáo tháng"})
    assert reply.status_code == 302
    row = Rating.objects.get()
    assert (row.kind, row.rater, row.levels, row.note) == (
        "manager",
        head,
        dict.fromkeys(some, 2),
        "Tự làm báo cáo tháng",
    )


def test_an_empty_rating_is_refused_and_the_note_is_kept(as_user):
    unit = make.unit()
    person = make.person(unit=unit)
    client = as_user(make.user("head", unit))
    reply = client.post(reverse("assessments:rate", args=[person.uuid]), {"note": "Chưa thấy gì"})
    assert (reply.status_code, "Chưa thấy gì" in reply.content.decode()) == (422, True)
    assert not Rating.objects.exists()


def test_a_head_rates_neither_a_neighbour_nor_themselves(as_user):
    unit = make.unit("Sở Nội vụ")
    neighbour = make.person(unit=make.unit("Sở Tài chính"))
    own = make.person(unit=unit, login=True)
    RoleGrant.objects.filter(user=own.user).delete()
    RoleGrant.objects.create(user=own.user, role="head", unit=unit, granted_at=make.at(-9))
    client = as_user(own.user)
    for person in (neighbour, own):
        assert client.get(reverse("assessments:rate", args=[person.uuid])).status_code == 404
    assert own.full_name not in client.get(reverse("assessments:ratings")).content.decode().split("<main")[1]


def test_the_list_of_a_head_is_cut_by_unit_and_takes_few_queries(as_user, django_assert_max_num_queries):
    unit = make.unit("Sở Nội vụ")
    inside = [make.person(unit=unit) for _ in range(12)]
    outside = make.person(unit=make.unit("Sở Tài chính"))
    client = as_user(make.user("head", unit))
    with django_assert_max_num_queries(14):
        page = client.get(reverse("assessments:ratings")).content.decode()
    assert all(person.full_name in page for person in inside)
    assert outside.full_name not in page


@pytest.mark.parametrize("role", ["official", "training", "leader", "author", "auditor", "admin"])
def test_only_a_head_rates(as_user, role):
    person = make.person()
    client = as_user(make.user(role))
    assert client.get(reverse("assessments:ratings")).status_code == 403
    assert client.post(reverse("assessments:rate", args=[person.uuid]), {"c-1.1": 2}).status_code == 403


def test_my_list_shows_my_tests_and_ratings_and_nobody_elses(as_user):
    one, other = make.person(login=True), make.person(login=True)
    campaign = make.campaign(people=[one, other], items_min=6, items_max=8, competences=["1.1", "1.2", "5.1", "5.2"])
    reply = as_user(one.user).get(reverse("assessments:mine"))
    assert [row.person_id for row in reply.context["sittings"]] == [one.pk]
    assert reverse("assessments:begin", args=[campaign.sittings.get(person=one).pk]) in reply.content.decode()
    assert as_user(make.user("official")).get(reverse("assessments:mine")).status_code == 200
