"""The ledger and the belief folded from it: order does not matter, a void row has no effect, only one rating counts."""

import random

import numpy as np
import pytest
from tests import make

from nanglucso.core.models import AuditEntry
from nanglucso.core.refusals import Refused
from nanglucso.measure.assessments.services import rate
from nanglucso.measure.profiles import folding, services
from nanglucso.measure.profiles.models import Belief, BeliefPoint, Evidence, FamilyPrior
from nanglucso.measure.profiles.queries import Move, competence_points, history, standing, trend
from nanglucso.measure.profiles.services import NewEvidence

pytestmark = pytest.mark.django_db


def answers(codes, score=1, b=0.0):
    return [{"k": code, "item": 0, "a": 1.2, "b": [b], "c": 0.2, "score": score} for code in codes]


def sat(person, source, entries, days=0.0):
    evidence = NewEvidence(person, Evidence.Kind.SITTING, source, entries, source)
    return services.record(actor=None, framework=make.framework(), evidence=evidence, at=make.at(days))


def belief(person):
    row = Belief.objects.get(person=person)
    size = folding.frame(make.framework()).size
    return folding.of_row(row, size)


def lived(person):
    """A made-up year: a self-review, two tests, a class, a manager's rating."""
    codes = list(folding.frame(make.framework()).codes)
    rate(
        actor=None,
        person=person,
        kind="self",
        levels=dict.fromkeys(codes, 2),
        framework=make.framework(),
        at=make.at(0),
    )
    sat(person, "bai-1", answers(codes[:10]) + answers(codes[10:], score=0), 10)
    entries = [{"k": codes[3], "from": 0, "to": 2, "eff": 0.4}]
    made = NewEvidence(person, Evidence.Kind.CLASS, "lop-1", entries, "lop-1")
    services.record(actor=None, framework=make.framework(), evidence=made, at=make.at(40))
    sat(person, "bai-2", answers(codes[:6], b=0.5), 80)
    head = make.user("head", person.unit)
    levels = {codes[0]: 3, codes[5]: 1}
    rate(actor=head, person=person, kind="manager", levels=levels, framework=make.framework(), at=make.at(90))


def test_folding_the_ledger_in_any_order_gives_the_stored_belief_to_nine_decimals():
    person = make.person()
    lived(person)
    stored, frame = belief(person), folding.frame(make.framework())
    prior = folding.unpack(Belief.objects.get(person=person).prior_mean, (frame.size,))
    rows = list(Evidence.objects.filter(person=person))
    for seed in range(5):
        random.Random(seed).shuffle(rows)
        again = folding.fold(frame, prior, folding.standing(rows))
        assert np.abs(again.mean - stored.mean).max() < 1e-9
        assert np.abs(again.cov - stored.cov).max() < 1e-9


def test_a_voided_row_leaves_the_belief_as_if_it_had_never_been():
    one, other = make.person(), make.person()
    codes = list(folding.frame(make.framework()).codes)
    for person in (one, other):
        sat(person, "bai-1", answers(codes))
    sat(one, "bai-sai", answers(codes, score=0), 1)
    wrong = Evidence.objects.get(person=one, source="bai-sai")
    assert np.abs(belief(one).mean - belief(other).mean).max() > 0.1
    services.void(actor=None, evidence=wrong, reason="Nhầm người", at=make.at(2))
    assert np.abs(belief(one).mean - belief(other).mean).max() < 1e-9
    assert Evidence.objects.filter(pk=wrong.pk).exists()
    assert AuditEntry.objects.filter(verb="profiles.void", person_id=one.pk).count() == 1
    with pytest.raises(Refused):
        services.void(actor=None, evidence=wrong, reason="Lần nữa", at=make.at(3))


def test_the_history_marks_what_was_set_aside_and_the_trend_leaves_it_out():
    person = make.person()
    codes = list(folding.frame(make.framework()).codes)
    sat(person, "bai-1", answers(codes))
    sat(person, "bai-sai", answers(codes, score=0), 1)
    services.void(actor=None, evidence=Evidence.objects.get(source="bai-sai"), reason="Nhầm người", at=make.at(2))
    steps = history(make.framework(), person)
    assert [(step.evidence.source, step.voided) for step in steps][1:] == [("bai-sai", True), ("bai-1", False)]
    assert len(trend(make.framework(), person)) == 1


def test_the_change_of_a_move_is_the_difference_of_the_figures_shown_beside_it():
    moves = [Move(None, before, after) for before, after in ((3.44, 3.36), (2.16, 2.52), (3.36, 3.44), (1.0, 1.04))]
    assert [round(move.change, 9) for move in moves] == [0.0, 0.3, 0.0, 0.0]
    assert [move.told for move in moves] == [False, True, False, False]


def test_a_piece_that_came_in_late_does_not_turn_the_time_of_a_line_back():
    person, framework = make.person(), make.framework()
    codes = list(folding.frame(framework).codes)
    sat(person, "bai-1", answers(codes), 40)
    late = NewEvidence(person, Evidence.Kind.SITTING, "muon", answers(codes[:3]), since=make.at(10))
    services.record(actor=None, framework=framework, evidence=late, at=make.at(50))
    sat(person, "bai-2", answers(codes), 60)
    expected = [make.at(40), make.at(40), make.at(60)]
    assert [point.at for point in trend(framework, person)] == expected
    chosen = framework.competences.get(code=codes[0])
    assert [point.at for point in competence_points(framework, person, chosen)] == expected
    assert [step.evidence.source for step in history(framework, person)] == ["bai-2", "muon", "bai-1"]


def test_a_step_says_whether_it_left_the_belief_surer_or_less_sure_on_what_it_speaks_of():
    person, framework = make.person(), make.framework()
    codes = list(folding.frame(framework).codes)
    sat(person, "bai-1", answers(codes[:1] * 6))
    entries = [{"k": codes[0], "from": 0, "to": 4, "eff": 0.4}]
    made = NewEvidence(person, Evidence.Kind.CLASS, "lop-1", entries, "lop-1")
    services.record(actor=None, framework=framework, evidence=made, at=make.at(1))
    sat(person, "bai-2", answers(codes[:1] * 6), 2)
    assert [step.sure for step in history(framework, person)] == [1, -1, 1]
    only = framework.competences.get(code=codes[0])
    assert {move.competence for step in history(framework, person, only=only) for move in step.moves} == {only}


def test_only_the_newest_self_review_of_a_person_counts():
    one, other = make.person(login=True), make.person(login=True)
    codes = folding.frame(make.framework()).codes
    for level, day in ((4, 0), (1, 5)):
        rate(
            actor=one.user, person=one, kind="self", levels=dict.fromkeys(codes, level), framework=make.framework(),
            at=make.at(day),
        )  # fmt: skip
    rate(
        actor=other.user, person=other, kind="self", levels=dict.fromkeys(codes, 1), framework=make.framework(),
        at=make.at(5),
    )  # fmt: skip
    assert np.abs(belief(one).mean - belief(other).mean).max() < 1e-9
    assert Belief.objects.get(person=one).evidence_count == 1


def test_recording_the_same_source_twice_changes_nothing():
    person = make.person()
    codes = list(folding.frame(make.framework()).codes)
    first = sat(person, "bai-1", answers(codes))
    again = sat(person, "bai-1", answers(codes, score=0), 3)
    assert bytes(first.mean) == bytes(again.mean)
    assert (Evidence.objects.count(), BeliefPoint.objects.count()) == (1, 1)


def test_a_never_measured_person_begins_where_the_position_group_is():
    person = make.person()
    frame = folding.frame(make.framework())
    FamilyPrior.objects.create(
        family=person.position.family, framework=make.framework(), mean=[1.0] * frame.size, people=120, as_of=make.AT
    )
    where = standing(make.framework(), person)
    assert not where.measured
    # A mean of 1 logit lies 0.2 logits above the cut of level 3 (0.8), and that level is one logit wide.
    assert where.bars[0].mean == pytest.approx(3.2)


def test_family_priors_are_learned_only_from_a_hundred_measured_people():
    people = [make.person(position=make.position()) for _ in range(100)]
    codes = list(folding.frame(make.framework()).codes)
    rows = [NewEvidence(p, Evidence.Kind.SITTING, "bai-1", answers(codes[:3]), "bai-1") for p in people[:99]]
    services.record_many(actor=None, framework=make.framework(), evidence=rows, at=make.AT)
    assert services.update_family_priors(actor=None, framework=make.framework(), at=make.AT) == 0
    sat(people[99], "bai-1", answers(codes[:3]))
    assert services.update_family_priors(actor=None, framework=make.framework(), at=make.AT) == 1
    assert FamilyPrior.objects.get().people == 100
