"""A practice task set aside and put back: the belief as if it had not been sat, then as it was."""

import pytest

from nanglucso.core.refusals import Refused
from nanglucso.measure.profiles.models import Evidence
from nanglucso.measure.profiles.proving import strayed
from nanglucso.measure.quality import services
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
