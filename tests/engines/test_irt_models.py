"""Response models against published packages and numeric derivatives.

Reference numbers were computed once with the PyPI packages mirt 1.2.0 (GeneralizedPartialCredit, GradedResponseModel)
and catsim 0.21.0 (icc, inf), at theta = -1.5, 0, 0.8.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nanglucso.engines import irt, irt_slopes, partial_credit

THETA = np.array([-1.5, 0.0, 0.8])
GPCM = [
    (
        1.3,
        [-0.6, 0.4],
        [
            [0.748156196, 0.2322029502, 0.0196408538],
            [0.2232939163, 0.4871094855, 0.2895965982],
            [0.0569700101, 0.3516108382, 0.5914191517],
        ],
        [0.4006355337, 0.8593556524, 0.6130530378],
    ),
    (
        0.8,
        [0.2, -0.5, 1.1],
        [
            [0.7212959433, 0.1851283772, 0.083183542, 0.0103921375],
            [0.2739211683, 0.2334202223, 0.3482220525, 0.1444365569],
            [0.0927218939, 0.1498454793, 0.4239453796, 0.3334872472],
        ],
        [0.2975705728, 0.6835162212, 0.5466989152],
    ),
]
GRADED = [
    (
        1.3,
        [-0.6, 0.4],
        [
            [0.7631450157, 0.1588667491, 0.0779882351],
            [0.3143198861, 0.3128278803, 0.3728522337],
            [0.139433873, 0.2334183607, 0.6271477663],
        ],
        [0.3104348693, 0.4993944016, 0.4156866859],
    ),
    (
        0.8,
        [-0.9, 0.3, 1.1],
        [
            [0.6177478748, 0.1907067767, 0.0804893819, 0.1110559667],
            [0.3273929829, 0.2323206663, 0.1471085718, 0.2931777789],
            [0.2042403023, 0.1970720376, 0.1584013094, 0.4402863507],
        ],
        [0.1611589855, 0.1971169804, 0.1908270234],
    ),
]
LOGISTIC = [
    (
        (1.3, 0.5, 0.0),
        [0.06913842034334682, 0.3429895373265012, 0.5962826992967879],
        [0.10876552560705724, 0.38083763769268103, 0.4068330946692501],
    ),
    (
        (0.9, -0.7, 0.2),
        [0.4619143863457917, 0.7219915697541957, 0.8353037025592422],
        [0.10113783317681178, 0.13278770412225951, 0.10071803569155154],
    ),
]
Case = tuple[float, list[float], list[list[float]], list[float]]


@pytest.mark.parametrize("case", GPCM)
def test_generalised_partial_credit_equals_mirt(case: Case) -> None:
    a, b, p, info = case
    assert partial_credit.categories(THETA, a, b) == pytest.approx(np.array(p), abs=1e-9)
    assert partial_credit.information(THETA, a, b) == pytest.approx(info, abs=1e-9)
    assert partial_credit.expected_score(THETA, a, b) == pytest.approx(np.array(p) @ np.arange(len(b) + 1), abs=1e-8)


@pytest.mark.parametrize("case", GRADED)
def test_graded_response_equals_mirt(case: Case) -> None:
    a, b, p, info = case
    one = np.full(3, a), np.tile(b, (3, 1)), np.zeros(3)
    assert irt.categories(THETA, *one) == pytest.approx(np.array(p), abs=1e-9)
    assert irt.information(THETA, *one) == pytest.approx(info, abs=1e-9)


@pytest.mark.parametrize(("abc", "p", "info"), LOGISTIC)
def test_two_and_three_parameters_equal_catsim(
    abc: tuple[float, float, float], p: list[float], info: list[float]
) -> None:
    a, b, c = (np.full(3, x) for x in abc)
    assert irt.reach(THETA, a, b[:, None], c)[:, 0] == pytest.approx(p, abs=1e-12)
    assert irt.information(THETA, a, b[:, None], c) == pytest.approx(info, abs=1e-12)


def test_rasch_is_partial_credit_with_one_step_and_padding_changes_nothing() -> None:
    assert partial_credit.categories(0.4, 1.0, [-0.3])[1] == pytest.approx(1 / (1 + np.exp(-0.7)))
    plain, padded = (partial_credit.categories(0.4, 1.2, b) for b in ([0.5, -0.5], [0.5, -0.5, np.inf]))
    assert padded == pytest.approx([*plain, 0.0])
    assert partial_credit.likelihood(0.4, 1.2, [0.5, -0.5, np.inf], 2) == pytest.approx(plain[2])


step = st.floats(-2.5, 2.5)
EPS = 1e-5


@given(st.floats(-3, 3), st.floats(0.3, 2.5), st.lists(step, min_size=1, max_size=3), st.integers(0, 3))
def test_partial_credit_derivatives_are_the_numeric_ones(t: float, a: float, b: list[float], score: int) -> None:
    y, steps = min(score, len(b)), np.array(b)

    def log_p(t: float, a: float, b: irt.Floats) -> float:
        return float(partial_credit.log_categories(t, a, b)[y])

    by_t, by_a, by_b = partial_credit.derivatives(t, a, steps, y)
    assert by_t == pytest.approx((log_p(t + EPS, a, steps) - log_p(t - EPS, a, steps)) / 2 / EPS, abs=1e-6)
    assert by_a == pytest.approx((log_p(t, a + EPS, steps) - log_p(t, a - EPS, steps)) / 2 / EPS, abs=1e-6)
    for v in range(len(b)):
        h = EPS * np.eye(len(b))[v]
        assert by_b[v] == pytest.approx((log_p(t, a, steps + h) - log_p(t, a, steps - h)) / 2 / EPS, abs=1e-6)


@given(
    st.floats(-3, 3),
    st.floats(0.3, 2.5),
    st.lists(st.integers(-12, 12), min_size=1, max_size=3, unique=True).map(lambda x: sorted(v / 5 for v in x)),
    st.floats(0.02, 0.35),
    st.integers(0, 3),
)
def test_logistic_and_graded_derivatives_are_the_numeric_ones(
    t: float, a: float, b: list[float], c: float, score: int
) -> None:
    c, y, steps = (c if len(b) == 1 else 0.0), min(score, len(b)), np.array(b)

    def log_p(t: float, a: float, b: irt.Floats, c: float) -> float:
        return float(np.log(irt.likelihood(t, a, b, c, y)))

    told = irt_slopes.slopes(t, a, steps, c, y)
    near = {"rel": 1e-4, "abs": 1e-5}
    assert told.theta == pytest.approx((log_p(t + EPS, a, steps, c) - log_p(t - EPS, a, steps, c)) / 2 / EPS, **near)
    assert told.a == pytest.approx((log_p(t, a + EPS, steps, c) - log_p(t, a - EPS, steps, c)) / 2 / EPS, **near)
    for v in range(len(b)):
        h = EPS * np.eye(len(b))[v]
        numeric = (log_p(t, a, steps + h, c) - log_p(t, a, steps - h, c)) / 2 / EPS
        assert told.b[v] == pytest.approx(numeric, **near)
    if len(b) == 1:
        numeric = (log_p(t, a, steps, c + EPS) - log_p(t, a, steps, c - EPS)) / 2 / EPS
        assert told.c == pytest.approx(numeric, **near)
