"""Steps of a career, by which a post is the same step, one above or below: who may be looked at for it.

0 support, 1 professional, 2 heads and deputy heads of divisions (and of service units), 3 deputies of an agency,
commune or ward, 4 its head. Families of the two upper steps stand in `content/staffing.yaml`. Leading posts of a
commune or ward count one step lower beside a leading post of the city.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from nanglucso.core.content import read_yaml, root
from nanglucso.workforce.people.models import Position, Unit

SUPPORT, EXPERT, DIVISION, DEPUTY, HEAD = range(5)
_BY_GROUP = {Position.Group.SUPPORT: SUPPORT, Position.Group.EXPERT: EXPERT, Position.Group.LEADING: DIVISION}
_LOCAL = frozenset({Unit.Kind.COMMUNE.value, Unit.Kind.WARD.value})
_SERVICE = frozenset({Unit.Kind.SERVICE.value})
_DEPUTY = "pho "


@dataclass(frozen=True)
class Step:
    """Where a position stands; of leading posts alone, `local`: only communes and wards have it, `city`: none has."""

    number: int
    local: bool = False
    city: bool = False


@lru_cache(maxsize=1)
def _top_families() -> frozenset[str]:
    told = cast(dict[str, Any], read_yaml(root() / "staffing.yaml"))
    return frozenset(told["families_at_the_top"])


def steps() -> dict[int, Step]:
    """{position id: its step}, in one statement."""
    rows = Position.objects.values_list("pk", "group", "family__code", "fold", "unit_kinds")
    return {pk: step(*told) for pk, *told in rows}


def step(group: str, family: str, fold: str, kinds: list[str]) -> Step:
    """The step of one position from its group, family, folded name and the kinds of unit that have it."""
    number, where = _BY_GROUP[Position.Group(group)], frozenset(kinds)
    if number < DIVISION:
        return Step(number)
    if family in _top_families() and where != _SERVICE:
        number = DEPUTY if fold.startswith(_DEPUTY) else HEAD
    return Step(number, local=bool(where) and where <= _LOCAL, city=bool(where) and not where & _LOCAL)


def climb(held: Step, wanted: Step) -> int:
    """How many steps up from a post to another; negative = down."""
    return wanted.number - held.number + (held.local and wanted.city) - (held.city and wanted.local)
