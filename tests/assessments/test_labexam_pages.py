"""Practice tasks that count on the screen: no script needed, nothing of the scoring told, nobody else's opened."""

import uuid

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from tests import make
from tests.assessments import labsat

from nanglucso.measure.assessments import labexam, services
from nanglucso.measure.assessments.models import Campaign, LabSitting
from nanglucso.measure.profiles.models import Evidence

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return make.person(login=True)


def seconds(n):
    return time_machine.travel(make.at(1, seconds=n), tick=False)


def url(name, row, *more):
    return reverse(f"assessments:lab_sitting{name}", args=[row.pk, *more])


def logged(user):
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def told_of(body):
    """What no page may say before the release: feedback, errors, hidden fields, words of the scoring."""
    told = [step[name] for step in body["steps"] for name in ("feedback_ok", "feedback_no")]
    told += [one["say"] for one in body["critical"]]
    hidden = {name for fields in body["objects"].values() for name in fields} - set(body["screen"]["shows"])
    told += [f'"{name}"' for name in hidden - {"link"}]
    return [*told, "fake", "cuts", "prior", "feedback_ok", "critical", "traces"]


def test_the_whole_way_without_script_and_the_feedback_only_after_release(person, as_user):
    campaign = labsat.campaign([person])
    row, client = labsat.given(campaign, person), as_user(person.user)
    pages = []
    with seconds(0):
        pages.append(client.get(reverse("assessments:mine")).content.decode())
        assert url("_begin", row) in pages[-1]
        pages.append(client.get(url("_begin", row)).content.decode())
        assert client.post(url("_begin", row)).url == url("", row)
    first = {"verb": "open", "key": str(uuid.uuid4()), "mail": "m2", "back": "p=den&o=m2"}
    sent = first | {"verb": "report", "key": str(uuid.uuid4()), "text": "Thư giả mạo quản trị"}
    with seconds(60):
        assert client.post(url("", row), first).status_code == 302
        assert [client.post(url("", row), sent).status_code for _ in range(2)] == [302, 302]
        refused = client.post(url("", row), sent | {"key": "x"})
        assert refused.status_code == 422
        assert "Thư giả mạo quản trị" in refused.content.decode()
        pages += [refused.content.decode(), client.get(url("", row)).content.decode()]
        client.post(url("_control", row, "pause"))
        pages.append(client.get(url("", row)).content.decode())
        assert row.version.body["scenario"] not in pages[-1]
        kept = client.post(url("", row), sent | {"key": str(uuid.uuid4())})
        assert kept.status_code == 423
    with seconds(300):
        client.post(url("_control", row, "resume"))
        assert client.get(url("_finished", row)).url == url("", row)
        client.post(url("_control", row, "finish"))
        pages.append(client.get(url("_finished", row)).content.decode())
    row = labsat.fresh(row)
    assert (row.status, row.run.events.count(), row.run.result["seconds"]) == ("scored", 2, 60)
    body = row.version.body
    assert not [(n, word) for n, page in enumerate(pages) for word in told_of(body) if word in page]
    services.close_campaign(actor=None, campaign=campaign, at=make.at(2))
    assert body["steps"][0]["feedback_no"] not in client.get(url("_finished", row)).content.decode()
    services.release(actor=make.user("training"), campaign=campaign, at=make.at(3))
    page = client.get(url("_finished", row)).content.decode()
    assert body["steps"][0]["feedback_no"] in page
    why = client.get(reverse("profiles:why")).content.decode()
    assert f'Bài thực hành: <span lang="vi" translate="no">{row.version.lab.title_vi}' in why


def test_a_second_device_goes_on_with_the_same_acts(person):
    row = labsat.begun(labsat.campaign([person]), person)
    first, second = logged(person.user), logged(person.user)
    with seconds(30):
        first.post(url("", row), {"verb": "end_sessions", "key": str(uuid.uuid4())})
        assert len(second.get(url("", row)).context["q"]["log"]) == 1
        second.post(url("", row), {"verb": "change_password", "key": str(uuid.uuid4())})
        assert len(first.get(url("", row)).context["q"]["log"]) == 2


def test_a_page_opened_after_the_time_ends_the_task_and_takes_no_act(person, as_user):
    row = labsat.begun(labsat.campaign([person]), person)
    labsat.do(row, 30, "change_password")
    client = as_user(person.user)
    with seconds(15 * 60):
        reply = client.post(url("", row), {"verb": "end_sessions", "key": str(uuid.uuid4())})
        assert reply.url == url("_finished", row)
        assert "hết thời gian" in client.get(reply.url).content.decode()
    row = labsat.fresh(row)
    assert (row.run.events.count(), row.run.result["expired"]) == (1, True)
    assert Evidence.objects.count() == 1


def test_a_neighbour_and_a_stranger_find_nothing_and_nobody_logs_in_first(person):
    row = labsat.begun(labsat.campaign([person, make.person()]), person)
    neighbour, stranger = make.person(login=True), make.user("official")
    stranger.grants.all().delete()
    addresses = [(url(name, row), "get") for name in ("", "_begin", "_finished")]
    addresses += [(url("_control", row, verb), "post") for verb in ("pause", "resume", "finish")]
    for client, status in ((logged(neighbour.user), 404), (logged(stranger), 403), (Client(), 302)):
        got = [getattr(client, method)(address).status_code for address, method in addresses]
        assert got == [status] * len(addresses)
    assert labsat.fresh(row).status == "running"


def test_the_pages_of_free_practice_do_not_open_a_run_that_counts(person, as_user):
    row = labsat.begun(labsat.campaign([person]), person)
    labsat.do(row, 10, "change_password")
    client = as_user(person.user)
    for name, method in (("lab", "get"), ("lab", "post"), ("lab_feedback", "get"), ("lab_finish", "post")):
        assert getattr(client, method)(reverse(f"assessments:{name}", args=[row.run_id])).status_code == 404
    with seconds(20):
        assert str(row.run_id) not in client.get(reverse("assessments:labs")).content.decode()
        labexam.finish(actor=None, sitting=row, at=make.at(1, seconds=20))
    assert client.get(reverse("assessments:lab_feedback", args=[row.run_id])).status_code == 404


def test_a_task_of_an_open_campaign_says_why_it_cannot_be_practised(person, as_user):
    labsat.campaign([person])
    client = as_user(make.person(login=True).user)
    page = client.post(reverse("assessments:lab_begin", args=[labsat.MAIL]), follow=True).content.decode()
    assert "đang mở sử dụng bài này" in page
    assert reverse("assessments:lab_begin", args=[labsat.MAIL]) not in page, "no button that is refused when pressed"
    assert "hết đợt mới thực hành lại được" in page


# ------------------------------------------------------------------ the officer's side
def form(**change):
    fields = {
        "name_vi": "Đợt có bài thực hành", "code": "dot-th", "purpose": "main", "opens_at": "2026-03-01T08:00",
        "closes_at": "2026-04-01T17:00", "items_min": "6", "items_max": "8", "minutes": "30", "rule": "decision",
        "labs": [str(labsat.version().pk)], "labs_each": "2",
    }  # fmt: skip
    return fields | change


def test_a_campaign_is_prepared_with_tasks_shown_with_its_minutes_and_opened(person, as_user):
    client = as_user(make.user("training"))
    with seconds(0):
        refused = client.post(reverse("assessments:campaign_new"), form(name_vi=""))
        assert refused.status_code == 422
        assert refused.context["form"]["labs"].value() == [str(labsat.version().pk)]
        assert " checked" in refused.content.decode().split(labsat.version().lab.title_vi)[0].rpartition("<input")[2]
        assert client.post(reverse("assessments:campaign_new"), form()).status_code == 302
        campaign = Campaign.objects.get()
        assert (list(campaign.labs.all()), campaign.labs_each) == ([labsat.version()], 2)
        draft = client.get(reverse("assessments:campaign", args=[campaign.code]))
        assert draft.context["lab_plan"].most == 15
        assert labsat.version().lab.title_vi in draft.content.decode()
        client.post(reverse("assessments:campaign_change", args=[campaign.code, "open"]))
    assert LabSitting.objects.get().person == person
    campaign.refresh_from_db()
    labsat.sat(campaign, person)
    with seconds(900):
        page = client.get(reverse("assessments:campaign", args=[campaign.code]))
    assert [(one.finished, one.given) for one in page.context["lab_rows"]] == [(1, 1)]
    assert [(row.labs_done, row.labs) for row in page.context["units"]] == [(1, 1)]


def test_tasks_that_fit_nobody_are_told_on_the_draft_and_keep_it_shut(person, as_user):
    person.position.requirements.filter(competence__code="5.1").delete()
    client = as_user(make.user("training"))
    with seconds(0):
        client.post(reverse("assessments:campaign_new"), form(named=person.staff_code))
        told = client.get(reverse("assessments:campaign", args=["dot-th"])).content.decode()
        reply = client.post(reverse("assessments:campaign_change", args=["dot-th", "open"]), follow=True)
    for page in (told, reply.content.decode()):
        assert "không vị trí việc làm nào" in page
    assert Campaign.objects.get().status == "draft"


def test_an_officer_of_another_agency_reads_only_that_agencys_tasks(person, as_user):
    other = make.person(unit=make.unit("Sở Tài chính"), login=True)
    campaign = labsat.campaign([person, other])
    labsat.sat(campaign, person)
    client = as_user(make.user("training", other.unit))
    page = client.get(reverse("assessments:campaign", args=[campaign.code]))
    assert [(one.finished, one.given) for one in page.context["lab_rows"]] == [(0, 1)]


def test_the_menu_says_how_many_tests_and_tasks_wait_while_the_campaign_is_open(person, as_user):
    campaign = labsat.campaign([person])
    client, mark = as_user(person.user), f'href="{reverse("assessments:mine")}"'

    def waits():
        with seconds(0):
            page = client.get(reverse("ui:help")).content.decode()
        return page.split(mark)[1].split("</a>")[0]

    assert "<b>2<span" in waits()
    LabSitting.objects.filter(campaign=campaign).update(status="scored")
    assert "<b>1<span" in waits()
    Campaign.objects.filter(pk=campaign.pk).update(status="closed")
    assert "<b>" not in waits()
