"""Campaigns from who is in them to what is learned afterwards, through services and pages."""

import uuid
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.urls import reverse
from tests import make

from nanglucso.core import jobs
from nanglucso.core.models import AuditEntry, Job
from nanglucso.core.refusals import Refused
from nanglucso.core.scope import EVERYTHING, Scope
from nanglucso.measure.assessments import answering, conducting, previewing, queries, reminding, services
from nanglucso.measure.assessments.filling import blueprint
from nanglucso.measure.assessments.models import Campaign, Reminder, Sitting
from nanglucso.measure.bank.models import Item
from nanglucso.measure.profiles.models import Evidence
from nanglucso.workforce.people.models import Position, Unit

pytestmark = pytest.mark.django_db
SOME = ["1.1", "1.2", "5.1", "5.2"]
SHORT = {"competences": SOME, "items_min": 6, "items_max": 8}


@pytest.fixture(autouse=True)
def _in_the_campaign():
    with time_machine.travel(make.at(1), tick=False):
        yield


def drafted(**who):
    return make.campaign(opened=False, **SHORT, **who)


def invited(campaign, scope=EVERYTHING):
    return set(queries.eligible(campaign, scope))


def other_family(person):
    return Position.objects.exclude(family=person.position.family).filter(is_generic=False).order_by("code").first()


# ------------------------------------------------------------------ who
def test_a_campaign_is_for_its_unit_and_groups_and_named_people_without_those_left_out():
    here, there = make.unit("Sở Nội vụ"), make.unit("Sở Tài chính")
    inside, spared = make.person(unit=here), make.person(unit=here)
    outside = make.person(unit=there)
    other = make.person(unit=here, position=other_family(inside))
    families = [inside.position.family]
    assert invited(drafted()) == {inside, spared, outside, other}
    assert invited(drafted(unit=here)) == {inside, spared, other}
    assert invited(drafted(unit=here, families=families)) == {inside, spared}
    assert invited(drafted(unit=here, families=families, named=[outside], excluded=[spared])) == {inside, outside}
    assert invited(drafted(named=[outside, spared])) == {outside, spared}
    assert invited(drafted(named=[outside, spared]), Scope(paths=(here.path,))) == {spared}


def test_the_form_takes_groups_and_staff_codes_and_names_a_code_that_nobody_has(as_user):
    one, two = make.person(), make.person()
    client = as_user(make.user("training"))
    sent = {
        "name_vi": "Đợt IV", "code": "dot-iv", "purpose": "main", "opens_at": "2026-03-01T08:00",
        "closes_at": "2026-04-01T17:00", "items_min": "6", "items_max": "8", "minutes": "30", "rule": "precision",
        "competences": SOME, "families": [one.position.family.code], "named": f"{two.staff_code}\nKHONG-CO",
        "hold_results": "on", "exposure_cap": "50",
    }  # fmt: skip
    reply = client.post(reverse("assessments:campaign_new"), sent)
    assert (reply.status_code, list(reply.context["form"].errors)) == (422, ["named"])
    assert "KHONG-CO" in str(reply.context["form"].errors["named"])
    assert two.staff_code in reply.content.decode()
    assert client.post(reverse("assessments:campaign_new"), sent | {"named": two.staff_code}).status_code == 302
    row = Campaign.objects.get()
    assert (row.hold_results, row.stop_early, row.exposure_cap, row.rule) == (True, False, 0.5, "precision")
    assert (list(row.families.all()), list(row.named.all())) == ([one.position.family], [two])


# ------------------------------------------------------------------ the bank
def test_a_shortage_is_told_by_competence_level_and_number():
    person = make.person()
    required = person.position.requirements.filter(competence__code="5.1").get()
    campaign = drafted()
    assert blueprint(campaign).fills
    near = Item.objects.filter(competence__code="5.1", level__range=(required.level - 1, required.level + 1))
    kept = near.order_by("code").first()
    near.exclude(pk=kept.pk).update(status=Item.Status.RETIRED)
    cell = next(one for one in blueprint(campaign).lacking if one.level == required.level)
    assert (cell.code, cell.people, cell.have, cell.need, cell.lacking) == ("5.1", 1, 1, 2, 1)
    with pytest.raises(Refused, match=r"5\.1"):
        services.open_campaign(actor=None, campaign=campaign, at=make.AT)


def test_a_sitting_longer_than_the_bank_is_refused_with_both_numbers():
    make.person()
    campaign = make.campaign(opened=False, competences=SOME, items_min=6, items_max=90)
    plan = blueprint(campaign)
    assert (plan.fills, plan.lacking, plan.needed) == (False, [], 90)
    assert str(plan.families) in plan.sentences[-1]
    assert "90" in plan.sentences[-1]


def test_a_rehearsal_runs_as_a_job_and_its_figures_stand_on_the_page(as_user):
    for _ in range(3):
        make.person()
    campaign = drafted()
    client = as_user(make.user("training"))
    client.post(reverse("assessments:campaign_change", args=[campaign.code, "rehearse"]))
    client.post(reverse("assessments:campaign_change", args=[campaign.code, "rehearse"]))
    job = Job.objects.get(kind="assessments.preview")
    jobs.perform(str(job.pk))
    job.refresh_from_db()
    figures = job.result["figures"]
    assert (job.status, figures["people"]) == ("done", 3)
    assert 6 <= figures["low"] <= figures["length"] <= figures["high"] <= 8
    assert 0 < figures["error"] < 2
    assert 0 <= figures["sure"] <= 1
    shares = [share for _code, share in figures["exposure"]]
    assert shares == sorted(shares, reverse=True)
    assert figures["over"] == sum(share > 0.25 for share in shares) or len(shares) == 10
    page = client.get(reverse("assessments:campaign", args=[campaign.code])).content.decode()
    assert figures["exposure"][0][0] in page
    campaign.refresh_from_db()
    assert campaign.status == "draft"


def test_a_test_without_early_end_asks_its_most_questions():
    make.person()
    made = [drafted(stop_early=early) for early in (True, False)]
    lengths = [previewing.preview(one, lambda *_: None)["low"] for one in made]
    assert lengths[1] == 8
    assert lengths[0] <= lengths[1]


# ------------------------------------------------------------------ reminders
def test_reminders_go_once_a_person_and_step_and_never_to_who_has_finished():
    person, done, mute = (make.person(email=e) for e in ("a@example.vn", "b@example.vn", ""))
    campaign = make.campaign(people=[person, done, mute], **SHORT)
    Sitting.objects.filter(person=done).update(status="scored")
    assert reminding.remind_due(at=make.at(1)) == 2
    assert reminding.remind_due(at=make.at(2)) == 0
    for job in Job.objects.filter(kind="assessments.mail_reminders"):
        jobs.perform(str(job.pk))
    assert [m.to for m in mail.outbox] == [["a@example.vn"]]
    assert person.full_name in mail.outbox[0].body
    assert reminding.mail(campaign=campaign, step="opened", at=make.at(3)) == 0
    assert reminding.remind_due(at=make.at(16)) == 2
    assert reminding.remind_due(at=make.at(28)) == 2
    assert reminding.remind_due(at=make.at(31)) == 0
    assert Reminder.objects.filter(person=person).count() == 3
    assert AuditEntry.objects.filter(verb="assessments.remind").count() == 3


def test_a_campaign_that_is_not_open_reminds_nobody():
    make.person()
    campaign = drafted()
    assert reminding.remind_due(at=make.at(1)) == 0
    with pytest.raises(Refused):
        reminding.remind(actor=None, campaign=campaign, at=make.at(1))


# ------------------------------------------------------------------ progress
def test_progress_tells_the_four_states_and_goes_down_a_unit(as_user):
    agency = make.unit("Sở Nội vụ")
    room = Unit.objects.filter(path__startswith=agency.path, depth=agency.depth + 1).first()
    people = [make.person(unit=room) for _ in range(4)] + [make.person(unit=agency)]
    campaign = make.campaign(people=people, **SHORT)
    states = [("running", make.at(0.9)), ("running", make.at(-2)), ("scored", make.at(0))]
    for person, (status, began) in zip(people, states, strict=False):
        Sitting.objects.filter(person=person).update(status=status, started_at=began)
    row = queries.progress_by_unit(campaign, EVERYTHING, at=make.at(1))[0]
    assert (row.name, row.waiting, row.running, row.silent, row.finished) == (agency.name, 2, 1, 1, 1)
    url = reverse("assessments:campaign_progress", args=[campaign.code])
    reply = as_user(make.user("training")).get(url, {"unit": agency.pk})
    below = {one.name: one.assigned for one in reply.context["units"]}
    assert below == {room.name: 4, agency.name: 1}
    assert 'hx-trigger="every 20s"' in reply.content.decode()


def test_progress_of_a_unit_outside_the_scope_is_not_found(as_user):
    here, there = make.unit("Sở Nội vụ"), make.unit("Sở Tài chính")
    campaign = make.campaign(people=[make.person(unit=here), make.person(unit=there)], **SHORT)
    client = as_user(make.user("training", here))
    url = reverse("assessments:campaign_progress", args=[campaign.code])
    assert [row.name for row in client.get(url).context["units"]] == [here.name]
    assert client.get(url, {"unit": there.pk}).status_code == 404


# ------------------------------------------------------------------ a longer window, the end
def test_extending_needs_a_later_end_and_a_reason_and_is_logged(as_user):
    campaign = make.campaign(people=[make.person()], **SHORT)
    end = campaign.closes_at
    client = as_user(make.user("training"))
    url = reverse("assessments:campaign_extend", args=[campaign.code])
    for sent, field in (
        ({"closes_at": "2026-03-10T08:00", "reason": "mất điện"}, "closes_at"),
        ({"closes_at": "2026-05-01T08:00", "reason": ""}, "reason"),
    ):
        reply = client.post(url, sent)
        assert (reply.status_code, list(reply.context["form"].errors)) == (422, [field])
    assert client.post(url, {"closes_at": "2026-05-01T08:00", "reason": "Mất điện ba ngày"}).status_code == 302
    campaign.refresh_from_db()
    assert campaign.closes_at > end
    assert AuditEntry.objects.get(verb="assessments.extend").details["reason"] == "Mất điện ba ngày"


def test_a_training_officer_of_one_agency_does_not_extend(as_user):
    campaign = make.campaign(people=[make.person()], **SHORT)
    client = as_user(make.user("training", make.unit()))
    sent = {"closes_at": "2026-05-01T08:00", "reason": "x"}
    client.post(reverse("assessments:campaign_extend", args=[campaign.code]), sent)
    assert Campaign.objects.get().closes_at == campaign.closes_at


def test_closing_lets_a_test_under_way_expire_and_counts_its_answers():
    person, idle = make.person(), make.person()
    campaign = make.campaign(people=[person, idle], **SHORT)
    sitting = services.start_sitting(actor=None, sitting=campaign.sittings.get(person=person), at=make.at(1))
    version = sitting.served_item
    sent = answering.Sent(0, uuid.uuid4(), version.pk, make.right_choice(version))
    told = {"sitting_id": sitting.pk, "person_id": person.pk, "epoch": sitting.epoch}
    answering.take_answer(**told, sent=sent, at=make.at(1) + timedelta(minutes=1))
    services.close_campaign(actor=None, campaign=campaign, at=make.at(1) + timedelta(minutes=5))
    assert Evidence.objects.get(person=person).entries[0]["item"] == version.pk
    ended = Sitting.objects.get(person=person)
    assert (ended.status, ended.served_item, ended.finished_at) == ("scored", None, make.at(1) + timedelta(minutes=5))
    assert Sitting.objects.get(person=idle).status == "assigned"


def test_starting_points_are_learned_only_after_release_and_from_enough_sittings():
    people = [make.person(), make.person()]
    campaign = make.campaign(people=people, **SHORT)
    officer = make.user("training")
    with pytest.raises(Refused, match="công bố"):
        conducting.learn_priors(actor=officer, campaign=campaign, at=make.at(2))
    services.close_campaign(actor=None, campaign=campaign, at=make.at(2))
    services.release(actor=officer, campaign=campaign, at=make.at(3))
    with pytest.raises(Refused, match="100"):
        conducting.learn_priors(actor=officer, campaign=campaign, at=make.at(4))


# ------------------------------------------------------------------ the end of the window
def test_a_campaign_whose_window_is_over_is_closed_by_itself_and_not_released():
    person = make.person()
    campaign = make.campaign(people=[person], **SHORT)
    sitting = campaign.sittings.get(person=person)
    late = campaign.closes_at - timedelta(minutes=5)
    services.start_sitting(actor=None, sitting=sitting, at=late)
    soon = campaign.closes_at + timedelta(minutes=1)
    assert conducting.close_ended(at=soon) == 0, "a test begun in time may run to its own end"
    over = campaign.closes_at + timedelta(minutes=campaign.minutes + 3)
    assert conducting.close_ended(at=over) == 1
    assert conducting.close_ended(at=over) == 0
    campaign.refresh_from_db()
    assert (campaign.status, campaign.released_at) == (Campaign.Status.CLOSED, None)
    assert AuditEntry.objects.filter(verb="assessments.close_campaign", actor=None).count() == 1
