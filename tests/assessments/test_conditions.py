"""Conditions of sitting: given with a reason kept apart, applied by the server's clock, filtering what is asked."""

import uuid
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from tests import make

from nanglucso.core.models import AuditEntry
from nanglucso.core.refusals import Refused
from nanglucso.measure.assessments import accommodating, answering, delivery, services
from nanglucso.measure.assessments.accommodating import Measures
from nanglucso.measure.assessments.models import Accommodation, Sitting
from nanglucso.measure.bank import queries as bank_queries
from nanglucso.measure.bank.models import Item, ItemVersion

pytestmark = pytest.mark.django_db
SECRET = "giấy ra viện số 12"


@pytest.fixture(autouse=True)
def _in_the_campaign():
    with time_machine.travel(make.at(1), tick=False):
        yield


@pytest.fixture
def officer():
    return make.user("training")


@pytest.fixture
def sitting():
    return make.campaign(people=[make.person(login=True)], items_min=6, items_max=8, minutes=50).sittings.get()


def give(officer, sitting, at=None, reason=SECRET, basis="", **measures):
    told = {"campaign": sitting.campaign, "person": sitting.person, "reason": reason, "basis": basis}
    return accommodating.give(actor=officer, measures=Measures(**measures), at=at or make.at(1), **told)


def begun(sitting, at=None):
    fresh = Sitting.objects.select_related("campaign", "person").get(pk=sitting.pk)
    return services.start_sitting(actor=None, sitting=fresh, at=at or make.at(1))


def test_extra_time_lengthens_the_test_by_its_percent_rounded_up(officer, sitting):
    give(officer, sitting, extra_percent=25)
    assert begun(sitting).deadline == make.at(1) + timedelta(minutes=63)


def test_a_test_under_way_gets_its_new_end_at_once_and_a_change_counts_once(officer, sitting):
    row = begun(sitting)
    services.pause(actor=None, sitting=row, at=make.at(1) + timedelta(minutes=10))
    services.resume(actor=None, sitting=row, at=make.at(1) + timedelta(minutes=14))
    for percent, whole in ((50, 79), (100, 104), (20, 64)):
        give(officer, sitting, extra_percent=percent, at=make.at(1) + timedelta(minutes=20))
        row.refresh_from_db()
        assert row.deadline == make.at(1) + timedelta(minutes=whole), "50 min and percent, and 4 min of pause"
    give(officer, sitting, no_limit=True, basis="Luật Người khuyết tật, Điều 33")
    row.refresh_from_db()
    assert row.deadline is None
    give(officer, sitting, extra_percent=100)
    row.refresh_from_db()
    assert row.deadline == make.at(1) + timedelta(minutes=104)


def test_without_a_limit_answers_are_taken_hours_later_and_the_page_shows_no_clock(officer, sitting, as_user):
    give(officer, sitting, no_limit=True, large_print=True, basis="Luật Người khuyết tật, Điều 33")
    row = begun(sitting)
    late = make.at(1) + timedelta(hours=30)
    sent = answering.Sent(0, uuid.uuid4(), row.served_item_id, make.right_choice(row.served_item))
    told = {"sitting_id": row.pk, "person_id": row.person_id, "epoch": 0}
    assert answering.take_answer(**told, sent=sent, at=late).kind == "saved"
    page = as_user(sitting.person.user).get(reverse("assessments:sit", args=[row.pk])).content.decode()
    assert ("data-left" in page, "data-large" in page) == (False, True)
    services.pause(actor=None, sitting=row, at=late)
    services.resume(actor=None, sitting=row, at=late + timedelta(minutes=1))
    row.refresh_from_db()
    assert (row.status, row.deadline) == ("running", None)


def test_pauses_stand_still_for_the_allowance_alone_and_then_no_more(officer, sitting):
    sitting.campaign.pause_minutes = 10
    sitting.campaign.save()
    give(officer, sitting, pause_minutes=5)
    row = begun(sitting)
    services.pause(actor=None, sitting=row, at=make.at(1))
    services.resume(actor=None, sitting=row, at=make.at(1) + timedelta(minutes=12))
    row = Sitting.objects.select_related("campaign", "person").get(pk=row.pk)
    assert row.deadline == make.at(1) + timedelta(minutes=62)
    services.pause(actor=None, sitting=row, at=make.at(1) + timedelta(minutes=20))
    services.resume(actor=None, sitting=row, at=make.at(1) + timedelta(minutes=40))
    row = Sitting.objects.select_related("campaign", "person").get(pk=row.pk)
    assert row.deadline == make.at(1) + timedelta(minutes=65), "only 3 of the 20 minutes were left"
    with pytest.raises(Refused, match="tạm dừng"):
        services.pause(actor=None, sitting=row, at=make.at(1) + timedelta(minutes=41))


def test_a_pause_longer_than_the_allowance_ends_the_test_in_the_end(sitting, as_user):
    row = begun(sitting)
    client = as_user(sitting.person.user)
    client.post(reverse("assessments:control", args=[row.pk, "pause"]))
    url = reverse("assessments:sit", args=[row.pk])
    for minutes, word in ((5, "Đồng hồ đứng yên"), (30, "đồng hồ chạy tiếp")):
        with time_machine.travel(make.at(1) + timedelta(minutes=minutes), tick=False):
            assert word in client.get(url).content.decode()
    with time_machine.travel(make.at(1) + timedelta(minutes=15 + 50 + 3), tick=False):
        assert client.get(url).url == reverse("assessments:finished", args=[row.pk])
    assert Sitting.objects.get(pk=row.pk).status == "expired"


def test_a_screen_reader_meets_no_drawn_screen(officer, sitting):
    drawn = set(
        ItemVersion.objects.filter(item__type=Item.Type.HOTSPOT, item__practice=False).values_list("pk", flat=True)
    )
    campaign = sitting.campaign
    here = delivery.desk(campaign)
    assert not drawn & set(accommodating.closed_items(here, sitting.person, None, make.at(1)))
    row = give(officer, sitting, screen_reader=True)
    assert drawn <= set(accommodating.closed_items(here, sitting.person, row, make.at(1)))
    assert drawn & set(campaign.items) <= set(begun(sitting).state["forbidden"])


def test_a_bank_without_accessible_items_on_a_competence_says_which(officer):
    code = ItemVersion.objects.filter(item__type=Item.Type.HOTSPOT).first().item.competence.code
    Item.objects.filter(competence__code=code).exclude(type=Item.Type.HOTSPOT).update(status=Item.Status.RETIRED)
    campaign = make.campaign(opened=False, items_min=1, items_max=1, competences=[code, "5.2"])
    told = {"campaign": campaign, "person": make.person(), "reason": "x", "at": make.at(1)}
    with pytest.raises(Refused, match=code.replace(".", r"\.")):
        accommodating.give(actor=officer, measures=Measures(screen_reader=True), **told)


def test_a_variant_of_a_family_met_within_a_year_is_not_asked(sitting):
    row = begun(sitting)
    version = row.served_item
    sent = answering.Sent(0, uuid.uuid4(), version.pk, make.right_choice(version))
    answering.take_answer(sitting_id=row.pk, person_id=row.person_id, epoch=0, sent=sent, at=make.at(1))
    other = ItemVersion.objects.exclude(item=version.item).filter(pk__in=row.campaign.items).first()
    Item.objects.filter(pk=other.item_id).update(family=version.item.family)
    delivery._desk.cache_clear()
    bank_queries.deck.cache_clear()
    again = make.campaign(people=[row.person], items_min=6, items_max=8)
    closed = accommodating.closed_items(delivery.desk(again), row.person, None, make.at(200))
    assert {version.pk, other.pk} == set(closed)
    assert accommodating.closed_items(delivery.desk(again), row.person, None, make.at(367)) == []


@pytest.mark.parametrize(
    ("field", "told"),
    [
        ("extra_percent", {}),
        ("reason", {"extra_percent": 25, "reason": " "}),
        ("basis", {"no_limit": True}),
        ("extra_percent", {"extra_percent": 500}),
    ],
)
def test_what_is_missing_is_said_at_its_field(officer, sitting, field, told):
    with pytest.raises(Refused) as no:
        give(officer, sitting, **told)
    assert no.value.field == field


def test_nobody_gives_to_themselves_and_a_closed_campaign_gives_nothing(officer, sitting):
    with pytest.raises(Refused):
        give(sitting.person.user, sitting, extra_percent=25)
    services.close_campaign(actor=None, campaign=sitting.campaign, at=make.at(1))
    with pytest.raises(Refused):
        give(officer, sitting, extra_percent=25)


def test_the_page_gives_lists_and_keeps_the_reason_apart(officer, sitting, as_user):
    url = reverse("assessments:accommodations", args=[sitting.campaign.code])
    client = as_user(officer)
    wrong = client.post(url, {"staff_code": "KHONG-CO", "extra_percent": "25", "reason": SECRET})
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (422, ["staff_code"])
    assert SECRET in wrong.content.decode(), "what was typed stays"
    sent = {"staff_code": sitting.person.staff_code, "extra_percent": "25", "large_print": "on", "reason": SECRET}
    assert client.post(url, sent).status_code == 302
    row = Accommodation.objects.get()
    listed = client.get(url).content.decode()
    assert (sitting.person.full_name in listed, SECRET in listed) == (True, False)
    detail = reverse("assessments:accommodation", args=[sitting.campaign.code, row.pk])
    assert SECRET in client.get(detail).content.decode()
    entries = list(AuditEntry.objects.filter(person_id=sitting.person_id))
    verbs = [one.verb for one in entries]
    assert {"assessments.accommodate", "assessments.read_accommodation"} <= set(verbs)
    assert SECRET not in str([one.details for one in entries])
    begin = as_user(sitting.person.user).get(reverse("assessments:begin", args=[sitting.pk])).content.decode()
    assert ("63" in begin, SECRET in begin) == (True, False)
    client = as_user(officer)
    assert client.post(detail).status_code == 302
    assert not Accommodation.objects.exists()


def test_conditions_are_not_taken_back_once_the_test_has_begun(officer, sitting):
    row = give(officer, sitting, extra_percent=25)
    begun(sitting)
    with pytest.raises(Refused):
        accommodating.withdraw(actor=officer, accommodation=row, at=make.at(1))


def test_an_officer_of_another_agency_finds_neither_the_person_nor_the_row(sitting, officer, as_user):
    row = give(officer, sitting, extra_percent=25)
    client = as_user(make.user("training", make.unit("Sở Tài chính")))
    url = reverse("assessments:accommodations", args=[sitting.campaign.code])
    sent = {"staff_code": sitting.person.staff_code, "extra_percent": "25", "reason": "x"}
    assert list(client.post(url, sent).context["form"].errors) == ["staff_code"]
    assert sitting.person.full_name not in client.get(url).content.decode()
    assert client.get(reverse("assessments:accommodation", args=[sitting.campaign.code, row.pk])).status_code == 404
