"""Properties of the forecast: order, bounds, what it does not depend on, and that it learns."""

import numpy as np
import pytest
from benchmarks.forecast import AHEAD, SHAPES, draw
from hypothesis import given, settings
from hypothesis import strategies as st

from nanglucso.engines.forecast import forecast

SHARES = st.lists(st.floats(0, 100).map(lambda x: round(x, 1)), min_size=3, max_size=20)


@settings(max_examples=30, deadline=None)
@given(SHARES, st.integers(1, 12))
def test_the_interval_is_in_order_and_within_0_and_100(values, ahead):
    found = forecast([values], [ahead], share=True, goal=[50.0])
    low, mean, high = found.low[0, 0], found.mean[0, 0], found.high[0, 0]
    assert 0 <= low <= mean <= high <= 100
    assert 0 <= found.chance[0, 0] <= 1


@settings(max_examples=20, deadline=None)
@given(SHARES)
def test_a_wider_level_holds_the_narrower_one_and_company_changes_nothing(values):
    table = np.full((2, 20), np.nan)
    table[0, -len(values) :] = values
    table[1, -4:] = [10, 20, 30, 40]
    wide, narrow = forecast(table, [6], share=True, level=0.95), forecast(table, [6], share=True, level=0.5)
    assert wide.low[0, 0] <= narrow.low[0, 0] <= narrow.high[0, 0] <= wide.high[0, 0]
    alone = forecast(table[:1, -len(values) :], [6], share=True, level=0.95)
    assert alone.mean[0, 0] == pytest.approx(wide.mean[0, 0], abs=1e-3)


def test_the_interval_grows_with_distance_and_a_clear_trend_is_carried_on():
    noise = np.random.default_rng(3).normal(0, 0.3, 24)
    found = forecast([30 + np.arange(24) + noise], [1, 6, 12], share=True)
    width = (found.high - found.low)[0]
    assert width[0] < width[1] < width[2]
    assert found.mean[0, 1] == pytest.approx(59, abs=3)


def test_units_of_measure_change_nothing():
    values = np.array([[3.0, 4, 6, 7, 9, 11]])
    one, thousand = forecast(values, [3]), forecast(1000 * values, [3])
    assert thousand.high[0, 0] == pytest.approx(1000 * one.high[0, 0], rel=1e-3)


def test_too_few_figures_give_nothing_and_bad_ones_are_refused():
    assert np.isnan(forecast([[1.0, np.nan, 2.0]], [1]).mean).all()
    for bad in ([[1.0, np.inf, 2.0]], [[1.0, 101.0, 2.0]]):
        with pytest.raises(ValueError, match="infinite"):
            forecast(bad, [1], share=True)
    with pytest.raises(ValueError, match="ahead"):
        forecast([[1.0, 2.0, 3.0]], [])


@pytest.mark.thorough
def test_the_90_percent_interval_holds_85_to_95_of_what_comes_for_every_simulated_shape():
    rng = np.random.default_rng(1)
    for shape in SHAPES:
        past, later = draw(shape, rng, 1000)
        found = forecast(past, AHEAD, share=True)
        held = ((found.low <= later) & (later <= found.high)).mean()
        assert 0.85 <= held <= 0.95, shape.__name__
