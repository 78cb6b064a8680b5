"""Cut points of panels against hand-computed examples."""

import numpy as np
import pytest

from nanglucso.engines import panels
from nanglucso.engines.irt import ItemBank

# Four Rasch items at -1, 0, 0 and 1: at theta = 0 the expected points are 1/(1+e^-1) + .5 + .5 + 1/(1+e) = 2.
BANK = ItemBank.build([0] * 4, [1.0] * 4, [[-1.0], [0.0], [0.0], [1.0]], [0.0] * 4)


def test_angoff_by_hand() -> None:
    told = panels.angoff(BANK, [[0.7, 0.5, 0.5, 0.3], [0.8, 0.6, 0.6, 0.4], [0.6, 0.4, 0.4, 0.2]])
    # Sums 2.0, 2.4, 1.6: mean 2, sd .4, error .4 / sqrt(3). Slope of the curve at 0: .25 x 2 + 2 x .19661 = .89322.
    assert told.points == pytest.approx(2.0)
    assert told.points_se == pytest.approx(0.4 / np.sqrt(3))
    assert told.theta == pytest.approx(0.0, abs=1e-6)
    assert told.se == pytest.approx(0.4 / np.sqrt(3) / 0.89322, abs=1e-4)
    assert told.judges[1] == pytest.approx(-told.judges[2], abs=1e-6)


def test_judges_of_one_table_count_as_one_voice() -> None:
    ratings = np.repeat([[0.7, 0.5, 0.5, 0.3], [0.8, 0.6, 0.6, 0.4]], 3, axis=0)
    alone, tables = panels.angoff(BANK, ratings), panels.angoff(BANK, ratings, [1, 1, 1, 2, 2, 2])
    # Two table means 2.0 and 2.4: sd .28284, error .28284 / sqrt(2) = .2
    assert tables.points_se == pytest.approx(0.2)
    assert alone.points_se == pytest.approx(0.4 * np.sqrt(6 / 20) / np.sqrt(6))
    assert tables.theta == alone.theta


def test_bookmark_by_hand() -> None:
    # Places at rp 2/3: b + ln 2 = -.30685, .69315, .69315, 1.69315
    order, place = panels.booklet(BANK)
    assert order == [(0, 1), (1, 1), (2, 1), (3, 1)]
    assert place == pytest.approx([-1 + np.log(2), np.log(2), np.log(2), 1 + np.log(2)])
    told = panels.bookmark(BANK, [1, 2, 3])
    # Halfway: .19315, .69315, 1.19315; median .69315, sd .5, error 1.2533 x .5 / sqrt(3)
    assert told.judges == pytest.approx(np.log(2) + np.array([-0.5, 0, 0.5]))
    assert told.theta == pytest.approx(np.log(2))
    assert told.se == pytest.approx(1.2533 * 0.5 / np.sqrt(3))
    edge = panels.bookmark(BANK, [0, 4])
    assert edge.judges == pytest.approx([-1 + np.log(2), 1 + np.log(2)])


def test_graded_steps_stand_apart_in_the_book() -> None:
    bank = ItemBank.build([0, 0], [2.0, 1.0], [[-0.5, 0.8], [0.0]], [0.0, 0.2])
    order, place = panels.booklet(bank, 0.5)
    assert order == [(0, 1), (1, 1), (0, 2)]
    assert place == pytest.approx([-0.5, 0.0, 0.8])


@pytest.mark.parametrize(
    ("ratings", "told"),
    [
        ([[0.5] * 4], "two or more judges"),
        ([[0.5] * 4, [1.2] * 4], "from 0 to 1"),
        ([[0.0] * 4, [0.0] * 4], "outside what this test can tell"),
    ],
)
def test_ratings_that_make_no_cut_are_refused(ratings: list[list[float]], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        panels.angoff(BANK, ratings)


def test_marks_outside_the_book_and_a_single_table_are_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and 4"):
        panels.bookmark(BANK, [2, 5])
    with pytest.raises(ValueError, match="two or more"):
        panels.bookmark(BANK, [2, 3], [1, 1])
