"""The trend finds no change where people are equal, the change where there is one, and the items that moved."""

from dataclasses import replace

import numpy as np
import pytest

from nanglucso.engines import trend
from nanglucso.engines.belief import prior_mean_cov
from nanglucso.engines.calibration import Answers
from nanglucso.engines.irt import ItemBank

COV = prior_mean_cov([0, 0, 1, 1])[1]
COMPETENCE = np.repeat(np.arange(4), 10)
J, STAYED, OTHERS, ASKED = 40, 500, 60, 16
EQUAL = np.full(4, 0.25)
RULES = trend.Rules(
    level=0.9, fewest_items=3, fewest_answers=60, fewest_people=30, most_people=6_000, drift=0.3, drift_z=1.96,
    fewest_centred=3,
)  # fmt: skip


def simulated(seed, change=0.0, easier=()):
    rng = np.random.default_rng(seed)
    a, b = np.exp(rng.normal(0.1, 0.2, J)), rng.normal(0, 0.9, J)
    theta = rng.multivariate_normal(np.zeros(4), COV, STAYED + 2 * OTHERS)

    def asked(ids, ability, b):
        items = np.argsort(rng.random((len(ids), J)), axis=1)[:, :ASKED]
        near = np.take_along_axis(ability, COMPETENCE[items], 1) - b[items]
        scores = rng.random(items.shape) < 1 / (1 + np.exp(-a[items] * near))
        return Answers(np.repeat(ids, ASKED), items.ravel(), scores.ravel().astype(np.int64))

    then = np.arange(STAYED + OTHERS)
    now = np.r_[np.arange(STAYED), STAYED + OTHERS + np.arange(OTHERS)]
    later = b.copy()
    later[list(easier)] -= 1.5
    bank = ItemBank.build(COMPETENCE, a, b[:, None], np.zeros(J))
    return bank, asked(then, theta[then], b), asked(now, theta[now] + change, later)


def test_equal_people_show_no_change_and_a_real_one_is_found():
    for change in (0.0, 0.4):
        told = trend.compare(*simulated(3, change), COV, RULES).mean_of(EQUAL)
        assert abs(told.value - change) < 3 * told.error
        assert (told.low > 0) == (change > 0)


def test_an_item_that_became_easier_takes_no_part():
    found = trend.compare(*simulated(5, easier=[2]), COV, RULES)
    assert found.drift.moved[2]
    assert found.drift.value[2] == pytest.approx(1.5, abs=0.6)


def test_staying_entering_and_leaving_add_up():
    found = trend.compare(*simulated(7, 0.2), COV, RULES)
    entering, leaving, whole = found.parts(EQUAL)
    assert whole.value == pytest.approx(found.mean_of(EQUAL).value + entering.value + leaving.value)
    assert (found.stayed[0].people, found.left.people, found.joined.people) == (STAYED, OTHERS, OTHERS)


def test_people_drawn_by_lot_speak_for_all_of_their_group():
    found = trend.compare(*simulated(7, 0.2), COV, RULES, sizes=(5_000, 600, 0))
    assert [one.people for one in (*found.stayed, found.left, found.joined)] == [5_000, 5_000, 600, 0]
    assert found.parts(EQUAL)[0].value == 0


def test_too_few_items_or_people_say_nothing_and_why():
    bank, first, second = simulated(9)
    with pytest.raises(trend.CannotCompare) as no:
        trend.compare(bank, first, second, COV, replace(RULES, fewest_items=11))
    assert no.value.why == "items"
    with pytest.raises(trend.CannotCompare) as no:
        trend.compare(bank, first, second, COV, replace(RULES, fewest_people=STAYED + 1))
    assert no.value.why == "people"
