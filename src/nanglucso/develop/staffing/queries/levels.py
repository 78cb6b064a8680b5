"""At which level of government a duty is held."""

from collections.abc import Sequence

from nanglucso.develop.staffing.models import Duty
from nanglucso.workforce.people.models import Unit

CITY, COMMUNE = "city", "commune"
LOCAL = {Unit.Kind.COMMUNE, Unit.Kind.WARD}


def levels_of(duties: Sequence[Duty]) -> list[str]:
    """`CITY` or `COMMUNE` for each: a unit by the commune or ward above it, a position by the units it exists in."""
    step = Unit.steplen
    paths = {row.unit.path for row in duties if row.unit}
    tops = {path[: 2 * step] for path in paths}
    local = set(Unit.objects.filter(path__in=tops, kind__in=LOCAL).values_list("path", flat=True))
    return [COMMUNE if _is_local(row, local, 2 * step) else CITY for row in duties]


def is_told(row: Duty) -> bool:
    """Whether the level is certain: not for positions of service units alone, nor of units at both levels."""
    kinds = set(row.position.unit_kinds) if row.position else set()
    local = {kind.value for kind in LOCAL}
    certain = kinds <= local or not (kinds & local or kinds == {Unit.Kind.SERVICE.value})
    return row.unit is not None or (bool(kinds) and certain)


def place_of(row: Duty) -> str:
    """Path of the agency, commune or ward under which a unit's function is held; "" for a position's duty."""
    return str(row.unit.path[: 2 * Unit.steplen]) if row.unit else ""


def _is_local(row: Duty, local: set[str], end: int) -> bool:
    if row.unit is not None:
        return row.unit.path[:end] in local
    kinds = set(row.position.unit_kinds) if row.position else set()
    return bool(kinds) and kinds <= {kind.value for kind in LOCAL}
