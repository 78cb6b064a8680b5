"""One rule broken at a time: the checker names that rule, who or what breaks it, and nothing else."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from plan_bench import script
from test_plan_cli import call, last

from nanglucso.engines.check import RULES, check
from nanglucso.engines.instance import Instance

Plan = dict[str, dict[str, list[int]]]
Change = Callable[[dict[str, Any], Plan], None]


def year() -> dict[str, Any]:
    """Thirty people in three units, areas 0 and 2 too far apart; course 1 asks for course 0; limits with room to spare."""
    size = {"min": 2, "max": 6, "fixed": 1.0, "seat": 0.1}
    room = {"eff": 0.6, **size, "lect_buoi": [2], "room_buoi": [2]}
    online = {"eff": 0.3, **size, "lect_buoi": [1, 1], "room_buoi": [0, 0]}
    course = {"name": "made up", "family": 0, "tiet": 8}
    return {
        "format": "nanglucso-plan/1", "name": "rules", "seed": 1, "weeks": 8, "weeks_per_quarter": 4, "budget": 100.0,
        "absent_max": 0.5, "management": 0.1, "need_points": 50,
        "trip": [[0.0, 0.1, -1.0], [0.1, 0.0, 0.1], [-1.0, 0.1, 0.0]],
        "units": {"area": [0, 1, 2], "type": [0, 1, 2]},
        "groups": {"weight": [[1.0, 1.5], [2.0, 1.0], [1.0, 1.0]], "tiet_max": [40, 40, 12]},
        "people": {"unit": [p // 10 for p in range(30)], "group": [int(10 <= p < 16) for p in range(30)],
                   "open": [100, 100, 0, 0, 100, 0, 0, 0] * 30},
        "courses": [
            course | {"code": "A", "cover": [[0, 0]], "prereq": [], "forms": {"inperson": room, "online": online}},
            course | {"code": "B", "cover": [[0, 1]], "prereq": [0], "forms": {"inperson": room}},
            course | {"code": "C", "cover": [[1, 0]], "prereq": [], "forms": {"inperson": room}},
        ],
        "venues": {"area": [0, 1], "seats": [6, 12], "buoi_week": [4, 4], "rate": [0.3, 0.5]},
        "lecturers": {"rate": [1.0, 0.5, 2.0], "week_max": [4, 4, 4], "quarter_max": [8, 8, 8],
                      "can": [[0, 1], [0, 2], [2]]},
        "sources": [{"name": "all", "amount": 80.0, "unit_types": [0, 1, 2], "courses": None},
                    {"name": "communes", "amount": 80.0, "unit_types": [1], "courses": [0]}],
        "mandatory": [{"course": 0, "groups": [1], "deadline": 5, "share": 0.5}],
        "unit_minimum": {"size": 5, "share": 0.2},
        "group_minimum": [{"group": 1, "tiet": 8, "share": 0.5}],
    }  # fmt: skip


def plan() -> Plan:
    """Classes 0 and 1: A in rooms, week 0; 2: A online, weeks 1 and 2; 3: B, week 3; 4: C, week 4."""
    members = [range(5), range(10, 15), range(20, 25), range(4), range(10, 14)]
    return {
        "classes": {"course": [0, 0, 0, 1, 2], "form": [1, 1, 0, 1, 1], "venue": [0, 1, -1, 0, 1],
                    "start": [0, 0, 1, 3, 4], "lecturer": [0, 1, 0, 0, 1], "source": [0] * 5},
        "seats": {"person": [p for m in members for p in m], "class": [j for j, m in enumerate(members) for _ in m]},
    }  # fmt: skip


def put(path: str, value: Any) -> Change:
    """Set a value of the year, or of the plan when the path begins with classes."""

    def change(data: dict[str, Any], made: Plan) -> None:
        *way, key = (int(k) if k.isdigit() else k for k in path.split("."))
        at: Any = made if path.startswith("classes") else data
        for k in way:
            at = at[k]
        at[key] = value

    return change


def add(person: int, klass: int) -> Change:
    """One more seat."""

    def change(data: dict[str, Any], made: Plan) -> None:
        made["seats"]["person"].append(person)
        made["seats"]["class"].append(klass)

    return change


def empty(klass: int, keep: int) -> Change:
    """Leave only the first ``keep`` members in the class."""

    def change(data: dict[str, Any], made: Plan) -> None:
        rows = list(zip(made["seats"]["person"], made["seats"]["class"], strict=True))
        mine = [row for row in rows if row[1] == klass]
        left = [row for row in rows if row[1] != klass or row in mine[:keep]]
        made["seats"] = {"person": [p for p, _ in left], "class": [j for _, j in left]}

    return change


TABLE: list[tuple[str, str, Change, list[dict[str, Any]]]] = [
    ("R1", "form not offered", put("classes.form.4", 2), [{"class": 4}]),
    ("R1", "ends after the year", put("classes.start.4", 8), [{"class": 4}]),
    ("R1", "no room for a class in rooms", put("classes.venue.4", -1), [{"class": 4}]),
    ("R1", "no such lecturer", put("classes.lecturer.4", 9), [{"class": 4}]),
    ("R1", "no such person", add(99, 2), [{"seat": 23}]),
    ("R1", "no such class", add(25, 77), [{"seat": 23}]),
    ("R2", "too few", empty(4, 1), [{"class": 4, "size": 1, "min": 2, "max": 6}]),
    ("R2", "more than the room holds", put("venues.seats.0", 4), [{"class": 0, "size": 5, "min": 2, "max": 4}]),
    ("R3", "two classes at once", put("classes.start.4", 0), [{"person": p, "week": 0, "classes": 2} for p in range(10, 14)]),
    ("R4", "the same course again", add(0, 2), [{"person": 0, "course": 0}]),
    ("R5", "never took the course before", add(5, 3), [{"person": 5, "class": 3, "prereq": 0}]),
    ("R5", "the course before comes later", put("classes.start.0", 5), [{"person": p, "class": 3, "prereq": 0} for p in range(4)]),
    ("R6", "too far", add(25, 0), [{"person": 25, "class": 0}]),
    ("R7", "unit half away", add(5, 0), [{"unit": 0, "week": 0, "absent": 6, "max": 5}]),
    ("R8", "hours of the year", put("people.group.0", 2), [{"person": 0, "tiet": 16, "max": 12}]),
    ("R9", "not the lecturer's course", put("classes.lecturer.2", 2), [{"class": 2, "lecturer": 2}]),
    ("R10", "lecturer's week", put("lecturers.week_max.1", 1), [{"lecturer": 1, "week": t, "buoi": 2, "max": 1} for t in (0, 4)]),
    ("R11", "lecturer's quarter", put("lecturers.quarter_max.0", 3), [{"lecturer": 0, "quarter": 0, "buoi": 6, "max": 3}]),
    ("R12", "room's week", put("venues.buoi_week.0", 1), [{"venue": 0, "week": t, "buoi": 2, "max": 1} for t in (0, 3)]),
    ("R13", "source", put("sources.0.amount", 5.0), [{"source": 0, "amount": 5.0}]),
    ("R14", "budget", put("budget", 5.0), [{"budget": 5.0}]),
    ("R15", "course not served", put("classes.source.4", 1), [{"class": 4, "source": 1}]),
    ("R15", "unit type not served", put("classes.source.2", 1), [{"class": 2, "person": p, "source": 1} for p in range(20, 25)]),
    ("R16", "mandatory course", put("mandatory.0.share", 1.0), [{"mandatory": 0, "done": 5, "needed": 6}]),
    ("R16", "after the deadline", put("mandatory.0.deadline", -1), [{"mandatory": 0, "done": 0, "needed": 3}]),
    ("R17", "unit's share", put("unit_minimum.share", 0.6), [{"unit": u, "trained": 5, "needed": 6} for u in range(3)]),
    ("R18", "group's share", put("group_minimum.0.share", 1.0), [{"group": 1, "reached": 5, "needed": 6}]),
]  # fmt: skip


def arrays(made: Plan) -> tuple[np.ndarray, np.ndarray]:
    return np.array(list(made["classes"].values())).T, np.array(list(made["seats"].values())).T


def test_the_plan_without_a_blow_is_valid() -> None:
    verdict = check(Instance.from_json(year()), *arrays(plan()))
    assert verdict["valid"], verdict["violations"]
    assert verdict["seats"] == 23


def test_every_rule_is_in_the_table() -> None:
    assert {row[0] for row in TABLE} == set(RULES)


@pytest.mark.parametrize(("rule", "blow", "change", "items"), TABLE, ids=[f"{row[0]} {row[1]}" for row in TABLE])
def test_one_broken_rule_is_named_and_nothing_else(
    rule: str,
    blow: str,
    change: Change,
    items: list[dict[str, Any]],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    data, made = year(), plan()
    change(data, made)
    (tmp_path / "year.json").write_text(json.dumps(data))
    (tmp_path / "plan.json").write_text(json.dumps({"format": "nanglucso-plan-result/1", "instance": "rules", **made}))
    assert call("check", str(tmp_path / "year.json"), str(tmp_path / "plan.json")) == 1
    verdict = last(capsys)
    assert set(verdict["violations"]) == {rule}
    found = verdict["violations"][rule]
    assert found["count"] == len(items)
    spent = {key: found["items"][0][key] for key in ("spent",) if key in found["items"][0]}
    assert found["items"] == [item | spent for item in items]
    assert verdict["valid_placing"] == (rule in ("R16", "R17", "R18"))
    theirs = script("check").report(script("planio").arrays(data), *arrays(made))
    assert theirs["violations"] == verdict["violations"]
