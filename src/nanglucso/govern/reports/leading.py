"""The leader's figures: communes at a glance, effect of courses, money, requirements met over time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from django.db.models import Sum

from nanglucso.core.scope import Scope
from nanglucso.develop.budget.queries import commitments, sources
from nanglucso.develop.training.queries import by_course
from nanglucso.govern.reports.queries import share_trend
from nanglucso.measure.assessments.models import Campaign
from nanglucso.measure.gaps.models import GapSnapshot
from nanglucso.measure.gaps.queries import HeatRow, top_units, tree, unit_rows, unit_sums, unit_veil
from nanglucso.workforce.framework.models import Framework
from nanglucso.workforce.people.models import TravelArea, Unit


@dataclass(frozen=True)
class Tile:
    """One commune in the leader's grid."""

    id: int
    name: str
    percent: int | None
    heat: int | None


@dataclass(frozen=True)
class AreaTiles:
    """`name`: of the travel area; "" = departments and agencies, named by the page in the reader's language."""

    name: str
    tiles: list[Tile]
    mean: int | None


def commune_tiles(framework: Framework, scope: Scope, at: datetime) -> list[AreaTiles]:
    """Share of requirements not met in communes and wards, by travel area, high to low; hatched under 60% measured."""
    sums = unit_sums(framework, scope, at=at)
    units = [unit for unit in top_units(scope) if unit.kind in (Unit.Kind.COMMUNE, Unit.Kind.WARD)]
    rows = {row.key: row for row in unit_rows(sums, units, [np.arange(sums.frame.size)])}
    areas = {area.pk: area for area in TravelArea.objects.all()}
    made = []
    for pk, area in areas.items():
        own = [_tile(rows[u.pk], u) for u in units if u.area_id == pk]
        known = [t.percent for t in own if t.percent is not None]
        own.sort(key=lambda t: -1 if t.percent is None else t.percent, reverse=True)
        if own:
            made.append(AreaTiles(area.name_vi, own, round(float(np.mean(known))) if known else None))
    return made


def department_tiles(framework: Framework, scope: Scope, at: datetime) -> list[AreaTiles]:
    """Departments and agencies with a figure, high to low; one of which anything is kept back on the map has none."""
    sums, known = unit_sums(framework, scope, at=at), tree(scope)
    if known.top is None:
        return []
    veil, places = unit_veil(sums, known, known.top, split=False)
    hidden = {place.pk for place, row in zip(places, veil.rows, strict=True) if row.any()}
    offices = [u for u in top_units(scope) if u.kind not in (Unit.Kind.COMMUNE, Unit.Kind.WARD) and u.pk not in hidden]
    rows = {row.key: row for row in unit_rows(sums, offices, [np.arange(sums.frame.size)])}
    own = [one for one in (_tile(rows[u.pk], u) for u in offices) if one.percent is not None]
    own.sort(key=lambda one: one.percent or 0, reverse=True)
    mean = round(float(np.mean([one.percent for one in own if one.percent is not None]))) if own else None
    return [AreaTiles("", own, mean)] if own else []


def _tile(row: HeatRow, unit: Unit) -> Tile:
    cell, short = row.cells[0], unit.name.removeprefix("Phường ").removeprefix("Xã ")
    return Tile(unit.pk, short, None if row.hidden else cell.percent, None if row.hidden else cell.heat)


_MARGIN = 0.05


@dataclass(frozen=True)
class CourseEffect:
    """All measured classes of a course together; `x`, `x_low`, `band`, `zero` are percent of the drawing's width.

    `ends`: the levels at both ends of the axis, the same for every row of the drawing.
    """

    name: str
    people: int
    classes: int
    shift: float
    low: float
    high: float
    ends: tuple[float, float] = (-0.5, 1.5)

    def place(self, value: float) -> str:
        start, end = self.ends
        return f"{100 * (value - start) / (end - start):.1f}"

    @property
    def x(self) -> str:
        return self.place(self.shift)

    @property
    def x_low(self) -> str:
        return self.place(self.low)

    @property
    def band(self) -> str:
        return f"{float(self.place(self.high)) - float(self.place(self.low)):.1f}"

    @property
    def zero(self) -> str:
        return self.place(0.0)


def axis(bands: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Both ends of an axis that holds 0 and these intervals whole, with a margin for the dots."""
    low, high = min((0.0, *(low for low, _high in bands))), max((0.0, *(high for _low, high in bands)))
    margin = _MARGIN * (high - low) or 1.0
    return low - margin, high + margin


def course_effects() -> list[CourseEffect]:
    """Effects by course as training pools them (`training.queries.by_course`), with 90% interval, best first."""
    told = by_course()
    ends = axis([(one.whole.low, one.whole.high) for one in told])
    made = [
        CourseEffect(one.course.name, one.people, len(one.effects), one.whole.mean, one.whole.low, one.whole.high, ends)
        for one in told
    ]
    return sorted(made, key=lambda row: -row.shift)


@dataclass(frozen=True)
class MoneyRow:
    """One funding source: given and spent, đồng; names in Vietnamese and English."""

    pk: int
    names: tuple[str, str]
    given: int
    spent: int


def money_rows(year: int) -> list[MoneyRow]:
    """What each source has paid with papers, as its money book says."""
    used = dict(commitments(year).order_by().values_list("source").annotate(sum=Sum("spent")))
    return [
        MoneyRow(row.pk, (row.name_vi, row.name_en or row.name_vi), row.amount, used.get(row.pk, 0))
        for row in sources(year)
    ]


def latest_campaign() -> Campaign | None:
    """The newest main campaign."""
    return Campaign.objects.filter(purpose=Campaign.Purpose.MAIN).order_by("-opens_at").first()


def met_trend(at: datetime, met_now: float) -> list[tuple[datetime, float]]:
    """(moment, percent of requirements met) at every snapshot and now."""
    rows = GapSnapshot.objects.filter(unit__depth=1).order_by("at").values_list("at", flat=True)
    return [*zip(rows, share_trend(), strict=True), (at, met_now)]
