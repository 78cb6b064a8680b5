"""What units propose, as weights of the instance, and what a plan made of it.

The planning engine knows weights by group of positions and competence. People whom a proposal names get a group of
their own, beside that of their position, in which the wished competences weigh more; everything else of the group
(yearly hours, mandatory courses) stays that of the position. No engine needs to know of wishes.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from nanglucso.develop.plans.models import PlannedSeat, Proposal, ProposalRound, Scenario
from nanglucso.engines import levels
from nanglucso.measure.gaps.queries import GapTable
from nanglucso.workforce.people.models import Person

USUAL_WEIGHT = 1.5


def competences_of(proposal: Proposal) -> list[str]:
    """Codes of the competences that a proposal is about."""
    if proposal.competence:
        return [proposal.competence.code]
    return [row.competence.code for row in proposal.course.covers.all()] if proposal.course else []


def open_proposals(year: int) -> list[Proposal]:
    """What the year's plan takes as wishes: everything that was not withdrawn."""
    rows = Proposal.objects.filter(year=year).exclude(status=Proposal.Status.WITHDRAWN)
    return list(
        rows.select_related("unit", "course", "competence").prefetch_related("course__covers__competence", "people")
    )


def weight_of(year: int) -> float:
    """Factor on the need of those whom a proposal names."""
    found = ProposalRound.objects.filter(year=year).first()
    return found.weight if found else USUAL_WEIGHT


@dataclass(frozen=True)
class Wish:
    """A proposal over the rows of a table: `rows` those meant, `columns` of the competences."""

    proposal: Proposal
    rows: np.ndarray
    columns: np.ndarray


def wishes(proposals: Iterable[Proposal], table: GapTable) -> list[Wish]:
    """Named people, or where only a number was given, those of the unit with the largest shortfall."""
    place = {int(pk): i for i, pk in enumerate(table.ids)}
    points = levels.open_points(table.mean, table.var, table.frame.cuts, table.required).sum(axis=2)
    made = []
    for one in proposals:
        columns = np.array([table.frame.codes.index(k) for k in competences_of(one) if k in table.frame.codes], int)
        named = [place[person.pk] for person in one.people.all() if person.pk in place]
        rows = np.array(sorted(named), int)
        if not named and len(columns):
            inside = Person.objects.filter(unit__path__startswith=one.unit.path, active=True).values_list(
                "pk", flat=True
            )
            mine = np.array(sorted(place[pk] for pk in inside if pk in place), int)
            short = points[mine][:, columns].sum(axis=1)
            rows = mine[np.argsort(-short, kind="stable")[: one.heads]]
        made.append(Wish(one, rows, columns))
    return made


def split_groups(
    group: np.ndarray, weight: Sequence[Sequence[float]], wished: Sequence[Wish], factor: float
) -> tuple[np.ndarray, list[list[float]], list[int]]:
    """Those whom a proposal names apart: group of each person, weight rows, and the group that each came from."""
    marks: dict[int, set[int]] = defaultdict(set)
    for wish in wished:
        for row in wish.rows.tolist():
            marks[row].update(wish.columns.tolist())
    made, rows, origin = group.copy(), [list(row) for row in weight], list(range(len(weight)))
    known: dict[tuple[int, tuple[int, ...]], int] = {}
    for row in sorted(marks):
        key = int(group[row]), tuple(sorted(marks[row]))
        if key not in known:
            known[key] = len(rows)
            own = list(weight[key[0]])
            for column in key[1]:
                own[column] = round(own[column] * factor, 6)
            rows.append(own)
            origin.append(key[0])
        made[row] = known[key]
    return made, rows, origin


@dataclass(frozen=True)
class Outcome:
    """What a plan gives a proposal: people meant, of these with a seat in a fitting class, with an open need at all."""

    meant: int
    seated: int
    needy: int
    courses: int
    classes: tuple[int, ...]


def outcome(wish: Wish, scenario: Scenario, table: GapTable) -> Outcome:
    """Counted over the plan's seats. `courses`: active courses that lead on in the competence."""
    from nanglucso.develop.plans.models import Course

    one, ids = wish.proposal, table.ids[wish.rows].tolist()
    points = levels.open_points(table.mean, table.var, table.frame.cuts, table.required).sum(axis=2)
    needy = int((points[wish.rows][:, wish.columns].sum(axis=1) > 0).sum()) if len(wish.columns) else 0
    seats = PlannedSeat.objects.filter(planned_class__scenario=scenario, person__in=ids)
    courses = Course.objects.filter(active=True)
    if one.course_id:
        seats, courses = seats.filter(planned_class__course=one.course_id), courses.filter(pk=one.course_id)
    else:
        seats = seats.filter(planned_class__course__covers__competence=one.competence_id)
        courses = courses.filter(covers__competence=one.competence_id)
    classes = tuple(seats.order_by("planned_class__number").values_list("planned_class__number", flat=True).distinct())
    seated = seats.order_by().values("person").distinct().count()
    return Outcome(max(len(ids), one.heads), seated, needy, courses.distinct().count(), classes)
