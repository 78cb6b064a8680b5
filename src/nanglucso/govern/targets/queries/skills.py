"""Which skills that a target depends on are short, where, and how many of the short have a seat in the plan."""

from dataclasses import dataclass, replace
from datetime import date, datetime

import numpy as np

from nanglucso.core.days import local_day
from nanglucso.core.scope import Scope
from nanglucso.develop.plans.models import PlannedClass, PlannedSeat, Scenario
from nanglucso.develop.plans.queries import approved
from nanglucso.govern.targets.models import Indicator
from nanglucso.measure.gaps import heat
from nanglucso.measure.gaps import queries as gaps
from nanglucso.workforce.framework.models import Competence, Framework


@dataclass(frozen=True)
class Skill:
    """A linked competence in a scope: people of whom it is required, by state; `hidden`: kept back (adr/0009).

    `seated`: of those who do not meet it, how many have a seat in the approved plan in a course on it; `in_time`: in
    a class that ends by the target's last day. None where no plan is approved or the figure is kept back.
    """

    competence: Competence
    required: int
    met: int
    not_met: int
    unknown: int
    enough: bool
    hidden: bool
    seated: int | None = None
    in_time: int | None = None

    @property
    def share(self) -> float | None:
        """Not met, 0..1; None when fewer than 60% are measured."""
        return self.not_met / self.required if self.required and self.enough and not self.hidden else None


@dataclass(frozen=True)
class Skills:
    """`heat`: units × linked competences; None where nobody works in the scope."""

    lines: list[Skill]
    heat: heat.Heat | None
    plan: Scenario | None


def linked(indicator: Indicator, framework: Framework) -> list[Competence]:
    """Competences of the framework that the target depends on, in its order."""
    codes = list(indicator.links.values_list("competence", flat=True))
    return list(framework.competences.filter(code__in=codes).select_related("domain").order_by("index"))


def plan_for(today: date) -> Scenario | None:
    """The approved plan of the coming year, else of this one."""
    return approved(today.year + 1) or approved(today.year)


def skill_lines(indicator: Indicator, framework: Framework, scope: Scope, *, hides: bool, at: datetime) -> list[Skill]:
    """The linked competences with their counts over the scope; from the kept sums, so a city takes milliseconds."""
    sums, tree = gaps.unit_sums(framework, scope, at=at), gaps.tree(scope)
    gone = np.zeros(sums.frame.size + 1, bool)
    if hides and tree.top:
        gone = gaps.unit_veil(sums, tree, tree.top, split=False)[0].total
    counts = gaps.whole(sums)
    made = []
    for one in linked(indicator, framework):
        k, hidden = one.index, bool(gone[one.index] or gone[-1])
        parts = (counts.required, counts.met, counts.not_met, counts.unknown)
        required, met, not_met, unknown = (0 if hidden else int(part[k]) for part in parts)
        made.append(Skill(one, required, met, not_met, unknown, counts.enough, hidden))
    return made


def skills(
    indicator: Indicator, framework: Framework, scope: Scope, *, hides: bool, sort: str = "", at: datetime
) -> Skills:
    """The same with where they are short and what the approved plan gives."""
    plan = plan_for(local_day(at))
    lines = skill_lines(indicator, framework, scope, hides=hides, at=at)
    if plan:
        lines = _with_seats(lines, plan, indicator.last, framework, scope, at)
    return Skills(lines, _heat([one.competence for one in lines], framework, scope, hides, sort, at), plan)


def _heat(
    kept: list[Competence], framework: Framework, scope: Scope, hides: bool, sort: str, at: datetime
) -> heat.Heat | None:
    sums, tree = gaps.unit_sums(framework, scope, at=at), gaps.tree(scope)
    if tree.top is None or not kept:
        return None
    every = heat.columns(framework, heat.EVERY)
    places, codes = [np.array([one.index]) for one in kept], {one.code for one in kept}
    cols = replace(every, heads=[one for one in every.heads if one.code in codes], places=places, competences=kept)
    veil, units = gaps.unit_veil(sums, tree, tree.top, split=False) if hides else (None, tree.below(tree.top))
    asked = heat.Asked(heat.EVERY, "", sort)
    return heat.unit_heat(cols, sums, units or [tree.top], asked, veil=veil, known=tree.paths())


def _with_seats(
    lines: list[Skill], plan: Scenario, due: date | None, framework: Framework, scope: Scope, at: datetime
) -> list[Skill]:
    table = gaps.gap_table(framework, gaps.active_people(scope).order_by(), at=at)
    made = []
    for one in lines:
        short = set(table.ids[table.state[:, one.competence.index] == gaps.NOT_MET].tolist())
        classes = PlannedClass.objects.filter(scenario=plan, course__covers__competence=one.competence)
        ends = {row.pk: row.last_day for row in classes.select_related("scenario")}
        seats = PlannedSeat.objects.filter(planned_class__in=classes.values("pk"))
        held = [pair for pair in seats.values_list("person_id", "planned_class_id") if pair[0] in short]
        seated = len({person for person, _one in held})
        soon = len({person for person, pk in held if due is None or ends[pk] <= due})
        made.append(one if one.hidden else replace(one, seated=seated, in_time=soon))
    return made
