"""Other budgets tried on a computed plan, without computing the year anew."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from nanglucso.core.refusals import Refused
from nanglucso.develop.plans import handwork
from nanglucso.develop.plans.building import MILLION
from nanglucso.develop.plans.handwork import Loaded
from nanglucso.develop.plans.models import Scenario
from nanglucso.develop.plans.solving import class_costs
from nanglucso.engines.outcome import Proven
from nanglucso.workforce.framework.models import Framework

SHARES = (0.5, 0.75, 0.9, 1.0, 1.1, 1.25, 1.5)
SECONDS = 4.0
_LAST: dict[tuple[object, ...], Loaded] = {}
_PROVEN: list[Proven] = []  # the last one: the first budget tried on a plan proves the bound of all others


@dataclass(frozen=True)
class Tried:
    """A plan near the computed one under another budget (đồng); `closed`, `bound` shares of the need; `cost` đồng."""

    budget: int
    closed: float
    bound: float
    change: float
    cost: int
    opened: int
    dropped: int
    moved: int
    seconds: float


def loaded(framework: Framework, scenario: Scenario, *, at: datetime) -> Loaded:
    """The plan as arrays; the last one is kept, so that a slider answers without reading the city again."""
    key = (scenario.pk, scenario.version, scenario.solved_at, f"{at:%Y%m%d%H}")
    if key not in _LAST:
        found = handwork.load(framework, scenario, at=at)
        _LAST.clear()
        _LAST[key] = found
    return _LAST[key]


def at_budget(
    plan: Loaded, budget: int, *, seconds: float = SECONDS, should_stop: Callable[[], bool] | None = None
) -> Tried:  # fmt: skip
    """The plan under another budget (đồng), every source growing or shrinking alike. Raises Refused."""
    from nanglucso.engines.whatif import PlanError, whatif  # the solver is loaded when first asked

    known = _PROVEN[0] if _PROVEN else None
    try:
        told = whatif(
            plan.built.instance, (plan.classes, plan.seats), budget / MILLION, prices=plan.prices, proven=known,
            time_limit=seconds, seed=1, should_stop=should_stop,
        )  # fmt: skip
    except PlanError:
        raise Refused(handwork.STALE) from None
    if told.result.proven:
        _PROVEN[:] = [told.result.proven]
    need = float(plan.built.instance.worth.sum()) or 1.0
    return Tried(
        budget, told.result.objective / need, told.result.bound / need, told.change / need,
        int(class_costs(plan.built, told.result).sum()), told.classes_added, told.classes_removed, told.people_moved,
        told.result.seconds,
    )  # fmt: skip


def along(
    framework: Framework, scenario: Scenario, *, at: datetime, should_stop: Callable[[], bool] | None = None,
    shares: Sequence[float] = SHARES, seconds: float = 2 * SECONDS,
) -> Iterator[tuple[float, dict[str, float]]]:  # fmt: skip
    """(share of the budget, {budget, closed, bound}) from less money to more."""
    plan = handwork.load(framework, scenario, at=at)
    for share in shares:
        told = at_budget(plan, round(scenario.budget * share), seconds=seconds, should_stop=should_stop)
        yield share, {"budget": told.budget, "closed": round(told.closed, 6), "bound": round(told.bound, 6)}
