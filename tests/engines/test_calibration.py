"""Calibration: recovery, likelihood, errors, anchors, many competences, blocks."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.optimize import minimize
from scipy.special import expit

from nanglucso.engines import calibration_items as packed_items
from nanglucso.engines import calibration_shrink, irt
from nanglucso.engines.calibration import (
    Answers,
    BadCalibration,
    ItemSpec,
    Population,
    calibrate,
    reestimate_population,
)
from nanglucso.engines.calibration_blocks import Dask, Processes

FLAT = {"sd_b": 50.0, "sd_log_a": 50.0}

# Bock & Lieberman 1970, section 6 of the Law School Admission Test: 1000 persons, 5 items, the 32 patterns 00000 .. 11111.
LSAT6 = [
    3,
    6,
    2,
    11,
    1,
    1,
    3,
    4,
    1,
    8,
    0,
    16,
    0,
    3,
    2,
    15,
    10,
    29,
    14,
    81,
    3,
    28,
    15,
    80,
    16,
    56,
    21,
    173,
    11,
    61,
    28,
    298,
]


def lsat6() -> Answers:
    pattern = np.repeat(np.arange(32), LSAT6)
    score = pattern[:, None] >> np.arange(4, -1, -1) & 1
    return Answers(np.repeat(np.arange(1000), 5), np.tile(np.arange(5), 1000), score.ravel())


def drawn(items: list[ItemSpec], theta: np.ndarray, each: int, seed: int) -> Answers:
    """Answers of persons theta (N, K) to `each` items of their own choosing by lot."""
    r = np.random.default_rng(seed)
    item = np.argsort(r.random((len(theta), len(items))), 1)[:, :each]
    score = np.zeros_like(item)
    for i, j in np.ndindex(item.shape):
        spec = items[item[i, j]]
        b = np.array(spec.b)
        t = theta[i, spec.competence]
        if spec.model == "gpcm":
            z = np.concatenate([[0.0], np.cumsum(spec.a * (t - b))])
            p = np.exp(z) / np.exp(z).sum()
        else:
            p = irt.categories(t, np.float64(spec.a), b, np.float64(spec.c))
        score[i, j] = r.choice(len(p), p=p)
    return Answers(np.repeat(np.arange(len(theta)), each), item.ravel(), score.ravel())


def bank(n: int, seed: int, competences: int = 1, models: tuple[str, ...] = ("2pl",)) -> list[ItemSpec]:
    r = np.random.default_rng(seed)
    out = []
    for j in range(n):
        model = models[j % len(models)]
        b = (r.normal(),)
        if model in ("grm", "gpcm"):
            b = (b[0] - 0.6, b[0], b[0] + 0.7)
        out.append(
            ItemSpec(b, j % competences, model, float(np.exp(r.normal(0.1, 0.3))), 0.2 if model == "3pl" else 0.0)
        )
    return out


def blank(items: list[ItemSpec]) -> list[ItemSpec]:
    """The same items as an author knows them: level only."""
    return [
        ItemSpec(tuple(np.arange(len(i.b)) * 0.7 - 0.35 * (len(i.b) - 1)), i.competence, i.model, 1.1, i.c, sd_b=1.5)
        for i in items
    ]


# ---------------------------------------------------------------- published and independent values
def test_law_school_test_2pl_published() -> None:
    """2PL of LSAT section 6: log-likelihood -2466.65, intercepts and slopes as printed by ltm (Rizopoulos 2006)."""
    items = [ItemSpec((0.0,), a=1.0, **FLAT) for _ in range(5)]
    got = calibrate(lsat6(), items, tolerance=1e-5, max_steps=2000)
    assert got.converged
    assert got.loglik == pytest.approx(-2466.65, abs=0.01)
    np.testing.assert_allclose(got.a, [0.825, 0.723, 0.890, 0.689, 0.657], atol=0.006)
    np.testing.assert_allclose(-got.a * got.b[:, 0], [2.773, 0.990, 0.249, 1.285, 2.053], atol=0.006)


def test_loglik_is_the_integral() -> None:
    items = [*bank(3, 4), ItemSpec((-0.5, 0.4), model="grm", a=1.3), ItemSpec((0.2, -0.3), model="gpcm", a=0.8)]
    held = [ItemSpec(i.b, 0, i.model, i.a, i.c, fixed=True) for i in items]
    score = np.array([1, 0, 1, 2, 1])
    got = calibrate(Answers([7] * 5, range(5), score), held, Population.of(1.44, [0.3]))

    def density(t: float) -> float:
        p = np.exp(-0.5 * ((t - 0.3) / 1.2) ** 2) / (1.2 * np.sqrt(2 * np.pi))
        for item, s in zip(items[:4], score, strict=False):
            p *= irt.categories(t, np.float64(item.a), np.array(item.b), np.float64(item.c))[s]
        z = np.exp(np.cumsum([0.0, *(0.8 * (t - np.array([0.2, -0.3])))]))
        return float(p * z[1] / z.sum())

    assert got.loglik == pytest.approx(np.log(quad(density, -9, 9, epsabs=1e-13)[0]), abs=2e-4)
    np.testing.assert_allclose(got.b[3], [-0.5, 0.4])
    assert got.se_a.max() == 0


def test_joint_loglik_and_items_near_the_two_dimensional_integral() -> None:
    """Two competences: expectation propagation against a product grid of 81 x 81 points, on the answers of 40 persons."""
    items = bank(12, 3, 2, ("2pl", "grm"))
    r = np.random.default_rng(5)
    cov = np.array([[1.0, 0.7], [0.7, 1.0]])
    answers = drawn(items, r.standard_normal((40, 2)) @ np.linalg.cholesky(cov).T, 8, 6)
    held = [ItemSpec(i.b, i.competence, i.model, i.a, i.c, fixed=True) for i in items]
    got = calibrate(answers, held, Population.of(cov))
    grid = np.linspace(-5, 5, 81)
    x, y = np.meshgrid(grid, grid, indexing="ij")
    prior = np.exp(-0.5 * np.einsum("...i,ij,...j", np.stack([x, y], -1), np.linalg.inv(cov), np.stack([x, y], -1)))
    like = np.tile(prior / prior.sum(), (40, 1, 1))
    for p, j, s in zip(answers.person, answers.item, answers.score, strict=True):
        i = items[j]
        curve = irt.categories(grid, np.full(81, i.a), np.tile(i.b, (81, 1)), np.full(81, i.c))[:, s]
        like[p] *= curve[:, None] if i.competence == 0 else curve[None]
    assert got.loglik == pytest.approx(np.log(like.sum((1, 2))).sum(), abs=0.05)


def test_small_problem_against_a_general_optimiser() -> None:
    """Maximum a posteriori of four items by BFGS on the marginal likelihood, written independently."""
    truth = bank(4, 2)
    answers = drawn(truth, np.random.default_rng(1).standard_normal((400, 1)), 3, 3)
    start = [ItemSpec((0.0,), a=1.1, sd_b=0.8, sd_log_a=0.3) for _ in range(4)]
    anchored = [*start, ItemSpec((0.0,), fixed=True)]  # an anchor, so that the population is not rescaled
    got = calibrate(answers, anchored, tolerance=1e-6, max_steps=500)
    z, w = np.polynomial.hermite_e.hermegauss(61)
    pattern = np.full((400, 4), -1)
    pattern[answers.person, answers.item] = answers.score

    def cost(v: np.ndarray) -> float:
        p = expit(np.exp(v[:4, None]) * (z - v[4:, None]))
        each = np.where(pattern[..., None] < 0, 1.0, np.where(pattern[..., None] == 1, p, 1 - p)).prod(1)
        prior = ((v[:4] - np.log(1.1)) ** 2 / 0.09 + v[4:] ** 2 / 0.64).sum() / 2
        return float(prior - np.log(each @ w / w.sum()).sum())

    best = minimize(cost, np.concatenate([np.full(4, 0.1), np.zeros(4)])).x
    np.testing.assert_allclose(np.log(got.a[:4]), best[:4], atol=2e-3)
    np.testing.assert_allclose(got.b[:4, 0], best[4:], atol=2e-3)


# ---------------------------------------------------------------- recovery and honest errors
def test_recovers_every_model_with_honest_errors() -> None:
    truth = bank(40, 8, models=("2pl", "3pl", "grm", "gpcm"))
    answers = drawn(truth, np.random.default_rng(9).standard_normal((2500, 1)), 16, 10)
    got = calibrate(answers, blank(truth))
    assert got.converged
    live = np.isfinite(got.b)
    steps = np.concatenate([i.b for i in truth])
    gap = got.b[live] - steps
    assert np.sqrt(np.mean(gap**2)) < 0.2
    assert np.sqrt(np.mean((np.log(got.a) - np.log([i.a for i in truth])) ** 2)) < 0.15
    assert 0.88 <= np.mean(np.abs(gap) < 1.96 * got.se_b[live]) <= 1
    guess = np.array([i.model == "3pl" for i in truth])
    assert np.abs(got.c[guess] - 0.2).max() < 0.12
    assert (got.c[~guess] == 0).all()
    assert (got.n > 0).all()


@pytest.mark.parametrize("dropped", [(1,), (1, 2)])
def test_a_category_nobody_reaches_leaves_its_steps_apart_and_the_slope_free(dropped: tuple[int, ...]) -> None:
    """Its steps would meet: they stay apart, and the slope is that of the item without the category."""
    truth = bank(12, 21, models=("grm", "2pl"))
    drawn_ones = drawn(truth, np.random.default_rng(5).standard_normal((1500, 1)), 8, 6)
    person, item, score = drawn_ones.person, drawn_ones.item, drawn_ones.score.copy()
    score[(item == 0) & np.isin(score, dropped)] = 3
    many = calibrate(Answers(person, item, score), blank(truth))
    assert np.diff(many.b[0]).min() > packed_items.LEAST_GAP / 2  # the scale is set last: not exactly LEAST_GAP
    irt.check_item(0, many.a[0], [round(float(b), 4) for b in many.b[0]], 0.0)

    score[item == 0] = np.searchsorted(np.setdiff1d(np.arange(4), dropped), score[item == 0])
    fewer = blank(truth)
    fewer[0] = ItemSpec(fewer[0].b[: 3 - len(dropped)], 0, "grm", 1.1, sd_b=1.5)
    assert many.a[0] == pytest.approx(calibrate(Answers(person, item, score), fewer).a[0], rel=0.05)


def test_1pl_keeps_its_discrimination() -> None:
    truth = [ItemSpec((b,), model="1pl", a=1.2) for b in (-1.0, 0.0, 1.0)]
    got = calibrate(
        drawn(truth, np.random.default_rng(3).standard_normal((800, 1)), 3, 3),
        [ItemSpec((0.0,), model="1pl", a=1.2, sd_b=2.0) for _ in range(3)],
        Population.of(1.0),
    )
    assert np.ptp(got.a) < 1e-12
    np.testing.assert_allclose(got.b[:, 0], [-1.0, 0.0, 1.0], atol=0.25)


def test_anchors_stay_and_carry_their_scale() -> None:
    """People one logit above the reference: with anchors a new item lands on the old scale, not on the people's."""
    old, new = bank(20, 5), bank(4, 6)
    theta = np.random.default_rng(7).standard_normal((1500, 1)) + 1.0
    answers = drawn(old + new, theta, 12, 8)
    held = [ItemSpec(i.b, 0, i.model, i.a, i.c, fixed=True) for i in old]
    got = calibrate(answers, held + blank(new), Population.of(1.0, [1.0]))
    np.testing.assert_array_equal(got.b[:20, 0], [i.b[0] for i in old])
    np.testing.assert_array_equal(got.a[:20], np.exp(np.log([i.a for i in old])))
    np.testing.assert_allclose(got.b[20:, 0], [i.b[0] for i in new], atol=0.3)
    assert (got.se_b[:20] == 0).all()
    assert (got.se_b[20:, 0] > 0).all()


def test_item_without_answers_keeps_its_prior() -> None:
    items = [ItemSpec((0.4,), a=1.3, sd_b=0.6, fixed=False), ItemSpec((0.0,), fixed=True)]
    got = calibrate(Answers([1, 2], [1, 1], [0, 1]), items)
    assert got.n[0] == 0
    assert (got.a[0], got.b[0, 0], got.se_b[0, 0]) == pytest.approx((1.3, 0.4, 0.6))


# ---------------------------------------------------------------- many competences
@pytest.fixture(scope="module")
def joint() -> tuple[list[ItemSpec], Answers, np.ndarray]:
    truth = bank(48, 12, 4)
    cov = np.full((4, 4), 0.6) + 0.4 * np.eye(4)
    cov[0, 1] = cov[1, 0] = 0.85
    theta = np.random.default_rng(13).standard_normal((3000, 4)) @ np.linalg.cholesky(cov).T
    return truth, drawn(truth, theta, 20, 14), cov


def test_joint_recovers_items_and_correlations(joint: tuple[list[ItemSpec], Answers, np.ndarray]) -> None:
    truth, answers, cov = joint
    got = calibrate(answers, blank(truth), Population.unknown(4, (0, 0, 1, 1)))
    assert np.abs(got.cov - cov).max() < 0.1
    np.testing.assert_allclose(np.diag(got.cov), 1.0)
    gap = got.b[:, 0] - [i.b[0] for i in truth]
    assert np.sqrt(np.mean(gap**2)) < 0.15
    assert np.mean(np.abs(gap) < 1.96 * got.se_b[:, 0]) > 0.85


def test_joint_by_likelihood_alone(joint: tuple[list[ItemSpec], Answers, np.ndarray]) -> None:
    """Adaptive answers may not start from moments; EM alone comes near on answers given at random too."""
    truth, answers, cov = joint
    got = calibrate(answers, blank(truth), Population.unknown(4), adaptive=True, errors=False)
    assert np.abs(got.cov - cov).max() < 0.15
    assert np.isnan(got.se_a).all()


@pytest.mark.parametrize("adaptive", [False, True])
def test_correlations_beside_anchors(joint: tuple[list[ItemSpec], Answers, np.ndarray], adaptive: bool) -> None:
    truth, answers, cov = joint
    held = [ItemSpec(i.b, i.competence, i.model, i.a, i.c, fixed=True) for i in truth[:40]]
    got = calibrate(answers, held + blank(truth)[40:], Population.unknown(4), adaptive=adaptive)
    sd = np.sqrt(np.diag(got.cov))
    assert np.abs(got.cov / np.outer(sd, sd) - cov).max() < 0.15
    np.testing.assert_array_equal(got.b[:40, 0], [i.b[0] for i in truth[:40]])
    np.testing.assert_allclose(got.b[40:, 0], [i.b[0] for i in truth[40:]], atol=0.4)


def test_covariance_after_a_campaign(joint: tuple[list[ItemSpec], Answers, np.ndarray]) -> None:
    truth, answers, cov = joint
    held = [ItemSpec(i.b, i.competence, i.model, i.a, i.c, fixed=True) for i in truth]
    old = Population.of(np.eye(4) * 0.7 + 0.3)
    free = reestimate_population(answers, held, old, weight=0.0)
    new = reestimate_population(answers, held, old)
    stubborn = reestimate_population(answers, held, old, weight=1e9)
    assert np.abs(free.cov - cov).max() < 0.15
    assert np.abs(free.cov - cov)[np.triu_indices(4, 1)].max() < 0.11
    assert old.cov[0, 1] < new.cov[0, 1] < free.cov[0, 1]
    np.testing.assert_allclose(stubborn.cov, old.cov, atol=1e-3)
    assert np.linalg.eigvalsh(new.cov)[0] > 0


# ---------------------------------------------------------------- blocks, order
def same(one: object, other: object) -> None:
    for name in ("a", "b", "c", "se_a", "se_b", "cov"):
        np.testing.assert_allclose(getattr(one, name), getattr(other, name), rtol=1e-10, atol=1e-12)
    assert one.loglik == pytest.approx(other.loglik, rel=1e-12)  # type: ignore[attr-defined]


def several(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    """Blocks of `size` persons."""
    from nanglucso.engines import calibration

    whole = calibration.make_blocks
    monkeypatch.setattr(calibration, "make_blocks", lambda *a: whole(*a, size=size))


def test_blocks_add_up(monkeypatch: pytest.MonkeyPatch) -> None:
    truth = bank(12, 1, models=("2pl", "grm"))
    answers = drawn(truth, np.random.default_rng(2).standard_normal((300, 1)), 6, 3)
    one = calibrate(answers, blank(truth))
    several(monkeypatch, 77)
    same(one, calibrate(answers, blank(truth)))


@pytest.mark.thorough
def test_processes_and_a_dask_cluster_give_the_local_numbers(
    joint: tuple[list[ItemSpec], Answers, np.ndarray], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A real `distributed` cluster of two processes, one competence and four, on the same blocks."""
    import distributed

    several(monkeypatch, 200)
    truth, answers, _ = joint
    few = np.asarray(answers.person) < 700
    part = Answers(*(np.asarray(v)[few] for v in (answers.person, answers.item, answers.score)))
    single = [ItemSpec(i.b, 0, i.model, i.a, i.c) for i in blank(truth)]
    runs = [(single, None), (blank(truth), Population.unknown(4))]
    local = [calibrate(part, items, who, max_steps=10) for items, who in runs]
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        assert len({w["id"] for w in client.scheduler_info()["workers"].values()}) == 2
        for (items, who), here in zip(runs, local, strict=True):
            same(here, calibrate(part, items, who, max_steps=10, mapper=Dask(client)))
    same(local[1], calibrate(part, *runs[1], max_steps=10, mapper=Processes(2)))


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**31), st.integers(5, 60))
def test_order_of_rows_and_names_of_persons_have_no_say(seed: int, people: int) -> None:
    r = np.random.default_rng(seed)
    truth = bank(6, 1, 2, ("2pl", "3pl", "grm"))
    answers = drawn(truth, r.standard_normal((people, 2)), 4, seed)
    order = r.permutation(people * 4)
    mixed = Answers(*(np.asarray(v)[order] for v in (answers.person, answers.item, answers.score)))
    who = Population.of([[1, 0.5], [0.5, 1]])
    one, two = (calibrate(a, blank(truth), who) for a in (answers, mixed))
    np.testing.assert_array_equal(one.a, two.a)
    np.testing.assert_array_equal(one.b, two.b)
    assert (np.diff(one.b[2]) > 0).all()
    assert np.isfinite(one.loglik)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**31), st.sampled_from(["2pl", "3pl", "grm", "gpcm"]))
def test_slopes_are_the_derivatives(seed: int, model: str) -> None:
    packed = packed_items.pack(bank(1, seed, models=(model,)))
    grid, h = np.linspace(-3, 3, 7), 1e-6
    p, dp = packed_items.curves(packed, packed.start, grid)
    np.testing.assert_allclose(p.sum(1), 1.0, atol=1e-12)
    for d in np.flatnonzero(packed.free[0]):
        up, down = packed.start.copy(), packed.start.copy()
        up[0, d] += h
        down[0, d] -= h
        rise = packed_items.curves(packed, up, grid, False)[0] - packed_items.curves(packed, down, grid, False)[0]
        np.testing.assert_allclose(dp[0, d], rise[0] / (2 * h), atol=1e-7)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**31), st.integers(2, 9), st.floats(0.01, 0.3))
def test_shrunk_correlations_are_correlations(seed: int, k: int, noise: float) -> None:
    r = np.random.default_rng(seed)
    rho = r.uniform(-0.9, 0.99, (k, k))
    rho = np.triu(rho, 1) + np.triu(rho, 1).T + np.eye(k)
    out = calibration_shrink.shrink(rho, np.full((k, k), noise), np.arange(k) // 3)
    np.testing.assert_allclose(np.diag(out), 1.0)
    np.testing.assert_allclose(out, out.T)
    assert np.linalg.eigvalsh(out)[0] > 0


@pytest.mark.parametrize("seed", range(4))
def test_pooling_keeps_pairs_that_differ_within_their_domain(seed: int) -> None:
    """Even pairs between domains must not pull an uneven pair within one to its fellows (it was off by .19 once)."""
    r = np.random.default_rng(seed)
    domain = np.repeat(np.arange(6), (3, 3, 4, 3, 4, 3))
    general, own = np.full(20, 0.7), r.uniform(0.1, 0.95, 20) * np.sqrt(1 - 0.49)
    true = np.outer(general, general) + np.outer(own, own) * (domain[:, None] == domain)
    np.fill_diagonal(true, 1.0)
    noise = np.triu(r.normal(0, 0.04, (20, 20)), 1)
    out = calibration_shrink.shrink(true + noise + noise.T, np.full((20, 20), 0.04), domain.tolist())
    within = np.triu(domain[:, None] == domain, 1)
    between = np.triu(domain[:, None] != domain)
    raw = np.sqrt(np.mean(noise[between] ** 2))
    assert np.sqrt(np.mean((out - true)[between] ** 2)) < 0.5 * raw
    assert np.abs(out - true)[within].max() < 0.12


@pytest.mark.parametrize(
    ("answers", "items", "told"),
    [
        (Answers([1], [0], [2]), [ItemSpec((0.0,))], "answers 0: score 2 is outside 0 .. 1"),
        (Answers([1, 1], [0, 5], [0, 0]), [ItemSpec((0.0,))], "answers 1: item 5 does not exist"),
        (Answers([], [], []), [ItemSpec((0.0,))], "not be empty|not empty"),
        (Answers([1], [0], [0]), [], "there is no item"),
        (Answers([1], [0], [0]), [ItemSpec((1.0, 0.0), model="grm")], "item 0: the steps b must ascend"),
        (Answers([1], [0], [0]), [ItemSpec((0.0,), model="3pl")], "prior c of a 3pl item"),
        (Answers([1], [0], [0]), [ItemSpec((0.0,), competence=1)], "competence 1 is not one of 0 .. 0"),
        (Answers([1], [0], [0]), [ItemSpec((0.0,), model="4pl")], "'4pl' is not one of"),
        (Answers([1], [0], [0]), [ItemSpec((np.nan,))], "must be numbers"),
    ],
)
def test_refuses_what_does_not_fit(answers: Answers, items: list[ItemSpec], told: str) -> None:
    with pytest.raises(BadCalibration, match=told):
        calibrate(answers, items)
