"""Compile the planner's loops before anybody waits for them: `python -m nanglucso.engines.warm`, once a machine.

Plans a year of two classes. The compiled code is kept beside the sources, or in the user's cache.
"""

from __future__ import annotations

from typing import Any

from nanglucso.engines.instance import Instance
from nanglucso.engines.plan import solve

PEOPLE = 8


def year() -> dict[str, Any]:
    """A made-up year of eight people, two courses in a row, one lecturer, one room, one source."""
    form = {"eff": 0.5, "min": 2, "max": 8, "fixed": 1.0, "seat": 0.1, "lect_buoi": [2], "room_buoi": [2]}
    course = {"family": 0, "tiet": 8, "forms": {"inperson": form, "online": form | {"room_buoi": [0]}}}
    return {
        "format": "nanglucso-plan/1", "name": "warm", "seed": 1, "weeks": 8, "weeks_per_quarter": 4, "budget": 50.0,
        "absent_max": 1.0, "management": 0.1, "need_points": 50, "trip": [[0.0]], "units": {"area": [0], "type": [0]},
        "groups": {"weight": [[1.0]], "tiet_max": [40]},
        "people": {"unit": [0] * PEOPLE, "group": [0] * PEOPLE, "open": [100, 100, 0, 0] * PEOPLE},
        "courses": [
            course | {"code": "A", "name": "A", "cover": [[0, 0]], "prereq": []},
            course | {"code": "B", "name": "B", "cover": [[0, 1]], "prereq": [0]},
        ],
        "venues": {"area": [0], "seats": [10], "buoi_week": [10], "rate": [0.1]},
        "lecturers": {"rate": [0.5], "week_max": [8], "quarter_max": [40], "can": [[0, 1]]},
        "sources": [{"name": "S", "amount": 50.0, "unit_types": [0], "courses": None}],
        "mandatory": [{"course": 0, "groups": [0], "deadline": 7, "share": 0.5}],
        "unit_minimum": {"size": 1, "share": 0.5}, "group_minimum": [{"group": 0, "tiet": 8, "share": 0.5}],
    }  # fmt: skip


if __name__ == "__main__":
    solve(Instance.from_json(year()), time_limit=120, seed=1)
