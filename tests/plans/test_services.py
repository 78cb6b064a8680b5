"""From draft to approval: who may do what when; measured effects; means."""

import pytest
from django.utils import translation

from nanglucso.core.models import AuditEntry, Job
from nanglucso.core.refusals import Refused
from nanglucso.develop.plans import services
from nanglucso.develop.plans.models import Course, PlannedClass, Scenario
from tests import make
from tests.plans import tiny

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def officer(people):
    return make.user("training")


@pytest.fixture
def leader():
    return make.user("leader")


def submitted(officer, name="Phương án thử"):
    row = tiny.kept(tiny.scenario(officer, name=name))
    services.submit_scenario(actor=officer, scenario=row, at=make.at(2))
    return row


def test_a_computed_plan_is_sent_and_approved_and_replaces_the_older_one(officer, leader):
    old, new = submitted(officer, "Cũ"), submitted(officer, "Mới")
    services.approve(actor=leader, scenario=old, at=make.at(3))
    services.approve(actor=leader, scenario=new, at=make.at(4))
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.status, new.status, new.approved_by) == ("replaced", "approved", leader)
    assert AuditEntry.objects.filter(verb="plans.approve").count() == 2


@pytest.mark.parametrize("who", ["creator", "sender"])
def test_nobody_approves_their_own_plan(officer, leader, who):
    row = tiny.kept(tiny.scenario(leader if who == "creator" else officer))
    services.submit_scenario(actor=officer if who == "creator" else leader, scenario=row, at=make.at(2))
    with pytest.raises(Refused, match="own plan"):
        services.approve(actor=leader, scenario=row, at=make.at(3))
    row.refresh_from_db()
    assert row.status == "submitted"


def test_a_draft_cannot_be_sent_and_an_unsent_plan_cannot_be_approved_or_sent_back(officer, leader):
    draft = tiny.scenario(officer)
    with pytest.raises(Refused, match="computed plan"):
        services.submit_scenario(actor=officer, scenario=draft, at=make.at(2))
    for verb, more in ((services.approve, {}), (services.send_back, {"reason": "x"})):
        with pytest.raises(Refused, match="sent for approval"):
            verb(actor=leader, scenario=draft, at=make.at(2), **more)


def test_of_two_who_approve_at_once_the_second_is_refused(officer, leader):
    row = submitted(officer)
    stale = Scenario.objects.get(pk=row.pk)
    services.approve(actor=leader, scenario=row, at=make.at(3))
    with pytest.raises(Refused, match="Only a plan that was sent"):
        services.send_back(actor=make.user("leader"), scenario=stale, reason="muộn", at=make.at(3))


def test_sending_back_needs_a_reason_which_the_planner_then_sees(officer, leader):
    row = submitted(officer)
    with pytest.raises(Refused, match="reason"):
        services.send_back(actor=leader, scenario=row, reason="  ", at=make.at(3))
    services.send_back(actor=leader, scenario=row, reason="Thiếu khối xã", at=make.at(3))
    row.refresh_from_db()
    assert (row.status, row.returned) == ("solved", "Thiếu khối xã")
    services.submit_scenario(actor=officer, scenario=row, at=make.at(4))
    row.refresh_from_db()
    assert row.returned == ""


def test_a_sent_plan_is_neither_computed_again_nor_deleted(officer):
    row = submitted(officer)
    with pytest.raises(Refused, match="copy it"):
        services.ask_solution(actor=officer, scenario=row, at=make.at(3))
    with pytest.raises(Refused, match="copy it"):
        services.solve_now(actor=officer, framework=make.framework(), scenario=row, at=make.at(3), seconds=1)
    with pytest.raises(Refused, match="on record"):
        services.drop_scenario(actor=officer, scenario=row, at=make.at(3))


def test_copying_keeps_settings_and_dropping_leaves_only_the_log(officer):
    row = tiny.kept(tiny.scenario(officer, priorities={"1.1": 2.0}))
    copy = services.copy_scenario(actor=officer, scenario=row, name="Bản sao", budget=2_000_000_000, at=make.at(2))
    assert (copy.status, copy.params, copy.weeks, copy.first_week) == ("draft", row.params, 8, tiny.FIRST)
    pk = row.pk
    services.drop_scenario(actor=officer, scenario=row, at=make.at(2))
    assert not Scenario.objects.filter(pk=pk).exists()
    assert not PlannedClass.objects.exists()
    assert AuditEntry.objects.get(verb="plans.drop_scenario").details["number"] == pk


@pytest.mark.parametrize(
    ("budget", "change", "said"),
    [
        (30_000, {}, "Did you mean VND 30000 million"),
        (10**8, {"weeks": 60}, "1 to 52"),
        (10**8, {"absent_max": 0}, "absent"),
        (10**8, {"management": 0.2}, "10%"),
        (10**8, {"first_week": tiny.FIRST.replace(day=2)}, "Monday"),
    ],
)
def test_bad_settings_are_refused_in_one_sentence(people, budget, change, said):
    with pytest.raises(Refused, match=said):
        services.create_scenario(actor=None, year=2027, name="x", budget=budget, at=make.AT, **change)
    assert not Scenario.objects.exists()


def test_without_a_first_week_the_year_begins_on_the_first_monday_of_march(people):
    row = services.create_scenario(actor=None, year=2026, name="x", budget=10**9, at=make.AT)
    assert (row.first_week.isoformat(), row.weeks) == ("2026-03-02", 40)


def test_asking_twice_is_refused_and_stopping_in_the_queue_restores_the_state(officer):
    row = tiny.kept(tiny.scenario(officer))
    services.ask_solution(actor=officer, scenario=row, at=make.at(2), seconds=30)
    assert row.status == "solving"
    with pytest.raises(Refused, match="already"):
        services.ask_solution(actor=officer, scenario=row, at=make.at(2))
    with pytest.raises(Refused, match="stop the computation"):
        services.drop_scenario(actor=officer, scenario=row, at=make.at(2))
    with pytest.raises(Refused, match="computed plan"):
        services.submit_scenario(actor=officer, scenario=row, at=make.at(2))
    services.stop_solving(actor=officer, scenario=row, at=make.at(2))
    row.refresh_from_db()
    assert (row.status, row.job.status) == ("solved", Job.Status.CANCELLED)
    with pytest.raises(Refused, match="Nothing is being computed"):
        services.stop_solving(actor=officer, scenario=row, at=make.at(2))


def test_stopping_a_first_computation_in_the_queue_leaves_a_draft(officer):
    row = tiny.scenario(officer)
    services.ask_solution(actor=officer, scenario=row, at=make.at(2))
    services.stop_solving(actor=officer, scenario=row, at=make.at(2))
    row.refresh_from_db()
    assert row.status == "draft"


def test_effects_of_several_classes_are_weighted_by_people_and_shrunk_to_the_prior(people):
    course = Course.objects.get(code="T1")
    told = {"actor": None, "course": course, "form": "online", "at": make.at(1)}
    services.set_measured_effect(**told, share=0.6, people=20, source="L1")
    services.set_measured_effect(**told, share=0.3, people=40, source="L2")
    services.set_measured_effect(**told, share=0.9, people=20, source="L1")
    course.refresh_from_db()
    kept = course.measured["online"]
    assert (kept["people"], kept["shift"]) == (60, 0.5)
    assert kept["eff"] == pytest.approx((0.35 * 60 + 0.5 * 60) / 120)
    with pytest.raises(Refused, match="not offered"):
        services.set_measured_effect(**{**told, "form": "inperson"}, share=0.3, people=4)
    with pytest.raises(Refused, match="one person"):
        services.set_measured_effect(**told, share=0.3, people=0)


def test_loading_the_catalogue_again_keeps_what_was_measured(people, tmp_path):
    course = Course.objects.get(code="T1")
    services.set_measured_effect(actor=None, course=course, form="online", share=0.6, people=20, at=make.at(1))
    tiny.catalogue(tmp_path)
    assert Course.objects.get(code="T1").measured["online"]["people"] == 20


def test_means_are_refused_when_a_figure_makes_no_sense(people):
    area = tiny.venue().area
    with pytest.raises(Refused, match="one seat"):
        services.set_venue(actor=None, code="p9", name="x", area=area, seats=0, rate=1, at=make.AT)
    with pytest.raises(Refused, match="negative"):
        services.set_lecturer(actor=None, code="g9", name="x", rate=-1, at=make.AT)
