"""From the unit's wish to the answer: deadline, weight in the instance, reasons; and who sees which proposal."""

from datetime import timedelta

import numpy as np
import pytest
from django.urls import reverse

from nanglucso.core.refusals import Refused
from nanglucso.develop.plans import proposing, services, solving
from nanglucso.develop.plans.models import Course, Proposal, Scenario
from nanglucso.workforce.framework.models import Competence
from tests import make
from tests.plans import tiny

pytestmark = pytest.mark.django_db
TODAY = make.AT.date()


def asked(weight: float = 2.0, days: int = 5):
    return services.set_round(
        actor=None, year=tiny.YEAR, deadline=TODAY + timedelta(days=days), weight=weight, at=make.AT
    )


def proposed(unit, people=(), **told) -> Proposal:
    told = {"competence": Competence.objects.get(code="1.1"), "reason": "Nhiệm vụ mới", "heads": 2, **told}
    return services.propose(
        actor=None, year=tiny.YEAR, unit=unit, people=people, at=make.AT, today=told.pop("today", TODAY), **told
    )


def test_after_the_deadline_and_before_the_call_nothing_is_taken(people):
    office = make.unit("Sở Nội vụ")
    with pytest.raises(Refused):
        proposed(office)
    asked(days=0)
    assert proposed(office).status == "sent"
    with pytest.raises(Refused, match=f"{TODAY:%d/%m/%Y}"):
        proposed(office, today=TODAY + timedelta(days=1))


@pytest.mark.parametrize("told", [{"reason": " "}, {"heads": 0}, {"course": True}, {"competence": None}])
def test_a_proposal_without_what_it_needs_is_refused(people, told):
    asked()
    if told.get("course"):
        told = {"course": Course.objects.get(code="T1")}
    with pytest.raises(Refused):
        proposed(make.unit("Sở Nội vụ"), **told)


def test_people_of_another_unit_cannot_be_proposed(people):
    asked()
    with pytest.raises(Refused):
        proposed(make.unit("Phường Cái Khế"), people=[people[0]])


def test_the_named_weigh_more_in_the_instance_and_nobody_else(people):
    plain = solving.build(make.framework(), tiny.scenario(), at=make.AT).instance
    asked(weight=2.0)
    proposed(make.unit("Sở Nội vụ"), people=people[:2])
    built = solving.build(make.framework(), tiny.scenario(name="B"), at=make.AT)
    rows = [int(np.flatnonzero(built.table.ids == one.pk)[0]) for one in people]
    column, other = built.table.frame.codes.index("1.1"), built.table.frame.codes.index("5.1")
    new, old = built.instance.weight[built.instance.group[rows]], plain.weight[plain.group[rows]]
    assert np.allclose(new[:2, column], 2 * old[:2, column])
    assert np.allclose(new[2:, column], old[2:, column])
    assert np.allclose(new[:, other], old[:, other])
    assert (built.instance.tiet_max[built.instance.group[rows]] == plain.tiet_max[plain.group[rows]]).all()
    assert built.basis["wishes"] == 1


def test_a_mandatory_course_still_counts_those_whom_a_proposal_names(people):
    must = [{"course": "T1", "share": 1.0}]
    plain = solving.build(make.framework(), tiny.scenario(mandatory=must), at=make.AT).instance
    asked()
    proposed(make.unit("Sở Nội vụ"), people=people[:3])
    wished = solving.build(make.framework(), tiny.scenario(name="B", mandatory=must), at=make.AT).instance
    assert wished.obliged(wished.mandatory[0]).sum() == plain.obliged(plain.mandatory[0]).sum()


def test_a_number_means_those_with_the_largest_shortfall(people):
    asked()
    row = proposed(make.unit("Sở Nội vụ"), heads=3)
    built = solving.build(make.framework(), tiny.scenario(), at=make.AT)
    wish = proposing.wishes([row], built.table)[0]
    column = built.table.frame.codes.index("1.1")
    need = built.instance.open.reshape(built.instance.n, -1, 4)[:, column].sum(axis=1)
    office = [i for i in range(built.instance.n) if built.table.ids[i] in {one.pk for one in people[:6]}]
    assert len(wish.rows) == 3
    assert min(need[wish.rows]) >= max(need[[i for i in office if i not in wish.rows]], default=0)


def test_the_answer_says_who_has_a_place_and_why_not(people):
    asked()
    office, ward = make.unit("Sở Nội vụ"), make.unit("Phường Cái Khế")
    some = proposed(office, people=people[:6])
    nowhere = proposed(ward, competence=Competence.objects.get(code="6.1"))
    by_hand = proposed(ward)
    services.answer(
        actor=make.user("training"), proposal=by_hand, status="declined", words="Đã học năm ngoái", at=make.AT
    )
    row = tiny.kept(tiny.scenario())
    assert services.answer_all(actor=None, framework=make.framework(), scenario=row, at=make.at(2)) == 2
    some.refresh_from_db(), nowhere.refresh_from_db(), by_hand.refresh_from_db()
    assert (some.status, some.seats) == ("partly", 4)
    assert "4" in some.answer
    assert (nowhere.status, nowhere.seats) == ("declined", 0)
    assert nowhere.competence.name in nowhere.answer
    assert by_hand.answer == "Đã học năm ngoái"
    assert Scenario.objects.get(pk=some.scenario_id) == row


def test_a_withdrawn_proposal_weighs_nothing_and_is_not_answered(people):
    asked()
    row = proposed(make.unit("Sở Nội vụ"))
    services.withdraw(actor=None, proposal=row, at=make.AT)
    assert proposing.open_proposals(tiny.YEAR) == []
    row.refresh_from_db()
    with pytest.raises(Refused):
        services.answer(actor=None, proposal=row, status="granted", words="x", at=make.AT)


def test_a_head_proposes_on_the_page_and_reads_the_answer(people, as_user, monkeypatch):
    monkeypatch.setattr("nanglucso.develop.plans.views.needs.today", lambda: TODAY)
    asked()
    office = make.unit("Sở Nội vụ")
    client = as_user(make.user("head", office))
    address = f"{reverse('plans:propose')}?nam={tiny.YEAR}"
    page = client.post(address, {"what": "c:T1", "reason": "Chuyển đổi số"})
    assert "Chuyển đổi số" in page.content.decode()
    assert Proposal.objects.count() == 0
    page = client.post(address, {"what": "c:T1", "people": [people[0].pk], "reason": "Chuyển đổi số", "quarter": "2"})
    row = Proposal.objects.get()
    assert page.url == reverse("plans:proposal", args=[row.pk])
    assert (row.unit, row.heads, row.quarter, row.course.code) == (office, 1, 2, "T1")
    services.answer(actor=None, proposal=row, status="granted", words="Lớp 1, tháng 3", at=make.AT)
    assert "Lớp 1, tháng 3" in client.get(page.url).content.decode()


def test_insider_neighbour_and_stranger(people, as_user):
    asked()
    row = proposed(make.unit("Sở Nội vụ"), people=people[:1])
    address = reverse("plans:proposal", args=[row.pk])
    listing = f"{reverse('plans:proposals')}?nam={tiny.YEAR}"
    client = as_user(make.user("head", make.unit("Sở Nội vụ")))
    assert client.get(address).status_code == 200
    assert address in client.get(listing).content.decode()
    client = as_user(make.user("head", make.unit("Phường Cái Khế")))
    assert client.get(address).status_code == 404
    assert address not in client.get(listing).content.decode()
    assert client.post(reverse("plans:withdraw", args=[row.pk])).status_code == 404
    client = as_user(make.user("official"))
    assert client.get(address).status_code == 403
    client = as_user(make.user("training"))
    assert client.post(reverse("plans:answer", args=[row.pk]), {"status": "declined", "words": ""}).status_code == 422
    client.post(reverse("plans:answer", args=[row.pk]), {"status": "declined", "words": "Chưa có lớp"})
    row.refresh_from_db()
    assert (row.status, row.answer) == ("declined", "Chưa có lớp")


def test_publishing_leaves_no_proposal_without_an_answer_and_says_it_in_vietnamese(people, as_user):
    office = make.unit("Sở Nội vụ")
    asked()
    some, nowhere = proposed(office, people=people[:4]), proposed(office, competence=Competence.objects.get(code="6.4"))
    row, officer, leader = tiny.kept(tiny.scenario()), make.user("training"), make.user("leader")
    client = as_user(officer)
    english = {"accept-language": "en"}
    services.submit_scenario(actor=make.user("training"), scenario=row, at=make.at(1))
    refused = client.post(reverse("plans:publish", args=[row.pk]), headers=english)
    assert refused.status_code == 302
    assert set(Proposal.objects.values_list("status", flat=True)) == {"sent"}
    services.approve(actor=leader, scenario=row, at=make.at(2))
    client.cookies["django_language"] = "en"
    client.post(reverse("plans:publish", args=[row.pk]), headers=english)
    some.refresh_from_db(), nowhere.refresh_from_db()
    assert (some.status, nowhere.status, some.scenario_id, nowhere.scenario_id) == (
        "granted",
        "declined",
        row.pk,
        row.pk,
    )
    assert "trong lớp" in some.answer or "lớp" in some.answer
    assert nowhere.competence.name_vi in nowhere.answer
    head = as_user(make.user("head", office))
    told = head.get(reverse("plans:proposal", args=[nowhere.pk])).content.decode()
    assert nowhere.answer in told


def test_once_a_plan_is_approved_only_it_answers(people, as_user):
    asked()
    proposed(make.unit("Sở Nội vụ"))
    one, other = tiny.kept(tiny.scenario(name="Một")), tiny.kept(tiny.scenario(name="Hai"))
    client = as_user(make.user("training"))
    page = client.get(reverse("plans:proposals"), {"nam": tiny.YEAR})
    assert {row.pk for row in page.context["plans"]} == {one.pk, other.pk}
    Scenario.objects.filter(pk=one.pk).update(status="approved")
    assert [row.pk for row in client.get(reverse("plans:proposals"), {"nam": tiny.YEAR}).context["plans"]] == [one.pk]
