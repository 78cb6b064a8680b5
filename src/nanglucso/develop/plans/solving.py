"""Engine's result → rows and figures that pages and documents speak from."""

from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from nanglucso.develop.plans.building import MILLION, Built, build
from nanglucso.develop.plans.models import PlannedClass, PlannedSeat, Scenario
from nanglucso.engines import check
from nanglucso.engines.instance import FORMS

if TYPE_CHECKING:
    from nanglucso.engines import plan

__all__ = ["build", "figures", "keep", "run"]
SIZE_OF_BATCH = 500


def run(
    built: Built, *, seconds: float, seed: int, on_incumbent: Callable[[float, float, float], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> "plan.Result":  # fmt: skip
    """Solve; the result has been checked by the checker, which knows nothing of the solver."""
    from nanglucso.engines import plan

    result = plan.solve(
        built.instance, time_limit=seconds, seed=seed, on_incumbent=on_incumbent, should_stop=should_stop
    )
    verdict = check.check(built.instance, result.classes, result.seats)
    if not verdict["valid_placing"]:
        raise RuntimeError(f"the planner broke a rule: {sorted(verdict['violations'])}")
    return result


def class_costs(built: Built, result: "plan.Result") -> np.ndarray:
    """Cost of each class in đồng, by the published formula."""
    x = built.instance
    costs = []
    for j, (c, f, v, _start, lecturer, _source) in enumerate(result.classes.tolist()):
        people = result.seats[result.seats[:, 1] == j, 0]
        direct = x.fixed[c, f] + x.lect_rate[lecturer] * x.lect[c, f].sum() + x.seat_cost[c, f] * len(people)
        if v >= 0:
            trips = np.maximum(0.0, x.trip[x.area[people], x.venue_area[v]]).sum()
            direct += x.venue_rate[v] * x.room[c, f].sum() + trips * int((x.room[c, f] > 0).sum())
        costs.append((1 + x.management) * direct)
    return np.rint(np.array(costs) * MILLION).astype(np.int64)


def gains(built: Built, result: "plan.Result") -> np.ndarray:
    """What each seat closes by itself, in weighted levels (the sum over seats may exceed the objective)."""
    x = built.instance
    person, course = result.seats[:, 0], result.classes[result.seats[:, 1], 0]
    form = result.classes[result.seats[:, 1], 1]
    weight = np.repeat(x.weight[x.group[person]], x.open.shape[1] // x.weight.shape[1], axis=1)
    worth = weight * x.open[person].astype(float) / 100 * x.cover[course]
    return np.asarray(worth.sum(1) * x.eff[course, form])


def provisional(built: Built, result: "plan.Result") -> np.ndarray:
    """Seats whose holder could be exchanged for somebody of equal need who has none: their names are provisional."""
    x = built.instance
    tied = np.zeros(len(result.seats), bool)
    course_of = result.classes[result.seats[:, 1], 0]
    for course in np.unique(course_of):
        pieces = np.flatnonzero(x.cover[course])
        inside = result.seats[course_of == course, 0]
        outside = np.setdiff1d(np.flatnonzero(x.need[:, course] >= x.need_points), inside)
        out = Counter(_signature(x, p, pieces) for p in outside.tolist())
        for row in np.flatnonzero(course_of == course):
            tied[row] = out[_signature(x, int(result.seats[row, 0]), pieces)] > 0
    return tied


def _signature(x: Any, person: int, pieces: np.ndarray) -> tuple[Any, ...]:
    return (int(x.group[person]), int(x.area[person]), int(x.type[person]), x.open[person, pieces].tobytes())


def keep(scenario: Scenario, built: Built, result: "plan.Result") -> None:
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
    PlannedClass.objects.bulk_create([rows[j] for j in order], batch_size=SIZE_OF_BATCH)
    worth, tied = gains(built, result), provisional(built, result)
    PlannedSeat.objects.bulk_create(
        [
            PlannedSeat(
                planned_class=rows[j], person_id=int(built.table.ids[p]), gain=float(worth[i]), tied=bool(tied[i])
            )
            for i, (p, j) in enumerate(result.seats.tolist())
        ],
        batch_size=2000,
    )


def figures(built: Built, result: "plan.Result") -> dict[str, Any]:
    """What the plan's pages and documents state; money in đồng, objective in weighted levels closed."""
    x, costs = built.instance, class_costs(built, result)
    by_source = np.bincount(result.classes[:, 5], costs, minlength=len(built.sources)) if len(costs) else []
    weight = np.repeat(x.weight[x.group], x.open.shape[1] // x.weight.shape[1], axis=1)
    need = float((weight * x.open / 100).sum())
    people = np.unique(result.seats[:, 0])
    return {
        "status": result.status, "objective": round(result.objective, 3), "bound": round(result.bound, 3),
        "gap": round(result.gap, 5), "seconds": round(result.seconds, 2), "need": round(need, 3),
        "shadow_price": round(result.shadow_price, 4), "cost": int(costs.sum()) if len(costs) else 0,
        "classes": len(result.classes), "seats": len(result.seats), "people": len(people),
        "people_in_need": int((x.need >= x.need_points).any(1).sum()),
        "by_source": {built.sources[i].code: int(v) for i, v in enumerate(by_source)},
        "reasons": result.reasons,
    }  # fmt: skip
