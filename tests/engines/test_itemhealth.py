"""Item health: planted faults are named, real differences between groups are not faults, too few answers say so."""

from functools import cache

import numpy as np
import pytest
from scipy.stats import norm

from nanglucso.engines import irt, itemhealth
from nanglucso.engines.dif import Contrast
from nanglucso.engines.irt import ItemBank
from nanglucso.engines.itemlog import AnswerLog, Folder

K, PER = 2, 14
KEY, LOW, DIF, DRIFT, SEEN = 2, 5, 16, 20, 24
COV = np.array([[1.0, 0.7], [0.7, 1.0]])


def bank() -> ItemBank:
    rng = np.random.default_rng(1)
    n = K * PER
    steps = [[float(x)] if j % 7 else [float(x) - 0.4, float(x) + 0.4] for j, x in enumerate(rng.normal(0, 0.8, n))]
    c = np.where((np.arange(n) % 3 == 0) & (np.arange(n) % 7 > 0), 0.2, 0.0)
    return ItemBank.build(np.repeat([0, 1], PER).tolist(), np.exp(rng.normal(0.3, 0.2, n)).tolist(), steps, c.tolist())


def made_log(people: int, faults: bool = True) -> AnswerLog:
    """Groups differ in ability (.8 logits), 16 of 28 items a person, 4 periods."""
    rng, b = np.random.default_rng(2), bank()
    phone = rng.integers(0, 2, people)
    period = np.sort(rng.integers(0, 4, people))
    theta = rng.multivariate_normal([0, 0], COV, people) - 0.8 * (phone - 0.5)[:, None]
    weight = np.where((np.arange(b.size) == SEEN) & faults, 60.0, 1.0)
    order = np.argsort(rng.random((people, b.size)) ** (1 / weight), axis=1)[:, ::-1][:, :10]
    person, item = np.repeat(np.arange(people), 10), order.ravel()
    a, steps, guess = b.a[item].copy(), b.b[item].copy(), b.c[item].copy()
    if faults:
        a[item == LOW] = 0.2
        steps[(item == DIF) & (phone[person] == 1)] += 0.7
        steps[(item == DRIFT) & (period[person] >= 2)] -= 0.6
    up = irt.reach(theta[person, b.competence[item]], a, steps, guess)
    up[item == KEY] = np.where(faults, (1 - up[item == KEY]) / 3, up[item == KEY])
    up[item == KEY, 1:] = np.where(np.isinf(steps[item == KEY, 1:]), 0, up[item == KEY, 1:])
    score = (rng.random(len(item))[:, None] < up).sum(1)
    groups = (("device", ("desktop", "phone"), phone), ("sex", ("f", "m"), rng.integers(0, 2, people)))
    return AnswerLog(person, item, score, period[person], people, groups)


@cache
def found(people: int = 4000, faults: bool = True) -> list[itemhealth.ItemHealth]:
    rules = itemhealth.HealthRules(max_exposure=0.6)
    return itemhealth.examine(bank(), made_log(people, faults), np.zeros(K), COV, rules)


def test_planted_faults_are_named_and_nothing_else() -> None:
    flags = {j: h.flags for j, h in enumerate(found()) if h.flags}
    assert flags == {
        KEY: ("key", "low_discrimination"),
        LOW: ("low_discrimination",),
        DIF: ("dif:device",),
        DRIFT: ("drift",),
        SEEN: ("exposure",),
    }


def test_sizes_and_classes_are_those_planted() -> None:
    h = found()[DIF]
    assert h.dif is not None
    assert (h.dif.level, h.dif_class, h.dif_verdict) == ("phone", "C", itemhealth.FOUND)
    assert h.dif.logit == pytest.approx(0.7, abs=2.5 * h.dif.se)
    assert h.mantel is not None
    assert h.mantel.z < -4  # the focal group scores lower
    drift = found()[DRIFT].drift
    assert drift is not None
    assert drift.logit == pytest.approx(-0.6, abs=2.5 * drift.se)


def test_real_differences_between_groups_are_not_dif_and_fit_is_one() -> None:
    clean = found(4000, faults=False)
    assert not [h.flags for h in clean if "dif:device" in h.flags or "key" in h.flags]
    assert sum(bool(h.flags) for h in clean) <= 3  # chance: about 3% of 28
    z = np.array([h.dif.z for h in clean if h.dif and h.dif.attribute == "device"])
    assert abs(z.mean()) < 1
    assert np.mean([h.infit for h in clean]) == pytest.approx(1, abs=0.02)
    assert np.mean([h.outfit for h in clean]) == pytest.approx(1, abs=0.04)
    assert np.mean([h.slope for h in clean]) == pytest.approx(1, abs=0.05)
    assert [h.dif_verdict for h in clean].count(itemhealth.NONE) >= 26


def test_a_shift_is_found_at_the_likelihood_ratio_asked_for() -> None:
    se, size, odds = 0.17, 0.5, 8.0
    edge = size / 2 + se**2 * np.log(odds) / size
    at = [Contrast("period", "late", x, se) for x in (edge + 1e-6, -edge - 1e-6, edge - 1e-6)]
    assert [itemhealth.likelier(c, size, odds) > 0 for c in at] == [True, True, False]
    density = [norm.logpdf(edge, mean, se) for mean in (size, 0.0)]
    assert density[0] - density[1] == pytest.approx(np.log(odds))
    assert norm.sf(edge, itemhealth.found_from(se, size, odds), se) == pytest.approx(0.8, abs=0.001)
    tiny = Contrast("period", "late", 0.2, 0.01)  # z = 20, but under half of what matters
    assert itemhealth.likelier(tiny, size, odds) < 0


def test_the_banks_own_difficulties_sharpen_drift_without_false_alarms() -> None:
    """With a bank known to .1 the error of drift falls by a fifth or more; z of clean items keeps its spread."""
    rows = made_log(4000, faults=False)
    told = itemhealth.examine(bank(), rows, np.zeros(K), COV)
    alone = itemhealth.examine(bank(), rows, np.zeros(K), COV, itemhealth.HealthRules(passes=1))
    ratio = [h.drift.se / g.drift.se for h, g in zip(told, alone, strict=True) if h.drift and g.drift]
    assert np.median(ratio) < 0.85
    assert max(ratio) < 1.01
    assert 0.6 < np.std([h.drift.z for h in told if h.drift]) < 1.4


def test_too_few_answers_say_so_instead_of_no_dif() -> None:
    few = found(260)
    assert {h.dif_verdict for h in few} == {itemhealth.FEW}
    assert all(h.detectable > 0.6 for h in few if h.n >= 30)
    none = found(30)
    assert all(np.isnan(h.infit) and h.key_verdict == itemhealth.FEW for h in none if h.n < 30)


def test_item_that_nobody_met_is_reported() -> None:
    log = made_log(200)
    keep = log.item != 3
    rest = AnswerLog(log.person[keep], log.item[keep], log.score[keep], log.period[keep], 200, log.groups)
    h = itemhealth.examine(bank(), rest, np.zeros(K), COV)[3]
    assert (h.n, h.exposure, h.dif_verdict) == (0, 0.0, itemhealth.FEW)


def test_place_of_an_answer_does_not_use_the_answer_itself() -> None:
    log = made_log(300)
    turned = log.score.copy()
    turned[0] = 1 - min(turned[0], 1)
    places = [
        Folder(AnswerLog(log.person, log.item, s, log.period, 300), np.zeros(K), COV)
        .fold(bank(), np.ones(K * PER, bool), sweeps=8, regress=0)
        .place
        for s in (log.score, turned)
    ]
    assert places[0][0] == pytest.approx(places[1][0], abs=0.02)
    assert np.abs(places[0][1:10] - places[1][1:10]).max() > 0.1
    assert np.array_equal(places[0][10:], places[1][10:])
