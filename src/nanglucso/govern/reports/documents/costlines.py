"""What the planned classes cost, line by line: source, rate, quantity, amount, legal basis. Sums to the plan's cost."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from nanglucso.develop.budget.queries import rates_on
from nanglucso.develop.plans.building import MANAGEMENT
from nanglucso.develop.plans.classlines import LECTURER, OTHER_TRIP, ROOM, SHARE, TRIP, own_lines
from nanglucso.develop.plans.models import PlannedClass, Scenario


@dataclass(frozen=True)
class CostLine:
    """`code` is a rate's, or one of the names above; `unit` đồng (0 = no single price), `quantity`, `amount` đồng."""

    source: str
    code: str
    unit: int
    quantity: float
    amount: int
    assumed: bool


def cost_lines(scenario: Scenario, classes: Iterable[PlannedClass]) -> list[CostLine]:
    """Lines by source (in order of use) and rate. For every source the amounts sum to the cost of its classes.

    Management is the scenario's share of the direct cost; journeys between areas take what the class costs beyond
    the lines known here, and differences under a đồng a class go with management.
    """
    rates = {rate.code: rate for rate in rates_on(scenario.first_week)}
    share = float(scenario.params.get("management", MANAGEMENT))
    sums: dict[tuple[int, str, str, int, bool], list[float]] = defaultdict(lambda: [0.0, 0.0])

    def add(row: PlannedClass, code: str, unit: int, quantity: float, amount: float, assumed: bool) -> None:
        kept = sums[row.source.order, row.source.code, code, unit, assumed]
        kept[0] = quantity if code == SHARE else kept[0] + quantity
        kept[1] += amount

    for row in classes:
        known = 0.0
        for code, unit, quantity, assumed in own_lines(row, int(row.n_seats), rates):  # type: ignore[attr-defined]
            if unit and quantity:
                add(row, code, unit, quantity, unit * quantity, assumed)
                known += unit * quantity
        direct = row.cost / (1 + share)
        if direct - known > 1:
            add(row, OTHER_TRIP, 0, 0.0, direct - known, False)
            known = direct
        add(row, SHARE, 0, share, row.cost - known, False)
    return _whole(sums)


def _whole(sums: dict[tuple[int, str, str, int, bool], list[float]]) -> list[CostLine]:
    """Whole đồng; what rounding loses goes to the source's management line, which comes last."""
    made: list[CostLine] = []
    order = {LECTURER: 0, ROOM: 1, TRIP: 8, OTHER_TRIP: 8, SHARE: 9}
    keys = sorted(sums, key=lambda key: (key[0], key[1], order.get(key[2], 5), key[2], key[3]))
    exact: dict[str, float] = defaultdict(float)
    given: dict[str, int] = defaultdict(int)
    for key in keys:
        _order, source, code, unit, assumed = key
        quantity, amount = sums[key]
        exact[source] += amount
        whole = round(exact[source]) - given[source] if code == SHARE else round(amount)
        given[source] += whole
        made.append(CostLine(source, code, unit, quantity, whole, assumed))
    return made
