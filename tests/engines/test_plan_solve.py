"""The solver: lawful whatever happens, good on the known instances, and never above its proven bound."""

import itertools
import json
import time
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plan_bench import instance, plan_of, script, shipped, small
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from nanglucso.engines import bound as bounds
from nanglucso.engines.chains import Chains
from nanglucso.engines.check import check
from nanglucso.engines.families import families
from nanglucso.engines.instance import Instance
from nanglucso.engines.plan import Result, Run, solve
from nanglucso.engines.seating import Seating
from nanglucso.engines.whatif import PlanError, whatif


def lawful(x: Instance, result: Result) -> dict[str, Any]:
    verdict = check(x, result.classes, result.seats)
    assert verdict["valid_placing"], verdict["violations"]
    assert bool(result.reasons) == (not verdict["valid"])
    assert result.objective == pytest.approx(verdict["objective"], abs=1e-5)
    assert result.objective <= result.bound + 1e-6
    return verdict


def proven(x: Instance) -> float:
    """A bound by prices alone, at the prices of a short search."""
    fams = families(x)
    if not fams:
        return 0.0
    market = bounds.Market(x, np.sort(np.concatenate([f.options for f in fams])))
    crowd = bounds.Crowd.of(x, fams, market, 1)
    start, people = bounds.start_prices(x, fams), np.arange(x.n)
    value, prices = bounds.search(x, crowd, market, people, start, steps=15, first=0.3, stop=lambda: False)
    assert bounds.prove(x, crowd, market, prices, lambda: False) == pytest.approx(value, rel=1e-6)
    free = bounds.Prices(prices.money, prices.source, prices.lecturer, prices.venue, 0 * prices.mandatory)
    return bounds.prove(x, crowd, market, free, lambda: False)


def optimum(x: Instance) -> float:
    """Value of a best plan with R1-R15 (no class held twice in the same room, week and by the same lecturer), as one
    integer problem; needs courses that share no piece."""
    held = [
        (c, f, v, t, lecturer, q)
        for c, f in zip(*np.nonzero(x.offered), strict=True)
        for v in (range(len(x.venue_area)) if x.room_total[c, f] else [-1])
        for t in range(x.weeks - x.length[c, f] + 1)
        for lecturer in np.nonzero(x.can[:, c])[0]
        for q in np.nonzero(x.source_course[:, c])[0]
    ]
    seats = [
        (p, j)
        for j, (c, _, v, _, _, q) in enumerate(held)
        for p in range(x.n)
        if x.source_type[q, x.type[p]] and (v < 0 or x.trip[x.area[p], x.venue_area[v]] >= 0)
    ]
    many = len(held)
    rows: list[tuple[dict[int, float], float]] = []
    sums: dict[Any, dict[int, float]] = {}

    def add(key: Any, column: int, value: float) -> None:
        row = sums.setdefault(key, {})
        row[column] = row.get(column, 0.0) + float(value)

    size, gain = [{} for _ in held], np.zeros(many + len(seats))
    for j, (c, f, v, t, lecturer, q) in enumerate(held):
        rent = x.venue_rate[v] * x.room_total[c, f] if v >= 0 else 0.0
        fixed = (1 + x.management) * (x.fixed[c, f] + x.lect_rate[lecturer] * x.lect_total[c, f] + rent)
        for key in (("money", q), ("money", -1)):
            add(key, j, fixed)
        for i in range(x.length[c, f]):
            add(("week", lecturer, t + i), j, x.lect[c, f, i])
            add(("quarter", lecturer, (t + i) // x.weeks_per_quarter), j, x.lect[c, f, i])
            if v >= 0:
                add(("venue", v, t + i), j, x.room[c, f, i])
    for k, (p, j) in enumerate(seats):
        c, f, v, t, _, q = held[j]
        column = many + k
        gain[column] = x.eff[c, f] * float(x.worth[p][x.cover[c]].sum())
        trip = max(0.0, x.trip[x.area[p], x.venue_area[v]]) * x.room_weeks[c, f] if v >= 0 else 0.0
        for key in (("money", q), ("money", -1)):
            add(key, column, (1 + x.management) * (x.seat_cost[c, f] + trip))
        size[j][column] = 1.0
        add(("tiet", p), column, x.tiet[c])
        add(("once", p, c), column, 1.0)
        for i in range(x.length[c, f]):
            add(("busy", p, t + i), column, 1.0)
            if x.room[c, f, i]:
                add(("away", x.unit[p], t + i), column, 1.0)
        for before in x.prereq[c]:
            if not x.exempt[p, before]:
                row = {column: 1.0}
                for k2, (p2, j2) in enumerate(seats):
                    c2, f2, _, t2, _, _ = held[j2]
                    if p2 == p and c2 == before and t2 + x.length[c2, f2] <= t:
                        row[many + k2] = -1.0
                rows.append((row, 0.0))
    caps = {
        "money": lambda k: x.budget if k[1] < 0 else x.amount[k[1]],
        "week": lambda k: x.lect_week[k[1]],
        "quarter": lambda k: x.lect_quarter[k[1]],
        "venue": lambda k: x.venue_buoi[k[1]],
        "tiet": lambda k: x.tiet_max[x.group[k[1]]],
        "once": lambda k: 1.0,
        "busy": lambda k: 1.0,
        "away": lambda k: x.absent_cap[k[1]],
    }
    rows += [(row, float(caps[key[0]](key))) for key, row in sums.items()]
    for j, (c, f, v, _, _, _) in enumerate(held):
        most = x.size_max[c, f] if v < 0 else min(x.size_max[c, f], x.venue_seats[v])
        rows.append((size[j] | {j: -float(most)}, 0.0))
        rows.append((dict.fromkeys(size[j], -1.0) | {j: float(x.size_min[c, f])}, 0.0))
    data = [(i, column, value) for i, (row, _) in enumerate(rows) for column, value in row.items()]
    at, columns, values = zip(*data, strict=True)
    matrix = sparse.csr_matrix((values, (at, columns)), shape=(len(rows), len(gain)))
    limit = LinearConstraint(matrix, -np.inf, np.array([cap for _, cap in rows]))
    answer = milp(
        -gain, constraints=limit, bounds=Bounds(0, 1), integrality=np.ones(len(gain)), options={"time_limit": 20}
    )
    assert answer.success, answer.message
    return float(-answer.fun)


def test_tiny20_reaches_twenty_and_its_bound_covers_the_proven_optimum() -> None:
    x = instance("tiny20")
    result = solve(x, time_limit=20, seed=1)
    lawful(x, result)
    assert not result.reasons
    assert result.objective >= 20
    assert result.bound >= 23.845
    assert proven(x) >= 23.845


def test_small300_beats_the_greedy_and_covers_the_best_known_plan() -> None:
    x = instance("small300")
    heard: list[tuple[float, float, float]] = []
    result = solve(x, time_limit=7, seed=1, on_incumbent=lambda *line: heard.append(line))
    verdict = lawful(x, result)
    assert verdict["valid"]
    assert result.objective >= 900
    assert result.bound >= shipped("small300.best.json")["objective"]
    assert result.seconds <= 9
    assert result.shadow_price > 0
    assert heard
    assert all(objective <= limit + 1e-6 for _, objective, limit in heard)


def test_city_of_2000_keeps_the_claim() -> None:
    data = script("make_city").city(2000, 1)
    arrays = script("planio").arrays(data)
    desk = script("byhand").byhand(arrays)
    hand = script("check").report(arrays, np.array(desk.classes), np.array(desk.seats))
    x = Instance.from_json(data)
    result = solve(x, time_limit=9, seed=1)
    theirs = script("check").report(arrays, result.classes, result.seats)
    assert theirs["valid_placing"]
    assert theirs["valid"] == (not result.reasons)
    assert theirs["objective"] >= 2.2 * hand["objective"]
    assert result.gap <= 0.15
    assert result.seconds <= 11


@settings(max_examples=8, deadline=None, derandomize=True)
@given(st.integers(0, 10**6))
def test_small_random_instances_get_lawful_plans_below_their_bound(seed: int) -> None:
    x = Instance.from_json(small(seed))
    result = solve(x, time_limit=1.5, seed=1)
    lawful(x, result)
    assert result.objective <= proven(x) + 1e-6
    assert result.seconds <= 3.5


@settings(max_examples=8, deadline=None, derandomize=True)
@given(st.integers(0, 10**6))
def test_the_bound_is_never_below_the_optimum(seed: int) -> None:
    x = Instance.from_json(small(seed, people=5, weeks=3, lone_pieces=True))
    best = optimum(x)
    result = solve(x, time_limit=1, seed=1)
    lawful(x, result)
    assert result.objective <= best + 1e-4
    assert proven(x) >= best - 1e-4
    if not result.reasons:
        assert result.bound >= result.objective
    else:
        assert result.bound >= best - 1e-4


def changed(**parts: Any) -> Instance:
    data = json.loads(json.dumps(small(7)))
    return Instance.from_json(data | parts)


@pytest.mark.parametrize(
    "parts",
    [
        {"budget": 0},
        {"sources": []},
        {"people": {"unit": [], "group": [], "open": []}},
        {"people": {"unit": [1], "group": [0], "open": [100] * 8}},
        {"venues": {"area": [], "seats": [], "buoi_week": [], "rate": []}},
        {"lecturers": {"rate": [], "week_max": [], "quarter_max": [], "can": []}},
        {"absent_max": 0.0},
        {"mandatory": [{"course": 3, "groups": [0, 1, 2], "deadline": -1, "share": 1.0}]},
    ],
    ids=["no money", "no sources", "nobody", "one person", "no rooms", "no lecturers", "nobody absent", "too late"],
)
def test_odd_years_get_lawful_plans(parts: dict[str, Any]) -> None:
    x = changed(**parts)
    result = solve(x, time_limit=1.5, seed=1)
    lawful(x, result)
    assert result.status in ("ok", "infeasible")


def test_what_cannot_be_met_is_named() -> None:
    late = changed(mandatory=[{"course": 0, "groups": [0, 1, 2], "deadline": -1, "share": 1.0}])
    result = solve(late, time_limit=1.5, seed=1)
    entry = next(r for r in result.reasons if r["rule"] == "R16")
    assert result.status == "infeasible"
    assert (entry["mandatory"], entry["done"]) == (0, 0)
    assert entry["needed"] == int(late.obliged(late.mandatory[0]).sum())
    assert "deadline" in entry["why"]
    poor = solve(changed(budget=0), time_limit=3, seed=1)
    assert (poor.objective, poor.bound, len(poor.classes)) == (0.0, 0.0, 0)
    assert all("funding source" in r["why"] for r in poor.reasons)


def test_nobody_in_need_means_nothing_to_gain() -> None:
    data = small(7)
    data["people"]["open"] = [0] * len(data["people"]["open"])
    x = Instance.from_json(data)
    result = solve(x, time_limit=3, seed=1)
    lawful(x, result)
    assert result.objective == 0


def test_same_seed_same_plan() -> None:
    x = instance("tiny20")
    first, second = (solve(x, time_limit=60, seed=3) for _ in range(2))
    assert np.array_equal(first.classes, second.classes)
    assert np.array_equal(first.seats, second.seats)
    assert (first.bound, first.shadow_price) == (second.bound, second.shadow_price)


def test_asked_to_stop_it_stops_within_a_second() -> None:
    asked: list[float] = []
    begin = time.monotonic()

    def stop() -> bool:
        if time.monotonic() - begin > 1.5:
            asked.append(time.monotonic())
            return True
        return False

    result = solve(instance("small300"), time_limit=60, seed=1, should_stop=stop)
    assert result.status == "stopped"
    assert time.monotonic() - asked[0] < 1.0
    lawful(instance("small300"), result)


def test_stopped_before_it_began_it_hands_out_the_empty_plan() -> None:
    result = solve(instance("tiny20"), time_limit=10, seed=1, should_stop=lambda: True)
    assert (result.status, len(result.classes), result.objective) == ("stopped", 0, 0.0)
    assert result.bound >= 23.845


def test_what_if_stays_near_the_old_plan() -> None:
    x = instance("small300")
    old = plan_of(shipped("small300.best.json"))
    same = whatif(x, old, x.budget, time_limit=5)
    assert (same.classes_removed, same.people_moved) == (0, 0)
    more, less = (whatif(x, old, x.budget * f, time_limit=5) for f in (1.1, 0.9))
    for answer, factor in ((more, 1.1), (less, 0.9)):
        lawful(x.scaled(x.budget * factor), answer.result)
    assert more.change > 0 > less.change
    assert more.people_moved == 0
    assert less.classes_removed >= 1
    assert 0 < less.people_moved < 200


def test_what_if_refuses_a_broken_plan() -> None:
    classes, seats = plan_of(shipped("small300.best.json"))
    with pytest.raises(PlanError, match="R2"):
        whatif(instance("small300"), (classes, seats[:50]), 200.0)


def test_a_persons_best_set_equals_brute_force() -> None:
    """The compiled best response against every set of courses and forms, tiết limit and prerequisites kept."""
    for seed in range(6):
        x = Instance.from_json(small(seed))
        fams = families(x)
        market = bounds.Market(x, np.sort(np.concatenate([f.options for f in fams])))
        prices = replace(bounds.start_prices(x, fams), mandatory=np.zeros(len(x.mandatory)))
        offered = market.offered_prices(market.seat_prices(prices)[0], prices)
        crowd = bounds.Crowd.of(x, fams, market, 1)
        for p in range(0, x.n, 7):
            found, demand = bounds.evaluate(x, crowd, market, offered, np.array([p]), lambda: False)
            assert found / x.n == pytest.approx(brute_best(x, fams, market, offered, p), rel=1e-4, abs=1e-4)
            assert demand.sum() % x.n == pytest.approx(0.0)


def brute_best(x: Instance, fams: list[Any], market: Any, offered: Any, p: int) -> float:
    row = {int(o): i for i, o in enumerate(market.options)}
    best = 0.0
    for chosen in itertools.product(*(range(len(f.tiet)) for f in fams)):
        if sum(int(f.tiet[c]) for f, c in zip(fams, chosen, strict=True)) > x.tiet_max[x.group[p]]:
            continue
        value, lawful_set = 0.0, True
        for f, c in zip(fams, chosen, strict=True):
            value += float(f.closure[c] @ x.worth[p, f.pieces])
            value -= sum(offered[row[int(o)], market.full_kind[p]] for o in f.options[f.combos[c] > 0])
            lawful_set &= not (f.broken[c] & ~x.exempt[p, f.gate]).any()
        best = max(best, value if lawful_set else 0.0)
    return best


def test_threads_do_not_change_the_plan() -> None:
    one, two = (solve(instance("tiny20"), time_limit=20, seed=1, threads=n) for n in (1, 2))
    assert one.classes.tolist() == two.classes.tolist()
    assert one.seats.tolist() == two.seats.tolist()
    assert one.bound == two.bound


def test_chains_of_seats_only_ever_raise_a_lawful_plan() -> None:
    x = instance("small300")
    run = Run(x, time_limit=60, seed=1, threads=1, on_incumbent=None, should_stop=None, on_plan=None)
    run.price(20, 0.5)
    run.equip(run.shadow)
    run.builder.oblige(run.ways, run.stop)
    run.builder.run(run.ways, -0.6, run.stop)
    before, short, heard = run.seating.objective, run.coverage.shortfall(), []
    rise = Chains(run.seating, run.coverage, run.prices, run.rng).run(
        run.stop, 3, lambda: heard.append(run.seating.objective)
    )
    verdict = check(x, *run.seating.plan(), limit=3)
    assert verdict["valid_placing"], verdict["violations"]
    assert heard == sorted(heard)
    assert run.coverage.shortfall() <= short
    assert rise > 0.01 * before
    assert verdict["objective"] == pytest.approx(before + rise)
    counted = run.coverage.short()
    run.coverage.follow()
    assert [np.asarray(part).tolist() for part in run.coverage.short()] == [
        np.asarray(part).tolist() for part in counted
    ]


def test_rolling_back_leaves_no_trace() -> None:
    x = instance("small300")
    seating = Seating(x)
    numbers = seating.load(*plan_of(shipped("small300.best.json")))
    fields = ("left", "val", "busy", "hours", "away", "lect_week", "lect_quarter", "venue_week", "spent", "count")
    before, objective, mark = {f: getattr(seating, f).copy() for f in fields}, seating.objective, seating.mark()
    for number in numbers[::3]:
        seating.close(number)
    seating.unseat(numbers[1], seating.classes[numbers[1]].members[:4])
    assert seating.objective < objective
    seating.rollback(mark)
    assert seating.objective == pytest.approx(objective)
    for name, value in before.items():
        assert np.allclose(getattr(seating, name), value), name
    assert seating.objective == pytest.approx(check(x, *seating.plan())["objective"])
