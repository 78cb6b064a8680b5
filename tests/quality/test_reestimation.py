"""Correlations of the competences after a campaign: worked out, compared, accepted, every belief moved, undone."""

import numpy as np
import pytest
from django.urls import reverse

from nanglucso.core import jobs
from nanglucso.core.models import AuditEntry
from nanglucso.core.refusals import Refused
from nanglucso.engines.irt import ItemBank
from nanglucso.engines.reestimate import reestimate
from nanglucso.measure.assessments.models import Answer
from nanglucso.measure.profiles import folding
from nanglucso.measure.profiles.models import Belief, Evidence, Prior
from nanglucso.measure.profiles.proving import strayed
from nanglucso.measure.profiles.services import NewEvidence, record
from nanglucso.measure.quality import reestimating, services
from nanglucso.measure.quality.models import Reestimation
from nanglucso.measure.quality.services import reestimation
from tests import make
from tests.quality import sat

pytestmark = pytest.mark.django_db
REASON = "Đã xem các cặp năng lực thay đổi nhiều nhất."
PEOPLE = 6


@pytest.fixture(autouse=True)
def _few_are_enough(monkeypatch):
    """Real tests of a hundred people take minutes; the number itself has a test of its own."""
    monkeypatch.setattr(reestimation, "LEAST_PEOPLE", 3)


@pytest.fixture
def campaign():
    """Six people; half answer everything right."""
    people = [make.person(unit=make.unit("Sở Nội vụ" if n < 3 else "Sở Tài chính")) for n in range(PEOPLE)]
    made = sat.campaign_of(people, items_min=10, items_max=12)
    for n, row in enumerate(made.sittings.order_by("person")):
        sat.sit(row, make.right_choice if n % 2 else make.wrong_choice)
    return made


@pytest.fixture
def officers():
    return make.user("training"), make.user("training")


def started(campaign, officer, day=3):
    told = {"framework": make.framework(), "campaigns": [campaign.code]}
    return services.start_reestimation(actor=officer, at=make.at(day), **told)


def worked(run):
    """Run its queued job."""
    jobs.perform(str(Reestimation.objects.get(pk=run.pk).job_id))
    return Reestimation.objects.get(pk=run.pk)


def accepted(campaign, officers):
    run = worked(started(campaign, officers[0]))
    services.accept_reestimation(actor=officers[1], run=run, reason=REASON, at=make.at(4))
    return worked(run)


def beliefs():
    rows = Belief.objects.order_by("person_id")
    return {row.person_id: (bytes(row.mean), bytes(row.covariance), row.prior_id) for row in rows}


def test_too_few_people_are_refused_with_both_numbers(campaign, officers, monkeypatch):
    monkeypatch.setattr(reestimation, "LEAST_PEOPLE", 100)
    with pytest.raises(Refused, match=r"6.*100"):
        started(campaign, officers[0])
    assert not Reestimation.objects.exists()


def test_a_run_says_what_the_answers_say_and_touches_nothing(campaign, officers):
    before = beliefs()
    run = worked(started(campaign, officers[0]))
    rows = list(Answer.objects.select_related("item_version__item__competence", "sitting"))
    versions = list({row.item_version_id: row.item_version for row in rows}.values())
    place, people = {v.pk: j for j, v in enumerate(versions)}, sorted({row.sitting.person_id for row in rows})
    table = np.full((2, len(people), 12), -1)
    for i, person in enumerate(people):
        for t, row in enumerate(r for r in rows if r.sitting.person_id == person):
            table[:, i, t] = place[row.item_version_id], row.score
    bank = ItemBank.build(
        [v.item.competence.index for v in versions], [v.a for v in versions], [v.b for v in versions],
        [v.c for v in versions],
    )  # fmt: skip
    frame = folding.frame(make.framework())
    got = reestimate(np.zeros(frame.size), frame.prior_cov, bank, table[0], table[1])
    assert np.array(run.covariance) == pytest.approx(got.cov, abs=2e-6)
    assert np.diagonal(run.covariance) == pytest.approx(np.diagonal(frame.prior_cov))
    assert (run.summary["people"], run.summary["answers"]) == (PEOPLE, len(rows))
    assert 0 < run.summary["largest"] < 1
    assert beliefs() == before
    assert not Prior.objects.exists()


def test_who_would_change_is_who_does_change(campaign, officers):
    frame = folding.frame(make.framework())
    stored = {pk: folding.unpack(mean, (frame.size,)) for pk, (mean, _, _) in beliefs().items()}
    run = accepted(campaign, officers)
    rows = AuditEntry.objects.filter(verb="quality.move_profile")
    assert rows.count() == run.summary["beliefs"] == PEOPLE
    assert {row.person_id for row in rows} == set(stored)
    assert sum(bool(row.details["changes"]) for row in rows) == run.summary["changed"]
    levels = [step for row in rows for change in row.details["changes"] for step in [np.diff(change["level"])[0]]]
    assert (sum(s > 0 for s in levels), sum(s < 0 for s in levels)) == (run.summary["up"], run.summary["down"])
    after = {pk: folding.unpack(mean, (frame.size,)) for pk, (mean, _, _) in beliefs().items()}
    assert all(np.abs(after[pk] - stored[pk]).max() > 1e-4 for pk in stored)


def test_an_accepted_version_has_date_and_author_and_every_belief_follows_from_it(campaign, officers):
    run = accepted(campaign, officers)
    prior = Prior.objects.get()
    assert (prior.number, prior.author, prior.at, prior.source) == (1, officers[1], make.at(4), str(run))
    assert (run.status, run.prior_id, folding.prior_in_force(prior.framework_id)) == ("applied", prior.pk, prior.pk)
    frame = folding.frame_in_force(make.framework())
    assert np.array_equal(frame.prior_cov, np.array(run.covariance))
    for row in Belief.objects.all():
        log = folding.standing(list(Evidence.objects.filter(person=row.person_id)))
        again = folding.fold(frame, folding.unpack(row.prior_mean, (frame.size,)), log)
        assert np.abs(folding.of_row(row, frame.size).mean - again.mean).max() < 1e-12
    assert not list(strayed())


def test_who_is_measured_afterwards_begins_with_the_version_in_force(campaign, officers):
    run = accepted(campaign, officers)
    late, entries = make.person(), [{"k": "1.1", "rating": 2}]
    told = NewEvidence(late, Evidence.Kind.SELF, "self:1", entries)
    record(actor=None, framework=make.framework(), evidence=told, at=make.at(6))
    assert Belief.objects.get(person=late).prior_id == run.prior_id
    assert not list(strayed())


def test_a_second_person_decides_and_an_overtaken_run_is_refused(campaign, officers):
    first, second = (worked(started(campaign, officers[0])) for _ in range(2))
    with pytest.raises(Refused):
        services.accept_reestimation(actor=officers[0], run=first, reason=REASON, at=make.at(4))
    with pytest.raises(Refused):
        services.accept_reestimation(actor=officers[1], run=first, reason="vâng", at=make.at(4))
    services.accept_reestimation(actor=officers[1], run=first, reason=REASON, at=make.at(4))
    worked(first)
    with pytest.raises(Refused):
        services.accept_reestimation(actor=officers[1], run=second, reason=REASON, at=make.at(5))
    services.discard_reestimation(actor=officers[0], run=second, reason=REASON, at=make.at(5))
    assert (Prior.objects.count(), Reestimation.objects.get(pk=second.pk).status) == (1, "discarded")


def test_interrupted_work_goes_on_where_it_stopped(campaign, officers, monkeypatch):
    monkeypatch.setattr(reestimation, "CHUNK", 2)
    run = worked(started(campaign, officers[0]))
    services.accept_reestimation(actor=officers[1], run=run, reason=REASON, at=make.at(4))

    class Killed(Exception):
        pass

    def kill(share):
        raise Killed

    with pytest.raises(Killed):
        services.move_beliefs(run=run, at=make.at(4), step=kill)
    assert Belief.objects.filter(prior=run.prior).count() == 2
    assert not list(strayed()), "half-way, every belief still follows from its own beginning"
    jobs.cancel(run.job, at=make.at(4))
    run = Reestimation.objects.get(pk=run.pk)
    assert run.stuck
    services.resume_reestimation(actor=officers[1], run=run, at=make.at(5))
    assert worked(run).status == "applied"
    assert AuditEntry.objects.filter(verb="quality.move_profile").count() == PEOPLE
    assert Belief.objects.filter(prior=run.prior).count() == PEOPLE


def test_undone_is_as_if_it_had_never_been(campaign, officers):
    before = beliefs()
    run = accepted(campaign, officers)
    assert beliefs() != before
    services.undo_reestimation(actor=officers[0], run=run, reason=REASON, at=make.at(6))
    assert worked(run).status == "undone"
    assert beliefs() == before
    assert folding.prior_in_force(run.framework_id) is None
    with pytest.raises(Refused):
        services.undo_reestimation(actor=officers[0], run=Reestimation.objects.get(), reason=REASON, at=make.at(7))


def test_a_later_version_is_undone_first_and_gives_back_the_one_before(campaign, officers):
    first = accepted(campaign, officers)
    between = beliefs()
    second = accepted(campaign, officers)
    assert (second.base_id, second.prior.number) == (first.prior_id, 2)
    with pytest.raises(Refused):
        services.undo_reestimation(actor=officers[0], run=first, reason=REASON, at=make.at(6))
    services.undo_reestimation(actor=officers[0], run=second, reason=REASON, at=make.at(6))
    worked(second)
    assert beliefs() == between


def test_pages_from_start_to_undo(campaign, officers, as_user):
    campaign.status = "closed"
    campaign.save(update_fields=["status"])
    page = as_user(officers[0])
    empty = page.post(reverse("quality:reestimation_new"), {"campaigns": []} | {"from": "the form"})
    assert (empty.status_code, Reestimation.objects.count()) == (422, 0)
    assert page.post(reverse("quality:reestimation_new"), {"campaigns": [campaign.code]}).status_code == 302
    run = worked(Reestimation.objects.get())
    at = reverse("quality:reestimation", args=[run.pk])
    assert campaign.name in page.get(reverse("quality:reestimations")).content.decode()
    decide = {verb: reverse("quality:reestimation_decide", args=[run.pk, verb]) for verb in ("accept", "undo")}
    assert decide["accept"] not in page.get(at).content.decode(), "who started does not accept"
    page = as_user(officers[1])
    shown = page.get(at).content.decode()
    assert decide["accept"] in shown
    most = reestimating.moved_pairs(run)[1][0]
    assert f"{most.one.code} – {most.other.code}" in shown
    rows = reestimating.table_of(reestimating.moved_pairs(run)[0])
    assert [sum(pair is not None for pair in cells) for _domain, cells in rows] == list(range(1, len(rows) + 1))
    assert f"/ {run.summary['beliefs']}</span>" in shown
    short = page.post(decide["accept"], {"reason": "Ngắn quá"})
    assert short.status_code == 422
    assert "Ngắn quá</textarea>" in short.content.decode()
    assert page.post(decide["accept"], {"reason": REASON}).status_code == 302
    assert worked(run).status == "applied"
    assert page.post(decide["undo"], {"reason": REASON}).status_code == 302
    assert worked(run).status == "undone"
