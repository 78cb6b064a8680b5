"""DIF: Mantel-Haenszel by hand, the shift fit against direct maximisation, ETS classes at their borders."""

import numpy as np
import pytest
from scipy.optimize import minimize

from nanglucso.engines import dif, irt

# Two strata. Reference right/wrong, focal right/wrong: (30, 10, 20, 20) and (40, 20, 10, 10).
CELLS = [(30, 10, 20, 20), (40, 20, 10, 10)]


def table() -> tuple[irt.Ints, "np.ndarray[tuple[int, ...], np.dtype[np.bool_]]", irt.Ints]:
    score, focal, stratum = [], [], []
    for s, (a, b, c, d) in enumerate(CELLS):
        score += [1] * a + [0] * b + [1] * c + [0] * d
        focal += [False] * (a + b) + [True] * (c + d)
        stratum += [s] * (a + b + c + d)
    return np.array(score), np.array(focal), np.array(stratum)


def test_mantel_haenszel_by_hand() -> None:
    told = dif.mantel_haenszel(*table(), top=1)
    # alpha = (30 x 20 / 80 + 40 x 10 / 80) / (10 x 20 / 80 + 20 x 10 / 80) = 12.5 / 5 = 2.5
    assert told.delta == pytest.approx(-2.35 * np.log(2.5), abs=1e-9)
    # R = 7.5, 5; S = 2.5, 2.5; P = 50/80, 50/80; Q = 30/80, 30/80
    variance = 0.625 * 12.5 / (2 * 12.5**2) + (0.625 * 5 + 0.375 * 12.5) / (2 * 12.5 * 5) + 0.375 * 5 / (2 * 5**2)
    assert told.se == pytest.approx(2.35 * np.sqrt(variance), abs=1e-9)
    # Focal right 30, expected 40 x 50 / 80 + 20 x 50 / 80 = 37.5; variance 40 x 40 x 50 x 30 / (80^2 x 79) and
    # 20 x 60 x 50 x 30 / (80^2 x 79)
    spread = (40 * 40 + 20 * 60) * 50 * 30 / (80**2 * 79)
    assert told.z == pytest.approx(-7.5 / np.sqrt(spread), abs=1e-9)


def test_drift_given_what_the_bank_knew_is_the_generalised_least_squares_estimate() -> None:
    """Early and late difficulty measured, the early one also known from the bank: solve the three equations at once."""
    late = 0.4  # share of answers in the later half; the fit is centred there
    level, change, var_level, var_change = 0.21, 0.43, 0.011, 0.05
    shift = dif.Shift(np.array([level, change]), np.diag([var_level, var_change]))
    (early, early_se), told = dif.drift(shift, late, 0.03, (0.05, 0.01))
    assert early == pytest.approx(level - late * change + 0.03)
    assert early_se == pytest.approx(np.sqrt(var_level + late**2 * var_change))
    design = np.array([[1, 0], [0, 1], [1, -late]])
    weight = np.diag([1 / var_level, 1 / var_change, 1 / 0.01])
    cov = np.linalg.inv(design.T @ weight @ design)
    both = cov @ design.T @ weight @ np.array([level, change, 0.05 - 0.03])
    assert told.logit == pytest.approx(both[1])
    assert told.se == pytest.approx(np.sqrt(cov[1, 1]))
    assert dif.drift(shift, late, 0.0, None)[1].logit == change


def test_graded_items_are_compared_by_their_mean_score() -> None:
    score, focal, stratum = table()
    told = dif.mantel_haenszel(2 * score, focal, stratum, top=2)
    assert np.isnan(told.delta)
    assert told.z == pytest.approx(dif.mantel_haenszel(score, focal, stratum, 1).z)


def test_one_group_alone_says_nothing() -> None:
    score, _, stratum = table()
    told = dif.mantel_haenszel(score, np.zeros(len(score), bool), stratum, 1)
    assert (np.isnan(told.delta), told.z) == (True, 0.0)


def made(n: int, b: list[float], c: float, shift: float) -> tuple[dif.ItemAnswers, irt.Floats]:
    rng = np.random.default_rng(3)
    place, spread = rng.normal(0, 0.8, n), np.full(n, 0.5)
    late = (np.arange(n) % 2).astype(float)
    up = irt.reach(place + spread * rng.standard_normal(n), 1.2, np.array(b) + (shift * late)[:, None], c)
    score = (rng.random(n)[:, None] < up).sum(1)
    return dif.ItemAnswers(score, place, spread, 1.2, np.array(b), c), np.stack([np.ones(n), late - late.mean()], 1)


@pytest.mark.parametrize(("b", "c"), [([0.3], 0.0), ([0.0], 0.2), ([-0.6, 0.4], 0.0)])
def test_shift_fit_is_the_maximum_of_the_marginal_likelihood(b: list[float], c: float) -> None:
    answers, columns = made(3000, b, c, 0.5)
    z, w = np.polynomial.hermite_e.hermegauss(41)

    def loss(beta: irt.Floats) -> float:
        x = answers.place[:, None] + 0.5 * z - (columns @ beta)[:, None]
        p = irt.likelihood(x, np.full(x.shape, 1.2), np.broadcast_to(b, (*x.shape, len(b))), c, answers.score[:, None])
        return float(-np.log(p @ w / w.sum()).sum() + 0.005 * beta @ beta)

    best = minimize(loss, np.zeros(2)).x
    told = dif.fit_shift(answers, columns, rounds=8)
    assert told.beta == pytest.approx(best, abs=2e-3)
    assert told.beta[1] == pytest.approx(0.5, abs=3 * np.sqrt(told.cov[1, 1]))


def test_contrast_of_three_levels_is_each_against_the_weighted_others() -> None:
    code = np.array([0] * 10 + [1] * 30 + [2] * 60 + [-1] * 5)
    columns, present = dif.group_columns(3, code)
    assert columns.shape == (105, 2)
    told = dif.contrasts(dif.Shift(np.array([9, 0.2, 0.5]), np.eye(3) / 100), 1, "age", "abc", code, present)
    assert [c.level for c in told] == ["a", "b", "c"]
    assert told[0].logit == pytest.approx(-(0.2 * 30 + 0.5 * 60) / 90)
    assert told[2].logit == pytest.approx(0.5 - 0.2 * 30 / 40)
    assert told[2].se == pytest.approx(np.sqrt(1 + (30 / 40) ** 2) / 10)


@pytest.mark.parametrize(
    ("logit", "se", "told"),
    [
        (0.40, 0.05, "A"),  # Delta .94
        (0.45, 0.30, "A"),  # Delta 1.06, not significant
        (0.45, 0.10, "B"),
        (0.66, 0.20, "B"),  # Delta 1.55, not surely above 1
        (-0.80, 0.10, "C"),
    ],
)
def test_ets_classes(logit: float, se: float, told: str) -> None:
    assert dif.ets_class(1.0, logit, se) == told
