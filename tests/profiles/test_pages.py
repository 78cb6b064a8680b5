"""My overview and another person's profile: what is said, to whom, and the trace that looking leaves."""

import pytest
import time_machine
from django.urls import reverse
from tests import make

from nanglucso.core.models import AuditEntry
from nanglucso.measure.assessments import services
from nanglucso.measure.profiles import folding
from nanglucso.measure.profiles.models import Evidence
from nanglucso.measure.profiles.services import NewEvidence, record
from nanglucso.workforce.people.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_a_day():
    with time_machine.travel(make.at(1), tick=False):
        yield


def text(client, name, *args, **query):
    reply = client.get(reverse(name, args=args), {"lang": "en", **query})
    return reply.status_code, reply.content.decode()


def measured(person, score=1):
    codes = folding.frame(make.framework()).codes
    entries = [
        {"k": code, "item": 0, "a": 1.5, "b": [-1.0 + step / 4], "c": 0.0, "score": score}
        for code in codes
        for step in range(10)
    ]
    evidence = NewEvidence(person, Evidence.Kind.SITTING, "bai-1", entries, "Đợt thử một")
    record(actor=None, framework=make.framework(), evidence=evidence, at=make.AT)


def test_the_sentence_the_bars_and_the_history_say_where_a_measured_person_stands(as_user):
    person = make.person(login=True)
    measured(person)
    status, page = text(as_user(person.user), "profiles:mine")
    assert status == 200
    assert "You meet" in page
    assert "competences that the position requires" in page
    assert page.count('class="track') == folding.frame(make.framework()).size
    assert "Đợt thử một" in page


def test_a_person_who_was_never_measured_reads_that_the_picture_is_an_estimate(as_user):
    person = make.person(login=True)
    status, page = text(as_user(person.user), "profiles:mine")
    assert status == 200
    assert "You have not been measured yet" in page
    assert "Estimated, with its 90% band" in page


def test_a_person_without_a_position_sees_bars_without_a_requirement(as_user):
    person = make.person(login=True)
    Person.objects.filter(pk=person.pk).update(position=None)
    status, page = text(as_user(person.user), "profiles:mine")
    assert status == 200
    assert "Your position is not set yet" in page
    assert 'class="t-req"/></svg></li>' not in page


def test_an_account_without_a_staff_record_gets_an_empty_state_with_a_way_on(as_user):
    client = as_user(make.user("official"))
    for name in ("profiles:mine", "profiles:why"):
        status, page = text(client, name)
        assert status == 200
        assert "This account is not tied to a staff record" in page


def test_the_next_step_is_the_open_test_then_the_self_review_then_the_nearest_gap(as_user):
    person = make.person(login=True)
    client = as_user(person.user)
    assert reverse("assessments:self_rating") in text(client, "profiles:mine")[1].split('class="card next"')[1][:900]
    campaign = make.campaign(people=[person], items_min=6, items_max=8, competences=["1.1", "1.2", "5.1", "5.2"])
    begin = reverse("assessments:begin", args=[campaign.sittings.get().pk])
    card = text(client, "profiles:mine")[1].split('class="card next"')[1][:900]
    assert begin in card
    assert "once begun, the clock keeps running" in card
    services.start_sitting(actor=person.user, sitting=campaign.sittings.get(), at=make.at(1))
    card = text(client, "profiles:mine")[1].split('class="card next"')[1][:900]
    assert "No question has been answered yet." in card
    assert f"The clock keeps running: {campaign.minutes}:00 left." in card
    services.close_campaign(actor=None, campaign=campaign, at=make.at(1))
    levels = dict.fromkeys(folding.frame(make.framework()).codes, 1)
    services.rate(
        actor=person.user, person=person, kind="self", levels=levels, framework=make.framework(), at=make.at(1)
    )
    measured(person, score=0)
    assert "Closest to being met" in text(client, "profiles:mine")[1]


@pytest.mark.parametrize("name", ["profiles:person", "profiles:why_person"])
def test_a_head_sees_people_of_the_unit_and_gets_404_for_all_others(as_user, name):
    unit, elsewhere = make.unit("Sở Nội vụ"), make.unit("Sở Tài chính")
    inside, neighbour = make.person(unit=unit), make.person(unit=elsewhere)
    client = as_user(make.user("head", unit))
    assert client.get(reverse(name, args=[inside.uuid])).status_code == 200
    assert client.get(reverse(name, args=[neighbour.uuid])).status_code == 404


@pytest.mark.parametrize("role", ["official", "author", "leader", "auditor", "admin"])
def test_roles_that_do_not_train_may_not_open_a_profile(as_user, role):
    person = make.person()
    client = as_user(make.user(role))
    assert client.get(reverse("profiles:person", args=[person.uuid])).status_code == 403


def test_a_stranger_is_sent_to_the_log_in_page(client):
    person = make.person()
    for name, args in (("profiles:mine", []), ("profiles:person", [person.uuid])):
        reply = client.get(reverse(name, args=args))
        assert (reply.status_code, reverse("account_login") in reply.url) == (302, True)


def test_each_look_at_another_persons_profile_leaves_one_row_and_ones_own_leaves_none(as_user):
    unit = make.unit()
    person = make.person(unit=unit)
    head = make.person(unit=unit, login=True)
    head.user.grants.all().delete()
    from nanglucso.core.models import RoleGrant

    RoleGrant.objects.create(user=head.user, role="head", unit=unit, granted_at=make.at(-9))
    client = as_user(head.user)
    rows = AuditEntry.objects.filter(verb="profiles.view_person")
    client.get(reverse("profiles:person", args=[person.uuid]))
    client.get(reverse("profiles:why_person", args=[person.uuid]))
    client.get(reverse("profiles:person", args=[head.uuid]))
    client.get(reverse("profiles:mine"))
    assert [(row.person_id, row.details["page"]) for row in rows.order_by("seq")] == [
        (person.pk, "overview"), (person.pk, "why")
    ]  # fmt: skip
    assert rows.first().actor == head.user


def test_why_shows_one_competence_with_its_line_and_band(as_user):
    person = make.person(login=True)
    measured(person)
    status, page = text(as_user(person.user), "profiles:why", competence="3.3")
    assert status == 200
    assert 'fill="var(--band)"' in page
    assert "200 answers" in page
    status, page = text(as_user(person.user), "profiles:why", competence="khong-co")
    assert (status, "What changed the result" in page) == (200, True)


def test_late_slots_are_asked_for_only_when_their_pages_exist(as_user, monkeypatch):
    from nanglucso.measure.profiles import views

    person = make.person(login=True)
    monkeypatch.setattr(views, "address_for", lambda name, role: "/o/" if name == "training:mine_slot" else "")
    page = text(as_user(person.user), "profiles:mine")[1]
    assert page.count('hx-trigger="load"') == 1
    assert 'hx-get="/o/"' in page
    monkeypatch.setattr(views, "address_for", lambda name, role: "")
    assert "hx-get" not in text(as_user(person.user), "profiles:mine")[1].split("<main")[1].split("</main>")[0]


def test_the_overview_takes_the_same_number_of_queries_however_long_the_history(as_user, django_assert_max_num_queries):
    person = make.person(login=True)
    measured(person)
    codes = folding.frame(make.framework()).codes
    for day in range(6):
        entries = [{"k": codes[day], "item": 0, "a": 1.0, "b": [0.0], "c": 0.0, "score": 1}]
        evidence = NewEvidence(person, Evidence.Kind.SITTING, f"them-{day}", entries, "thêm")
        record(actor=None, framework=make.framework(), evidence=evidence, at=make.at(day / 10))
    client = as_user(person.user)
    with django_assert_max_num_queries(34):
        client.get(reverse("profiles:mine"))
