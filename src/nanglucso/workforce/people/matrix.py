"""The requirement matrix: positions × competences as they are, and as a draft would have them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from nanglucso.workforce.framework.models import Competence, Framework
from nanglucso.workforce.people.models import Position, PositionFamily, Requirement, RequirementDraft
from nanglucso.workforce.people.positionchecks import MOST_ADVANCED, MOST_CORE, SPECIALISED

Held = Mapping[int, Mapping[int, tuple[int, bool]]]
Pair = tuple[int, bool]
NOTHING: Pair = (0, False)


@dataclass(frozen=True)
class Cell:
    """`level` 0 = not required; `before` is what is in force; `default` what the family has."""

    competence: Competence
    level: int
    must: bool
    before: Pair
    default: int

    @property
    def changed(self) -> bool:
        return (self.level, self.must) != self.before


@dataclass(frozen=True)
class MatrixRow:
    position: Position
    cells: tuple[Cell, ...]
    holders: int

    @property
    def changed(self) -> int:
        return sum(cell.changed for cell in self.cells)


def held(positions: Sequence[int]) -> dict[int, dict[int, Pair]]:
    """{position: {competence: (level, must-have)}} in force."""
    found: dict[int, dict[int, Pair]] = {pk: {} for pk in positions}
    rows = Requirement.objects.filter(position__in=found)
    for position, competence, level, must in rows.values_list("position_id", "competence_id", "level", "must_have"):
        found[position][competence] = level, must
    return found


def wanted(draft: RequirementDraft | None, position: int, competence: int, now: Pair) -> Pair:
    """What a cell would be."""
    cell = draft.cells.get(str(position), {}).get(str(competence)) if draft else None
    return (int(cell[2]), bool(cell[3])) if cell else now


def rows(framework: Framework, draft: RequirementDraft | None, family: PositionFamily | None = None) -> list[MatrixRow]:
    """The matrix of a family's positions, or of all."""
    from django.db.models import Count, Q

    found = Position.objects.filter(framework=framework).select_related("family").order_by("family__name_vi", "name")
    if family:
        found = found.filter(family=family)
    found = found.annotate(holders=Count("people", filter=Q(people__active=True)))
    positions, competences = list(found), list(framework.competences.order_by("index"))
    now = held([row.pk for row in positions])
    return [
        MatrixRow(one, tuple(_cell(one, c, draft, now[one.pk].get(c.pk, NOTHING)) for c in competences), one.holders)
        for one in positions
    ]


def _cell(position: Position, competence: Competence, draft: RequirementDraft | None, now: Pair) -> Cell:
    level, must = wanted(draft, position.pk, competence.pk, now)
    return Cell(competence, level, must, now, int(position.family.defaults.get(competence.code, 0)))


def remarks(draft: RequirementDraft) -> list[str]:
    """What a careful reader would ask about the positions that a draft touches; none of it forbids anything."""
    positions = Position.objects.filter(pk__in=[int(pk) for pk in draft.cells]).select_related("family")
    now, said = held([row.pk for row in positions]), []
    for row in positions:
        after = dict(now[row.pk])
        after |= {int(pk): (int(cell[2]), bool(cell[3])) for pk, cell in draft.cells[str(row.pk)].items()}
        said += _of_position(row, [pair for pair in after.values() if pair[0]])
    return said


def _of_position(row: Position, pairs: Sequence[Pair]) -> list[str]:
    core, advanced = sum(must for _level, must in pairs), sum(level == 3 for level, _must in pairs)
    most, found = MOST_ADVANCED.get(row.family.code), []
    told: dict[str, Any] = {"position": row.title, "n": core, "most": MOST_CORE}
    if core > MOST_CORE:
        found.append(_("%(position)s: %(n)s competences must be met; at most %(most)s are meant.") % told)
    if most is not None and advanced > most:
        told |= {"n": advanced, "most": most}
        found.append(_("%(position)s: %(n)s competences at level 3; at most %(most)s are usual in its family.") % told)
    if row.family.code not in SPECIALISED and any(level >= 4 for level, _must in pairs):
        found.append(_("%(position)s: level 4 is meant for specialists of information technology.") % told)
    return found
