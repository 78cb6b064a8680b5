"""The bound against exact answers: one person's best set by brute force, whole years by an integer problem."""

import itertools
import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plan_bench import small
from plan_exact import optimum, proven

from nanglucso.engines import bound as bounds
from nanglucso.engines import families as family_file
from nanglucso.engines.families import families
from nanglucso.engines.instance import Instance
from nanglucso.engines.market import RULERS, Crowd, Market, room_loads
from nanglucso.engines.plan import solve
from nanglucso.engines.response_kernels import best_sets

SHAPES = ("plain", "scarce lecturers", "scattered", "tiny budget", "endless budget", "hub")


def year(shape: str, seed: int) -> Instance:
    """A year of five people of one of the shapes that break planners."""
    data = small(seed, people=5, weeks=3, lone_pieces=True)
    if shape == "scarce lecturers":
        data["lecturers"]["quarter_max"] = [2, 1, 2]
    if shape == "scattered":
        data["trip"] = [[0.0, -1.0], [-1.0, 0.0]]
    if shape == "tiny budget":
        factor = 2.5 / max(data["budget"], 1e-9)
        data["budget"] *= factor
        for source in data["sources"]:
            source["amount"] *= factor
        data["unit_minimum"] = {"size": 1, "share": 0.5}
    if shape == "endless budget":
        data["budget"] = 1000.0
        data["sources"] = [source | {"amount": 1000.0} for source in data["sources"]]
        data["venues"]["buoi_week"] = [3, 5]
        data["venues"]["seats"] = [2, 3]
    if shape == "hub":
        for course in data["courses"][1:]:
            course["prereq"] = [0]
    return Instance.from_json(json.loads(json.dumps(data)))


@pytest.mark.parametrize("shape", SHAPES)
@settings(max_examples=5, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10**6))
def test_the_bound_is_never_below_the_optimum(shape: str, seed: int) -> None:
    x = year(shape, seed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(family_file, "MAX_COMBINATIONS", 3)  # every course a family: prerequisites cross them
        free, met = optimum(x), optimum(x, covered=True)
        assert proven(x) >= free - 1e-4
        if met is not None:
            assert met <= free + 1e-6
            assert proven(x, covered=True) >= met - 1e-4


@pytest.mark.parametrize("shape", SHAPES[1:])
def test_the_solver_stays_between_its_plan_and_the_bound(shape: str) -> None:
    for seed in (3, 11):
        x = year(shape, seed)
        free, met = optimum(x), optimum(x, covered=True)
        result = solve(x, time_limit=1, seed=1)
        assert result.objective <= free + 1e-4
        best = met if not result.reasons else free
        assert result.bound >= best - 1e-4


def test_rulers_never_let_classes_that_fit_a_week_sum_above_it() -> None:
    """Every multiset of classes that fits a week of B buổi measures at most one week by every ruler."""
    x = Instance.from_json(small(1))
    for total in range(1, 13):
        room = np.zeros_like(x.room)
        room[:, :, :] = 0
        sizes = range(1, total + 1)
        loads = {}
        for b in sizes:
            room[0, 0] = 0
            room[0, 0, 0] = b
            y = replace(x, room=room.copy(), venue_buoi=np.full(len(x.venue_area), total))
            loads[b] = room_loads(y)[0, :, 0, 0]
            assert loads[b][0] == pytest.approx(b / total)
        full = np.zeros((total + 1, RULERS))  # most that classes of so many buổi in all can measure
        for held in range(1, total + 1):
            full[held] = np.max([full[held - b] + loads[b] for b in sizes if b <= held], axis=0)
        assert (full <= 1 + 1e-9).all(), total
        if total == 5:
            assert loads[4].max() == 1.0
            assert loads[2].max() == 0.5


def test_a_persons_best_set_equals_brute_force() -> None:
    """With a seat at all, and with enough tiết: against every set of courses and forms that prerequisites allow."""
    for seed, split in itertools.product(range(5), (3, 600)):
        data = small(seed, lone_pieces=split == 3)
        if seed % 2:
            data["courses"][2]["prereq"] = data["courses"][3]["prereq"] = [0]
        x = Instance.from_json(data)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(family_file, "MAX_COMBINATIONS", split)
            fams = families(x)
        market = Market(x, np.sort(np.concatenate([f.options for f in fams])))
        prices = replace(bounds.start_prices(x, fams), mandatory=np.zeros(len(x.mandatory)))
        offered = market.offered_prices(market.seat_prices(prices)[0], prices)
        crowd, people = Crowd.of(x, fams, market, 1), np.arange(0, x.n, 5)
        least = np.full(x.n, 8)
        best, long = np.full(len(people), -np.inf), np.full(len(people), -np.inf)
        chosen = np.zeros((2, len(people), len(fams)), np.int16)
        best_sets(
            crowd.tables, people, x.worth_single, np.ascontiguousarray(offered.T, np.float32), market.full_kind,
            x.exempt, x.tiet_max[x.group], crowd.unit, least, best, chosen[0], long, chosen[1],
        )  # fmt: skip
        for i, p in enumerate(people):
            for least_tiet, found in ((0, best[i]), (8, long[i])):
                exact = brute_best(x, fams, market, offered, int(p), least_tiet)
                assert max(found, -1e6) == pytest.approx(max(exact, -1e6), rel=1e-4, abs=1e-4), (seed, p, least_tiet)


def brute_best(x: Instance, fams: list[Any], market: Any, offered: Any, p: int, least: int) -> float:
    row = {int(o): i for i, o in enumerate(market.options)}
    best = -np.inf
    for chosen in itertools.product(*(range(len(f.tiet)) for f in fams)):
        tiet = sum(int(f.tiet[c]) for f, c in zip(fams, chosen, strict=True))
        if not any(chosen) or tiet > x.tiet_max[x.group[p]] or tiet < least:
            continue
        value, taken = 0.0, set()
        for f, c in zip(fams, chosen, strict=True):
            value += float(f.closure[c] @ x.worth[p, f.pieces])
            value -= sum(offered[row[int(o)], market.full_kind[p]] for o in f.options[f.combos[c] > 0])
            taken |= {int(o) // 3 for o in f.options[f.combos[c] > 0]}
        if all(b in taken or x.exempt[p, b] for c in taken for b in x.prereq[c]):
            best = max(best, value)
    return best
