"""Levels, the three words, and the shortfall, against Monte Carlo and identities."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nanglucso.engines import levels

CUTS = np.array([[-1.2, -0.2, 0.8, 1.8], [-0.9, 0.1, 0.7, 2.0]])
mean = st.floats(-4, 4)
var = st.floats(0.01, 2)


@given(mean, mean, var)
def test_p_met_rises_with_the_mean_and_falls_with_the_requirement(m1: float, m2: float, v: float) -> None:
    low, high = sorted((m1, m2))
    need = np.array([2, 2])
    p = [levels.p_met(np.full(2, m), np.full(2, v), CUTS, need) for m in (low, high)]
    assert (p[0] <= p[1]).all()
    ladder = [levels.p_met(np.full(2, m1), np.full(2, v), CUTS, np.full(2, r))[0] for r in range(5)]
    assert ladder[0] == 1
    assert (np.diff(ladder) <= 0).all()


def test_p_met_is_half_at_the_cut_and_matches_a_normal_table() -> None:
    p = levels.p_met(np.array([-0.2, 0.1 + 1.2816]), np.ones(2), CUTS, np.array([2, 2]))
    assert p == pytest.approx([0.5, 0.9], abs=1e-4)


@pytest.mark.parametrize(
    ("p", "told"), [(0.9, "met"), (0.1, "not_met"), (0.5, "not_yet_known"), (0.899, "not_yet_known")]
)
def test_three_words_at_their_thresholds(p: float, told: str) -> None:
    assert levels.word(p) == told
    assert levels.words([p, p], [1, 0]).tolist() == [told, ""]
    assert levels.decided([p, p], [1, 0]).tolist() == [told != "not_yet_known", True]


def test_level_of_mean_counts_the_cuts_reached() -> None:
    assert levels.level_of([[-2.0, -0.9], [5.0, 0.69]], CUTS).tolist() == [[0, 1], [4, 2]]


@given(mean, var)
def test_level_chances_sum_to_one_and_agree_with_p_met(m: float, v: float) -> None:
    chances = levels.level_chances(np.full(2, m), np.full(2, v), CUTS)
    assert chances.sum(-1) == pytest.approx(1)
    assert chances[:, 3:].sum(-1) == pytest.approx(levels.p_met(np.full(2, m), np.full(2, v), CUTS, np.full(2, 3)))


def test_open_points_match_monte_carlo_for_many_persons() -> None:
    rng = np.random.default_rng(5)
    m, v = rng.normal(0, 1.2, (6, 2)), rng.uniform(0.05, 1.2, (6, 2))
    draws = m + np.sqrt(v) * rng.standard_normal((200_000, 6, 2))
    width = np.concatenate([np.ones((2, 1)), np.diff(CUTS, axis=1)], 1)
    share = np.clip((CUTS - draws[..., None]) / width, 0, 1).mean(0)
    assert levels.open_share(m, v, CUTS) == pytest.approx(share, abs=0.004)
    need = np.array([[4, 4], [3, 1], [0, 2], [4, 0], [1, 1], [2, 3]])
    points = levels.open_points(m, v, CUTS, need)
    assert points.dtype.kind == "i"
    for r in range(4):
        assert (points[..., r][need <= r] == 0).all()
    kept = np.arange(4) < need[..., None]
    assert np.abs(points - 100 * share)[kept].max() < 1.0


@given(mean, st.integers(1, 4))
def test_gap_is_the_sum_of_open_bands_when_the_first_band_is_not_below_its_width(m: float, r: int) -> None:
    m = max(m, -1.5)
    v = 1e-4
    width = np.concatenate([[1.0], np.diff(CUTS[0])])
    share = levels.open_share([m, 0.0], [v, v], CUTS)[0, :r]
    gap = levels.expected_gap([m, 0.0], [v, v], CUTS, [r, 0])
    assert gap[0] == pytest.approx((share * width[:r]).sum(), abs=1e-6)
    assert gap[1] == 0


def test_expected_gap_matches_monte_carlo() -> None:
    draws = np.random.default_rng(1).normal(0.3, 0.8, 400_000)
    gap = levels.expected_gap([0.3, 0.0], [0.64, 1.0], CUTS, [3, 1])
    assert gap[0] == pytest.approx(np.maximum(0, 0.8 - draws).mean(), abs=0.003)


@pytest.mark.parametrize(("low", "high"), [(0, 1), (1, 3), (0, 4)])
def test_missing_logits_of_covered_bands_match_monte_carlo(low: int, high: int) -> None:
    draws = np.random.default_rng(2).normal(-0.5, 0.7, 400_000)
    bottom = CUTS[0, 0] - 1.0 if low == 0 else CUTS[0, low - 1]
    told = np.clip(CUTS[0, high - 1] - draws, 0, CUTS[0, high - 1] - bottom).mean()
    assert levels.missing_logits(-0.5, 0.49, CUTS[0], low, high) == pytest.approx(told, abs=0.003)


def test_shortfall_stays_exact_when_the_belief_is_very_sure() -> None:
    assert levels.shortfall(0.0, -3.0, 1e-6) == pytest.approx(3.0)
    assert levels.shortfall(0.0, 3.0, 1e-6) == 0.0
    assert levels.shortfall(-np.inf, 0.0, 1.0) == 0.0


def test_bad_tables_are_refused_with_a_sentence() -> None:
    with pytest.raises(ValueError, match="competence 2 do not ascend"):
        levels.check_cuts([[0.0, 1.0], [1.0, 0.5]])
    with pytest.raises(ValueError, match="table of numbers"):
        levels.check_cuts([0.0, 1.0])
    with pytest.raises(ValueError, match=r"must be 0 \.\. 4"):
        levels.p_met(np.zeros(2), np.ones(2), CUTS, np.array([5, 1]))
    with pytest.raises(ValueError, match="from level 2 to level 2"):
        levels.missing_logits(0.0, 1.0, CUTS[0], 2, 2)
