"""A kept plan as arrays again, and one change by hand tried on it: its price, and what the checker finds against it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from nanglucso.core.refusals import Refused
from nanglucso.develop.plans import solving
from nanglucso.develop.plans.building import Built, build
from nanglucso.develop.plans.models import HandChange, PlannedClass, PlannedSeat, Scenario
from nanglucso.engines.check import check
from nanglucso.engines.instance import FORMS, Ints
from nanglucso.engines.outcome import Result
from nanglucso.workforce.framework.models import Framework

Kind = HandChange.Kind
STALE = _("Staff, courses, rooms or lecturers have changed since: compute the plan again first.")
MOST_PEOPLE, MOST_TRIES = 10_000, 6
WHO = {
    "person", "class", "unit", "lecturer", "venue", "source", "week", "quarter", "course", "prereq", "mandatory",
    "group",
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Loaded:
    """A scenario's plan as the engines read it; `numbers` of the classes in the order of the rows; `prices` that
    proved its bound, from which a what-if starts."""

    built: Built
    classes: Ints
    seats: Ints
    numbers: list[int]
    prices: Sequence[float] = ()

    def row_of(self, person: int) -> int:
        """The person's row. Raises Refused for somebody who is not planned for."""
        at = np.flatnonzero(self.built.table.ids == person)
        if not len(at):
            raise Refused(
                _("This person has no position or has left: the plan does not count with them."), field="person"
            )
        return int(at[0])


def load(framework: Framework, scenario: Scenario, *, at: datetime) -> Loaded:
    """Rebuild instance and plan. Raises Refused when means or people of the plan are no longer there."""
    built = build(framework, scenario, at=at)
    kinds: tuple[Sequence[Model], ...] = (built.courses, built.venues, built.lecturers, built.sources)
    place = [{row.pk: i for i, row in enumerate(rows)} for rows in kinds]
    people = {int(pk): i for i, pk in enumerate(built.table.ids)}
    rows = list(PlannedClass.objects.filter(scenario=scenario).order_by("number"))
    seats = PlannedSeat.objects.filter(planned_class__scenario=scenario).values_list("person", "planned_class")
    at_class = {row.pk: j for j, row in enumerate(rows)}
    try:
        classes = [
            [place[0][r.course_id], FORMS.index(r.form), place[1][r.venue_id] if r.venue_id else -1, r.start,
             place[2][r.lecturer_id], place[3][r.source_id]]
            for r in rows
        ]  # fmt: skip
        sat = [[people[person], at_class[pk]] for person, pk in seats]
    except KeyError:
        raise Refused(STALE) from None
    return Loaded(
        built, np.array(classes, np.int64).reshape(-1, 6), np.array(sat, np.int64).reshape(-1, 2),
        [row.number for row in rows], scenario.figures.get("prices", ()),
    )  # fmt: skip


def as_result(scenario: Scenario, loaded: Loaded, seats: Ints) -> Result:
    """The plan with other seats, against the bound that was proven."""
    f, verdict = scenario.figures, check(loaded.built.instance, loaded.classes, seats, limit=0)
    bound = max(float(f["bound"]), verdict["objective"])
    gap = (bound - verdict["objective"]) / bound if bound else 0.0
    told = (verdict["objective"], bound, gap, float(f["seconds"]), float(f["shadow_price"]))
    return Result(loaded.classes, seats, *told, [], str(f["status"]))


def cost_of(loaded: Loaded, seats: Ints) -> int:
    """đồng of the plan with these seats, to the đồng as the rows have it."""
    return int(solving.class_costs(loaded.built, Result(loaded.classes, seats, 0, 0, 0, 0, 0, [], "ok")).sum())


def changed(seats: Ints, classes: Ints, kind: str, person: int, target: int) -> Ints:
    """Seats after a change: `target` is the class gone to (pin, move) or left (forbid)."""
    same_course = classes[seats[:, 1], 0] == classes[target, 0]
    mine = (seats[:, 0] == person) & (same_course if kind == Kind.MOVE else seats[:, 1] == target)
    left = seats[~mine]
    return left if kind == Kind.FORBID else np.vstack([left, [[person, target]]])


@dataclass(frozen=True, eq=False)
class Trial:
    """What a change would do: weighted levels and đồng more or less, the new breaches, and classes without any."""

    seats: Ints
    price: float
    cost: int
    conflicts: list[tuple[str, dict[str, Any]]]
    instead: list[int]


def breaches(verdict: Mapping[str, Any]) -> dict[tuple[Any, ...], tuple[str, dict[str, Any]]]:
    """What the checker found, by rule and by whom it concerns."""
    found = {}
    for rule, told in verdict["violations"].items():
        for item in told["items"]:
            who = tuple(sorted((k, v) for k, v in item.items() if k in WHO))
            found[(rule, *who)] = (rule, item)
    return found


def attempt(loaded: Loaded, kind: str, person: int, target: int, *, alternatives: bool = True) -> Trial:
    """Try one change; the checker judges the whole plan before and after."""
    x, classes = loaded.built.instance, loaded.classes
    held = (loaded.seats[:, 0] == person) & (loaded.seats[:, 1] == target)
    if held.any() != (kind == Kind.FORBID):
        text = (
            _("This person does not sit in this class.")
            if kind == Kind.FORBID
            else _("This person sits there already.")
        )
        raise Refused(text, field="person")
    seats = changed(loaded.seats, classes, kind, person, target)
    before, after = check(x, classes, loaded.seats), check(x, classes, seats)
    known = breaches(before)
    new = [one for key, one in breaches(after).items() if key not in known]
    instead: list[int] = []
    if new and alternatives and kind != Kind.FORBID and x.n <= MOST_PEOPLE:
        instead = _instead(loaded, person, target, set(known))
    cost = cost_of(loaded, seats) - cost_of(loaded, loaded.seats)
    return Trial(seats, after["objective"] - before["objective"], cost, new, instead)


def _instead(loaded: Loaded, person: int, target: int, known: set[tuple[Any, ...]]) -> list[int]:
    """Numbers of other classes of the course that would take the person without any breach."""
    others = [j for j in np.flatnonzero(loaded.classes[:, 0] == loaded.classes[target, 0]).tolist() if j != target]
    found = []
    for j in others[:MOST_TRIES]:
        seats = changed(loaded.seats, loaded.classes, Kind.MOVE, person, j)
        if not set(breaches(check(loaded.built.instance, loaded.classes, seats))) - known:
            found.append(loaded.numbers[j])
    return found


def reapply(built: Built, scenario: Scenario, result: Result) -> tuple[Result, dict[int, str]]:
    """The planner's decisions on a plan computed anew, and for those that cannot be kept the rules that bar them."""
    lost: dict[int, str] = {}
    for row in HandChange.objects.filter(scenario=scenario).select_related("course"):
        here = Loaded(built, result.classes, result.seats, list(range(1, len(result.classes) + 1)))
        try:
            person = here.row_of(row.person_id)
            trial = _again(here, row, person)
        except Refused as no:
            lost[row.pk] = str(no.message)
            continue
        if trial is None:
            continue
        if trial.conflicts:
            lost[row.pk] = ", ".join(sorted({rule for rule, _item in trial.conflicts}))
            continue
        result = replace(result, seats=trial.seats, objective=result.objective + trial.price)
    if result.bound:
        result = replace(result, gap=max(0.0, (result.bound - result.objective) / result.bound))
    return result, lost


def _again(here: Loaded, row: HandChange, person: int) -> Trial | None:
    """One decision tried on the new classes; None = the plan does so by itself."""
    course = next((i for i, one in enumerate(here.built.courses) if one.pk == row.course_id), -1)
    mine = here.seats[here.seats[:, 0] == person, 1]
    sat = [int(j) for j in mine if here.classes[j, 0] == course]
    if row.kind == Kind.FORBID:
        return attempt(here, Kind.FORBID, person, sat[0], alternatives=False) if sat else None
    fits = np.flatnonzero((here.classes[:, 0] == course) & (here.classes[:, 1] == FORMS.index(row.form)))
    near = sorted(fits.tolist(), key=lambda j: abs(int(here.classes[j, 3]) - row.start))
    if not near:
        raise Refused(_("The new plan has no class of this course in this form."))
    if set(sat) & {j for j in near if here.classes[j, 3] == here.classes[near[0], 3]}:
        return None
    trials = [attempt(here, Kind.MOVE, person, j, alternatives=False) for j in near[:MOST_TRIES] if j not in sat]
    return next((one for one in trials if not one.conflicts), trials[0] if trials else None)


def keep(scenario: Scenario, loaded: Loaded, kind: str, person: int, target: int, seats: Ints) -> None:
    """Write one change to the rows: the seat, the classes it touches, and the plan's figures. Call inside an act."""
    result = as_result(scenario, loaded, seats)
    costs, gain = solving.class_costs(loaded.built, result), solving.gains(loaded.built, result)
    pk, numbers = int(loaded.built.table.ids[person]), loaded.numbers
    mine = PlannedSeat.objects.filter(planned_class__scenario=scenario, person=pk)
    course = loaded.built.courses[int(loaded.classes[target, 0])]
    mine.filter(planned_class__course=course).delete()
    rows = {row.number: row for row in PlannedClass.objects.filter(scenario=scenario, course=course)}
    if kind != Kind.FORBID:
        doubt, measured = solving.unsure(loaded.built, result)[-1], bool(loaded.built.table.measured[person])
        PlannedSeat.objects.create(
            planned_class=rows[numbers[target]], person_id=pk, gain=float(gain[-1]), unsure=round(float(doubt), 4),
            from_prior=not measured,
        )  # fmt: skip
    for j in np.flatnonzero(loaded.classes[:, 0] == loaded.classes[target, 0]).tolist():
        row, here = rows[numbers[j]], result.seats[:, 1] == j
        row.cost, row.seat_count, row.gain_sum = int(costs[j]), int(here.sum()), float(gain[here].sum())
        row.tied_count = row.seats.filter(tied=True).count()
        row.save(update_fields=["cost", "seat_count", "gain_sum", "tied_count"])
    kept = {key: scenario.figures[key] for key in ("pretest", "reasons", "status", "prices") if key in scenario.figures}
    scenario.figures = solving.figures(loaded.built, result) | kept
