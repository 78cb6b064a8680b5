"""A campaign's preview: what it says must come true when sittings are held, and change with the rule as it should."""

import numpy as np
import pytest

from nanglucso.engines import belief, preview, selection, sittings
from nanglucso.engines.irt import ItemBank
from nanglucso.engines.pool import Pool, build_pool

K, PER = 4, 12


def made_pool(per: int = PER) -> Pool:
    rng = np.random.default_rng(5)
    n = K * per
    bank = ItemBank.build(
        np.repeat(np.arange(K), per).tolist(),
        np.exp(rng.normal(0.2, 0.2, n)).tolist(),
        rng.normal(0, 1, (n, 1)).tolist(),
        np.where(np.arange(n) % 2, 0.2, 0.0).tolist(),
        minutes=np.where(np.arange(n) % 3, 1.0, 2.0).tolist(),
    )
    return build_pool(bank, [0, 0, 1, 1], np.tile([-0.8, 0.0, 0.8], (K, 1)))


def people(level: int = 2) -> preview.Population:
    mean, cov = belief.prior_mean_cov("aabb")
    return preview.Population(mean, cov, np.full((3, K), level))


def test_error_falls_with_length_and_the_figures_agree_with_each_other() -> None:
    pool = made_pool()
    short = preview.preview(pool, selection.SittingRule(max_items=4), people(), n=400)
    long = preview.preview(pool, selection.SittingRule(max_items=16), people(), n=400)
    assert short.items == 4
    assert long.items == 16
    assert long.ran_out == 0
    assert (long.error < short.error).all()
    assert (short.error < short.error_before).all()
    assert short.error_before == pytest.approx(np.ones(K), abs=0.12)
    assert long.right > short.right > 0.6
    assert long.decided > short.decided
    assert long.decided_right > 0.9
    assert long.exposure.sum() == pytest.approx(16)
    assert long.asked_by.sum() == pytest.approx(16)
    assert 16 <= long.minutes <= 32


def test_stopping_when_decided_is_shorter_and_the_cap_holds() -> None:
    pool = made_pool()
    stop = preview.preview(pool, selection.SittingRule(max_items=16, stop_decided=True), people(1), n=200)
    assert stop.items < 16
    assert stop.items_range[0] <= stop.items_range[1] <= stop.items_range[2] <= 16
    free = preview.preview(pool, selection.SittingRule(max_items=12), people(), n=200)
    capped = preview.preview(pool, selection.SittingRule(max_items=12), people(), n=200, max_exposure=0.4)
    assert len(free.over(0.4)) > 0
    assert len(capped.over(0.4)) == 0
    assert capped.bank_used > free.bank_used


def test_same_seed_same_preview_and_too_small_a_bank_is_refused() -> None:
    pool, rule = made_pool(), selection.SittingRule(max_items=6)
    one, two = (preview.preview(pool, rule, people(), n=50, seed=4) for _ in range(2))
    assert np.array_equal(one.error, two.error)
    assert np.array_equal(one.exposure, two.exposure)
    with pytest.raises(sittings.CannotFill, match="only 8 families"):
        preview.preview(made_pool(2), selection.SittingRule(max_items=20), people())
    with pytest.raises(ValueError, match="at least one sitter"):
        preview.preview(pool, rule, preview.Population(*belief.prior_mean_cov("aabb"), np.zeros((0, K), int)))
    nobody = preview.preview(pool, rule, people(0), n=20)
    assert np.isnan(nobody.right)
    assert np.isnan(nobody.decided)
