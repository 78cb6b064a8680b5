"""A practice task set aside and put back: the belief as if it had not been sat, then as it was."""

import pytest
import time_machine
from django.urls import reverse

from nanglucso.core.refusals import Refused
from nanglucso.measure.profiles.models import Evidence
from nanglucso.measure.profiles.proving import strayed
from nanglucso.measure.quality import services
from nanglucso.measure.quality.models import Appeal
from nanglucso.measure.quality.rules import terms
from tests import make
from tests.assessments import labsat
from tests.quality import sat

pytestmark = pytest.mark.django_db
REASON = "Mất điện giữa bài thực hành, đề nghị loại kết quả."


@pytest.fixture
def person():
    return make.person(login=True)


@pytest.fixture
def officers():
    return make.user("training"), make.user("training")


def voided(row, officers):
    made = services.prepare(actor=officers[0], kind="void", lab=row, reason=REASON, at=make.at(3))
    made = sat.work(made)
    services.approve(actor=officers[1], correction=made, at=make.at(4))
    return sat.work(made)


def test_a_task_set_aside_leaves_the_belief_as_the_test_alone_and_undo_puts_it_back(person, officers):
    campaign = labsat.campaign([person], hold_results=True)
    sat.sit(campaign.sittings.get(person=person))
    alone = sat.stored(person)
    row = labsat.sat(campaign, person)
    both = sat.stored(person)
    assert not sat.same(alone, both)
    done = voided(row, officers)
    assert (done.status, done.summary["people"]) == ("applied", 1)
    assert labsat.fresh(row).status == "voided"
    assert sat.same(alone, sat.stored(person))
    undone = services.request_undo(actor=officers[0], correction=done, reason="Biên bản cho thấy không mất điện.", at=make.at(5))  # fmt: skip
    sat.work(undone)
    assert labsat.fresh(row).status == "scored"
    assert sat.same(both, sat.stored(person))
    assert not list(strayed())
    from nanglucso.measure.profiles.holding import held_for

    kept = Evidence.objects.get(person=person, kind="practice", voids=None, voided_by=None)
    assert kept.source in held_for(person).sources, "what stands in its place is held as well"


def test_a_task_without_a_result_cannot_be_set_aside_and_nobody_approves_their_own(person, officers):
    campaign = labsat.campaign([person])
    with pytest.raises(Refused):
        services.prepare(
            actor=officers[0], kind="void", lab=labsat.given(campaign, person), reason=REASON, at=make.at(3)
        )
    row = labsat.sat(campaign, person)
    made = sat.work(services.prepare(actor=officers[0], kind="void", lab=row, reason=REASON, at=make.at(3)))
    with pytest.raises(Refused):
        services.approve(actor=officers[0], correction=made, at=make.at(4))
    with pytest.raises(Refused):
        services.approve(actor=person.user, correction=made, at=make.at(4))
    assert labsat.fresh(row).status == "scored"


def test_a_person_challenges_a_task_and_its_reviewer_reads_it_act_by_act(person, officers, as_user):
    campaign = labsat.campaign([person])
    waiting = reverse("quality:file_lab", args=[labsat.given(campaign, person).pk])
    assert as_user(person.user).get(waiting).status_code == 404, "nothing to challenge before the end"
    row = labsat.sat(campaign, person)
    with time_machine.travel(make.at(2), tick=False):
        own = as_user(person.user)
        assert row.version.lab.title_vi in own.get(reverse("quality:mine")).content.decode()
        bad = own.post(waiting, {"reason": "ngắn"})
        assert (bad.status_code, "ngắn" in bad.content.decode()) == (422, True)
        own.post(waiting, {"reason": REASON})
        case = Appeal.objects.get()
        assert (case.work, case.sitting, case.step) == (row, None, None)
        assert own.post(waiting, {"reason": REASON}).status_code == 422, "once is enough"

        reviewer = make.user("author")
        services.assign_reviewer(actor=officers[0], appeal=case, reviewer=reviewer, at=make.at(2))
        step = next(one for one in row.version.body["steps"] if one["id"] in labsat.fresh(row).run.result["done"])
        assert step["feedback_ok"] in as_user(reviewer).get(reverse("quality:appeal", args=[case.pk])).content.decode()
        assert (
            step["feedback_ok"]
            not in as_user(officers[0]).get(reverse("quality:appeal", args=[case.pk])).content.decode()
        )


def test_an_upheld_case_takes_the_task_out_once_another_person_approves(person, officers):
    campaign = labsat.campaign([person])
    sat.sit(campaign.sittings.get(person=person))
    alone = sat.stored(person)
    row = labsat.sat(campaign, person)
    case = services.file_lab_appeal(actor=person.user, person=person, lab=row, reason=REASON, at=make.at(2))
    reviewer = make.user("author")
    services.assign_reviewer(actor=officers[0], appeal=case, reviewer=reviewer, at=make.at(2))
    told = {"actor": reviewer, "appeal": Appeal.objects.get(), "answer": REASON, "at": make.at(3)}
    with pytest.raises(Refused):
        services.decide(remedy="neutralise", **told)
    made = sat.work(services.decide(remedy="void", **told))
    assert (made.lab, made.sitting) == (row, None)
    assert not sat.same(alone, sat.stored(person))
    services.approve(actor=officers[1], correction=made, at=make.at(4))
    sat.work(made)
    assert (Appeal.objects.get().status, labsat.fresh(row).status) == ("applied", "voided")
    assert sat.same(alone, sat.stored(person))


def test_a_task_is_challenged_by_its_own_person_within_the_term(person):
    row = labsat.sat(labsat.campaign([person]), person)
    stranger, told = make.person(login=True), {"lab": row, "reason": REASON}
    with pytest.raises(Refused):
        services.file_lab_appeal(actor=stranger.user, person=stranger, at=make.at(2), **told)
    with pytest.raises(Refused):
        services.file_lab_appeal(actor=person.user, person=person, at=row.finished_at + terms().to_file * 2, **told)
    assert not Appeal.objects.exists()
