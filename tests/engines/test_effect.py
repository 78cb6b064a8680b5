"""The measured effect: unbiased, honest about its error, net of the comparison group."""

import numpy as np
import pytest
from benchmarks import effect as bench

from nanglucso.engines.effect import After, Answers, Learner, news, shrunk_share
from nanglucso.engines.effect_pooling import Expected, pooled, programme
from nanglucso.engines.effect_regression import Shift, class_effect


def group(n, shift, seed, items=5, competences=2):
    rng = np.random.default_rng(seed)
    people = []
    for _ in range(n):
        theta = rng.normal(0, 1, competences)
        before, answers = [], []
        for k in range(competences):
            error = rng.normal(0, 0.5)
            before.append((float(0.8 * (theta[k] + error)), 0.2))  # posterior under N(0, 1)
            rows = []
            for _ in range(items):
                b = float(rng.normal(0, 1))
                p = 1 / (1 + np.exp(-1.2 * (theta[k] + shift - b)))
                rows.append(After(1.2, (b,), 0.0, int(rng.random() < p)))
            answers.append(tuple(rows))
        people.append(Learner(tuple(before), tuple(answers)))
    return people


@pytest.mark.parametrize("shift", [0.0, 0.5, 1.0])
def test_the_interval_covers_the_truth_about_as_often_as_it_says(shift):
    hits = 0
    for seed in range(40):
        found = class_effect(group(25, shift, seed)).net
        hits += found.low <= shift <= found.high
    assert 32 <= hits <= 40


def test_a_larger_class_has_a_smaller_error():
    assert class_effect(group(80, 0.5, 1)).net.standard_error < 0.7 * class_effect(group(20, 0.5, 1)).net.standard_error


def test_the_comparison_group_takes_away_what_time_did_alone():
    found = class_effect(group(400, 0.8, 5), group(400, 0.3, 6))
    assert found.net.shift == pytest.approx(0.5, abs=2.5 * found.net.standard_error)
    assert found.net.shift == pytest.approx(found.trained - found.untrained)
    assert found.net.standard_error > class_effect(group(400, 0.8, 5)).net.standard_error


def test_nobody_answered_is_no_effect_at_all():
    assert class_effect([]) is None
    assert class_effect([Learner(((0.0, 1.0),), ((),))]) is None


def test_the_share_moves_from_the_prior_to_the_measurement_with_people():
    assert shrunk_share(0.5, 0.2, 0) == 0.5
    assert shrunk_share(0.5, 0.2, 60) == pytest.approx(0.35)
    assert shrunk_share(0.5, -3.0, 1000) == 0.02
    assert Shift(1, 1.0, 0.5).high == pytest.approx(1.8224, abs=1e-3)


def test_slope_and_bend_are_the_derivatives_of_the_marginal_likelihood():
    [one] = group(1, 0.4, 3)
    packed, mean = Answers.pack([one.answers]), np.array([[m for m, _v in one.before]])
    var = np.array([[v for _m, v in one.before]])

    def slope(d):
        return news(packed, mean, var, np.array([d]))[0][0]

    def plain(d):
        total, x = 0.0, np.linspace(-8, 8, 8001)
        for (m, v), rows in zip(one.before, one.answers, strict=True):
            y = np.exp(-0.5 * (x - m - d) ** 2 / v)
            for row in rows:
                p = 1 / (1 + np.exp(-row.a * (x - row.b[0])))
                y = y * (p if row.score else 1 - p)
            total += np.log(y.sum())
        return total

    assert slope(0.3) == pytest.approx((plain(0.301) - plain(0.299)) / 0.002, rel=1e-3)
    bend = news(packed, mean, var, np.array([0.3]))[1][0]
    assert bend == pytest.approx(-(slope(0.301) - slope(0.299)) / 0.002, rel=1e-2)


def test_pooling_draws_the_roughly_measured_to_the_mean_and_keeps_the_order_of_equals():
    found = pooled([1.5, 0.4, 0.5, 0.3], [0.6, 0.1, 0.1, 0.1])
    assert found.shrunk[0] < 0.8
    assert found.shrunk[1:].tolist() == pytest.approx([0.4, 0.5, 0.3], abs=0.12)
    assert (found.lows < found.shrunk).all()
    told = programme([0, 0, 1], [0.5, 0.7, -0.2], [0.2, 0.2, 0.2], expected=Expected(0.04, 20))
    assert [one.n for one in told.courses] == [2, 1]
    assert told.courses[1].high - told.courses[1].low > told.courses[0].high - told.courses[0].low
    with pytest.raises(ValueError, match="no effect"):
        programme([], [], [])


@pytest.mark.thorough
def test_made_up_years_hold_the_interval_the_bias_and_the_ranking():
    """12 years of the bench: weak people chosen by a noisy test, a trend, a prior that is wrong."""
    told = bench.many_years(12, 3)
    assert 0.86 <= told["class"].mean() <= 0.97
    assert told["pooled"].mean() >= 0.84
    assert told["course"].mean() >= 0.80
    bias = told["error"].mean(0)
    assert abs(bias[0]) < 0.1
    assert bias[2] > 0.4, "a plain before-after takes regression to the mean for the work of the class"
    ours, alone, _naive, expected = told["head"].mean(0)
    assert ours <= expected + 0.1
    assert ours < alone
