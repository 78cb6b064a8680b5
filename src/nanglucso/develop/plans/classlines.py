"""What one planned class costs, line by line; the lines sum to the cost that the plan states."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from nanglucso.develop.budget.models import Rate
from nanglucso.develop.plans.building import MANAGEMENT
from nanglucso.develop.plans.models import PlannedClass

LECTURER, ROOM, TRIP, OTHER_TRIP, SHARE = "=lecturer", "=room", "trip_same_area", "=trip", "=management"


def own_lines(row: PlannedClass, seats: int, rates: Mapping[str, Rate]) -> Iterator[tuple[str, int, float, bool]]:
    """(code, đồng, quantity, assumed) of one class, without management and journeys between areas."""
    form: dict[str, Any] = row.course.forms[row.form]
    for lines, times in ((form["fixed"], 1), (form["seat"], seats)):
        for line in lines:
            yield line["rate"], _amount(rates, line["rate"]), float(line.get("qty", 1)) * times, False
    yield LECTURER, row.lecturer.rate, sum(form["lect_buoi"]), row.lecturer.assumed
    if row.venue:
        yield ROOM, row.venue.rate, sum(form["room_buoi"]), row.venue.assumed
        yield TRIP, _amount(rates, TRIP), seats * sum(1 for buoi in form["room_buoi"] if buoi), False


def _amount(rates: Mapping[str, Rate], code: str) -> int:
    rate = rates.get(code)
    return (rate.amount or 0) if rate else 0


@dataclass(frozen=True)
class ClassLine:
    """One cost line of a class: `key` for a form field, quantity, planned đồng."""

    code: str
    name: str
    qty: float
    amount: int

    @property
    def key(self) -> str:
        return self.code.replace("=", "own_")


def _names(rates: Mapping[str, Rate]) -> dict[str, str]:
    own = {
        LECTURER: _("Lecturer"), ROOM: _("Room"), TRIP: _("Travel within the area"),
        OTHER_TRIP: _("Travel between areas"), SHARE: _("Class management"),
    }  # fmt: skip
    return {code: rate.name for code, rate in rates.items()} | own


def class_lines(row: PlannedClass, rates: Mapping[str, Rate]) -> list[ClassLine]:
    """The lines with the plan's number of seats; one kind of line stands once, management comes last."""
    names, found = _names(rates), dict[str, list[float]]()
    for code, unit, quantity, _assumed in own_lines(row, row.seat_count, rates):
        if unit and quantity:
            line = found.setdefault(code, [0.0, 0.0])
            line[0] += quantity
            line[1] += unit * quantity
    share = float(row.scenario.params.get("management", MANAGEMENT))
    direct, known = row.cost / (1 + share), sum(amount for _quantity, amount in found.values())
    if direct - known > 1:
        found[OTHER_TRIP], known = [0.0, direct - known], direct
    made = [ClassLine(code, names.get(code, code), qty, round(amount)) for code, (qty, amount) in found.items()]
    made.sort(key=lambda line: (line.code != LECTURER, line.code != ROOM, line.code in (TRIP, OTHER_TRIP), line.code))
    return [*made, ClassLine(SHARE, names[SHARE], share, row.cost - sum(line.amount for line in made))]
