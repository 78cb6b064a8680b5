"""`nanglucso check --deep`: a belief that its log does not give, and an answer changed behind the test's back."""

import argparse
import uuid

import numpy as np
import pytest
from tests import make

from nanglucso.core.db import write_turn
from nanglucso.measure.assessments import services
from nanglucso.measure.assessments.answering import Sent, take_answer
from nanglucso.measure.assessments.models import Answer, Sitting
from nanglucso.measure.assessments.proving import broken_chains
from nanglucso.measure.profiles import folding
from nanglucso.measure.profiles.models import Belief
from nanglucso.measure.profiles.proving import TOLERANCE, strayed
from nanglucso.project.cli import check

pytestmark = pytest.mark.django_db


@pytest.fixture
def measured():
    """Two people, each with a finished test, a self-rating and, after an appeal, a row set aside."""
    people = [make.person(), make.person()]
    campaign = make.campaign(people=people, items_min=6, items_max=6)
    for n, sitting in enumerate(campaign.sittings.order_by("person_id")):
        row = services.start_sitting(actor=None, sitting=sitting, at=make.AT)
        for seq in range(6):
            served = Sitting.objects.select_related("served_item__item").get(pk=row.pk).served_item
            choose = make.right_choice if (seq + n) % 2 else make.wrong_choice
            sent = Sent(seq, uuid.uuid4(), served.pk, choose(served))
            take_answer(sitting_id=row.pk, person_id=row.person_id, epoch=0, sent=sent, at=make.AT)
        services.submit(actor=None, sitting=row, at=make.at(hours=1))
        for level in (1, 3):
            services.rate(
                actor=None, person=row.person, kind="self", levels={"1.1": level}, framework=make.framework(),
                at=make.at(1 + level),
            )  # fmt: skip
    return people


def test_what_the_product_stored_is_what_the_log_gives(measured):
    assert Belief.objects.count() == 2
    assert (list(strayed()), list(broken_chains())) == ([], [])


@pytest.mark.parametrize("field", ["mean", "covariance", "variance"])
def test_a_belief_moved_by_a_millionth_is_named(measured, field):
    row = Belief.objects.get(person=measured[1])
    values = np.frombuffer(bytes(getattr(row, field)), np.float64).copy()
    values[3] += 1e-6
    setattr(row, field, folding.pack(values))
    row.save()
    (found,) = strayed()
    assert (found.person_id, measured[1].staff_code in found.who) == (measured[1].pk, True)
    assert found.by == pytest.approx(1e-6)
    values[3] += TOLERANCE / 10 - 1e-6
    setattr(row, field, folding.pack(values))
    row.save()
    assert list(strayed()) == []


def test_a_damaged_belief_is_named_and_not_a_crash(measured):
    Belief.objects.filter(person=measured[0]).update(mean=b"\0" * 24)
    assert [one.person_id for one in strayed()] == [measured[0].pk]
    Belief.objects.filter(person=measured[0]).update(mean=folding.pack(np.full(20, np.nan)))
    assert [one.by for one in strayed()] == [float("inf")]


def test_a_changed_or_missing_answer_breaks_its_test(measured):
    sitting = Sitting.objects.get(person=measured[0])
    kept = sitting.answers.get(seq=2)
    Answer.objects.filter(pk=kept.pk).update(score=kept.score + 1)
    assert [(one.sitting, one.why) for one in broken_chains()] == [(str(sitting.pk), "the chain does not agree")]
    Answer.objects.filter(pk=kept.pk).delete()
    assert [one.why for one in broken_chains()] == ["5 answers stored, 6 counted"]


def test_the_command_says_it_and_ends_with_status_1(measured, capsys):
    assert check._records() == []
    with write_turn():
        Belief.objects.filter(person=measured[0]).update(mean=folding.pack(np.zeros(20)))
    args = argparse.Namespace(deep=True, deploy=False)
    assert check.run(args) == 1
    told = capsys.readouterr().out
    assert "beliefs that differ from their log: 1; tests with a broken chain: 0" in told
    assert measured[0].staff_code in told
