"""The belief: moment matching against numeric integration, evidence of every kind, the fold in any order."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nanglucso.engines import belief as B
from nanglucso.engines import irt, levels, score

CUTS = np.tile([-1.2, -0.2, 0.8, 1.8], (5, 1))
RULES = B.Rules(CUTS)
PRIOR = B.Belief(*B.prior_mean_cov("aabbb"))
GRID = np.linspace(-9, 9, 6001)

steps = st.lists(st.floats(-2.5, 2.5), min_size=1, max_size=3, unique_by=lambda x: round(x, 1)).map(sorted)


@st.composite
def answers(draw: st.DrawFn, guessing: bool = True) -> B.ItemAnswer:
    b = draw(steps)
    c = draw(st.sampled_from([0.0, 0.2, 0.28])) if guessing and len(b) == 1 else 0.0
    return B.ItemAnswer(
        at=draw(st.integers(0, 900)) + draw(st.floats(0, 0.9)),
        competence=draw(st.integers(0, 4)),
        a=draw(st.floats(0.4, 2.2)),
        b=tuple(b),
        c=c,
        score=draw(st.integers(0, len(b))),
    )


@given(answers(), st.floats(-2, 2), st.floats(0.1, 1.4))
def test_moments_equal_numeric_integration(answer: B.ItemAnswer, mean: float, sd: float) -> None:
    like = irt.likelihood(GRID, answer.a, np.array(answer.b), answer.c, answer.score)
    w = like * np.exp(-0.5 * ((GRID - mean) / sd) ** 2)
    m = (w * GRID).sum() / w.sum()
    v = (w * (GRID - m) ** 2).sum() / w.sum()
    one = (np.array(x) for x in (answer.a, answer.b, answer.c, answer.score))
    m1, v1 = B.tilted(mean, sd**2, *one)
    assert m1 == pytest.approx(m, abs=2e-4)
    assert v1 == pytest.approx(v, abs=2e-4)


@given(answers(guessing=False))
def test_variance_never_grows_without_guessing(answer: B.ItemAnswer) -> None:
    after = B.update(PRIOR, answer)
    assert (after.var <= PRIOR.var + 1e-12).all()
    assert np.linalg.eigvalsh(after.cov)[0] > 0


def test_update_carries_the_news_by_correlation() -> None:
    after = B.update(PRIOR, B.ItemAnswer(0, 0, 1.5, (0.0,), 0.0, 1))
    assert after.mean[1] == pytest.approx(0.85 * after.mean[0])
    assert after.mean[3] == pytest.approx(0.65 * after.mean[0])
    assert after.var[1] == pytest.approx(1 - 0.85**2 * (1 - after.var[0]))


def test_batch_update_equals_one_by_one() -> None:
    rows = [B.ItemAnswer(0, k, 1.0 + k / 4, (0.2 * k,), 0.2, k % 2) for k in range(5)]
    bank = irt.ItemBank.build(
        [r.competence for r in rows], [r.a for r in rows], [r.b for r in rows], [r.c for r in rows]
    )
    y = np.array([r.score for r in rows])
    mean, cov = B.update_batch(
        np.tile(PRIOR.mean, (5, 1)), np.tile(PRIOR.cov, (5, 1, 1)), bank.competence, bank.a, bank.b, bank.c, y
    )
    for i, row in enumerate(rows):
        one = B.update(PRIOR, row)
        assert mean[i] == pytest.approx(one.mean, abs=1e-12)
        assert cov[i] == pytest.approx(one.cov, abs=1e-12)


@given(answers())
def test_fold_of_one_answer_is_the_moment_matched_update(answer: B.ItemAnswer) -> None:
    once, folded = B.update(PRIOR, answer), score.refold(PRIOR, [answer], RULES)
    assert folded.mean == pytest.approx(once.mean, abs=1e-8)
    assert folded.cov == pytest.approx(once.cov, abs=1e-8)


@st.composite
def ledgers(draw: st.DrawFn) -> list[B.Evidence]:
    rows: list[B.Evidence] = list(draw(st.lists(answers(), min_size=1, max_size=8)))
    at = st.integers(0, 900)
    level = st.integers(0, 4)
    rated = tuple((k, draw(level)) for k in range(5))
    rows.append(B.SelfRating(draw(at), rated))
    rows.append(B.ManagerRating(draw(at), "r1", rated[:3]))
    rows.append(B.ClassEffect(draw(at), 0.55, ((draw(st.integers(0, 4)), 1, 3),)))
    rows.append(B.ClassEffect(rows[0].at, 0.35, ((0, 0, 2), (1, 2, 4))))
    return rows


@settings(max_examples=40, deadline=None)
@given(ledgers(), st.randoms(use_true_random=False))
def test_fold_does_not_depend_on_the_order_of_rows(log: list[B.Evidence], random: object) -> None:
    told = score.refold(PRIOR, log, RULES, until=1000)
    mixed = list(log)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    again = score.refold(PRIOR, mixed, RULES, until=1000)
    assert np.abs(again.mean - told.mean).max() <= 1e-9
    assert np.abs(again.cov - told.cov).max() <= 1e-9
    assert np.linalg.eigvalsh(told.cov)[0] > 0


def test_answers_of_one_day_count_together_whatever_the_minute() -> None:
    a, b = B.ItemAnswer(5.1, 0, 1.2, (0.0,), 0.2, 1), B.ItemAnswer(5.7, 1, 1.0, (0.5,), 0.2, 0)
    one = score.refold(PRIOR, [a, b], RULES)
    swapped = [B.ItemAnswer(5.7, *astail(a)), B.ItemAnswer(5.1, *astail(b))]
    assert score.refold(PRIOR, swapped, RULES).mean == pytest.approx(one.mean, abs=1e-12)


def astail(row: B.ItemAnswer) -> tuple[int, float, tuple[float, ...], float, int]:
    return row.competence, row.a, row.b, row.c, row.score


def test_fold_is_close_to_the_exact_posterior_in_two_dimensions() -> None:
    mean, cov = B.prior_mean_cov(["x", "x"])
    x, y = np.meshgrid(np.linspace(-5, 5, 401), np.linspace(-5, 5, 401), indexing="ij")
    pts = np.stack([x.ravel(), y.ravel()], 1)
    logp = -0.5 * np.einsum("ni,ij,nj->n", pts, np.linalg.inv(cov), pts)
    rng, log = np.random.default_rng(3), []
    for i in range(12):
        row = B.ItemAnswer(0, i % 2, 1.3, (float(rng.normal()),), 0.2, int(rng.random() < 0.6))
        log.append(row)
        logp += np.log(irt.likelihood(pts[:, i % 2], row.a, np.array(row.b), row.c, row.score))
    w = np.exp(logp - logp.max())
    w /= w.sum()
    exact = w @ pts
    folded = score.refold(B.Belief(mean, cov), log, B.Rules(CUTS[:2]))
    assert folded.mean == pytest.approx(exact, abs=0.02)
    assert folded.var == pytest.approx(w @ (pts - exact) ** 2, abs=0.03)


def test_self_rating_of_one_competence_equals_integration_over_the_bias() -> None:
    prior = B.Belief(np.array([0.2]), np.array([[0.9]]))
    rules = B.Rules(CUTS[:1])
    after = score.refold(prior, [B.SelfRating(0, ((0, 3),))], rules)
    t, u = np.meshgrid(np.linspace(-6, 6, 801), np.linspace(-3, 4, 801), indexing="ij")
    w = np.exp(-0.5 * (t - 0.2) ** 2 / 0.9 - 0.5 * (u - 0.3) ** 2 / 0.25)
    w *= irt.likelihood(t + u, np.array(0.7), CUTS[0], np.array(0.0), 3)
    m = (w * t).sum() / w.sum()
    assert after.mean[0] == pytest.approx(m, abs=1e-3)
    assert after.var[0] == pytest.approx((w * (t - m) ** 2).sum() / w.sum(), abs=1e-3)


def test_ratings_share_one_bias_so_all_together_tell_less_about_the_height_than_without_it() -> None:
    high = tuple((k, 4) for k in range(5))
    told = score.refold(PRIOR, [B.SelfRating(0, high)], RULES)
    free = B.Rules(CUTS, self_rating=B.RatingRule(0.7, 0.0, 1e-6))
    trusted = score.refold(PRIOR, [B.SelfRating(0, high)], free)
    assert (told.mean < trusted.mean).all()
    assert (told.var > trusted.var).all()
    rater = score.refold(PRIOR, [B.ManagerRating(0, "r", high)], RULES)
    assert (rater.mean > told.mean).all()  # a rater's bias has mean 0, a person's own is .3 upward


def test_fading_widens_to_the_prior_and_no_further_and_keeps_the_mean() -> None:
    known = B.update(PRIOR, B.ItemAnswer(0, 0, 2.0, (0.0,), 0.0, 1))
    year = B.fade(known, PRIOR, 1.0)
    assert year.var == pytest.approx(np.minimum(known.var + 0.04, 1.0))
    assert np.array_equal(year.mean, known.mean)
    assert B.fade(B.fade(known, PRIOR, 0.5), PRIOR, 0.5).cov == pytest.approx(year.cov, abs=1e-4)
    old = B.fade(known, PRIOR, 400.0)
    assert old.var == pytest.approx(PRIOR.var)
    assert B.fade(known, PRIOR, 0.0) is known
    folded = score.refold(PRIOR, [B.ItemAnswer(0, 0, 2.0, (0.0,), 0.0, 1)], RULES, until=365.25 * 2)
    assert folded.var[0] == pytest.approx(known.var[0] + 0.08, abs=2e-4)


def test_class_shifts_by_its_share_of_the_missing_way_and_widens() -> None:
    after = score.refold(PRIOR, [B.ClassEffect(3, 0.5, ((2, 1, 3),))], RULES)
    shift = 0.5 * levels.missing_logits(0.0, 1.0, CUTS[2], 1, 3)
    assert after.mean[2] == pytest.approx(shift)
    assert after.var[2] == pytest.approx(1 + (shift / 2) ** 2)
    assert after.mean[[0, 1, 3, 4]].tolist() == [0, 0, 0, 0]


def test_class_stands_between_the_answers_before_and_after_it_on_the_same_day() -> None:
    answer = astail(B.ItemAnswer(0, 2, 1.5, (0.5,), 0.0, 0))
    lesson = B.ClassEffect(7.5, 0.5, ((2, 1, 3),))
    before = score.refold(PRIOR, [B.ItemAnswer(7.2, *answer), lesson], RULES)
    after = score.refold(PRIOR, [B.ItemAnswer(7.8, *answer), lesson], RULES)
    by_hand = B.apply(B.apply(PRIOR, [B.ItemAnswer(7.2, *answer)], RULES), [lesson], RULES)
    assert before.mean == pytest.approx(by_hand.mean, abs=1e-12)
    assert abs(before.mean[2] - after.mean[2]) > 0.05


def test_fold_without_a_row_is_the_fold_of_the_others() -> None:
    rows = [B.ItemAnswer(0, k % 5, 1.1, (0.1 * k,), 0.2, k % 2) for k in range(9)]
    kept = rows[:4] + rows[5:]
    assert np.array_equal(score.refold(PRIOR, kept, RULES).mean, score.refold(PRIOR, kept[::-1], RULES).mean)
    assert np.abs(score.refold(PRIOR, rows, RULES).mean - score.refold(PRIOR, kept, RULES).mean).max() > 0.01
    assert score.refold(PRIOR, [], RULES) is PRIOR


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (B.ItemAnswer(0, 9, 1.0, (0.0,), 0.0, 1), "competence 9 does not exist"),
        (B.ItemAnswer(0, 0, 1.0, (0.0,), 0.0, 2), "score or level 2 on competence 0 is outside 0 .. 1"),
        (B.ItemAnswer(0, 0, -1.0, (0.0,), 0.0, 1), "must be a number above 0"),
        (B.SelfRating(0, ((0, 5),)), "outside 0 .. 4"),
        (B.ManagerRating(0, "r", ((7, 1),)), "competence 7 does not exist"),
        (B.ClassEffect(0, 0.5, ((0, 2, 2),)), "from level 2 to level 2"),
    ],
)
def test_rows_outside_their_range_are_refused(row: B.Evidence, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        score.refold(PRIOR, [row], RULES)


def test_prior_helpers_take_any_domains() -> None:
    mean, cov = B.prior_mean_cov(["a", "b", "a"], within=0.8, between=0.5)
    assert mean.tolist() == [0, 0, 0]
    assert cov.tolist() == [[1, 0.5, 0.8], [0.5, 1, 0.5], [0.8, 0.5, 1]]
    with pytest.raises(ValueError, match="do not make a covariance"):
        B.prior_mean_cov(["a", "a", "a"], within=-0.9)
    start = np.zeros(2)
    assert B.family_mean(start, np.ones((99, 2))) is start
    assert B.family_mean(start, np.ones((300, 2))) == pytest.approx([0.75, 0.75])


def test_table_fold_equals_the_ledger_fold_for_any_order_and_uneven_lengths() -> None:
    rng = np.random.default_rng(8)
    bank = irt.ItemBank.build(
        rng.integers(0, 5, 40).tolist(),
        rng.uniform(0.6, 2, 40).tolist(),
        [[-0.5 + x, 0.5 + x] if i % 4 == 0 else [x] for i, x in enumerate(rng.normal(0, 1, 40))],
        [0.0 if i % 4 == 0 else 0.2 for i in range(40)],
    )
    person = np.repeat([7, 3, 11], [12, 1, 5])
    item = np.concatenate([rng.permutation(40)[:n] for n in (12, 1, 5)])
    y = rng.integers(0, bank.top_score[item] + 1)
    told = score.fold_answers(PRIOR.mean, PRIOR.cov, bank, person, item, y)
    mix = rng.permutation(len(person))
    again = score.fold_answers(PRIOR.mean, PRIOR.cov, bank, person[mix], item[mix], y[mix])
    assert told.person.tolist() == [3, 7, 11]
    assert np.array_equal(told.mean, again.mean)
    for row, who in enumerate(told.person):
        log = [
            B.ItemAnswer(
                0, int(bank.competence[j]), bank.a[j], tuple(bank.b[j][: bank.top_score[j]]), bank.c[j], int(s)
            )
            for j, s in zip(item[person == who], y[person == who], strict=True)
        ]
        one = score.refold(PRIOR, log, RULES)
        assert told.mean[row] == pytest.approx(one.mean, abs=1e-9)
        assert told.var[row] == pytest.approx(one.var, abs=1e-9)
