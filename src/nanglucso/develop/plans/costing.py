"""What one class and one seat of a course cost, line by line, from the rates in force."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nanglucso.develop.budget.models import Rate
from nanglucso.develop.plans.building import MANAGEMENT, taken_share
from nanglucso.develop.plans.models import Course, PlannedClass

LECTURER_RATE = "lecturer_session_plan"
ROOM_RATES = {"room": "room_session", "computer_room": "computer_room_session"}
MANAGEMENT_RATE = "class_management"


@dataclass(frozen=True)
class Line:
    """One cost line: rate, quantity, đồng; `per_seat` lines count once a person. No rate or amount: `amount` None."""

    rate: Rate | None
    code: str
    qty: float
    amount: int | None
    per_seat: bool

    @property
    def assumed(self) -> bool:
        return self.rate is None or self.rate.kind == Rate.Kind.ASSUMPTION


@dataclass(frozen=True)
class FormCost:
    """One form of a course: size, time, effect and cost in đồng.

    `class_cost` before anybody sits down and `seat_cost` a seat, both with class management; `full_cost` of a full
    class; `prior`, `measured` (None = no class measured yet), `taken` shares of the missing way closed.
    """

    form: str
    name: str
    weeks: int
    lecturer_buoi: int
    room_buoi: int
    least: int
    most: int
    prior: float
    measured: float | None
    measured_people: int
    taken: float
    lines: tuple[Line, ...]
    class_cost: int | None
    seat_cost: int | None

    @property
    def full_cost(self) -> int | None:
        if self.class_cost is None or self.seat_cost is None:
            return None
        return self.class_cost + self.most * self.seat_cost

    @property
    def a_head(self) -> int | None:
        return None if self.full_cost is None else round(self.full_cost / max(1, self.most))


def _line(code: str, qty: float, rates: Mapping[str, Rate], per_seat: bool) -> Line:
    rate = rates.get(code)
    amount = None if rate is None or rate.amount is None else round(rate.amount * qty)
    return Line(rate, code, qty, amount, per_seat)


def _total(lines: list[Line]) -> int | None:
    amounts = [line.amount for line in lines]
    if any(amount is None for amount in amounts):
        return None
    return round(sum(amount or 0 for amount in amounts) * (1 + MANAGEMENT))


def form_costs(course: Course, rates: Mapping[str, Rate]) -> list[FormCost]:
    """Every form a course is offered in; lecturers and rooms at the planning rates. `rates`: code → rate in force."""
    names = dict(PlannedClass.Form.choices)
    return [_form_cost(course, form, str(names[form]), rates) for form in names if form in course.forms]


def _form_cost(course: Course, form: str, name: str, rates: Mapping[str, Rate]) -> FormCost:
    told: dict[str, Any] = course.forms[form]
    teach, room = sum(told["lect_buoi"]), sum(told["room_buoi"])
    lines = [_line(LECTURER_RATE, teach, rates, False)]
    if room:
        lines.append(_line(ROOM_RATES.get(course.room, ROOM_RATES["room"]), room, rates, False))
    lines += [_line(one["rate"], float(one.get("qty", 1)), rates, False) for one in told["fixed"]]
    each = [_line(one["rate"], float(one.get("qty", 1)), rates, True) for one in told["seat"]]
    measured = course.measured.get(form)
    return FormCost(
        form=form, name=name, weeks=len(told["lect_buoi"]), lecturer_buoi=teach, room_buoi=room, least=told["min"],
        most=told["max"], prior=float(told["eff"]), measured=float(measured["shift"]) if measured else None,
        measured_people=int(measured["people"]) if measured else 0, taken=taken_share(course, form),
        lines=(*lines, *each), class_cost=_total(lines), seat_cost=_total(each),
    )  # fmt: skip
