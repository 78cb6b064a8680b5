"""What must hold for every log: any order, 10,000 random logs, undo, and a certificate beside the other kinds."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nanglucso.engines import belief as B
from nanglucso.engines import irt, score

K = 5
CUTS = np.tile([-1.2, -0.2, 0.8, 1.8], (K, 1))
RULES = B.Rules(CUTS)
PRIOR = B.Belief(*B.prior_mean_cov("aabbb"))
places = st.integers(0, K - 1)
days = st.integers(0, 900).map(float)
levels_of_all = st.lists(st.tuples(places, st.integers(0, 4)), min_size=1, max_size=5, unique_by=lambda x: x[0])
reached = st.lists(st.tuples(places, st.integers(1, 4)), min_size=1, max_size=3, unique_by=lambda x: x[0])

items = st.builds(
    lambda at, k, a, b, c, right: B.ItemAnswer(at, k, a, (b,), c, right),
    days,
    places,
    st.floats(0.4, 2.2),
    st.floats(-2.5, 2.5),
    st.sampled_from([0.0, 0.25]),
    st.integers(0, 1),
)
tasks = st.builds(
    lambda at, k, b, s: B.ItemAnswer(at, k, 1.3, (b - 0.7, b, b + 0.7), 0.0, s),
    days,
    places,
    st.floats(-2, 2),
    st.integers(0, 3),
)
selves = st.builds(lambda at, x: B.SelfRating(at, tuple(x)), days, levels_of_all)
managers = st.builds(lambda at, who, x: B.ManagerRating(at, who, tuple(x)), days, st.sampled_from("mn"), levels_of_all)
certificates = st.builds(lambda at, x: B.Certificate(at, "issuer", tuple(x)), days, reached)
classes = st.builds(lambda at, e, k: B.ClassEffect(at, e, ((k, 0, 2),)), days, st.floats(0.1, 0.9), places)
logs = st.lists(st.one_of(items, tasks, selves, managers, certificates, classes), min_size=1, max_size=9)


def random_table(n: int, t: int) -> tuple[irt.ItemBank, irt.Ints, irt.Ints]:
    """n random logs of up to t answers to a bank with extreme and odd items: steep, easy, hard, guessed."""
    rng = np.random.default_rng(12)
    size = 200
    steps = [[float(x)] if j % 3 else [float(x) - 0.5, float(x) + 0.5] for j, x in enumerate(rng.normal(0, 2.5, size))]
    c = [0.3 if j % 3 == 1 else 0.0 for j in range(size)]
    bank = irt.ItemBank.build(rng.integers(0, K, size).tolist(), rng.uniform(0.2, 4, size).tolist(), steps, c)
    table = np.where(rng.random((n, t)) < 0.8, rng.integers(0, size, (n, t)), -1)
    given_ = rng.integers(0, 3, (n, t)) % (bank.top_score[np.maximum(table, 0)] + 1)
    return bank, table, np.where(table >= 0, given_, 0)


def test_ten_thousand_random_logs_leave_proper_beliefs() -> None:
    bank, table, given_ = random_table(10_000, 8)
    for start in range(0, 10_000, 1000):
        part = slice(start, start + 1000)
        sites = score.sites_of(bank, K, table[part], given_[part])
        mean, cov = B.refine(np.broadcast_to(PRIOR.mean, (1000, K)), PRIOR.cov[None], sites)
        assert np.isfinite(mean).all()
        assert np.linalg.eigvalsh(cov).min() > 1e-6
        assert np.abs(mean).max() < 6


def test_ten_thousand_random_logs_answer_by_answer_stay_positive_definite() -> None:
    bank, table, given_ = random_table(10_000, 8)
    mean, cov = np.tile(PRIOR.mean, (10_000, 1)), np.tile(PRIOR.cov, (10_000, 1, 1))
    for turn in range(8):
        rows = np.flatnonzero(table[:, turn] >= 0)
        j = table[rows, turn]
        moved = B.update_batch(
            mean[rows], cov[rows], bank.competence[j], bank.a[j], bank.b[j], bank.c[j], given_[rows, turn]
        )
        mean[rows], cov[rows] = moved
        assert np.linalg.eigvalsh(cov).min() > 1e-6
    assert np.isfinite(mean).all()


@settings(max_examples=60, deadline=None)
@given(logs)
def test_mixed_logs_are_proper_and_undo_is_as_if_it_had_never_happened(log: list[B.Evidence]) -> None:
    before = score.refold(PRIOR, log, RULES, until=1000)
    assert np.linalg.eigvalsh(before.cov)[0] > 0
    assert np.isfinite(before.mean).all()
    extra = B.ItemAnswer(450.5, 2, 1.1, (0.3,), 0.2, 1)
    with_extra = [*log, extra]
    undone = [row for row in with_extra if row is not extra]
    again = score.refold(PRIOR, undone, RULES, until=1000)
    assert np.array_equal(again.mean, before.mean)
    assert np.array_equal(again.cov, before.cov)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0.5, 2), st.floats(-2, 2), st.integers(0, 1)), min_size=2, max_size=8), st.randoms()
)
def test_answers_on_one_competence_give_the_integrated_posterior_in_any_order(
    answers: list[tuple[float, float, int]], shuffle: object
) -> None:
    """What is stored of a person is folded: orders agree to the bit, and the fold is the posterior found by integration.

    Moment matching answer by answer would not do: contradictory answers in two orders can end half a logit apart.
    """
    log = [B.ItemAnswer(0.0, 0, a, (b,), 0.0, y) for a, b, y in answers]
    other = list(log)
    shuffle.shuffle(other)  # type: ignore[attr-defined]
    one, two = (score.refold(PRIOR, rows, RULES) for rows in (log, other))
    assert np.array_equal(one.mean, two.mean)
    assert np.array_equal(one.cov, two.cov)
    mean, sd = integrated(answers)
    assert one.mean == pytest.approx(mean, abs=0.01)
    assert one.sd == pytest.approx(sd, abs=0.03)


def integrated(answers: list[tuple[float, float, int]]) -> tuple[irt.Floats, irt.Floats]:
    """Mean and sd of every competence given 2PL answers on the first, by a sum over a fine grid."""
    theta, prior, var = np.linspace(-9, 9, 3601), PRIOR.mean[0], PRIOR.var[0]
    log_w = -0.5 * (theta - prior) ** 2 / var
    for a, b, right in answers:
        log_w -= np.logaddexp(0, (1 - 2 * right) * a * (theta - b))
    w = np.exp(log_w - log_w.max())
    w /= w.sum()
    mean = w @ theta
    slope = PRIOR.cov[:, 0] / var  # the other competences follow by regression on the first
    return PRIOR.mean + slope * (mean - prior), np.sqrt(PRIOR.var - slope**2 * (var - w @ (theta - mean) ** 2))


def test_certificate_equals_integration_over_the_issuers_strictness() -> None:
    told = score.refold(PRIOR, [B.Certificate(0, "x", ((1, 3),))], RULES)
    theta, u = np.meshgrid(np.linspace(-8, 8, 1601), np.linspace(-3, 3, 241), indexing="ij")
    w = np.exp(-0.5 * theta**2 - 0.5 * (u / 0.4) ** 2) / (1 + np.exp(-1.5 * (theta + u - 0.8)))
    mean = (w * theta).sum() / w.sum()
    assert told.mean[1] == pytest.approx(mean, abs=1e-3)
    assert told.var[1] == pytest.approx((w * (theta - mean) ** 2).sum() / w.sum(), abs=2e-3)
    assert told.mean[0] == pytest.approx(0.85 * told.mean[1], abs=1e-9)


def test_certificate_of_a_higher_level_says_more_and_level_zero_is_refused() -> None:
    low, high = (score.refold(PRIOR, [B.Certificate(0, "x", ((0, x),))], RULES) for x in (1, 4))
    assert high.mean[0] > low.mean[0] > 0
    with pytest.raises(ValueError, match="level from 1 up"):
        score.refold(PRIOR, [B.Certificate(0, "x", ((0, 0),))], RULES)
