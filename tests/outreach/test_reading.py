"""Time that nobody can forge, checks whose key stays on the server, what a change of the document does to readers."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from nanglucso.core.models import AuditEntry
from nanglucso.core.refusals import Refused
from nanglucso.core.scope import EVERYTHING
from nanglucso.develop.learning.clocks import lock_signs
from nanglucso.govern.outreach import queries, services
from nanglucso.govern.outreach.models import Notice, Reading, ReadingAnswer
from nanglucso.govern.outreach.rules import needed_seconds
from tests import make
from tests.outreach import spread

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return make.person(login=True)


def counts(campaign):
    return queries.total(scope=EVERYTHING, campaign=campaign).n


def test_one_post_never_makes_a_document_read_however_late_it_comes(person, as_user):
    row = spread.reading(person)
    client = as_user(person.user)
    with time_machine.travel(make.at(5), tick=False):
        for _ in range(40):
            client.post(reverse("outreach:beat", args=[row.pk]), {"spent": "9999", "seconds": "9999"})
    row.refresh_from_db()
    assert row.spent == 30
    assert row.read_at is None
    assert needed_seconds(1) > 30


def test_time_counts_on_the_servers_clock_alone_and_the_questions_open_when_it_is_enough(person):
    row = spread.reading(person)
    with pytest.raises(Refused):
        spread.answer(row, at=make.AT + timedelta(hours=1))
    done = spread.read_through(row, at=make.AT)
    assert (done - make.AT).total_seconds() >= needed_seconds(row.document.live.words)


def test_two_pages_beside_each_other_count_no_second_twice(person):
    rows = [spread.reading(person), spread.reading(person)]
    for n in range(1, 61):
        for row in rows:
            services.beat(reading_id=row.pk, person_id=person.pk, at=make.AT + timedelta(seconds=n))
    assert sum(Reading.objects.get(pk=row.pk).spent for row in rows) <= 60
    assert lock_signs(person.pk).last == make.AT + timedelta(seconds=60)


def test_the_key_reaches_the_page_only_after_the_answer(person, as_user):
    row, client = spread.reading(person), as_user(person.user)
    address = reverse("outreach:read", args=[row.pk])
    assert "Câu 1" not in client.get(address).content.decode()
    at = spread.read_through(row, at=make.AT)
    page = client.get(address).content.decode()
    assert "Làm gì với tệp số 1?" in page
    assert "khóa bí mật" not in page
    assert "Chưa phải" not in page
    spread.answer(row, at=at)
    assert "khóa bí mật" in client.get(address).content.decode()


def test_one_may_be_missed_more_are_asked_anew_after_a_minute(person):
    row = spread.reading(person)
    at = spread.read_through(row, at=make.AT)
    row = spread.answer(row, at=at, wrong=2)
    assert row.understood_at is None
    with pytest.raises(Refused):
        services.again(actor=None, reading_id=row.pk, person_id=person.pk, at=at + timedelta(seconds=59))
    row = services.again(actor=None, reading_id=row.pk, person_id=person.pk, at=at + timedelta(seconds=60))
    row = spread.answer(row, at=at + timedelta(seconds=90), wrong=1)
    assert row.understood_at == at + timedelta(seconds=90)
    assert ReadingAnswer.objects.filter(reading=row).count() == 6


def test_a_refused_form_keeps_what_was_chosen(person, as_user):
    row = spread.reading(person)
    spread.read_through(row, at=make.AT)
    told = {"version": row.document.live_id, "round": 1, "q1": "2"}
    reply = as_user(person.user).post(reverse("outreach:answer", args=[row.pk]), told)
    assert reply.status_code == 422
    assert 'name="q1" value="2" checked' in reply.content.decode()
    assert not row.answers.exists()


def test_a_significant_change_sets_readers_back_a_small_edit_does_not(person, django_capture_on_commit_callbacks):
    campaign = spread.opened([person])
    document = campaign.document
    spread.understood(person, document)
    before = counts(campaign)
    assert before[3] == 1
    spread.change(document, significant=False, at=make.at(1), summary_vi=spread.SUMMARY + " Sửa chữ.")
    campaign.refresh_from_db()
    assert counts(campaign) == before
    due = campaign.due
    spread.change(document, significant=True, at=make.at(18), summary_vi=spread.SUMMARY + " Điều mới.")
    campaign.refresh_from_db()
    assert counts(campaign)[1:4] == (0, 0, 0)
    assert campaign.due > due
    assert Reading.objects.filter(person=person, understood_at__isnull=False).count() == 1, "the old proof stays"
    told = AuditEntry.objects.filter(verb="outreach.publish").order_by("-seq").first().details
    assert told["significant"] is True
    assert told["campaigns_reset"] == 1
    spread.understood(person, document, at=make.at(19))
    assert counts(campaign)[3] == 1


def test_a_closed_campaign_keeps_its_figures_after_a_significant_change(person):
    campaign = spread.opened([person])
    spread.understood(person, campaign.document)
    services.close(actor=None, campaign=campaign, at=make.at(2))
    before = counts(campaign)
    spread.change(campaign.document, at=make.at(3))
    campaign.refresh_from_db()
    assert counts(campaign) == before


def test_everybody_is_told_once_that_it_is_to_be_read_anew(person):
    from nanglucso.govern.outreach.sending import tell_all

    campaign = spread.opened([person])
    assert tell_all(campaign=campaign, kind="again", at=make.at(1)) == campaign.receipts.count()
    assert tell_all(campaign=campaign, kind="again", at=make.at(1)) == 0
    assert Notice.objects.filter(kind="again", person=person).count() == 1


def test_publishing_refuses_faults_and_a_change_without_words():
    row = spread.document(published=False)
    draft = services.save_draft(actor=None, document=row, texts=spread.TEXTS | {"checks_vi": ""}, at=make.AT)
    with pytest.raises(Refused):
        services.publish(actor=None, version=draft, significant=True, change="", at=make.AT)
    spread.change(row)
    draft = services.save_draft(actor=None, document=row, texts=spread.TEXTS, at=make.AT)
    with pytest.raises(Refused):
        services.publish(actor=None, version=draft, significant=False, change="x", at=make.AT)
