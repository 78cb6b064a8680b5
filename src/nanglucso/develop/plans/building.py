"""A scenario's rows as the planning engine's instance: people's open pieces, courses, means and money.

Money leaves here in million đồng and comes back in đồng.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np
from django.utils.translation import gettext_lazy as _

from nanglucso.core.days import local_day
from nanglucso.core.refusals import Refused
from nanglucso.core.scope import EVERYTHING
from nanglucso.develop.budget.models import FundingSource
from nanglucso.develop.budget.queries import amounts_on, sources
from nanglucso.develop.plans import proposing, teaching, unready
from nanglucso.develop.plans.models import Course, Lecturer, Scenario, Venue
from nanglucso.engines import levels
from nanglucso.engines.effect import shrunk_share
from nanglucso.engines.instance import BANDS, FORMAT, FORMS, Instance
from nanglucso.engines.instance_json import read
from nanglucso.measure.gaps.queries import GapTable, active_people, gap_table
from nanglucso.workforce.framework.models import Framework
from nanglucso.workforce.people.models import Position, TravelArea, Unit

MILLION = 1_000_000
UNIT_TYPES = {"so": 0, "van_phong": 0, "thanh_tra": 0, "city": 0, "xa": 1, "phuong": 1, "don_vi_su_nghiep": 2}
SAME_AREA_TRIP = "trip_same_area"
MUST_HAVE_FACTOR = 2.0
NO_UNIT_MINIMUM = 1_000_000
ABSENT_MAX = 0.10
MANAGEMENT = 0.08  # assumption of the catalogue; the legal maximum is 0.10
MANAGEMENT_CAP = 0.10
NEED_POINTS = 50


@dataclass(frozen=True, eq=False)
class Built:
    """An instance and what its indexes stand for; `units` are those whose absences are limited."""

    instance: Instance
    table: GapTable
    courses: list[Course]
    venues: list[Venue]
    lecturers: list[Lecturer]
    sources: list[FundingSource]
    units: list[Unit]
    basis: dict[str, Any]


@dataclass(frozen=True)
class _Means:
    """What there is to teach with."""

    courses: list[Course]
    venues: list[Venue]
    lecturers: list[Lecturer]
    money: list[FundingSource]
    areas: list[TravelArea]


def line_cost(lines: Sequence[Mapping[str, Any]], amounts: Mapping[str, int]) -> float:
    """Sum of cost lines [{rate, qty}] in million đồng. Raises KeyError for a rate without an amount."""
    return sum(amounts[line["rate"]] * float(line.get("qty", 1)) for line in lines) / MILLION


def taken_share(course: Course, form: str) -> float:
    """Share of the missing way that a course's form is taken to close: the prior, moved by what classes measured."""
    prior = float(course.forms[form]["eff"])
    told = course.measured.get(form)
    return shrunk_share(prior, float(told["shift"]), int(told["people"])) if told else prior


def _form(course: Course, name: str, amounts: Mapping[str, int]) -> dict[str, Any]:
    form = course.forms[name]
    kept = {key: form[key] for key in ("min", "max", "lect_buoi", "room_buoi")}
    try:
        costs = {"fixed": line_cost(form["fixed"], amounts), "seat": line_cost(form["seat"], amounts)}
    except KeyError as error:
        text = _("Course %(course)s counts with the rate “%(rate)s”, which has no amount in the first teaching week.")
        raise Refused(text % {"course": course.code, "rate": error.args[0]}) from None
    return kept | costs | {"eff": taken_share(course, name)}


def _courses(
    courses: list[Course], codes: Sequence[str], amounts: Mapping[str, int], scenario: Scenario,
    effects: Mapping[tuple[str, str], float],
) -> list[dict[str, Any]]:  # fmt: skip
    place = {course.code: i for i, course in enumerate(courses)}
    families = sorted({course.family for course in courses})
    allowed = scenario.params.get("forms") or FORMS
    made = []
    for course in courses:
        forms = {name: _form(course, name, amounts) for name in course.forms if name in allowed}
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


def _trips(areas: list[TravelArea], within: int) -> list[list[float]]:
    """Cost of one return trip between areas in million đồng; -1 = too far. `within`: đồng inside an area."""

    def cost(start: TravelArea, end: TravelArea) -> float:
        known = start.trip_costs.get(end.code)
        if start.pk == end.pk:
            known = known or within
        return -1.0 if known is None else float(known) / MILLION

    return [[cost(a, b) for b in areas] for a in areas]


def can_teach(lecturer: Lecturer, course: Course) -> bool:
    """Whether the course lies in the lecturer's domains or is named; who names nothing teaches everything."""
    free = not lecturer.courses and not lecturer.families
    return free or course.code in lecturer.courses or course.family in lecturer.families


def _supply(means: _Means) -> dict[str, Any]:
    areas = {area.pk: i for i, area in enumerate(means.areas)}
    venues, lecturers = means.venues, means.lecturers
    return {
        "venues": {
            "area": [areas[v.area_id] for v in venues], "seats": [v.seats for v in venues],
            "buoi_week": [v.buoi_week for v in venues], "rate": [v.rate / MILLION for v in venues],
        },
        "lecturers": {
            "rate": [x.rate / MILLION for x in lecturers], "week_max": [x.week_max for x in lecturers],
            "quarter_max": [x.quarter_max for x in lecturers],
            "can": [[i for i, course in enumerate(means.courses) if can_teach(x, course)] for x in lecturers],
        },
    }  # fmt: skip


def _money(scenario: Scenario, means: _Means) -> list[dict[str, Any]]:
    """Sources scaled alike, so that together they make the scenario's budget."""
    factor = scenario.budget / sum(row.amount for row in means.money)
    return [
        {
            "name": row.code,
            "amount": row.amount * factor / MILLION,
            "unit_types": sorted({UNIT_TYPES[t] for t in row.unit_types or UNIT_TYPES if t in UNIT_TYPES}),
            "courses": _served(row, means.courses),
        }
        for row in means.money
    ]


def _served(row: FundingSource, courses: list[Course]) -> list[int] | None:
    """Courses that a source may pay for; it names courses or whole families, nothing = all."""
    if not row.courses:
        return None
    return [i for i, course in enumerate(courses) if course.code in row.courses or course.family in row.courses]


def _weights(positions: list[Position], table: GapTable, priorities: Mapping[str, float]) -> list[list[float]]:
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


def _planning_units(table: GapTable) -> tuple[list[Unit], np.ndarray, list[int | None]]:
    """Units whose absences are limited, each person's (N,), and the travel area of each unit.

    A division counts with the agency, commune or service unit it belongs to; an area is that of the nearest above.
    """
    step = Unit.steplen
    by_path = {unit.path: unit for unit in Unit.objects.all()}

    def above(path: str) -> list[Unit]:
        return [by_path[path[:end]] for end in range(len(path), 0, -step) if path[:end] in by_path]

    own: dict[int, Unit] = {}
    area: dict[int, int | None] = {}
    path_of = {unit.pk: unit.path for unit in by_path.values()}
    for pk in set(table.unit.tolist()):
        line = above(path_of[pk])
        unit = own[pk] = next((one for one in line if one.kind != Unit.Kind.ROOM), line[-1])
        area[unit.pk] = next((one.area_id for one in above(unit.path) if one.area_id), None)
    order = sorted({unit.pk: unit for unit in own.values()}.values(), key=lambda unit: unit.path)
    place = {unit.pk: i for i, unit in enumerate(order)}
    where = {pk: place[unit.pk] for pk, unit in own.items()}
    return order, np.array([where[pk] for pk in table.unit.tolist()], np.int64), [area[unit.pk] for unit in order]


def _mandatory(scenario: Scenario, codes: list[str], positions: list[Position]) -> list[dict[str, Any]]:
    made = []
    for row in scenario.params.get("mandatory", []):
        groups = [i for i, p in enumerate(positions) if not row.get("families") or p.family.code in row["families"]]
        if row["course"] in codes and groups:
            fields = {"deadline": row.get("deadline", scenario.weeks - 1), "share": row.get("share", 1.0)}
            made.append({"course": codes.index(row["course"]), "groups": groups, **fields})
    return made


def _found(scenario: Scenario) -> _Means:
    """Raises Refused when courses, lecturers or money are missing."""
    means = _Means(
        list(Course.objects.filter(active=True).order_by("code").prefetch_related("covers__competence")),
        list(Venue.objects.filter(active=True).order_by("code").select_related("area")),
        list(Lecturer.objects.filter(active=True).order_by("code")),
        list(sources(scenario.year)),
        list(TravelArea.objects.order_by("code")),
    )
    if not means.courses or not means.lecturers or not sum(row.amount for row in means.money):
        raise Refused(_("A plan needs courses, at least one lecturer and at least one funding source of the year."))
    return means


def build(
    framework: Framework, scenario: Scenario, *, at: datetime, effects: Mapping[tuple[str, str], float] | None = None
) -> Built:
    """The instance of a scenario. `effects` {(course, form): share closed} replaces priors and measured effects.

    Raises Refused when means or money are missing, or when a cost line names a rate without an amount.
    """
    means = _found(scenario)
    table = gap_table(framework, active_people(EVERYTHING).order_by("pk"), at=at)
    if not len(table.ids):
        raise Refused(_("There is nobody to plan for: bring in the staff and their positions first."))
    units, unit, unit_area = _planning_units(table)
    positions = list(
        Position.objects.filter(pk__in=set(table.position.tolist())).select_related("family").order_by("pk")
    )
    data = _data(scenario, table, means, units, unit_area, positions)
    group = np.searchsorted(np.array([p.pk for p in positions], np.int64), table.position).astype(np.int64)
    wished = proposing.wishes(proposing.open_proposals(scenario.year), table)
    group = _with_wishes(
        data, group, wished, float(scenario.params.get("wish_weight") or proposing.weight_of(scenario.year))
    )
    amounts = amounts_on(scenario.first_week)
    data["courses"] = _courses(means.courses, table.frame.codes, amounts, scenario, effects or {})
    data["trip"] = _trips(means.areas, amounts.get(SAME_AREA_TRIP, 0))
    instance = _with_people(read(data), table, unit, group)
    instance, waiting = unready.left_out(scenario, instance, table, day=local_day(at))
    measured = int(table.measured.sum())
    basis = {
        "people": len(table.ids),
        "measured": measured,
        "from_prior": len(table.ids) - measured,
        "wishes": len(wished),
        "as_of": at.isoformat(),
        "mondays": _mondays(scenario),
        **waiting,
    }
    return Built(instance, table, means.courses, means.venues, means.lecturers, means.money, units, basis)


def _mondays(scenario: Scenario) -> list[str]:
    """Mondays of the weeks that the engine counts from 0: weeks without capacity are left out, so that it has none."""
    try:
        return teaching.mondays(scenario)
    except ValueError:
        raise Refused(_("The days off leave no room for so many teaching weeks."), field="weeks") from None


def _with_wishes(
    data: dict[str, Any], group: np.ndarray, wished: Sequence[proposing.Wish], factor: float
) -> np.ndarray:  # fmt: skip
    """People whom a proposal names become groups of their own; their position's rules stay theirs."""
    group, data["groups"]["weight"], origin = proposing.split_groups(group, data["groups"]["weight"], wished, factor)
    data["groups"]["tiet_max"] = [data["groups"]["tiet_max"][i] for i in origin]
    for entry in data["mandatory"]:
        entry["groups"] = [i for i, old in enumerate(origin) if old in set(entry["groups"])]
    return group


def _with_people(empty: Instance, table: GapTable, unit: np.ndarray, group: np.ndarray) -> Instance:
    """People go in as arrays: 60,000 × 80 numbers as lists would take longer than everything else."""
    points = levels.open_points(table.mean, table.var, table.frame.cuts, table.required).astype(np.uint8)
    kept = np.zeros((len(table.ids), table.frame.size, BANDS), np.uint8)
    kept[:, :, : points.shape[2]] = points[:, :, :BANDS]
    return replace(empty, unit=unit, group=group, open=kept.reshape(len(kept), -1))


def _data(
    scenario: Scenario, table: GapTable, means: _Means, units: list[Unit], unit_area: list[int | None],
    positions: list[Position],
) -> dict[str, Any]:  # fmt: skip
    codes = [course.code for course in means.courses]
    area_place = {area.pk: i for i, area in enumerate(means.areas)}
    params = scenario.params
    return {
        "format": FORMAT, "name": f"scenario-{scenario.pk}", "seed": 1, "weeks": scenario.weeks,
        "weeks_per_quarter": scenario.weeks_a_quarter, "budget": scenario.budget / MILLION,
        "absent_max": params.get("absent_max", ABSENT_MAX), "management": params.get("management", MANAGEMENT),
        "need_points": params.get("need_points", NEED_POINTS),
        "units": {
            "area": [area_place[pk] if pk else 0 for pk in unit_area],
            "type": [UNIT_TYPES.get(u.kind, 0) for u in units],
        },
        "groups": {
            "weight": _weights(positions, table, params.get("priorities", {})),
            "tiet_max": [p.yearly_tiet for p in positions],
        },
        "people": {"unit": [], "group": [], "open": []},
        **_supply(means),
        "sources": _money(scenario, means),
        "mandatory": _mandatory(scenario, codes, positions),
        "unit_minimum": params.get("unit_minimum", {"size": NO_UNIT_MINIMUM, "share": 0.0}),
        "group_minimum": [],
    }  # fmt: skip
