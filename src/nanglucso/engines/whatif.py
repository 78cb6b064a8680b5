"""What if the budget were another?  A lawful plan near an old one, without solving the year anew."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np

from nanglucso.engines import bound as bounds
from nanglucso.engines.build import Lane
from nanglucso.engines.check import check
from nanglucso.engines.instance import Bools, Instance, Ints
from nanglucso.engines.outcome import Proven, Result
from nanglucso.engines.run import OnIncumbent, Run, ShouldStop
from nanglucso.engines.stages import FLOORS, repair

Plan = tuple[Ints, Ints]
STEPS = 30  # of the search for prices when there are none to begin with


@dataclass(frozen=True, eq=False)
class WhatIf:
    """A plan near an old one under another budget, and how far it is from the old one."""

    result: Result
    change: float
    classes_added: int
    classes_removed: int
    people_moved: int


class PlanError(ValueError):
    """The old plan breaks the rules; the message names them."""


def _judged(x: Instance, classes: Ints, seats: Ints) -> dict[str, Any]:
    """The checker's verdict on the old plan. Raises PlanError when it breaks one of R1-R15 apart from money."""
    verdict = check(x, classes, seats, limit=1)
    broken = [rule for rule in verdict["violations"] if int(rule[1:]) <= 15 and rule not in ("R13", "R14")]
    if broken:
        raise PlanError(f"The plan breaks {', '.join(broken)}; give a plan that keeps R1 to R15.")
    return verdict


def _moved(x: Instance, old: Plan, new: Plan) -> int:
    """People who no longer sit in a class of the same course, form, room and week."""
    room = np.array([len(x.tiet), 3, len(x.venue_area) + 1, x.weeks], np.int64)
    keys = []
    for classes, seats in (old, new):
        where = np.ravel_multi_index(tuple((classes[:, :4] + [0, 0, 1, 0]).T), tuple(room))
        keys.append(seats[:, 0] * np.prod(room) + where[seats[:, 1]])
    return len(np.unique(old[1][~np.isin(*keys), 0]))


def _cut(run: Run) -> None:
    """Close the classes worth least for their money until every source and the total are kept.

    A class that coverage needs is closed only when nothing else is left to close.  Once the time is over classes are
    closed without looking for other members for those that become too small, so that the plan is lawful in any case.
    """
    s, spare = run.seating, set[int]()
    while s.classes and _over(run).any():
        numbers, density = run.improver.density()
        closed = False
        for at in np.argsort(density, kind="stable"):
            victim, over = numbers[int(at)], _over(run)
            if not over.any():
                return
            if victim in s.classes and over[s.classes[victim].source] and victim not in spare:
                closed |= _close(run, victim, spare)
        if not closed:
            spare = {-1}  # from here on coverage gives way too


def _over(run: Run) -> Bools:
    """(S,) sources whose classes must give way: they cost too much, or all together do."""
    s, x = run.seating, run.x
    over = s.spent > x.amount + 1e-9
    return over if over.any() else np.full(len(over), bool(s.spent.sum() > x.budget + 1e-9))


def _close(run: Run, victim: int, spare: set[int]) -> bool:
    """Close the class, and those that become too small without whoever leaves; undone, and the class spared, when
    coverage would suffer.  Returns whether it is closed."""
    improver, hurried = run.improver, run.stop()
    before, mark = run.coverage.shortfall(), run.seating.mark()
    touched = [improver.remove(victim)]
    for number in improver.lean_classes(mark) if not hurried else ():
        run.wishes.refresh(touched[-1])
        improver.fill(number)
    touched += [improver.remove(number) for number in improver.lean_classes(mark)]
    if run.coverage.shortfall() > before and -1 not in spare:
        spare.add(victim)
        improver.undo(mark)
        return False
    if not hurried:
        run.wishes.refresh(np.unique(np.concatenate(touched)))
    return True


def _asked_for(run: Run) -> list[Lane]:
    """Kinds of classes that more people ask for than sit in them, at least half of the least size: to look at all the
    others takes a large city longer than an answer may take."""
    x, market, s = run.x, run.market, run.seating
    if not run.ways:
        return []
    asked = run.demand.reshape(len(market.options), -1, market.kinds).sum(axis=1)
    row_of = {int(o): i for i, o in enumerate(market.options)}
    for k in s.classes.values():
        row = row_of.get(3 * k.course + k.form)
        if row is not None:
            asked[row] -= np.bincount(market.kind[k.members], minlength=market.kinds)
    out = []
    for lane in run.ways:
        near = x.trip[:, lane.area] >= 0 if lane.area >= 0 else np.ones(len(x.trip), bool)
        who = (near[:, None] & x.source_type[lane.source][None]).ravel()
        if asked[lane.row, who].sum() >= x.size_min[lane.course, lane.form] / 2:
            out.append(lane)
    return out


def _start(run: Run, prices: Sequence[float]) -> bool:
    """Begin the search at these prices; returns whether they are prices of this year."""
    try:
        row = np.array(prices, np.float64)
        if not (np.isfinite(row) & (row >= 0)).all():
            return False
        run.shadow = bounds.of_row(run.x, row)
    except ValueError:
        return False
    return True


def _prove(run: Run, prices: Sequence[float], proven: Proven | None) -> None:
    """A bound of the year under its new budget: the old one's, one at the old prices, or one at prices to be found."""
    known = _start(run, prices)
    if not (known and proven is not None and run.recall(proven)):
        run.price(0 if known else STEPS, 0.3, quick=True)


def _near(run: Run, *, whole: bool) -> Result:
    """Close what cannot be paid for, open and fill what can; a ``whole`` plan that becomes short is mended."""
    run.equip(run.shadow, quick=True)
    _cut(run)
    run.keep()
    run.builder.caution = 0.0
    run.builder.run(_asked_for(run), FLOORS[-1], run.stop)
    run.improver.fill_all(run.stop)
    run.keep()
    if run.coverage.shortfall() and whole:
        repair(run, 20)
    if run.coverage.shortfall():
        run.price_free(0, 0.1)
    return run.result()


def whatif(
    instance: Instance,
    plan: Plan,
    budget: float,
    *,
    prices: Sequence[float] = (),
    proven: Proven | None = None,
    time_limit: float = 30.0,
    seed: int = 0,
    threads: int = 1,
    on_incumbent: OnIncumbent | None = None,
    should_stop: ShouldStop | None = None,
) -> WhatIf:
    """A plan near ``plan`` (classes, seats) under another budget (million đồng; every source scaled alike).

    Kept classes keep week, room, lecturer and people; a smaller budget closes the classes worth least, a larger one
    opens further classes and fills seats.  With the ``prices`` of the old plan's `Result` a new bound is proven at
    once, with its ``proven`` none has to be.  Raises PlanError when the old plan breaks R1-R15 apart from money.
    """
    classes, seats = np.asarray(plan[0]).reshape(-1, 6), np.asarray(plan[1]).reshape(-1, 2)
    x = instance.scaled(budget)
    run = Run(
        x,
        time_limit=time_limit,
        seed=seed,
        threads=threads,
        on_incumbent=on_incumbent,
        should_stop=should_stop,
        on_plan=None,
    )
    instance.take_over(x)
    # A proof runs in compiled loops without the interpreter's lock: the old plan is judged and seated meanwhile.
    with ThreadPoolExecutor(1) as aside:
        proof = aside.submit(_prove, run, prices, proven)
        old = _judged(instance, classes, seats)
        numbers = set(run.load(classes, seats))
        proof.result()
    result = _near(run, whole=old["valid"])
    now = set(run.seating.classes)
    return WhatIf(
        result,
        round(result.objective - old["objective"], 6),
        len(now - numbers),
        len(numbers - now),
        _moved(x, (classes, seats), (result.classes, result.seats)),
    )
