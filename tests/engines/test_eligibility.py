"""Filters before choosing: language, needs, twelve months; and the choice respects them."""

import numpy as np
import pytest

from nanglucso.engines import belief, eligibility, selection
from nanglucso.engines.eligibility import Access, Sitter
from nanglucso.engines.irt import ItemBank
from nanglucso.engines.pool import build_pool

# Items 0 .. 5 on two competences; 1 and 2 are variants of one another.
BANK = ItemBank.build(
    [0, 0, 0, 1, 1, 1],
    [1.0] * 6,
    [[0.0], [0.1], [0.2], [0.0], [0.1], [0.2]],
    [0.0] * 6,
    ["", "twin", "twin", "", "", ""],
)
ACCESS = {0: Access(frozenset({"vi"})), 4: Access(frozenset({"vi", "en"}), frozenset({"sight"}))}


@pytest.mark.parametrize(
    ("sitter", "told"),
    [
        (Sitter("vi"), []),
        (Sitter("en"), [0]),
        (Sitter("vi", frozenset({"sight", "hearing"})), [4]),
        (Sitter("vi", met={1: 900.0}), [1, 2]),
        (Sitter("vi", met={1: 635.0}), []),
        (Sitter("en", frozenset({"sight"}), {3: 700.0}), [0, 3, 4]),
    ],
)
def test_closed_items_of_a_person(sitter: Sitter, told: list[int]) -> None:
    assert eligibility.forbidden(BANK, ACCESS, sitter, today=1000).tolist() == told


def test_nothing_closed_is_ever_chosen_and_what_is_lacking_is_named() -> None:
    pool = build_pool(BANK, [0, 1], np.tile([0.0], (2, 1)))
    closed = eligibility.forbidden(BANK, ACCESS, Sitter("en", frozenset({"sight"}), {1: 999.0}), today=1000)
    mean, cov = belief.prior_mean_cov("ab")
    asked: list[int] = []
    while (
        j := selection.choose_next(pool, selection.SittingRule(), mean, cov, [1, 1], asked, 1, None, closed)
    ) is not None:
        asked.append(j)
    assert sorted(asked) == [3, 5]
    assert eligibility.lacking(BANK, closed, {0, 1}, least=2) == {0: 0}
