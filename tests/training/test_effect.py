"""The effect of a class on people whose true gain is known, because it is simulated."""

from datetime import timedelta

import numpy as np
import pytest

from nanglucso.core import jobs
from nanglucso.core.models import Job
from nanglucso.core.refusals import Refused
from nanglucso.develop.training import estimating, proving, queries, services
from nanglucso.develop.training.models import ClassEffect, Enrolment
from nanglucso.engines.effect_pooling import pooled
from nanglucso.measure.assessments import delivery
from nanglucso.measure.assessments.models import Campaign
from nanglucso.measure.profiles import folding
from nanglucso.project.demo import takers
from tests import make
from tests.training import planned as plan

pytestmark = pytest.mark.django_db
GAIN = 1.2


def live(n_class, n_beside, *, gain, seed=1):
    """People measured, one class held, everybody measured again; returns the class and the comparison group."""
    rng, frame = np.random.default_rng(seed), folding.frame(make.framework())
    people = [make.person(login=False) for _ in range(n_class + n_beside)]
    codes = queries.covered_codes(plan.planned(course="S3-CB-01").course)
    truth = {pk: theta - 1.8 for pk, theta in takers.abilities(people, frame.prior_cov, rng).items()}
    first = make.campaign(people=people, competences=codes, items_min=3, items_max=5)
    takers.sit_many(list(first.sittings.select_related("campaign", "person")), truth, rng, make.at(1), make.at(3))
    mine, beside = people[:n_class], people[n_class:]
    row = plan.finished(mine, course="S3-CB-01")
    for person in mine:
        truth[person.pk] = truth[person.pk] + gain
    again = services.open_retest(
        actor=None, framework=make.framework(), training_class=row, people=people, at=make.at(40)
    )
    takers.sit_many(list(again.sittings.select_related("campaign", "person")), truth, rng, make.at(41), make.at(50))
    return row, beside


def measure(row, beside):
    return proving.measure_effect(
        actor=None, framework=make.framework(), training_class=row, comparison=beside, at=make.at(60)
    )


def test_a_class_that_helps_is_seen_net_of_the_comparison_group():
    row, beside = live(16, 14, gain=GAIN)
    found = measure(row, beside)
    assert (found.people, found.comparison, found.method) == (16, 14, estimating.WITH_COMPARISON)
    width = estimating.band_width(
        folding.frame(make.framework()),
        [(c.competence.index, c.from_level, c.to_level) for c in row.course.covers.select_related("competence")],
    )
    assert abs(found.shift - GAIN / width) < 4 * found.standard_error
    assert found.shift == pytest.approx(found.trained - found.untrained)
    assert found.low < found.shift < found.high
    assert abs(found.naive - GAIN / width) < 6 * found.standard_error
    row.course.refresh_from_db()
    assert row.course.measured == {}, "nothing reaches the plan by itself"
    measure(row, beside)
    assert ClassEffect.objects.count() == 1
    [one] = queries.proposals(waiting=True)
    assert (one.share, one.form) == (found.share, "inperson")
    assert one.low < one.share < one.high
    assert 1 <= one.people <= 16


def test_a_share_counts_by_its_precision_and_never_for_more_than_were_measured():
    assert proving.weight_of(90, 0.15) == 60
    assert proving.weight_of(90, 0.3) == 15
    assert proving.weight_of(90, 3.0) == 1
    assert proving.weight_of(20, 0.01) == 20


def test_a_class_that_does_nothing_is_not_praised():
    row, beside = live(12, 12, gain=0.0, seed=4)
    found = measure(row, beside)
    assert abs(found.shift) < 4 * found.standard_error
    assert found.is_clear == (found.low > 0 or found.high < 0)


def test_whoever_was_never_tested_before_shows_no_change():
    row, beside = live(6, 0, gain=GAIN, seed=3)
    new = make.person()
    row.enrolments.create(person=new, status="completed", at=make.AT)
    again = services.open_retest(
        actor=None, framework=make.framework(), training_class=row, people=[new], at=make.at(52), days=10
    )
    rng = np.random.default_rng(9)
    truth = takers.abilities([new], folding.frame(make.framework()).prior_cov, rng)
    fresh = list(again.sittings.filter(person=new).select_related("campaign", "person"))
    takers.sit_many(fresh, truth, rng, make.at(53), make.at(54))
    assert measure(row, beside).people == 6


def test_without_a_comparison_group_the_method_says_so():
    row, beside = live(8, 3, gain=GAIN, seed=2)
    found = measure(row, [])
    assert (found.comparison, found.untrained, found.method) == (0, None, estimating.WITHOUT)
    few = measure(row, beside)
    assert few.comparison == 0


def test_fewer_than_five_measured_again_cannot_tell():
    row, _beside = live(4, 0, gain=GAIN)
    with pytest.raises(Refused):
        measure(row, [])
    assert not ClassEffect.objects.exists()
    row.course.refresh_from_db()
    assert row.course.measured == {}


def test_a_class_that_goes_on_has_no_effect_yet():
    row = plan.opened([make.person()])
    with pytest.raises(Refused):
        measure(row, [])
    with pytest.raises(Refused):
        services.open_retest(
            actor=None, framework=make.framework(), training_class=row, people=[make.person()], at=make.AT
        )


def test_the_retest_asks_at_most_ten_items_of_the_course_and_grows_when_asked_again():
    people = [make.person() for _ in range(2)]
    row = plan.finished(people[:1])
    told = {"actor": None, "framework": make.framework(), "training_class": row}
    first = services.open_retest(**told, people=people[:1], at=make.at(30))
    assert first.items_max <= 10
    assert first.purpose == "retest"
    assert first.competences == queries.covered_codes(row.course)
    again = services.open_retest(**told, people=people, at=make.at(31))
    assert (again.pk, again.sittings.count()) == (first.pk, 2)
    state = queries.retest_state(row)
    assert (state.trained, state.beside, state.trained_done) == (1, 1, 0)
    assert queries.retest_people(row) == [people[1]]
    with pytest.raises(Refused):
        services.open_retest(**told, people=[], at=make.at(31))


def test_whoever_joins_a_retest_has_its_items_spread_anew_unless_its_bank_is_a_trial_bank(monkeypatch):
    people = [make.person() for _ in range(3)]
    told = {"actor": None, "framework": make.framework(), "training_class": plan.finished(people[:1])}
    asked = Job.objects.filter(kind="assessments.price")
    monkeypatch.setattr(delivery, "TRIAL_FACTOR", 1)
    again = services.open_retest(**told, people=people[:2], at=make.at(30))
    assert (again.trial_bank, asked.count()) == (False, 1)
    services.open_retest(**told, people=people[:2], at=make.at(31))
    assert asked.count() == 1, "nobody is new"
    services.open_retest(**told, people=people, at=make.at(31))
    assert asked.count() == 2
    again.exposures.update(price=-1.0)
    jobs.perform(str(asked.order_by("pk").last().pk))
    assert not again.exposures.filter(price=-1.0).exists(), "the job writes a price for every item"
    Campaign.objects.filter(pk=again.pk).update(trial_bank=True)
    services.open_retest(**told, people=[*people, make.person()], at=make.at(32))
    assert asked.count() == 2


def test_the_comparison_pool_is_measured_untaught_and_of_the_same_positions():
    position, elsewhere = make.position(), make.position("VTVL-SO-LD-01")
    mine = [make.person(position=position) for _ in range(2)]
    good, unmeasured, taught = (make.person(position=position) for _ in range(3))
    other = make.person(position=elsewhere)
    campaign = make.campaign(people=[*mine, good, taught, other], competences=["3.3"], items_min=2, items_max=3)
    rng = np.random.default_rng(3)
    truth = takers.abilities([*mine, good, taught, other], folding.frame(make.framework()).prior_cov, rng)
    takers.sit_many(list(campaign.sittings.select_related("campaign", "person")), truth, rng, make.at(1), make.at(2))
    plan.finished([taught], start=1)
    row = plan.finished(mine, start=2)
    assert queries.comparison_pool(make.framework(), row) == [good]
    assert unmeasured not in queries.comparison_pool(make.framework(), row)


def test_matching_takes_the_nearest_free_candidate_in_rounds():
    from nanglucso.develop.training.queries.effects import _matched

    targets, candidates = np.array([[0.0], [1.0]]), np.array([[5.0], [0.9], [0.1], [-4.0]])
    assert _matched(targets, candidates) == [2, 1, 3, 0]
    apart = np.array([[0.0, 0.0, 9.0, 0.0], [0.0, 0.0, 0.0, 0.0]])
    assert _matched(targets, candidates, apart) == [1, 2, 3, 0]
    assert _matched(np.zeros((0, 1)), candidates) == [0, 1, 2, 3]


def test_a_comparison_person_who_took_the_course_meanwhile_is_left_out():
    row, beside = live(6, 6, gain=GAIN, seed=7)
    before = measure(row, beside)
    plan.finished(beside[:2], start=2)
    after = measure(row, beside)
    assert (before.comparison, after.comparison) == (6, 0)


def test_pooled_effects_weigh_by_error_and_admit_spread():
    same = pooled([0.5, 0.5], [0.1, 0.2])
    assert (same.mean, same.tau, same.alike) == (pytest.approx(0.5), 0.0, True)
    assert same.standard_error == pytest.approx((1 / (100 + 25)) ** 0.5)
    apart = pooled([0.0, 1.0], [0.1, 0.1])
    assert apart.tau > 0.5
    assert apart.standard_error > same.standard_error
    assert apart.low < 0.5 < apart.high
    assert pooled([0.4], [0.1]).mean == pytest.approx(0.4)
    with pytest.raises(ValueError, match="no effect"):
        pooled([], [])


def test_effects_are_grouped_by_course_with_prior_beside_measured():
    people = [make.person() for _ in range(2)]
    rows = [plan.finished(people[:1]), plan.finished(people[1:], start=2)]
    for row, shift in zip(rows, (0.4, 0.6), strict=True):
        ClassEffect.objects.create(
            training_class=row, course=row.course, people=12, shift=shift, standard_error=0.1, low=shift - 0.16,
            high=shift + 0.16, method=estimating.WITHOUT, measured_at=make.at(60),
        )  # fmt: skip
    [group] = queries.by_course()
    assert (group.people, group.whole.n, group.whole.mean) == (24, 2, pytest.approx(0.5))
    assert queries.by_course(group.course)[0].effects == group.effects
    row.course.measured = {"inperson": {"shift": 0.4, "people": 24, "eff": 0.5, "classes": {"a": [0.4, 24]}}}
    row.course.save()
    [share] = queries.shares()
    assert (share["measured"], share["taken"], share["classes"]) == (0.4, 0.5, 1)
    assert share["prior"] == row.course.forms["inperson"]["eff"]
    assert Enrolment.objects.filter(status="completed").count() == 2
    assert rows[0].sessions.last().ends_at + timedelta(hours=1) == rows[0].closed_at
