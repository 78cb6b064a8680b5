"""Campaigns on the screen: prepare, open, follow, close, release; who sees names and who changes what."""

import pytest
import time_machine
from django.urls import reverse
from tests import make

from nanglucso.core import jobs
from nanglucso.core.models import Job
from nanglucso.core.refusals import Refused
from nanglucso.measure.assessments import services
from nanglucso.measure.assessments.models import Campaign, Sitting
from nanglucso.measure.gaps.models import GapSnapshot

pytestmark = pytest.mark.django_db
SOME = ["1.1", "1.2", "5.1", "5.2"]


@pytest.fixture(autouse=True)
def _in_the_campaign():
    with time_machine.travel(make.at(1), tick=False):
        yield


def form(**change):
    fields = {
        "name_vi": "Đợt III", "name_en": "", "code": "dot-iii", "purpose": "main", "unit": "",
        "opens_at": "2026-03-01T08:00", "closes_at": "2026-04-01T17:00", "items_min": "6", "items_max": "8",
        "minutes": "30", "rule": "decision", "competences": SOME,
    }  # fmt: skip
    return fields | change


def change(client, campaign, verb):
    return client.post(reverse("assessments:campaign_change", args=[campaign.code, verb]))


def test_a_campaign_lives_from_draft_to_release_by_four_buttons(as_user):
    person = make.person()
    client = as_user(make.user("training"))
    reply = client.post(reverse("assessments:campaign_new"), form())
    campaign = Campaign.objects.get()
    assert (reply.status_code, reply.url) == (302, reverse("assessments:campaign", args=["dot-iii"]))
    assert (campaign.status, campaign.minutes, campaign.competences) == ("draft", 30, SOME)
    for verb, status in (("open", "open"), ("assign", "open"), ("close", "closed"), ("release", "released")):
        assert change(client, campaign, verb).status_code == 302
        campaign.refresh_from_db()
        assert campaign.status == status
    assert Sitting.objects.get().person == person


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"closes_at": "2026-02-01T08:00"}, "closes_at"),
        ({"items_min": "20"}, "items_min"),
        ({"code": "có dấu cách"}, "code"),
        ({"unit": "Sở không có"}, "unit"),
        ({"name_vi": ""}, "name_vi"),
    ],
)
def test_a_refused_campaign_says_where_and_keeps_what_was_typed(as_user, changed, field):
    client = as_user(make.user("training"))
    reply = client.post(reverse("assessments:campaign_new"), form(**changed))
    assert reply.status_code == 422
    assert list(reply.context["form"].errors) == [field]
    page = reply.content.decode()
    assert f'href="#id_{field}"' in page
    assert 'value="2026-03-01T08:00"' in page
    assert not Campaign.objects.exists()


def test_a_code_that_is_taken_is_refused_at_its_field(as_user):
    client = as_user(make.user("training"))
    client.post(reverse("assessments:campaign_new"), form())
    reply = client.post(reverse("assessments:campaign_new"), form())
    assert (reply.status_code, list(reply.context["form"].errors)) == (422, ["code"])


def test_opening_is_refused_when_the_bank_lacks_a_competence_and_the_page_said_so_before(as_user):
    from nanglucso.measure.bank.models import Item

    make.person()
    Item.objects.filter(competence__code="5.2").update(status=Item.Status.RETIRED)
    client = as_user(make.user("training"))
    client.post(reverse("assessments:campaign_new"), form())
    campaign = Campaign.objects.get()
    page = client.get(reverse("assessments:campaign", args=[campaign.code]), {"lang": "en"}).content.decode()
    assert "5.2: 2 more (0 of 2)" in page
    change(client, campaign, "open")
    campaign.refresh_from_db()
    assert campaign.status == "draft"


def test_an_opening_without_anybody_to_measure_undoes_itself():
    campaign = make.campaign(opened=False, competences=SOME, items_min=6, items_max=8)
    with pytest.raises(Refused):
        services.launch(actor=None, campaign=campaign, at=make.AT)
    assert Campaign.objects.get().status == "draft"


def test_releasing_keeps_the_gaps_of_the_day_for_comparison():
    person = make.person()
    campaign = make.campaign(people=[person], competences=SOME, items_min=6, items_max=8)
    services.close_campaign(actor=None, campaign=campaign, at=make.AT)
    services.release(actor=make.user("training"), campaign=campaign, at=make.at(1))
    job = Job.objects.get(kind="gaps.snapshot")
    jobs.perform(str(job.pk))
    kept = GapSnapshot.objects.get(unit=person.unit)
    assert (kept.label, kept.people, kept.measured) == ("Đợt thử", 1, 0)
    Job.objects.filter(pk=job.pk).update(status=Job.Status.QUEUED)
    with time_machine.travel(make.at(3), tick=False):
        jobs.perform(str(job.pk))
    assert Job.objects.get(pk=job.pk).result == {"units": 0}


def test_newcomers_get_the_test_later_and_nobody_gets_two():
    make.person()
    campaign = make.campaign(opened=False, competences=SOME, items_min=6, items_max=8)
    assert services.launch(actor=None, campaign=campaign, at=make.AT) == 1
    make.person()
    assert services.assign_rest(actor=None, campaign=campaign, at=make.AT) == 1
    assert services.assign_rest(actor=None, campaign=campaign, at=make.AT) == 0


def test_progress_counts_by_unit_and_names_stay_with_those_who_train(as_user):
    here, there = make.unit("Sở Nội vụ"), make.unit("Sở Tài chính")
    people = [make.person(unit=here), make.person(unit=here), make.person(unit=there)]
    campaign = make.campaign(people=people, competences=SOME, items_min=6, items_max=8)
    Sitting.objects.filter(person=people[0]).update(status="scored")
    url = reverse("assessments:campaign", args=[campaign.code])
    reply = as_user(make.user("training")).get(url)
    assert [(r.name, r.finished, r.assigned) for r in reply.context["units"]] == [(there.name, 0, 1), (here.name, 1, 2)]
    assert people[1].full_name in reply.content.decode()
    page = as_user(make.user("leader")).get(url).content.decode()
    assert here.name in page
    assert not any(person.full_name in page for person in people)


def test_a_training_officer_of_one_agency_counts_only_its_people_and_changes_nothing(as_user):
    here, there = make.unit("Sở Nội vụ"), make.unit("Sở Tài chính")
    people = [make.person(unit=here), make.person(unit=there)]
    campaign = make.campaign(people=people, competences=SOME, items_min=6, items_max=8)
    client = as_user(make.user("training", here))
    reply = client.get(reverse("assessments:campaign", args=[campaign.code]))
    assert [row.name for row in reply.context["units"]] == [here.name]
    assert people[1].full_name not in reply.content.decode()
    assert client.get(reverse("assessments:campaigns")).context["rows"].get().assigned == 1
    change(client, campaign, "close")
    campaign.refresh_from_db()
    assert campaign.status == "open"


@pytest.mark.parametrize("role", ["official", "head", "author", "auditor", "admin"])
def test_others_open_no_campaign_page(as_user, role):
    client = as_user(make.user(role))
    assert client.get(reverse("assessments:campaigns")).status_code == 403
    assert client.get(reverse("assessments:campaign_new")).status_code == 403


def test_a_leader_reads_but_changes_nothing(as_user):
    campaign = make.campaign(people=[make.person()], competences=SOME, items_min=6, items_max=8)
    client = as_user(make.user("leader"))
    page = client.get(reverse("assessments:campaign", args=[campaign.code])).content.decode()
    assert 'popovertarget="ask-close"' not in page
    assert change(client, campaign, "close").status_code == 403


def test_the_list_takes_the_same_number_of_queries_for_many_campaigns(as_user, django_assert_max_num_queries):
    for _ in range(6):
        make.campaign(opened=False, competences=SOME)
    client = as_user(make.user("training"))
    with django_assert_max_num_queries(12):
        assert client.get(reverse("assessments:campaigns")).status_code == 200
