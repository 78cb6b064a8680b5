"""The measured effect: unbiased, honest about its error, net of the comparison group."""

import numpy as np
import pytest

from nanglucso.engines.effect import After, Learner, Shift, mean_shift, net, shrunk_share


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
        found = mean_shift(group(25, shift, seed))
        hits += found.low <= shift <= found.high
    assert 32 <= hits <= 40


def test_a_larger_class_has_a_smaller_error():
    assert mean_shift(group(80, 0.5, 1)).standard_error < 0.7 * mean_shift(group(20, 0.5, 1)).standard_error


def test_the_comparison_group_takes_away_what_time_did_alone():
    trained, others = mean_shift(group(400, 0.8, 5)), mean_shift(group(400, 0.3, 6))
    found = net(trained, others)
    assert found.shift == pytest.approx(0.5, abs=2.5 * found.standard_error)
    assert found.standard_error > trained.standard_error


def test_nobody_answered_is_no_effect_at_all():
    assert mean_shift([]) is None
    assert mean_shift([Learner(((0.0, 1.0),), ((),))]) is None


def test_the_share_moves_from_the_prior_to_the_measurement_with_people():
    assert shrunk_share(0.5, 0.2, 0) == 0.5
    assert shrunk_share(0.5, 0.2, 60) == pytest.approx(0.35)
    assert shrunk_share(0.5, -3.0, 1000) == 0.02
    assert Shift(1, 1.0, 0.5).high == pytest.approx(1.8224, abs=1e-3)
