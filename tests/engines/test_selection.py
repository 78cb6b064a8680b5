"""Choosing items: worth against direct computation, what may be asked, when a sitting ends, exposure."""

import time
from dataclasses import replace

import numpy as np
import pytest

from nanglucso.engines import belief as B
from nanglucso.engines import selection as S
from nanglucso.engines import sittings as T
from nanglucso.engines.irt import Floats, Ints, ItemBank
from nanglucso.engines.pool import M_GRID, Pool, build_pool

DOMAIN = [0, 0, 1, 1, 2]
CUTS = np.tile([-0.8, 0.0, 0.8], (5, 1))
MEAN, COV = B.prior_mean_cov(DOMAIN)
NEED = [2, 1, 3, 0, 2]
ROW = np.zeros(1, np.int64)


def make_bank(per: int = 16, seed: int = 4) -> ItemBank:
    """Items of five competences, every second pair a family, every eighth graded with 4 minutes."""
    rng = np.random.default_rng(seed)
    n = per * 5
    b = [sorted(rng.normal(0, 1, 2).tolist()) if j % 8 == 7 else [float(rng.normal(0, 1.1))] for j in range(n)]
    return ItemBank.build(
        (np.arange(n) // per).tolist(),
        rng.lognormal(0.2, 0.3, n).tolist(),
        b,
        [0.0 if len(x) > 1 else 0.2 for x in b],
        [f"f{j // 2}" if j % 4 < 2 else "" for j in range(n)],
        [4.0 if len(x) > 1 else 1.0 for x in b],
    )


POOL = build_pool(make_bank(), DOMAIN, CUTS)
RULE = S.SittingRule(rule="precision", max_items=12, domain_min=S.domain_quota(DOMAIN, 12))


def model_answers(pool: Pool, theta: Floats, seed: int) -> T.Answers:
    """Answers drawn beforehand for every person and item, as a recorded set holds them."""
    u = np.random.default_rng(seed).random((len(theta), pool.bank.size))
    up = np.stack(
        [pool.bank.a * (theta[:, pool.bank.competence] - pool.bank.b[:, s]) for s in range(pool.bank.b.shape[1])]
    )
    p = np.where(np.isinf(up), 0.0, pool.bank.c + (1 - pool.bank.c) / (1 + np.exp(-up)))
    drawn = (u < p).sum(0)
    return lambda rows, items: drawn[rows, items]


def people(n: int, seed: int = 1) -> tuple[T.Start, Floats]:
    rng = np.random.default_rng(seed)
    theta = rng.standard_normal((n, 5)) @ np.linalg.cholesky(COV).T
    return T.Start(MEAN, COV, rng.integers(0, 4, (n, 5))), theta


def hold(rule: S.SittingRule, n: int = 300, cap: float | None = None, seed: int = 1, pool: Pool = POOL) -> T.Sat:
    begin, theta = people(n)
    return T.run(pool, rule, begin, model_answers(pool, theta, 2), seed, cap)


def test_worth_is_the_expected_fall_of_the_total_variance() -> None:
    mean, cov = MEAN + 0.3, COV * 0.7
    seats = S.start(POOL, 1)
    told = S.worth(POOL, RULE, mean[None], cov[None], np.array([NEED]), seats, ROW)[0].astype(float)
    bank, items = POOL.bank, range(0, POOL.bank.size, 7)
    exact = []
    for j in items:
        fall = np.trace(cov)
        z, w = np.polynomial.hermite_e.hermegauss(41)
        theta = mean[bank.competence[j]] + np.sqrt(0.7) * z
        for y in range(int(bank.top_score[j]) + 1):
            chance = (bank.likelihood(theta, j, y) * w / w.sum()).sum()
            row = B.ItemAnswer(
                0, int(bank.competence[j]), bank.a[j], tuple(bank.b[j, : bank.top_score[j]]), bank.c[j], y
            )
            fall -= chance * np.trace(B.update(B.Belief(mean, cov), row).cov)
        exact.append(fall)
    got = told[POOL.slot_of[list(items)]]
    assert got / got[0] == pytest.approx(np.array(exact) / exact[0], rel=0.02)


def test_decision_rule_turns_to_the_undecided_requirement() -> None:
    mean = np.array([0.0, 2.5, 2.5, 0.0, -2.5])  # only the first requirement (cut 0) is open
    rule = replace(RULE, rule="decision", domain_min=())
    assert POOL.bank.competence[S.choose_next(POOL, rule, mean, np.eye(5) * 0.4, NEED, [], 1)] == 0
    moved = S.choose_next(POOL, rule, mean, np.eye(5) * 0.4, [0, 0, 0, 0, 1], [], 1)
    assert POOL.bank.competence[moved] == 4


def test_decision_power_is_two_where_sureness_ends_the_sitting_and_rises_to_the_end_else() -> None:
    left, asked = np.array([12.0, 6.0, 1.0]), np.array([0, 6, 11])
    assert S.decision_power(replace(RULE, stop_decided=True), left, asked).tolist() == [2, 2, 2]
    power = S.decision_power(RULE, left, asked)
    assert (np.diff(power) > 0).all()
    assert power.min() >= 1
    assert power.max() <= 6


def test_nothing_required_still_gives_an_item() -> None:
    assert S.choose_next(POOL, replace(RULE, rule="decision"), MEAN, COV, [0] * 5, [], 1) is not None


@pytest.mark.parametrize("rule", ["precision", "decision"])
def test_choice_door_asks_no_item_or_family_twice_and_fills_the_domains(rule: str) -> None:
    rule_ = replace(RULE, rule=rule, max_items=12)
    asked: list[int] = []
    banned = [0, 5, 9]
    while S.done(POOL, rule_, MEAN, np.ones(5), NEED, asked) == "":
        item = S.choose_next(POOL, rule_, MEAN, COV, NEED, asked, 3, forbidden=banned)
        assert item is not None
        asked.append(item)
    assert len(asked) == len(set(asked)) == 12
    families = POOL.bank.family[asked]
    assert len(set(families.tolist())) == 12
    assert not set(asked) & set(banned)
    used = np.bincount(POOL.domain[POOL.bank.competence[asked]], minlength=3)
    assert (used >= rule_.domain_min).all()


def test_bank_that_is_used_up_gives_none() -> None:
    everything = list(range(POOL.bank.size))
    assert S.choose_next(POOL, RULE, MEAN, COV, NEED, [], 1, forbidden=everything) is None


def test_exposure_limit_prices_and_seed_at_the_door() -> None:
    free = S.choose_next(POOL, RULE, MEAN, COV, NEED, [], 1)
    assert free is not None
    counts = np.zeros(POOL.bank.size, np.int64)
    counts[free] = 25
    shut = S.choose_next(POOL, RULE, MEAN, COV, NEED, [], 1, S.Exposure(counts, 25))
    assert shut not in (free, None)
    dear = np.zeros(POOL.bank.size)
    dear[free] = 5.0
    assert S.choose_next(POOL, RULE, MEAN, COV, NEED, [], 1, S.Exposure(counts, None, dear)) != free
    picks = [S.choose_next(POOL, RULE, MEAN, COV, NEED, [], seed, S.Exposure(counts)) for seed in range(40)]
    again = [S.choose_next(POOL, RULE, MEAN, COV, NEED, [], seed, S.Exposure(counts)) for seed in range(40)]
    assert picks == again
    assert len(set(picks)) > 1


def test_choice_takes_less_than_two_milliseconds() -> None:
    pool = build_pool(make_bank(per=120), DOMAIN, CUTS)
    exposure = S.Exposure(np.zeros(600, np.int64), 150, np.zeros(600))
    spent = []
    for turn in range(40):
        began = time.perf_counter()
        S.choose_next(pool, replace(RULE, max_items=36), MEAN, COV, NEED, list(range(0, 600, 20)), turn, exposure)
        spent.append(time.perf_counter() - began)
    assert min(spent) < 0.002


@pytest.mark.parametrize(
    ("change", "var", "asked", "told"),
    [
        ({}, 1.0, 12, "items"),
        ({}, 1.0, 11, ""),
        ({"stop_decided": True}, 1e-6, 3, "decided"),
        ({"stop_decided": True, "min_items": 4}, 1e-6, 3, ""),
        ({"stop_decided": True}, 1.0, 3, ""),
        ({}, 1e-6, 3, ""),
        ({"max_minutes": 3.5}, 1.0, 3, "minutes"),
        ({"max_minutes": 4.0}, 1.0, 3, ""),
    ],
)
def test_stop_rules(change: dict[str, float], var: float, asked: int, told: str) -> None:
    rule = replace(RULE, **change)  # type: ignore[arg-type]
    items = [j for j in range(POOL.bank.size) if POOL.bank.minutes[j] == 1][:asked]
    assert S.done(POOL, rule, MEAN + 0.3, np.full(5, var), NEED, items) == told


def test_side_by_side_choices_are_those_of_the_door() -> None:
    begin, theta = people(6)
    answers = model_answers(POOL, theta, 2)
    for rule in (RULE, replace(RULE, rule="decision")):
        sat = T.run(POOL, rule, begin, answers, 1)
        for i in range(6):
            state = B.Belief(MEAN, COV)
            for turn, item in enumerate(sat.administered[i]):
                asked = sat.administered[i, :turn].tolist()
                door = S.choose_next(POOL, rule, state.mean, state.cov, begin.required[i].tolist(), asked, 1)
                assert door == item
                bank, y = POOL.bank, int(sat.scores[i, turn])
                k, top = int(bank.competence[item]), int(bank.top_score[item])
                row = B.ItemAnswer(0, k, bank.a[item], tuple(bank.b[item, :top]), bank.c[item], y)
                state = B.update(state, row)


def crossed(table: Ints, pool: Pool) -> int:
    """Pairs of one family within one sitting."""
    return sum(len(x) - len(set(pool.bank.family[x].tolist())) for x in (row[row >= 0] for row in table))


@pytest.mark.parametrize("rule", ["precision", "decision"])
def test_exposure_cap_holds_and_is_fair_to_late_comers(rule: str) -> None:
    sat = hold(replace(RULE, rule=rule, max_items=10), cap=0.3)
    counts = np.bincount(sat.administered[sat.administered >= 0], minlength=POOL.bank.size)
    assert counts.max() <= np.ceil(0.3 * 300)
    assert np.array_equal(counts, sat.counts)
    assert (sat.administered >= 0).all()
    assert crossed(sat.administered, POOL) == 0
    quarters = [x.mean() for x in np.array_split(sat.var, 4)]
    assert max(quarters) < 1.06 * min(quarters)
    free = hold(replace(RULE, rule=rule, max_items=10))
    assert (sat.counts > 0).sum() > (free.counts > 0).sum()


def test_same_seed_same_sittings_and_another_seed_others() -> None:
    one, two, other = (hold(RULE, 60, 0.4, seed) for seed in (5, 5, 6))
    assert np.array_equal(one.administered, two.administered)
    assert one.mean.tobytes() == two.mean.tobytes()
    assert not np.array_equal(one.administered, other.administered)


def test_minutes_bound_the_sitting_and_every_domain_is_met() -> None:
    rule = replace(RULE, max_items=40, max_minutes=15.0, domain_min=S.domain_quota(DOMAIN, 15))
    sat = hold(rule, 80)
    for row in sat.administered:
        items = row[row >= 0]
        assert POOL.bank.minutes[items].sum() <= 15
        used = np.bincount(POOL.domain[POOL.bank.competence[items]], minlength=3)
        assert (used >= rule.domain_min).all()


def test_decided_persons_stop_early_and_not_before_the_least_items() -> None:
    rule = replace(RULE, rule="decision", max_items=20, min_items=4, stop_decided=True, domain_min=())
    begin, theta = people(80)
    begin = replace(begin, required=np.where(np.arange(5) == 0, 1, 0) * np.ones((80, 1), int))
    sat = T.run(POOL, rule, begin, model_answers(POOL, theta, 2), 1)
    length = (sat.administered >= 0).sum(1)
    assert length.min() >= 4
    assert length.mean() < 12


def test_correlations_and_choosing_both_pay() -> None:
    begin, theta = people(300)
    answers = model_answers(POOL, theta, 2)
    joint = T.run(POOL, RULE, begin, answers, 1)
    apart = T.run(POOL, RULE, replace(begin, cov=np.eye(5)), answers, 1)
    random = T.run(POOL, replace(RULE, noise=15.0), begin, answers, 1, 0.9)
    rmse = [np.sqrt(((sat.mean - theta) ** 2).mean()) for sat in (joint, apart, random)]
    assert rmse[1] > 1.15 * rmse[0]
    assert rmse[2] > 1.03 * rmse[0]
    inside = np.abs(joint.mean - theta) <= 1.6449 * np.sqrt(joint.var)
    assert 0.87 < inside.mean() < 0.93


def test_sittings_that_cannot_be_filled_are_refused() -> None:
    with pytest.raises(T.CannotFill, match="60 families"):
        hold(replace(RULE, max_items=70), 10)
    with pytest.raises(T.CannotFill, match=r"exposure of 0\.1 is too little"):
        hold(replace(RULE, max_items=20), 100, cap=0.1)
    with pytest.raises(T.CannotFill, match="least number of items"):
        hold(replace(RULE, min_items=13), 10)


def test_pool_takes_uneven_banks_and_far_beliefs() -> None:
    bank = ItemBank.build([0, 0, 0, 2], [1.0, 1.2, 0.8, 1.0], [[0.0], [1.0], [-1.0], [0.5]], [0, 0, 0, 0])
    pool = build_pool(bank, [0, 0, 1], CUTS[:3])
    far = np.array([M_GRID[-1] + 3, -9.0, 0.0])
    chosen: list[int] = []
    for _ in range(5):
        item = S.choose_next(pool, S.SittingRule("precision", 4), far, np.eye(3) * 5, [1, 1, 1], chosen, 1)
        if item is not None:
            chosen.append(item)
    assert sorted(chosen) == [0, 1, 2, 3]


def test_quota_follows_the_size_of_domains() -> None:
    assert S.domain_quota([0, 0, 0, 1, 1, 2], 12) == (3, 2, 1)
    assert S.domain_quota([0, 1, 2], 2) == (0, 0, 0)
