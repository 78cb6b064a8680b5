"""Moodle's quiz statistics against values worked out by hand."""

import numpy as np
import pytest

from nanglucso.engines.quizstats import quiz_statistics

# Five people, three questions of 1, 1 and 2 points.
SCORES = [[1, 1, 2], [1, 0, 1], [0, 1, 2], [1, 0, 0], [0, 0, 0]]
# Question 1: mean .6, deviations (.4, .4, -.6, .4, -.6), sum of squares 1.2. Rest (3, 1, 3, 0, 0): mean 1.4,
# deviations (1.6, -.4, 1.6, -1.4, -1.4), squares 9.2. Products .64 - .16 - .96 - .56 + .84 = -.2.
# D = -.2 / sqrt(1.2 x 9.2). Sorted: x (0, 0, 1, 1, 1), rest (0, 0, 1, 3, 3): products .84 + .84 - .16 + .64 + .64 = 2.8.
# Question 2: mean .4, squares 1.2. Rest (3, 2, 2, 1, 0): mean 1.6, deviations (1.4, .4, .4, -.6, -1.6), squares 5.2.
# Products .6 (1.4 + .4) - .4 (.4 - .6 - 1.6) = 1.08 + .72 = 1.8; sorted: .6 (1.4 + .4) - .4 (-1.8) = 1.8.
# Question 3: mean 1, squares 1 + 0 + 1 + 1 + 1 = 4. Rest (2, 1, 1, 1, 0): mean 1, squares 2. Products 1 + 0 + 0 + 0 + 1
# = 2; sorted x (0, 0, 1, 2, 2), rest (0, 1, 1, 1, 2): 1 + 0 + 0 + 0 + 1 = 2.


def test_questions_match_hand_computed_values() -> None:
    told = quiz_statistics(SCORES, [1, 1, 2])
    assert told.facility == pytest.approx([0.6, 0.4, 0.5], abs=1e-4)
    assert told.sd == pytest.approx([0.547723, 0.547723, 0.5], abs=1e-4)  # sqrt(1.2 / 4), the same, sqrt(4 / 4) / 2
    assert told.discrimination == pytest.approx([-0.060193, 0.720577, 0.707107], abs=1e-4)
    assert told.efficiency == pytest.approx([-0.071429, 1.0, 1.0], abs=1e-4)
    # C(x, T) x 4 = products with the rest + own squares: -.2 + 1.2 = 1, 1.8 + 1.2 = 3, 2 + 4 = 6
    root = np.sqrt([1, 3, 6])
    assert told.effective_weight == pytest.approx(root / root.sum(), abs=1e-4)


def test_whole_test_matches_hand_computed_values() -> None:
    told = quiz_statistics(SCORES, [1, 1, 2])
    # Totals 4, 2, 3, 1, 0: mean 2, squares 10, variance 2.5; alpha = 3/2 (1 - (.3 + .3 + 1) / 2.5) = .54
    assert (told.mean, told.median) == (2, 2)
    assert told.total_sd == pytest.approx(1.581139, abs=1e-4)
    assert told.consistency == pytest.approx(0.54, abs=1e-4)
    assert told.error_ratio == pytest.approx(0.678233, abs=1e-4)
    assert told.standard_error == pytest.approx(1.072381, abs=1e-4)
    # Symmetric: no skewness. m2 = 2, m4 = 34 / 5 = 6.8: k4 = 25 (6 x 6.8 - 12 x 4) / 24 = -7.5, / 2.5^2 = -1.2
    assert told.skewness == pytest.approx(0, abs=1e-12)
    assert told.kurtosis == pytest.approx(-1.2, abs=1e-4)


def test_question_that_all_answer_alike_has_no_discrimination() -> None:
    told = quiz_statistics([[1, 0], [1, 1], [1, 1]], [1, 1])
    assert told.facility[0] == 1
    assert np.isnan(told.discrimination[0])
    assert np.isnan(told.efficiency[0])


@pytest.mark.parametrize("scores", [[[1, 1]], [[1, 2], [0, 0]], [[-1, 0], [1, 1]], [[np.nan, 0], [1, 1]]])
def test_impossible_tables_are_refused(scores: list[list[float]]) -> None:
    with pytest.raises(ValueError, match="points"):
        quiz_statistics(scores, [1, 1])
