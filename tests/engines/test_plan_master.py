"""Prices by the master problem: what they prove is never below an exact optimum, and lower where classes are few."""

import time
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plan_bench import script
from plan_exact import optimum
from test_plan_bound import year

from nanglucso.engines import bound as bounds
from nanglucso.engines import master
from nanglucso.engines.blocks import Blocks
from nanglucso.engines.check import check
from nanglucso.engines.families import families
from nanglucso.engines.instance import Instance
from nanglucso.engines.market import Crowd, Market
from nanglucso.engines.plan import solve
from nanglucso.engines.respond import respond


def never() -> bool:
    return False


def parts(x: Instance) -> tuple[Crowd, Market, bounds.Prices]:
    fams = families(x)
    market = Market(x, np.sort(np.concatenate([f.options for f in fams])))
    return Crowd.of(x, fams, market, 1), market, bounds.start_prices(x, fams)


def poor(people: int = 2600) -> Instance:
    """A city whose money buys about forty classes, half of which coverage asks for."""
    data = script("make_city").city(people, 3, budget_per_head=0.08)
    return Instance.from_json(data)


@pytest.mark.parametrize("shape", ["plain", "scarce lecturers", "tiny budget", "hub"])
@settings(max_examples=5, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10**6))
def test_what_the_masters_prices_prove_is_never_below_the_optimum(shape: str, seed: int) -> None:
    x = year(shape, seed)
    if not families(x):
        return
    crowd, market, start = parts(x)
    found = master.search(x, market, Blocks(x, crowd, market), start, steps=8, stop=never)
    free, met = optimum(x), optimum(x, covered=True)
    if found is None:
        return
    if met is not None:
        assert bounds.prove(x, crowd, market, found, never, covered=True).value >= met - 1e-4
    bare = replace(found, mandatory=np.zeros_like(found.mandatory))
    assert bounds.prove(x, crowd, market, bare, never, covered=False).value >= free - 1e-4


def test_the_units_answers_add_up_to_everybodys() -> None:
    x = replace(poor(), group_minimum=())
    crowd, market, start = parts(x)
    prices = replace(start, mandatory=np.full(len(x.mandatory), 0.4))
    asked = Blocks(x, crowd, market).ask(prices, np.zeros(0), never)
    offered = market.offered_prices(market.seat_prices(prices)[0], prices)
    whole = respond(x, crowd, market, offered, np.arange(x.n), never, covered=True)
    assert asked is not None
    assert float(asked.value.sum()) == pytest.approx(whole.value, rel=1e-5)
    by_pair = np.bincount(asked.pair, weights=asked.seats, minlength=len(market.options) * market.kinds)
    theirs = whole.demand.reshape(len(market.options), -1, market.kinds).sum(axis=1).ravel()
    assert by_pair.sum() == pytest.approx(theirs.sum(), rel=0.01)


@pytest.mark.thorough
def test_where_money_buys_few_classes_it_proves_less_than_steps_along_the_use() -> None:
    x = poor()
    crowd, market, start = parts(x)
    assert master.classes_for_the_money(x, market) < 60
    steps, _ = bounds.search(x, crowd, market, np.arange(x.n), start, steps=25, first=0.5, stop=never)
    found = master.search(x, market, Blocks(x, crowd, market), start, steps=25, stop=never)
    assert found is not None
    assert bounds.prove(x, crowd, market, found, never, covered=True).value < 0.99 * steps


def test_coverage_that_cannot_be_met_gives_no_prices() -> None:
    data = script("make_city").city(1200, 3, budget_per_head=0.004)
    x = Instance.from_json(data)
    crowd, market, start = parts(x)
    assert master.search(x, market, Blocks(x, crowd, market), start, steps=6, stop=never) is None


@pytest.mark.parametrize("after", [0.5, 2.0, 5.0])
def test_a_poor_citys_run_stops_within_a_second_wherever_it_is(after: float) -> None:
    x, begin = poor(), time.monotonic()
    asked: list[float] = []

    def stop() -> bool:
        if time.monotonic() - begin > after:
            asked.append(time.monotonic())
        return bool(asked)

    result = solve(x, time_limit=120, seed=1, should_stop=stop)
    assert time.monotonic() - asked[0] < 1.0
    assert result.status == "stopped"
    assert check(x, result.classes, result.seats)["valid_placing"]
    assert result.objective <= result.bound


@pytest.mark.thorough
def test_a_first_plan_comes_soon_and_better_ones_follow() -> None:
    x, begin = poor(), time.process_time()
    heard: list[tuple[float, float, float]] = []
    # Its processor time is limited, not the clock's, so that a busy machine changes nothing.
    result = solve(
        x, time_limit=120, seed=1, on_incumbent=lambda _, o, b: heard.append((time.process_time() - begin, o, b)),
        should_stop=lambda: time.process_time() - begin > 12,
    )  # fmt: skip
    assert next(at for at, objective, limit in heard if objective > 0.7 * limit) < 10
    assert len(heard) >= 2
    assert result.objective >= heard[0][1]
    assert result.gap < 0.25
