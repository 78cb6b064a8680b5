"""A second test by the campaign's rule: other items, both in the ledger, who gave it and why in the log."""

import uuid
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from tests import make

from nanglucso.core.models import AuditEntry
from nanglucso.core.refusals import Refused
from nanglucso.core.scope import EVERYTHING
from nanglucso.measure.assessments import answering, queries, retaking, services
from nanglucso.measure.assessments.models import Answer, Campaign, Sitting
from nanglucso.measure.profiles.models import Evidence

pytestmark = pytest.mark.django_db
SHORT = {"items_min": 4, "items_max": 5}


@pytest.fixture(autouse=True)
def _in_the_campaign():
    with time_machine.travel(make.at(1), tick=False):
        yield


def sat(sitting, at):
    row = services.start_sitting(actor=None, sitting=sitting, at=at)
    version, seq = row.served_item, 0
    while version:
        sent = answering.Sent(seq, uuid.uuid4(), version.pk, make.right_choice(version))
        told = {"sitting_id": row.pk, "person_id": row.person_id, "epoch": 0}
        version, seq = answering.take_answer(**told, sent=sent, at=at).version, seq + 1
    return services.submit(actor=None, sitting=row, at=at)


def first(**rules):
    campaign = make.campaign(people=[make.person(login=True)], **SHORT, **rules)
    return sat(campaign.sittings.select_related("campaign", "person").get(), make.at(1))


def approve(done, officer, reason="power", note="Mất điện cả phường từ 9 giờ.", at=None):
    told = {"campaign": done.campaign, "person": done.person, "reason": reason, "note": note}
    return retaking.approve(actor=officer, at=at or make.at(2), **told)


def test_without_a_rule_nobody_gets_a_second_test():
    done = first()
    with pytest.raises(Refused, match="quy tắc"):
        approve(done, make.user("training"))
    with pytest.raises(Refused, match="quy tắc"):
        retaking.take_again(actor=done.person.user, sitting=done, at=make.at(20))


def test_after_some_days_the_person_takes_it_and_no_earlier(as_user):
    done = first(retake="after", retake_days=7)
    client, url = as_user(done.person.user), reverse("assessments:again", args=[done.pk])
    assert client.post(url).url == reverse("assessments:mine")
    assert Sitting.objects.count() == 1
    with time_machine.travel(make.at(8), tick=False):
        client = as_user(done.person.user)
        assert url in client.get(reverse("assessments:mine")).content.decode()
        reply = client.post(url)
        second = Sitting.objects.get(attempt=2)
        assert reply.url == reverse("assessments:begin", args=[second.pk])
        assert url not in client.get(reverse("assessments:mine")).content.decode()
        assert client.post(url).url == reverse("assessments:mine"), "not a third one"
    assert Sitting.objects.count() == 2
    entry = AuditEntry.objects.get(verb="assessments.second_test")
    assert (entry.actor, entry.details["rule"]) == (done.person.user, "after")


def test_both_tests_stand_in_the_ledger_and_share_no_item():
    done = first(retake="approved")
    second = sat(approve(done, make.user("training")), make.at(2))
    sources = set(Evidence.objects.filter(person=done.person).values_list("source", flat=True))
    assert sources == {f"sitting:{done.pk}", f"sitting:{second.pk}"}
    items = [
        set(Answer.objects.filter(sitting=one).values_list("item_version__item__family", flat=True))
        for one in (done, second)
    ]
    assert items[0]
    assert items[1]
    assert items[0].isdisjoint(items[1])
    row = queries.progress_by_unit(done.campaign, EVERYTHING, at=make.at(2))[0]
    assert (row.assigned, row.finished) == (1, 1), "people are counted, not tests"
    shown = queries.campaigns(EVERYTHING).get(pk=done.campaign_id)
    assert (shown.assigned, shown.finished) == (1, 1)


def test_an_approved_one_is_given_once_with_a_reason_by_somebody_else():
    done = first(retake="approved")
    officer = make.user("training")
    with pytest.raises(Refused):
        retaking.take_again(actor=done.person.user, sitting=done, at=make.at(20))
    for told in ({"reason": "no-such"}, {"note": " "}):
        with pytest.raises(Refused):
            approve(done, officer, **told)
    with pytest.raises(Refused):
        approve(done, done.person.user)
    approve(done, officer)
    with pytest.raises(Refused):
        approve(done, officer)
    entry = AuditEntry.objects.get(verb="assessments.second_test")
    assert (entry.actor, entry.person_id) == (officer, done.person_id)
    assert (entry.details["reason"], entry.details["first"]) == ("power", str(done.pk))


def test_a_test_that_can_still_be_continued_and_a_closed_campaign_give_none():
    campaign = make.campaign(people=[make.person()], retake="approved", **SHORT)
    running = services.start_sitting(actor=None, sitting=campaign.sittings.get(), at=make.at(1))
    officer = make.user("training")
    with pytest.raises(Refused, match="chưa kết thúc"):
        approve(running, officer)
    services.submit(actor=None, sitting=running, at=make.at(1))
    with pytest.raises(Refused, match="đang mở"):
        approve(running, officer, at=campaign.closes_at + timedelta(days=1))
    services.close_campaign(actor=None, campaign=campaign, at=make.at(2))
    with pytest.raises(Refused):
        approve(Sitting.objects.select_related("campaign", "person").get(), officer)


def test_a_test_that_was_voided_may_be_made_good():
    done = first(retake="approved")
    Sitting.objects.filter(pk=done.pk).update(status=Sitting.Status.VOIDED)
    assert approve(done, make.user("training")).attempt == 2


def test_the_page_approves_and_lists(as_user):
    done = first(retake="approved")
    client = as_user(make.user("training"))
    url = reverse("assessments:second_tests", args=[done.campaign.code])
    sent = {"staff_code": done.person.staff_code, "reason": "power", "note": "Mất điện"}
    wrong = client.post(url, sent | {"reason": ""})
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (422, ["reason"])
    assert "Mất điện" in wrong.content.decode()
    assert client.post(url, sent).status_code == 302
    assert done.person.full_name in client.get(url).content.decode()
    other = as_user(make.user("training", make.unit("Sở Tài chính")))
    assert done.person.full_name not in other.get(url).content.decode()


def test_the_form_of_a_campaign_takes_the_rule_and_its_days(as_user):
    client = as_user(make.user("training"))
    sent = {
        "name_vi": "Đợt V", "code": "dot-v", "purpose": "main", "opens_at": "2026-03-01T08:00",
        "closes_at": "2026-04-01T17:00", "items_min": "6", "items_max": "8", "minutes": "30", "rule": "decision",
        "retake": "after", "retake_days": "10", "pause_minutes": "0",
    }  # fmt: skip
    assert client.post(reverse("assessments:campaign_new"), sent).status_code == 302
    row = Campaign.objects.get()
    assert (row.retake, row.retake_days, row.pause_minutes) == ("after", 10, 0)
