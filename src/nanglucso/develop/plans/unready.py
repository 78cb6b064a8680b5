"""A scenario only for units whose infrastructure is ready: people of the others have no need in it; told why."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np

from nanglucso.develop.plans.models import Scenario
from nanglucso.develop.readiness.queries import ready_units
from nanglucso.develop.readiness.scoring import rules
from nanglucso.engines.instance import Instance
from nanglucso.measure.gaps.queries import GapTable
from nanglucso.workforce.people.models import Unit

ONLY_READY = "ready"


def left_out(
    scenario: Scenario, instance: Instance, table: GapTable, *, day: date
) -> tuple[Instance, dict[str, Any]]:  # fmt: skip
    """The instance, and for `basis` who waits: {"unready": {people, units: [[name, people, part or ""]]}}.

    `params.readiness` "ready" asks for it; a person counts by the agency, commune or ward above. A unit that the survey
    does not ask keeps its people.
    """
    if scenario.params.get("readiness") != ONLY_READY:
        return instance, {}
    ready = ready_units(day)
    paths = dict(Unit.objects.filter(pk__in=set(table.unit.tolist())).values_list("pk", "path"))
    tops = [paths[pk][: 2 * Unit.steplen] for pk in table.unit.tolist()]
    out = np.array([path in ready and not ready[path].ready for path in tops], bool)
    n = Counter(path for path, gone in zip(tops, out.tolist(), strict=True) if gone)
    units = [[ready[path].unit.name, n[path], ready[path].weakest] for path in sorted(n)]
    kept = np.where(out[:, None], np.uint8(0), instance.open)
    return replace(instance, open=kept), {"unready": {"people": int(out.sum()), "units": units}}


def waits(basis: Mapping[str, Any], unit: Unit) -> bool:
    """Whether the people of this unit, or of the agency, commune or ward above it, wait in a plan."""
    names = {name for name, _n, _part in basis.get("unready", {}).get("units", [])}
    return bool(names) and Unit.objects.filter(path=unit.path[: 2 * Unit.steplen], name__in=names).exists()


def told(basis: Mapping[str, Any]) -> dict[str, Any] | None:
    """Who waits, in words: each unit's name, people, and the part that it lacks most (None = no recent figures)."""
    kept = basis.get("unready")
    if kept is None:
        return None
    parts = {part.code: part for part in rules().parts}
    units = [{"name": name, "people": n, "part": parts.get(code)} for name, n, code in kept["units"]]
    return {"people": kept["people"], "units": units}
