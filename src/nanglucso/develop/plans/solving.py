"""Engine's result → rows and figures that pages and documents speak from."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from django.db import connection

from nanglucso.develop.budget.services import PlanLine
from nanglucso.develop.plans.building import MILLION, Built, build
from nanglucso.develop.plans.models import PlannedClass, PlannedSeat, Scenario
from nanglucso.engines import check
from nanglucso.engines.instance import BANDS, FORMS, Floats, Instance
from nanglucso.engines.levels import NOT_YET_KNOWN
from nanglucso.engines.outcome import Result

__all__ = ["build", "figures", "keep", "run"]
SIZE_OF_BATCH = 500


def run(
    built: Built, *, seconds: float, seed: int, on_incumbent: Callable[[float, float, float], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Result:  # fmt: skip
    """Solve; the result has been checked by the checker, which knows nothing of the solver."""
    from nanglucso.engines import plan  # the solver, a quarter of a second at every start of the program

    result = plan.solve(
        built.instance, time_limit=seconds, seed=seed, on_incumbent=on_incumbent, should_stop=should_stop
    )
    verdict = check.check(built.instance, result.classes, result.seats)
    if not verdict["valid_placing"]:
        raise RuntimeError(f"the planner broke a rule: {sorted(verdict['violations'])}")
    return result


def class_costs(built: Built, result: Result) -> np.ndarray:
    """Cost of each class in đồng, by the published formula: (1 + management) × (fixed + lecturer + room + seats)."""
    x = built.instance
    if not len(result.classes):
        return np.zeros(0, np.int64)
    c, f, v, _start, lecturer, _source = result.classes.T
    person, j = result.seats.T
    in_room = v >= 0
    direct = x.fixed[c, f] + x.lect_rate[lecturer] * x.lect_total[c, f]
    direct = direct + x.seat_cost[c, f] * np.bincount(j, minlength=len(c))
    if in_room.any():
        direct[in_room] += x.venue_rate[v[in_room]] * x.room_total[c[in_room], f[in_room]]
        away = in_room[j]
        trip = np.maximum(0.0, x.trip[x.area[person[away]], x.venue_area[v[j[away]]]])
        direct += np.bincount(j[away], trip * x.room_weeks[c, f][j[away]], minlength=len(c))
    return np.rint((1 + x.management) * direct * MILLION).astype(np.int64)


def gains(built: Built, result: Result) -> Floats:
    """What each seat closes by itself, in weighted levels (the sum over seats may exceed the objective)."""
    x = built.instance
    person, course = result.seats[:, 0], result.classes[result.seats[:, 1], 0]
    form = result.classes[result.seats[:, 1], 1]
    return np.asarray((x.worth[person] * x.cover[course]).sum(1) * x.eff[course, form])


def closed(built: Built, result: Result) -> Floats:
    """(n,) weighted levels that the plan closes for each person; the sum is the objective."""
    x = built.instance
    left = np.ones(x.open.shape)
    course, form = result.classes[result.seats[:, 1], 0], result.classes[result.seats[:, 1], 1]
    for c in np.unique(course):
        pieces = np.flatnonzero(x.cover[c])
        mine = course == c
        rest = 1.0 - x.eff[c, form[mine]]
        np.multiply.at(left, (result.seats[mine, 0][:, None], pieces[None, :]), rest[:, None])
    return np.asarray((x.worth * (1.0 - left)).sum(1))


def provisional(built: Built, result: Result) -> np.ndarray:
    """Seats whose holder could be exchanged for somebody of equal need who has none: their names are provisional."""
    x = built.instance
    tied = np.zeros(len(result.seats), bool)
    course_of = result.classes[result.seats[:, 1], 0]
    for course in np.unique(course_of):
        rows = np.flatnonzero(course_of == course)
        inside = result.seats[rows, 0]
        outside = np.setdiff1d(np.flatnonzero(x.need[:, course] > 0), inside)
        names, which = np.unique(_signatures(x, np.concatenate([inside, outside]), course), return_inverse=True)
        spare = np.bincount(which[len(inside) :], minlength=len(names))
        tied[rows] = spare[which[: len(inside)]] > 0
    return tied


def _signatures(x: Instance, people: np.ndarray, course: int) -> np.ndarray:
    """Two people with the same bytes are alike for this course: position, area, kind of unit and open pieces."""
    who = np.stack([x.group[people], x.area[people], x.type[people]], 1).astype(np.int32)
    pieces = x.open[people][:, x.cover[course]].astype(np.int32)
    whole = np.ascontiguousarray(np.concatenate([who, pieces], 1))
    return whole.view(np.dtype((np.void, whole.dtype.itemsize * whole.shape[1]))).ravel()


def unsure(built: Built, result: Result) -> Floats:
    """Share 0..1 of the need behind each seat that is not yet known, or rests on the prior (then 1)."""
    x, table = built.instance, built.table
    person, course = result.seats[:, 0], result.classes[result.seats[:, 1], 0]
    worth = x.worth[person] * x.cover[course]
    doubt = np.repeat(table.state == NOT_YET_KNOWN, BANDS, axis=1)[person] | ~table.measured[person][:, None]
    whole = worth.sum(1)
    return np.where(whole > 0, (worth * doubt).sum(1) / np.where(whole > 0, whole, 1.0), 0.0)


@dataclass(frozen=True, eq=False)
class SeatFacts:
    """What is known of every seat, each (k,): weighted levels closed, provisional name, share of need in doubt."""

    worth: Floats
    tied: np.ndarray
    doubt: Floats


def seat_facts(built: Built, result: Result) -> SeatFacts:
    """Worked out before the write turn is taken: a city takes seconds."""
    return SeatFacts(gains(built, result), provisional(built, result), unsure(built, result))


def keep(scenario: Scenario, built: Built, result: Result, facts: SeatFacts | None = None) -> None:
    """Replace the scenario's classes and seats by the result. Call inside an act."""
    PlannedClass.objects.filter(scenario=scenario).delete()
    costs, x = class_costs(built, result), built.instance
    order = sorted(range(len(result.classes)), key=lambda j: (result.classes[j, 3], result.classes[j, 0], j))
    rows: dict[int, PlannedClass] = {}
    for number, j in enumerate(order, 1):
        c, f, v, start, lecturer, source = result.classes[j].tolist()
        rows[j] = PlannedClass(
            scenario=scenario, number=number, course=built.courses[c], form=FORMS[f],
            venue=built.venues[v] if v >= 0 else None, start=start, weeks=int(x.length[c, f]),
            lecturer=built.lecturers[lecturer], source=built.sources[source], cost=int(costs[j]),
        )  # fmt: skip
    facts = facts or seat_facts(built, result)
    worth, tied, doubt = facts.worth, facts.tied, facts.doubt
    seat_of, many = result.seats[:, 1], len(result.classes)
    count, spare = np.bincount(seat_of, minlength=many), np.bincount(seat_of, tied, minlength=many)
    gain = np.bincount(seat_of, worth, minlength=many)
    for j, row in rows.items():
        row.seat_count, row.tied_count, row.gain_sum = int(count[j]), int(spare[j]), float(gain[j])
    PlannedClass.objects.bulk_create([rows[j] for j in order], batch_size=SIZE_OF_BATCH)
    person, prior = built.table.ids[result.seats[:, 0]], ~built.table.measured[result.seats[:, 0]]
    seats = zip(
        [rows[j].pk for j in seat_of.tolist()], person.tolist(), worth.tolist(), tied.tolist(),
        doubt.round(4).tolist(), prior.tolist(), strict=True,
    )  # fmt: skip
    _insert_seats(list(seats))


def _insert_seats(rows: list[tuple[int, int, float, bool, float, bool]]) -> None:
    """A city has two hundred thousand seats: model instances would hold the write turn for half a minute."""
    fields = ("planned_class", "person", "gain", "tied", "unsure", "from_prior")
    names: list[str] = [cast(Any, PlannedSeat._meta.get_field(name)).column for name in fields]
    quote = connection.ops.quote_name
    columns, marks = ", ".join(map(quote, names)), ", ".join(["%s"] * len(names))
    table = quote(PlannedSeat._meta.db_table)
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)  # noqa: S608 - names of the model


def figures(built: Built, result: Result) -> dict[str, Any]:
    """What the plan's pages and documents state; money in đồng, objective in weighted levels closed."""
    x, costs = built.instance, class_costs(built, result)
    source = result.classes[:, 5] if len(costs) else np.zeros(0, np.int64)
    by_source = np.bincount(source, costs, minlength=len(built.sources))
    done, need = closed(built, result), x.worth.sum(1)
    people = np.unique(result.seats[:, 0])
    return {
        "status": result.status, "objective": round(float(done.sum()), 3), "bound": round(float(result.bound), 3),
        "gap": round(float(result.gap), 5), "seconds": round(float(result.seconds), 2),
        "need": round(float(need.sum()), 3), "shadow_price": round(float(result.shadow_price), 4),
        "cost": int(costs.sum()), "classes": len(result.classes), "seats": len(result.seats), "people": len(people),
        "people_in_need": int((~x.exempt).any(1).sum()),
        "by_source": {built.sources[i].code: int(v) for i, v in enumerate(by_source)},
        "by_kind": _by_kind(built, done, need, people), "absent_peak": _absent_peak(built, result),
        "reasons": _reasons(built, result), "prices": [float(price) for price in result.prices],
    }  # fmt: skip


def plan_lines(scenario: Scenario) -> list[PlanLine]:
    """What a plan means to spend, by source and course, for the year's books."""
    made: dict[tuple[int, int], PlanLine] = {}
    for row in PlannedClass.objects.filter(scenario=scenario).select_related("source", "course"):
        known = made.get((row.source_id, row.course_id))
        course, classes, amount = row.course, known.classes if known else 0, known.amount if known else 0
        made[row.source_id, row.course_id] = PlanLine(
            row.source, course.code, course.name_vi, course.name_en, classes + 1, amount + row.cost
        )
    return list(made.values())


def n_pretest(result: Result, facts: SeatFacts, share: float) -> int:
    """People of whose need in their planned courses more than `share` is in doubt."""
    person = result.seats[:, 0]
    whole, doubt = np.bincount(person, facts.worth), np.bincount(person, facts.worth * facts.doubt)
    return int((doubt > share * whole)[whole > 0].sum())


def _by_kind(built: Built, done: Floats, need: Floats, people: np.ndarray) -> dict[str, dict[str, float]]:
    """For each kind of unit: people, people in a class, weighted levels needed and closed."""
    kinds = np.array([unit.kind for unit in built.units])[built.instance.unit]
    seated = np.isin(np.arange(built.instance.n), people)
    return {
        str(kind): {
            "people": int((kinds == kind).sum()), "in_class": int(seated[kinds == kind].sum()),
            "need": round(float(need[kinds == kind].sum()), 3), "closed": round(float(done[kinds == kind].sum()), 3),
        }
        for kind in np.unique(kinds)
    }  # fmt: skip


def _absent_peak(built: Built, result: Result) -> dict[str, Any]:
    """The unit of ten people or more with the largest share in rooms in one week; {} when nobody leaves the desk."""
    x = built.instance
    c, f, _v, start, _lecturer, _source = result.classes.T
    away: set[tuple[int, int]] = set()
    for j, person in result.seats[:, ::-1].tolist():
        away.update((person, int(start[j] + w)) for w in np.flatnonzero(x.room[c[j], f[j]]))
    count = np.zeros((len(built.units), x.weeks), np.int64)
    if away:
        person, week = np.array(sorted(away)).T
        np.add.at(count, (x.unit[person], week), 1)
    share = np.where(x.size[:, None] >= 10, count / np.maximum(1, x.size[:, None]), 0.0)
    if not share.any():
        return {}
    u, week = np.unravel_index(int(np.argmax(share)), share.shape)
    return {
        "unit": built.units[u].name, "week": int(week), "people": int(count[u, week]),
        "share": round(float(share[u, week]), 4),
    }  # fmt: skip


def _reasons(built: Built, result: Result) -> list[dict[str, Any]]:
    """The planner's reasons for unmet coverage with names instead of indexes: course, unit or group."""
    x, made = built.instance, []
    for row in result.reasons:
        told = {key: int(value) if isinstance(value, np.integer) else value for key, value in row.items()}
        if "mandatory" in told:
            told["course"] = x.course_code[x.mandatory[told["mandatory"]].course]
        if "unit" in told:
            told["unit_name"] = built.units[told["unit"]].name
        made.append(told)
    return made
