"""A scenario's rows as the planning engine's instance: people's open pieces, courses, means and money.

Money leaves here in million đồng and comes back in đồng.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from nanglucso.core.refusals import Refused
from nanglucso.core.scope import EVERYTHING
from nanglucso.develop.budget.models import FundingSource
from nanglucso.develop.budget.queries import amounts_on, sources
from nanglucso.develop.plans.models import Course, Lecturer, Scenario, Venue
from nanglucso.engines import levels
from nanglucso.engines.instance import FORMAT, Instance
from nanglucso.engines.instance_json import read
from nanglucso.measure.gaps.queries import GapTable, active_people, gap_table
from nanglucso.workforce.framework.models import Framework
from nanglucso.workforce.people.models import Position, TravelArea, Unit

MILLION = 1_000_000
UNIT_TYPES = {"so": 0, "xa": 1, "phuong": 1, "don_vi_su_nghiep": 2}
MUST_HAVE_FACTOR = 2.0
NO_UNIT_MINIMUM = 1_000_000
WEEKS_A_QUARTER = 10
ABSENT_MAX = 0.10
MANAGEMENT = 0.10
NEED_POINTS = 50


@dataclass(frozen=True, eq=False)
class Built:
    """An instance and what its indexes stand for."""

    instance: Instance
    table: GapTable
    courses: list[Course]
    venues: list[Venue]
    lecturers: list[Lecturer]
    sources: list[FundingSource]
    basis: dict[str, Any]


def line_cost(lines: Sequence[dict[str, Any]], amounts: dict[str, int]) -> float:
    """Sum of cost lines [{rate, qty}] in million đồng. Raises KeyError for a rate without an amount."""
    return sum(amounts[line["rate"]] * float(line.get("qty", 1)) for line in lines) / MILLION


def _form(form: dict[str, Any], amounts: dict[str, int]) -> dict[str, Any]:
    kept = {name: form[name] for name in ("eff", "min", "max", "lect_buoi", "room_buoi")}
    return kept | {"fixed": line_cost(form["fixed"], amounts), "seat": line_cost(form["seat"], amounts)}


def _courses(
    courses: list[Course], codes: Sequence[str], amounts: dict[str, int], effects: dict[tuple[str, str], float]
) -> list[dict[str, Any]]:
    place = {course.code: i for i, course in enumerate(courses)}
    families = sorted({course.family for course in courses})
    made = []
    for course in courses:
        forms = {name: _form(form, amounts) for name, form in course.forms.items()}
        for name, form in forms.items():
            form["eff"] = effects.get((course.code, name), form["eff"])
        cover = [
            [codes.index(c.competence.code), band]
            for c in course.covers.all()
            for band in range(c.from_level, c.to_level)
        ]
        made.append(
            {
                "code": course.code, "name": course.name_vi, "family": families.index(course.family),
                "tiet": course.tiet, "cover": cover, "forms": forms,
                "prereq": [place[code] for code in course.prereq if code in place],
            }
        )  # fmt: skip
    return made


def _trips(areas: list[TravelArea]) -> list[list[float]]:
    return [
        [
            0.0 if a == b else float(a.trip_costs.get(b.code, -1)) / (MILLION if b.code in a.trip_costs else 1)
            for b in areas
        ]
        for a in areas
    ]


def _means(venues: list[Venue], lecturers: list[Lecturer], areas: dict[int, int], codes: list[str]) -> dict[str, Any]:
    return {
        "venues": {
            "area": [areas[v.area_id] for v in venues], "seats": [v.seats for v in venues],
            "buoi_week": [v.buoi_week for v in venues], "rate": [v.rate / MILLION for v in venues],
        },
        "lecturers": {
            "rate": [x.rate / MILLION for x in lecturers], "week_max": [x.week_max for x in lecturers],
            "quarter_max": [x.quarter_max for x in lecturers],
            "can": [[i for i, c in enumerate(codes) if not x.courses or c in x.courses] for x in lecturers],
        },
    }  # fmt: skip


def _money(scenario: Scenario, rows: list[FundingSource], codes: list[str]) -> list[dict[str, Any]]:
    """Sources scaled alike, so that together they make the scenario's budget."""
    whole = sum(row.amount for row in rows)
    factor = scenario.budget / whole if whole else 0.0
    return [
        {
            "name": row.code,
            "amount": row.amount * factor / MILLION,
            "unit_types": sorted({UNIT_TYPES[t] for t in row.unit_types or UNIT_TYPES}),
            "courses": [codes.index(c) for c in row.courses if c in codes] if row.courses else None,
        }
        for row in rows
    ]


def _weights(positions: list[Position], table: GapTable, priorities: dict[str, float]) -> list[list[float]]:
    """Weight of each competence for each position: percent of the position × K / 100, must-have doubled."""
    k = table.frame.size
    factor = np.array([float(priorities.get(code, 1.0)) for code in table.frame.codes])
    first = {int(pk): i for i, pk in reversed(list(enumerate(table.position)))}
    made = []
    for position in positions:
        i = first[position.pk]
        core = np.where(table.core[i], MUST_HAVE_FACTOR, 1.0)
        made.append((table.weight[i] * k / 100 * core * factor).round(6).tolist())
    return made


def _planning_units(table: GapTable) -> tuple[list[Unit], np.ndarray]:
    """Agencies, communes and wards as the units of absence limits, and each person's (N,)."""
    units = {u.pk: u for u in Unit.objects.all()}
    tops = {u.path: u for u in units.values() if u.depth <= 2}
    steplen = Unit.steplen
    own = [tops[units[int(pk)].path[: 2 * steplen]] for pk in table.unit]
    order = sorted({u.pk: u for u in own}.values(), key=lambda u: u.path)
    place = {u.pk: i for i, u in enumerate(order)}
    return order, np.array([place[u.pk] for u in own], np.int64)


def _mandatory(scenario: Scenario, codes: list[str], positions: list[Position]) -> list[dict[str, Any]]:
    made = []
    for row in scenario.params.get("mandatory", []):
        groups = [i for i, p in enumerate(positions) if not row.get("families") or p.family.code in row["families"]]
        if row["course"] in codes and groups:
            fields = {"deadline": row.get("deadline", scenario.weeks), "share": row.get("share", 1.0)}
            made.append({"course": codes.index(row["course"]), "groups": groups, **fields})
    return made


def build(
    framework: Framework, scenario: Scenario, *, at: datetime, effects: dict[tuple[str, str], float] | None = None
) -> Built:
    """The instance of a scenario. `effects` {(course, form): share closed} replaces the catalogue's priors.

    Raises Refused when means or money are missing.
    """
    people = active_people(EVERYTHING)
    table = gap_table(framework, people, at=at)
    courses = list(Course.objects.filter(active=True).prefetch_related("covers__competence"))
    venues = list(Venue.objects.filter(active=True).select_related("area"))
    lecturers = list(Lecturer.objects.filter(active=True))
    money = list(sources(scenario.year))
    if not courses or not lecturers or not money:
        from django.utils.translation import gettext as _

        raise Refused(_("A plan needs courses, at least one lecturer and at least one funding source of the year."))
    data = _data(scenario, table, courses, venues, lecturers, money, effects or {})
    measured = int(table.measured.sum())
    basis = {
        "people": len(table.ids),
        "measured": measured,
        "from_prior": len(table.ids) - measured,
        "as_of": at.isoformat(),
    }
    return Built(read(data), table, courses, venues, lecturers, money, basis)


def _data(
    scenario: Scenario, table: GapTable, courses: list[Course], venues: list[Venue], lecturers: list[Lecturer],
    money: list[FundingSource], effects: dict[tuple[str, str], float],
) -> dict[str, Any]:  # fmt: skip
    codes = [course.code for course in courses]
    areas = list(TravelArea.objects.order_by("code"))
    area_place = {area.pk: i for i, area in enumerate(areas)}
    units, unit = _planning_units(table)
    positions = list(
        Position.objects.filter(pk__in=set(table.position.tolist())).select_related("family").order_by("pk")
    )
    group_place = {p.pk: i for i, p in enumerate(positions)}
    open_points = levels.open_points(table.mean, table.var, table.frame.cuts, table.required)
    params = scenario.params
    return {
        "format": FORMAT, "name": f"scenario-{scenario.pk}", "seed": 1, "weeks": scenario.weeks,
        "weeks_per_quarter": WEEKS_A_QUARTER, "budget": scenario.budget / MILLION,
        "absent_max": params.get("absent_max", ABSENT_MAX), "management": params.get("management", MANAGEMENT),
        "need_points": params.get("need_points", NEED_POINTS), "trip": _trips(areas),
        "units": {
            "area": [area_place.get(u.area_id, 0) for u in units], "type": [UNIT_TYPES.get(u.kind, 0) for u in units],
        },
        "groups": {
            "weight": _weights(positions, table, params.get("priorities", {})),
            "tiet_max": [p.yearly_tiet for p in positions],
        },
        "people": {
            "unit": unit.tolist(), "group": [group_place[int(pk)] for pk in table.position],
            "open": open_points.reshape(-1).tolist(),
        },
        "courses": _courses(courses, table.frame.codes, amounts_on(scenario.first_week), effects),
        **_means(venues, lecturers, area_place, codes),
        "sources": _money(scenario, money, codes),
        "mandatory": _mandatory(scenario, codes, positions),
        "unit_minimum": params.get("unit_minimum", {"size": NO_UNIT_MINIMUM, "share": 0.0}),
        "group_minimum": [],
    }  # fmt: skip
