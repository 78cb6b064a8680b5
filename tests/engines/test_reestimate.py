"""Re-estimating the covariance after a campaign: a wrong model is mended, a right one hardly moved."""

import numpy as np
import pytest

from nanglucso.engines import belief, irt, reestimate, score
from nanglucso.engines.irt import ItemBank

K, PER, N = 4, 25, 1000
TRUE = np.full((K, K), 0.35) + 0.65 * np.eye(K)


def logs() -> tuple[ItemBank, irt.Ints, irt.Ints, irt.Floats]:
    rng = np.random.default_rng(6)
    n = K * PER
    bank = ItemBank.build(
        np.repeat(np.arange(K), PER).tolist(),
        np.exp(rng.normal(0.2, 0.3, n)).tolist(),
        rng.normal(0, 1, (n, 1)).tolist(),
        [0.2 * (j % 2) for j in range(n)],
    )
    theta = rng.multivariate_normal(np.zeros(K), TRUE, N)
    items = np.argsort(rng.random((N, n)), axis=1)[:, :20]
    k = bank.competence[items]
    up = irt.reach(np.take_along_axis(theta, k, 1), bank.a[items], bank.b[items], bank.c[items])
    return bank, items, (rng.random((N, 20, 1)) < up).sum(-1), theta


def test_wrong_correlations_are_mended_and_errors_become_honest() -> None:
    bank, items, scores, theta = logs()
    wrong = belief.prior_mean_cov("aaaa")[1]
    mean = np.zeros(K)
    before, var = score.fold_table(mean, wrong, bank, items, scores)
    told = reestimate.reestimate(mean, wrong, bank, items, scores)
    assert np.abs(told.cov - TRUE)[np.triu_indices(K, 1)].max() < 0.5 * np.abs(wrong - TRUE)[0, 1]
    assert np.square(told.means - theta).mean() < 0.95 * np.square(before - theta).mean()
    cover = [np.mean(np.abs(m - theta) < 1.645 * np.sqrt(v)) for m, v in ((before, var), (told.means, told.variances))]
    assert cover[0] < 0.8 < 0.86 < cover[1] < 0.92


def test_right_model_stays_and_the_mean_moves_only_when_asked() -> None:
    bank, items, scores, _ = logs()
    told = reestimate.reestimate(np.zeros(K), TRUE, bank, items, scores)
    assert told.cov == pytest.approx(TRUE, abs=0.09)
    assert np.array_equal(told.mean, np.zeros(K))
    shifted = reestimate.reestimate(np.full(K, 0.5), TRUE, bank, items, scores, weight=20, keep_scale=False)
    assert shifted.mean == pytest.approx(np.zeros(K), abs=0.1)
