"""Lists of units, positions and required levels: a file of a kind → what it would change."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from nanglucso.kit.spreadsheets import Sheet
from nanglucso.workforce.people.lists import positions, requirements, units
from nanglucso.workforce.people.lists.planning import ListPlanner
from nanglucso.workforce.people.listsheet.read import read_list
from nanglucso.workforce.people.services.changes import ImportPlan
from nanglucso.workforce.people.staffsheet.header import ColumnMap

PLANNERS: dict[str, type[ListPlanner]] = {
    "units": units.UnitPlanner,
    "positions": positions.PositionPlanner,
    "requirements": requirements.RequirementPlanner,
}


def plan_list(
    kind: str, sheets: Sequence[Sheet], columns: Mapping[str, Any] | None, *, day: date, name: str
) -> tuple[ImportPlan, list[ColumnMap]]:
    """What applying the file would do, and how its columns were matched. Raises ``BadStaffFile``."""
    planner = PLANNERS[kind](day)
    reading = read_list(sheets, planner.headings, planner.needed, columns, name=name)
    return planner.run(reading), reading.columns
