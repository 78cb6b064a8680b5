"""Practice tasks that count: who is given one, how it is sat, what it leaves in the ledger and when it is shown."""

import uuid
from datetime import timedelta

import numpy as np
import pytest
from tests import make
from tests.assessments import labsat

from nanglucso.core.models import AuditEntry
from nanglucso.core.refusals import Refused
from nanglucso.core.scope import EVERYTHING, Scope
from nanglucso.engines import belief as engine
from nanglucso.measure.assessments import (
    accommodating,
    conducting,
    labexam,
    labgiving,
    labqueries,
    labruns,
    labtexts,
    previewing,
    proving,
    queries,
    reminding,
    services,
    steps,
)  # fmt: skip
from nanglucso.measure.assessments.models import LabEvent, LabSitting, Sitting
from nanglucso.measure.bank.models import Lab
from nanglucso.measure.profiles import folding, holding
from nanglucso.measure.profiles.models import Belief, Evidence
from nanglucso.measure.profiles.proving import strayed
from nanglucso.measure.profiles.queries import evidence_counts, history, prior_mean, standing
from nanglucso.workforce.people.models import Requirement

pytestmark = pytest.mark.django_db
MAIL, LETTERS = labsat.MAIL, labsat.LETTERS


@pytest.fixture
def person():
    return make.person(login=True)


def without(person, code):
    """The person's position no longer requires this competence."""
    Requirement.objects.filter(position=person.position, competence__code=code).delete()


# ------------------------------------------------------------------ who is given which
def test_a_task_goes_to_those_whose_position_requires_all_it_measures(person):
    other = make.person(position=make.position("VTVL-XA-TN-01"))
    without(other, "5.1")
    campaign = labsat.campaign([person, other])
    assert set(campaign.lab_sittings.values_list("person", flat=True)) == {person.pk}
    assert campaign.sittings.count() == 2


def test_nobody_gets_more_tasks_than_the_campaign_says_and_the_draw_is_the_same_again(person):
    people = [person, *(make.person() for _ in range(11))]
    campaign = labsat.campaign(people, codes=(MAIL, LETTERS))
    got = {one.person_id: one.version_id for one in campaign.lab_sittings.all()}
    assert len(got) == campaign.lab_sittings.count() == len(people)
    assert len(set(got.values())) == 2, "the tasks are spread over the people"
    fit = labgiving.fitting(campaign, [person.position_id])[person.position_id]
    assert {pk: labgiving.chosen(campaign, pk, fit)[0].pk for pk in got} == got
    both = labsat.campaign(people, codes=(MAIL, LETTERS), labs_each=2)
    assert both.lab_sittings.count() == 2 * len(people)


def test_a_campaign_asking_for_other_competences_gives_no_such_task(person):
    with pytest.raises(Refused, match="không vị trí việc làm nào"):
        labsat.campaign([person], competences=["1.1", "1.2"])


def test_a_campaign_is_not_opened_with_a_task_that_fits_nobody_or_is_retired(person):
    without(person, "5.1")
    draft = make.campaign(opened=False, named=[person], labs=[labsat.version()], **labsat.SHORT)
    with pytest.raises(Refused, match=labsat.version().lab.title_vi):
        services.open_campaign(actor=None, campaign=draft, at=make.AT)
    Lab.objects.filter(code=LETTERS).update(status=Lab.Status.RETIRED)
    retired = make.campaign(opened=False, named=[person], labs=[labsat.version(LETTERS)], **labsat.SHORT)
    with pytest.raises(Refused, match=labsat.version(LETTERS).lab.title_vi):
        services.open_campaign(actor=None, campaign=retired, at=make.AT)
    assert draft.status == retired.status == "draft"


def test_the_same_task_does_not_come_back_within_twelve_months(person):
    labsat.sat(labsat.campaign([person]), person)
    assert not labsat.campaign([person]).lab_sittings.exists()
    assert labsat.campaign([person], codes=(LETTERS,)).lab_sittings.exists()


def test_the_plan_counts_minutes_and_people(person):
    other = make.person(position=make.position("VTVL-XA-TN-01"))
    without(other, "5.1")
    draft = make.campaign(opened=False, named=[person, other], labs=[labsat.version()], **labsat.SHORT)
    found = labgiving.plan(draft)
    assert (found.people, found.with_task, found.most, found.mean) == (2, 1, 15, 7.5)
    assert [share.people for share in found.shares] == [1]
    assert found.faults == []
    assert previewing.preview(draft, lambda *_: None)["labs"] == {"mean": 7.5, "most": 15, "share": 0.5}


def test_the_variant_is_the_persons_own_and_not_one_they_practised(person):
    lab = labsat.version().lab
    free = labruns.begin(actor=None, person=person, lab=lab, at=make.at(-1))
    labruns.finish(actor=None, run=free, at=make.at(-1, minutes=1))
    campaign = labsat.campaign([person])
    row = labsat.given(campaign, person)
    assert free.seed == 0
    assert labgiving.variant(row) == labgiving.variant(row) == 1
    drawn = {labgiving.variant(labsat.given(labsat.campaign([one]), one)) for one in (make.person() for _ in range(12))}
    assert drawn == {0, 1}


def test_a_task_of_an_open_campaign_cannot_be_practised_by_anybody(person):
    campaign, lab = labsat.campaign([person]), labsat.version().lab
    with pytest.raises(Refused):
        labruns.begin(actor=None, person=make.person(), lab=lab, at=make.at(1))
    services.close_campaign(actor=None, campaign=campaign, at=make.at(2))
    assert labruns.begin(actor=None, person=make.person(), lab=lab, at=make.at(3))


# ------------------------------------------------------------------ the sitting of it
def test_it_begins_only_in_the_open_campaign_and_once(person):
    campaign = labsat.campaign([person])
    row = labsat.given(campaign, person)
    with pytest.raises(Refused):
        labexam.start(actor=None, sitting=row, at=campaign.closes_at + timedelta(minutes=1))
    first = labexam.start(actor=None, sitting=row, at=make.at(1))
    stale = LabSitting.objects.get(pk=row.pk)
    stale.status = Sitting.Status.ASSIGNED
    again = labexam.start(actor=None, sitting=stale, at=make.at(2))
    assert (again.run_id, again.started_at) == (first.run_id, make.at(1))
    assert first.run.deadline == make.at(1) + timedelta(minutes=15)


def test_extra_time_of_the_test_lengthens_the_task_in_proportion(person):
    campaign = labsat.campaign([person], minutes=60)
    campaign.sittings.update(extra_minutes=20)
    row = labsat.begun(campaign, person)
    assert (row.run.minutes, labruns.limit(row.run)) == (20, 1200)
    assert labsat.do(row, 1100, "change_password"), "past the task's own fifteen minutes"
    assert labexam.finish(actor=None, sitting=row, at=make.at(1, seconds=1150)).run.result["seconds"] == 1150


def test_a_persons_conditions_lengthen_the_task_and_its_pauses(person):
    campaign = labsat.campaign([person], pause_minutes=5)
    given = accommodating.Measures(extra_percent=50, pause_minutes=10)
    accommodating.give(
        actor=make.user("training"), campaign=campaign, person=person, measures=given, at=make.AT,
        reason="Giấy xác nhận của bệnh viện, thị lực kém.",
    )  # fmt: skip
    row = labsat.begun(campaign, person)
    assert (row.run.minutes, labexam.pause_left(row)) == (23, timedelta(minutes=15))


def test_a_pause_stops_the_clock_and_its_events_for_fifteen_minutes_in_all(person):
    row = labsat.begun(labsat.campaign([person]), person)
    at = lambda seconds: make.at(1, seconds=seconds)  # noqa: E731
    labsat.do(row, 100, "change_password")
    labexam.pause(actor=None, sitting=row, at=at(120))
    with pytest.raises(Refused, match="tạm dừng"):
        labsat.do(row, 130, "end_sessions")
    row = labsat.fresh(row)
    assert labruns.elapsed(row.run, labexam.moment(row, at(700))) == 120
    labexam.resume(actor=None, sitting=row, at=at(720))
    row = labsat.fresh(row)
    assert (row.status, row.paused_seconds, row.run.deadline) == ("running", 600, at(900 + 600))
    labsat.do(row, 730, "end_sessions")
    assert row.run.events.get(seq=2).t_ms == 130_000
    labexam.pause(actor=None, sitting=row, at=at(800))
    row = labsat.fresh(row)
    assert labruns.elapsed(row.run, labexam.moment(row, at(800 + 300))) == 200
    assert labruns.elapsed(row.run, labexam.moment(row, at(800 + 310))) == 210
    labexam.resume(actor=None, sitting=row, at=at(800 + 310))
    row = labsat.fresh(row)
    assert (row.paused_seconds, row.run.deadline) == (900, at(900 + 900))
    with pytest.raises(Refused):
        labexam.pause(actor=None, sitting=row, at=at(1200))


def test_a_resend_changes_nothing_and_an_act_that_dies_leaves_nothing(person, monkeypatch):
    row, key = labsat.begun(labsat.campaign([person]), person), uuid.uuid4()
    create = LabEvent.objects.create

    def dies(**fields):
        create(**fields)
        raise RuntimeError("power")

    monkeypatch.setattr(LabEvent.objects, "create", dies)
    with pytest.raises(RuntimeError, match="power"):
        labsat.do(row, 10, "change_password", key)
    monkeypatch.undo()
    assert not row.run.events.exists()
    assert labsat.do(row, 11, "change_password", key) is True
    assert labsat.do(row, 12, "change_password", key) is False
    assert list(row.run.events.values_list("seq", "t_ms")) == [(1, 11_000)]


# ------------------------------------------------------------------ the end and the ledger
@pytest.mark.parametrize(("name", "categories"), [("good", {"5.1": 3, "5.2": 3}), ("careless", {"5.1": 0, "5.2": 0})])
def test_the_end_leaves_one_graded_entry_a_competence_and_the_fold_reads_it(person, name, categories):
    campaign = labsat.campaign([person])
    row = labsat.sat(campaign, person, name)
    evidence = Evidence.objects.get(person=person)
    assert (evidence.kind, evidence.source) == ("practice", f"lab:{row.pk}")
    assert {one["k"]: one["score"] for one in evidence.entries} == categories
    assert row.version.lab.title_vi in evidence.label
    rule = row.version.body["score"]
    assert all(
        (one["a"], one["b"]) == (rule[one["k"]]["prior"]["a"], rule[one["k"]]["prior"]["b"]) for one in evidence.entries
    )
    frame = folding.frame(make.framework())
    at = folding.days(evidence.at)
    start = engine.Belief(prior_mean(frame, person), frame.prior_cov)
    log = [
        engine.ItemAnswer(at, frame.index(k), rule[k]["prior"]["a"], tuple(rule[k]["prior"]["b"]), 0.0, category)
        for k, category in categories.items()
    ]
    by_hand = engine.apply(start, log, engine.Rules(frame.cuts))
    stored = folding.of_row(Belief.objects.get(person=person), frame.size)
    assert np.abs(stored.mean - by_hand.mean).max() < 1e-9
    assert np.abs(stored.cov - by_hand.cov).max() < 1e-9
    assert not list(strayed())
    moved = {move.competence.code: move.change for move in history(make.framework(), person, most=20)[0].moves}
    assert all((moved[k] > 0) == (name == "good") for k in categories)
    assert evidence_counts(person) == {"practice": 1}


def test_ending_twice_and_weighing_twice_change_nothing(person):
    row = labsat.sat(labsat.campaign([person]), person)
    before = Belief.objects.get(person=person).mean
    again = labexam.finish(actor=None, sitting=row, at=make.at(2))
    assert again.finished_at == row.finished_at
    assert Evidence.objects.count() == 1
    assert bytes(Belief.objects.get(person=person).mean) == bytes(before)
    with pytest.raises(Refused):
        labsat.do(row, 700, "change_password")


def test_a_task_in_which_nothing_was_done_leaves_no_evidence(person):
    row = labsat.begun(labsat.campaign([person]), person)
    ended = labexam.finish(actor=None, sitting=row, at=make.at(1, minutes=5))
    assert (ended.status, ended.graded) == ("scored", [])
    assert not Evidence.objects.exists()


def test_a_task_alone_does_not_make_somebody_measured(person):
    labsat.sat(labsat.campaign([person]), person)
    assert Belief.objects.get(person=person).measured is False


def test_a_death_between_the_end_and_the_ledger_leaves_the_task_running(person, monkeypatch):
    row = labsat.begun(labsat.campaign([person]), person)
    labsat.trace(row, "good")

    def dies(**told):
        raise RuntimeError("power")

    monkeypatch.setattr(labexam, "record", dies)
    with pytest.raises(RuntimeError, match="power"):
        labexam.finish(actor=None, sitting=row, at=make.at(1, seconds=600))
    monkeypatch.undo()
    kept = labsat.fresh(row)
    assert (kept.status, kept.graded, kept.run.finished_at) == ("running", [], None)
    assert labexam.finish(actor=None, sitting=row, at=make.at(1, seconds=610)).status == "scored"
    assert Evidence.objects.count() == 1


# ------------------------------------------------------------------ the clock runs out
def test_the_worker_ends_what_is_overdue_and_nothing_else(person):
    other, idle = make.person(), make.person()
    campaign = labsat.campaign([person, other, idle])
    row = labsat.begun(campaign, person)
    labsat.do(row, 30, "change_password")
    late = labsat.begun(campaign, other, at=make.at(1, minutes=10))
    assert labexam.end_overdue(at=make.at(1, minutes=14, seconds=59)) == 0
    assert labexam.end_overdue(at=make.at(1, minutes=15)) == 1
    assert labexam.end_overdue(at=make.at(1, minutes=16)) == 0
    ended = labsat.fresh(row)
    assert (ended.status, ended.run.result["expired"], ended.run.result["seconds"]) == ("scored", True, 900)
    assert labsat.fresh(late).status == "running"
    assert labsat.given(campaign, idle).status == "assigned"
    assert Evidence.objects.get().person == person


def test_a_forgotten_pause_ends_when_its_allowance_and_the_time_are_over(person):
    row = labsat.begun(labsat.campaign([person]), person)
    labexam.pause(actor=None, sitting=row, at=make.at(1, minutes=5))
    assert labexam.end_overdue(at=make.at(1, minutes=29)) == 0
    assert labexam.end_overdue(at=make.at(1, minutes=31)) == 1


def test_closing_ends_what_is_under_way_as_it_stands(person):
    idle = make.person()
    campaign = labsat.campaign([person, idle])
    row = labsat.begun(campaign, person)
    labsat.do(row, 30, "change_password")
    services.close_campaign(actor=None, campaign=campaign, at=make.at(1, minutes=3))
    ended = labsat.fresh(row)
    assert (ended.status, ended.run.result["seconds"], ended.run.result["expired"]) == ("scored", 180, False)
    assert labsat.given(campaign, idle).status == "assigned"


def test_the_end_of_the_window_waits_for_a_task_begun_in_time(person):
    campaign = labsat.campaign([person], minutes=5)
    labexam.start(actor=None, sitting=labsat.given(campaign, person), at=campaign.closes_at - timedelta(minutes=1))
    assert conducting.close_ended(at=campaign.closes_at + timedelta(minutes=10)) == 0
    assert conducting.close_ended(at=campaign.closes_at + timedelta(minutes=15)) == 1
    assert labsat.given(campaign, person).status == "scored"


# ------------------------------------------------------------------ held, shown, scope
def test_a_held_result_counts_at_once_and_is_shown_after_release(person):
    campaign = labsat.campaign([person], hold_results=True)
    row = labsat.sat(campaign, person)
    held = holding.held_for(person)
    assert (held.sources, held.why) == (frozenset({f"lab:{row.pk}"}), (campaign.name,))
    framework = make.framework()
    k = next(bar.competence.index for bar in standing(framework, person).bars if bar.competence.code == "5.2")
    with_it = standing(framework, person, at=make.at(2)).bars[k]
    shown = standing(framework, person, at=make.at(2), held=held).bars[k]
    assert with_it.mean > shown.mean
    assert evidence_counts(person, held) == {}
    assert not labqueries.feedback_is_shown(labsat.given(campaign, person))
    services.close_campaign(actor=None, campaign=campaign, at=make.at(31))
    assert not labqueries.feedback_is_shown(labsat.given(campaign, person))
    services.release(actor=make.user("training"), campaign=campaign, at=make.at(32))
    assert not holding.held_for(person)
    assert labqueries.feedback_is_shown(labsat.given(campaign, person))


def test_progress_of_tasks_is_cut_by_the_scope():
    here, there = make.unit("Sở Nội vụ"), make.unit("Sở Tài chính")
    inside, outside = make.person(unit=here, login=True), make.person(unit=there, login=True)
    campaign = labsat.campaign([inside, outside])
    labsat.sat(campaign, inside)
    labsat.begun(campaign, outside)
    whole = labqueries.lab_progress(campaign, EVERYTHING)[0]
    assert (whole.given, whole.running, whole.finished) == (2, 1, 1)
    cut = labqueries.lab_progress(campaign, Scope(paths=(there.path,)))[0]
    assert (cut.given, cut.running, cut.finished) == (1, 1, 0)
    rows = queries.progress_by_unit(campaign, EVERYTHING, at=make.at(2))
    labqueries.add_labs(rows, campaign, EVERYTHING)
    assert {row.name: (row.labs_done, row.labs) for row in rows} == {here.name: (1, 1), there.name: (0, 1)}


def test_whoever_finished_the_test_and_not_the_task_is_still_reminded(person):
    done = make.person(login=True)
    campaign = labsat.campaign([person, done])
    campaign.sittings.update(status="scored")
    labsat.sat(campaign, done)
    assert reminding.remind(actor=None, campaign=campaign, at=make.at(1)) == 1
    assert list(campaign.reminders.values_list("person", flat=True)) == [person.pk]


def test_the_overview_offers_the_task(person):
    campaign = labsat.campaign([person])
    offered = steps.waiting_lab(person, make.at(1))
    assert offered.title == labsat.version().lab.title
    assert str(labsat.given(campaign, person).pk) in offered.address
    labsat.sat(campaign, person)
    assert steps.waiting_lab(person, make.at(1, minutes=20)) is None


# ------------------------------------------------------------------ the record
def test_every_act_on_a_task_leaves_its_audit_row(person):
    row = labsat.begun(labsat.campaign([person]), person)
    labsat.do(row, 30, "change_password")
    labexam.pause(actor=None, sitting=row, at=make.at(1, minutes=1))
    labexam.resume(actor=None, sitting=row, at=make.at(1, minutes=2))
    labexam.finish(actor=None, sitting=row, at=make.at(1, minutes=3))
    verbs = list(AuditEntry.objects.filter(person_id=person.pk).values_list("verb", flat=True))
    for verb in ("start_lab", "pause_lab", "resume_lab", "end_lab"):
        assert verbs.count(f"assessments.{verb}") == 1
    assert "profiles.record" in verbs


@pytest.mark.parametrize("touched", ["act", "category"])
def test_the_deep_check_names_a_task_that_was_changed_after_its_end(person, touched):
    row = labsat.sat(labsat.campaign([person]), person)
    assert not list(proving.broken_labs())
    assert labtexts.drop_texts(at=make.at(2000)) == 1
    assert not list(proving.broken_labs()), "a text that was dropped breaks nothing"
    if touched == "act":
        LabEvent.objects.filter(run=row.run, seq=2).update(t_ms=1)
    else:
        LabSitting.objects.filter(pk=row.pk).update(graded=[{**row.graded[0], "score": 0}, *row.graded[1:]])
    assert [broken.sitting for broken in proving.broken_labs()] == [str(row.pk)]
