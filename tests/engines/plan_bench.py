"""The bench's own scripts for tests (its checker shares no code with the product), and small made-up instances."""

import importlib
import json
import sys
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from nanglucso.engines.instance import Instance

BENCH = Path(__file__).resolve().parents[2] / "benchmarks" / "bench" / "plan"


@cache
def script(name: str) -> ModuleType:
    """A script of the bench as a module; its neighbours are found only while it loads."""
    sys.path.insert(0, str(BENCH))
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(str(BENCH))


@cache
def shipped(name: str) -> dict[str, Any]:
    """A JSON file of the bench; do not change it."""
    return dict(json.loads((BENCH / name).read_text()))


def instance(name: str) -> Instance:
    """A shipped instance, read."""
    return Instance.from_json(shipped(f"{name}.json"))


def plan_of(data: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """Plan object -> classes (m, 6), seats (k, 2)."""
    keys = ("course", "form", "venue", "start", "lecturer", "source")
    classes = np.array([data["classes"][k] for k in keys], np.int64).T.reshape(-1, 6)
    return classes, np.array([data["seats"]["person"], data["seats"]["class"]], np.int64).T.reshape(-1, 2)


def small(seed: int, *, people: int = 30, weeks: int = 8, lone_pieces: bool = False) -> dict[str, Any]:
    """A made-up instance: 2 areas, 4 units, 4 courses with a chain of prerequisites, 3 lecturers, 2 rooms, 2 sources.

    With ``lone_pieces`` no two courses share a piece, so that the objective is linear in the seats.
    """
    r = np.random.default_rng(seed)
    covers = (
        [[[0, 0]], [[1, 0]], [[0, 1]], [[1, 1]]]
        if lone_pieces
        else [[[0, 0]], [[0, 0], [0, 1]], [[0, 2]], [[1, 0], [1, 1]]]
    )
    courses = []
    for i, cover in enumerate(covers):
        low = int(r.integers(1, 4))
        size = {
            "min": low,
            "max": low + int(r.integers(0, 6)),
            "fixed": float(r.uniform(0.1, 2)),
            "seat": float(r.uniform(0, 0.2)),
        }
        room = {"eff": float(r.uniform(0.3, 0.9)), **size, "lect_buoi": [2], "room_buoi": [2]}
        online = {"eff": float(r.uniform(0.1, 0.5)), **size, "lect_buoi": [1, 1], "room_buoi": [0, 0]}
        forms = {"inperson": room, "online": online} if r.random() < 0.7 else {"inperson": room}
        prereq = [i - 1] if i and r.random() < 0.4 else []
        courses.append(
            {"code": f"C{i}", "name": "made up", "family": 0, "tiet": int(4 * r.integers(1, 4)), "cover": cover}
            | {"prereq": prereq, "forms": forms}
        )
    budget = float(r.uniform(0, 0.6) * people)
    far = float(r.choice([-1.0, 0.1]))
    return {
        "format": "nanglucso-plan/1",
        "name": f"small-{seed}",
        "seed": seed,
        "weeks": weeks,
        "weeks_per_quarter": int(r.integers(1, weeks + 1)),
        "budget": budget,
        "absent_max": float(r.choice([0.1, 0.3, 0.6])),
        "management": 0.08,
        "need_points": 50,
        "trip": [[0.0, far], [far, 0.0]],
        "units": {"area": [0, 1, 0, 1], "type": [0, 1, 2, 1]},
        "groups": {
            "weight": r.uniform(0.5, 2, (3, 2)).round(2).tolist(),
            "tiet_max": r.choice([4, 8, 16, 24], 3).tolist(),
        },
        "people": {
            "unit": r.integers(0, 4, people).tolist(),
            "group": r.integers(0, 3, people).tolist(),
            "open": (r.integers(0, 101, people * 8) * (r.random(people * 8) < 0.7)).tolist(),
        },
        "courses": courses,
        "venues": {"area": [0, 1], "seats": r.integers(2, 12, 2).tolist(), "buoi_week": [4, 2], "rate": [0.3, 0.5]},
        "lecturers": {"rate": [1.0, 0.5, 2.0], "week_max": [2, 4, 8], "quarter_max": r.integers(1, 20, 3).tolist()}
        | {"can": [[0, 1], [1, 2, 3], [0, 1, 2, 3]]},
        "sources": [
            {"name": "all", "amount": budget * 0.8, "unit_types": [0, 1, 2], "courses": None},
            {"name": "communes", "amount": budget * 0.4, "unit_types": [1], "courses": [0, 1, 3]},
        ],
        "mandatory": [{"course": int(r.integers(0, 4)), "groups": [0, 1], "deadline": weeks - 2, "share": 0.3}],
        "unit_minimum": {"size": 5, "share": 0.2},
        "group_minimum": [{"group": 2, "tiet": 4, "share": 0.2}],
    }
