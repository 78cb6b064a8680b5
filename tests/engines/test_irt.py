"""Response functions against published tables, identities and numeric derivatives."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nanglucso.engines import irt

theta = st.floats(-6, 6)
slope = st.floats(0.2, 3.5)
guess = st.floats(0, 0.4)
ladder = st.lists(st.floats(-3, 3), min_size=1, max_size=5, unique=True).map(sorted)


@pytest.mark.parametrize(
    ("a", "b", "c", "at", "told"),
    [
        # Baker, The Basics of Item Response Theory (2001), chapter 2: tables of the 2PL and 3PL worked examples
        (0.5, 1.0, 0.0, -3, 0.12),
        (0.5, 1.0, 0.0, 0, 0.38),
        (0.5, 1.0, 0.0, 3, 0.73),
        (1.3, 1.5, 0.2, -3, 0.20),
        (1.3, 1.5, 0.2, 0, 0.30),
        (1.3, 1.5, 0.2, 3, 0.90),
    ],
)
def test_probability_matches_published_tables(a: float, b: float, c: float, at: float, told: float) -> None:
    assert irt.reach(at, a, [b], c)[0] == pytest.approx(told, abs=0.006)


@pytest.mark.parametrize(
    ("a", "b", "c", "at", "told"),
    [(1.5, 1.0, 0.0, 1.0, 0.5625), (1.5, 1.0, 0.2, 1.0, 0.375), (1.5, 1.0, 0.2, 0.0, 0.142)],  # the same, chapter 6
)
def test_information_matches_published_tables(a: float, b: float, c: float, at: float, told: float) -> None:
    assert irt.information(at, a, [b], c) == pytest.approx(told, abs=0.0006)


def test_probability_at_difficulty_is_halfway_between_guessing_and_one() -> None:
    assert irt.reach(0.7, 1.9, [0.7], 0.2)[0] == pytest.approx(0.6)


def test_graded_categories_match_samejima_by_hand() -> None:
    told = irt.categories(0.0, 1.0, [-1.0, 0.0, 1.0], 0.0)
    edge = 1 / (1 + np.e)
    assert told == pytest.approx([edge, 0.5 - edge, 0.5 - edge, edge])


@given(theta, slope, ladder)
def test_graded_with_one_step_is_the_two_parameter_model(t: float, a: float, b: list[float]) -> None:
    assert irt.categories(t, a, b[:1], 0.0)[1] == pytest.approx(1 / (1 + np.exp(-a * (t - b[0]))))


@given(theta, slope, ladder, guess, st.integers(0, 2))
def test_categories_sum_to_one_and_agree_with_likelihood(
    t: float, a: float, b: list[float], c: float, pad: int
) -> None:
    c = c if len(b) == 1 else 0.0
    padded = np.array([*b, *([np.inf] * pad)])
    p = irt.categories(t, a, padded, c)
    assert p.sum() == pytest.approx(1)
    assert (p[len(b) + 1 :] == 0).all()
    for score in range(len(b) + 1):
        assert irt.likelihood(t, a, padded, c, score) == pytest.approx(p[score], abs=1e-12)


@given(theta, slope, ladder, guess)
def test_information_is_the_expected_squared_slope(t: float, a: float, b: list[float], c: float) -> None:
    c = c if len(b) == 1 else 0.0
    h = 1e-5
    p = irt.categories(t, a, b, c)
    rise = (irt.categories(t + h, a, b, c) - irt.categories(t - h, a, b, c)) / (2 * h)
    known = p > 1e-7
    assert irt.information(t, a, b, c) == pytest.approx((rise[known] ** 2 / p[known]).sum(), rel=1e-3, abs=1e-5)


def test_likelihood_keeps_its_precision_far_in_the_tail() -> None:
    assert irt.likelihood(40.0, 1.0, np.array([0.0, 1.0]), 0.0, 0) == pytest.approx(np.exp(-40.0), rel=1e-9)
    assert irt.likelihood(40.0, 1.0, np.array([0.0, 1.0]), 0.0, 1) == pytest.approx(
        np.exp(-40.0) * (np.e - 1), rel=1e-9
    )


@settings(max_examples=30)
@given(slope, ladder)
def test_expected_score_rises_with_ability(a: float, b: list[float]) -> None:
    assert (np.diff(irt.expected_score(np.linspace(-5, 5, 41), a, np.array(b), 0.0)) > 0).all()


@pytest.mark.parametrize(
    ("a", "b", "c", "field"),
    [
        (0.0, [0.0], 0.0, "a"),
        (float("nan"), [0.0], 0.0, "a"),
        (1.0, [], 0.0, "b"),
        (1.0, [0.5, 0.2], 0.0, "b"),
        (1.0, [0.0], 1.0, "c"),
        (1.0, [0.0, 1.0], 0.2, "c"),
    ],
)
def test_bank_refuses_an_impossible_item_and_says_which(a: float, b: list[float], c: float, field: str) -> None:
    with pytest.raises(irt.BadItem) as fault:
        irt.ItemBank.build([0, 0], [1.0, a], [[0.0], b], [0.0, c])
    assert (fault.value.index, fault.value.field) == (1, field)


def test_bank_packs_steps_families_and_top_scores() -> None:
    bank = irt.ItemBank.build([0, 1, 1], [1, 1, 1], [[0.0], [-1.0, 1.0], [0.3]], [0.2, 0, 0], ["x", "", "x"], [1, 4, 1])
    assert bank.top_score.tolist() == [1, 2, 1]
    assert bank.family[0] == bank.family[2] != bank.family[1]
    got = bank.likelihood(np.zeros(3), [0, 1, 2], [1, 2, 0])
    assert got == pytest.approx([0.6, 1 / (1 + np.e), 1 / (1 + np.exp(-0.3))])
    with pytest.raises(irt.BadItem, match="minutes"):
        irt.ItemBank.build([0], [1.0], [[0.0]], [0.0], minutes=[0.0])


CUTS = (-1.2, -0.2, 0.8, 1.8)


@pytest.mark.parametrize(
    ("kind", "level", "more", "a", "b", "c"),
    [
        ("single", 2, {"options": 4}, 1.0, (-0.4,), 0.20),
        ("single", 1, {"options": 3, "shift": 0.4}, 1.0, (-1.0,), 0.28),
        ("single", 1, {"options": 5}, 1.0, (-1.4,), 0.16),
        ("cloze", 3, {}, 1.1, (0.6,), 0.0),
        ("hotspot", 3, {}, 1.0, (0.6,), 0.05),
        ("sjt", 4, {}, 0.8, (1.1, 2.1), 0.0),
        ("file", 3, {}, 1.3, (-0.1, 0.6, 1.3), 0.0),
        ("lab", 3, {"steps": 4}, 1.3, (-0.45, 0.25, 0.95, 1.65), 0.0),
    ],
)
def test_item_prior_follows_type_and_level(
    kind: str, level: int, more: dict[str, float], a: float, b: tuple[float, ...], c: float
) -> None:
    prior = irt.item_prior(kind, level, CUTS, **more)  # type: ignore[arg-type]
    assert (prior.a, prior.c, prior.sd_b) == (a, pytest.approx(c), 0.5)
    assert prior.b == pytest.approx(b)


def test_person_at_the_level_solves_its_item_with_p_055_before_guessing() -> None:
    prior = irt.item_prior("numeric", 3, CUTS)
    assert irt.reach(CUTS[2], prior.a, prior.b, prior.c)[0] == pytest.approx(0.55, abs=0.015)


def test_item_prior_refuses_what_does_not_exist() -> None:
    with pytest.raises(ValueError, match=r"level 5 is not one of 1 \.\. 4"):
        irt.item_prior("single", 5, CUTS)
    with pytest.raises(ValueError, match="'essay' is not known"):
        irt.item_prior("essay", 1, CUTS)
    with pytest.raises(ValueError, match="at least one step"):
        irt.item_prior("file", 1, CUTS, steps=0)
