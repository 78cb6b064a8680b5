"""What is left of a gain: the interval holds the truth at least as often as it says, because both effects err alike."""

from functools import lru_cache

import numpy as np
import pytest

from nanglucso.engines.effect import After, Learner
from nanglucso.engines.effect_lasting import share_left
from nanglucso.engines.effect_regression import class_effect

GAIN, ITEMS, PEOPLE, CLASSES = 1.2, 6, 20, 60


def person(rng, changes):
    """One competence: belief before, then for each change the answers given after it, as two learners would enter."""
    theta = rng.normal()
    before = ((float(0.8 * (theta + rng.normal(0, 0.5))), 0.2),)
    own, made = rng.normal(0, 0.3), []
    for change in changes:
        b = rng.normal(theta, 1, ITEMS)
        right = rng.random(ITEMS) < 1 / (1 + np.exp(-1.2 * (theta + own + change - b)))
        rows = tuple(After(1.2, (float(x),), 0.0, int(y)) for x, y in zip(b, right, strict=True))
        made.append(Learner(before, (rows,)))
    return made


@lru_cache
def years(kept):
    """(first effect, later effect) of `CLASSES` made-up classes beside a group as large."""
    found = []
    for seed in range(CLASSES):
        rng = np.random.default_rng(seed)
        mine = [person(rng, (GAIN, GAIN * kept)) for _ in range(PEOPLE)]
        beside = [person(rng, (0.0, 0.0)) for _ in range(PEOPLE)]
        found.append([class_effect([p[i] for p in mine], [p[i] for p in beside]).net for i in (0, 1)])
    return found


def test_the_two_effects_of_a_class_err_in_the_same_direction():
    errors = np.array([[one.shift for one in pair] for pair in years(0.5)])
    assert np.corrcoef(errors.T)[0, 1] > 0.2


@pytest.mark.parametrize("kept", [0.5, 1.0])
def test_the_interval_of_what_is_left_covers_the_truth_more_often_than_it_says(kept):
    hits = told = 0
    for first, later in years(kept):
        left = share_left(first.shift, first.high - first.shift, later.shift, later.high - later.shift)
        if left is not None:
            told, hits = told + 1, hits + (left.low <= kept <= left.high)
    assert told > 0.8 * CLASSES
    assert hits >= 0.93 * told


def test_what_is_left_is_an_interval_that_needs_a_clear_gain():
    sharp = share_left(2.0, 0.0, 1.0, 0.0)
    assert (sharp.share, sharp.low, sharp.high) == (0.5, 0.5, 0.5)
    assert share_left(0.5, 0.5, 1.0, 0.1) is None
    found = share_left(2.0, 0.6, 1.0, 0.5)
    for end in (found.low, found.high):
        assert (1.0 - end * 2.0) ** 2 == pytest.approx(0.5**2 + end**2 * 0.6**2)
    assert found.low < found.share < found.high
    assert share_left(1.0, 0.99, 1.0, 3.0).low < -1
