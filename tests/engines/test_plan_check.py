"""The checker against the bench's own: same verdict on good plans and on plans broken in every way."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plan_bench import instance, plan_of, script, shipped, small

from nanglucso.engines.check import check
from nanglucso.engines.instance import Instance


def agree(data: dict, classes: np.ndarray, seats: np.ndarray) -> dict:
    theirs = script("check").report(script("planio").arrays(data), classes, seats)
    ours = check(Instance.from_json(data), classes, seats)
    assert ours["objective"] == pytest.approx(theirs.pop("objective"), rel=1e-6, abs=1e-3)
    assert {k: v for k, v in ours.items() if k != "objective"} == theirs
    return ours


@pytest.mark.parametrize("name", ["tiny20", "small300"])
def test_shipped_best_plans_are_valid_with_their_objective(name: str) -> None:
    best = shipped(f"{name}.best.json")
    verdict = agree(shipped(f"{name}.json"), *plan_of(best))
    assert verdict["valid"]
    assert verdict["objective"] == pytest.approx(best["objective"], abs=0.06)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.integers(0, 10**6), st.integers(1, 60))
def test_checkers_agree_on_broken_plans(seed: int, blows: int) -> None:
    rng = np.random.default_rng(seed)
    classes, seats = (a.copy() for a in plan_of(shipped("small300.best.json")))
    for _ in range(blows):
        if rng.random() < 0.4:
            classes[rng.integers(len(classes)), rng.integers(6)] = rng.integers(-1, 17)
        else:
            seats[rng.integers(len(seats)), rng.integers(2)] = rng.integers(-1, 305)
    agree(shipped("small300.json"), classes, seats)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.integers(0, 10**6))
def test_checkers_agree_on_random_plans(seed: int) -> None:
    rng = np.random.default_rng(seed)
    m, k = int(rng.integers(0, 9)), int(rng.integers(0, 50))
    high = np.array([4, 2, 2, 7, 3, 2])
    classes = np.stack([rng.integers(0, h, m) for h in high], axis=1) if m else np.zeros((0, 6), np.int64)
    classes[:, 1] = np.where(rng.random(m) < 0.6, 1, 0)
    classes[:, 2] = np.where(classes[:, 1] == 0, -1, classes[:, 2])
    seats = np.stack([rng.integers(0, 30, k), rng.integers(0, max(m, 1), k)], axis=1)
    agree(small(seed), classes, seats)


def test_every_rule_can_be_broken() -> None:
    seen: set[str] = set()
    rng = np.random.default_rng(4)
    base_classes, base_seats = plan_of(shipped("small300.best.json"))
    tight = json.loads(json.dumps(shipped("small300.json")))
    tight |= {"budget": 150.0, "trip": [[0.0, -1.0, 0.1], [-1.0, 0.0, 0.1], [0.1, 0.1, 0.0]]}
    for blows in range(1, 120):
        classes, seats = base_classes.copy(), base_seats.copy()
        for _ in range(blows // 2):
            classes[rng.integers(len(classes)), rng.choice([0, 2, 3, 4, 5])] = rng.integers(0, 4)
            seats[rng.integers(len(seats)), rng.integers(2)] = rng.integers(0, len(classes))
        seen |= set(check(Instance.from_json(tight), classes, seats)["violations"])
    assert {f"R{i}" for i in (*range(1, 11), 13, 14, 15, 16, 18)} <= seen
    crowd = np.tile(base_classes[base_classes[:, 2] >= 0][:1], (24, 1))
    spread = crowd.copy()
    spread[:, 3] = np.arange(24) % 3
    found = [set(check(instance("small300"), c, base_seats[:0])["violations"]) for c in (crowd, spread)]
    assert {"R10", "R11", "R12"} <= found[0] | found[1]
    assert "R17" in check(instance("small300"), base_classes[:0], base_seats[:0])["violations"]


def test_instance_survives_a_round_trip() -> None:
    for name in ("tiny20", "small300"):
        assert instance(name).to_json() == shipped(f"{name}.json")


def test_scaling_changes_every_source_alike() -> None:
    x = instance("tiny20")
    y = x.scaled(22.0)
    assert y.budget == 22.0
    assert np.allclose(y.amount, 2 * x.amount)
    assert x.budget == 11.0
