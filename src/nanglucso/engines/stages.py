"""The stages of a run: a first plan by priced surplus, coverage repaired, seats assigned at once, classes exchanged."""

from __future__ import annotations

import numpy as np

from nanglucso.engines.chains import Chains
from nanglucso.engines.instance import Floats, Ints
from nanglucso.engines.market import Prices
from nanglucso.engines.run import Run

CHUNK = 2000  # people whose seats are assigned in one problem
AT_ONCE = 120  # classes up to which the seats of everybody are one problem
WIDER = 10  # candidates for each seat the second time
FLOORS = (-0.1, -0.6)  # surplus per priced cost down to which classes are opened, round by round
WORTHWHILE = 5e-4  # rise of what the classes promise, as a share, from which seats are assigned once more
ROUNDS = 6  # of exchanging seats and opening classes, at most
FEW = 400  # classes up to which closing some and opening others is tried again and again
TRIES, PATIENCE = 600, 120  # such tries in all, and without success
ASSIGN = 120.0  # seconds for one such problem, far more than it takes on a machine that is not overloaded


def construct(run: Run) -> None:
    """Mandatory courses, then classes in falling surplus per cost, then seats exchanged one by one."""
    run.builder.oblige(run.ways, run.stop)
    for floor in FLOORS:
        run.builder.run(run.ways, floor, run.stop)
    run.improver.fill_all(run.stop)
    run.built = run.built or not run.stop()
    run.keep()
    first = run.seating.plan()
    repair(run, 40)
    chain(run)
    if run.few and run.x.n > CHUNK and not run.stop():
        seat_anew(run, first)


def seat_anew(run: Run, plan: tuple[Ints, Ints]) -> None:
    """Back to the classes before the repair, now with everybody's seats assigned at once: that finds room for those
    who are owed a seat where the repair had to open other classes."""
    run.clear()
    run.equip(run.shadow)
    run.load(*plan)
    run.wishes.refresh(np.arange(run.x.n), run.stop)
    assign(run)
    repair(run, 40)
    chain(run)


def chain(run: Run) -> None:
    """Exchange seats until it brings next to nothing; classes that became worth it are opened in between."""
    for _ in range(ROUNDS):
        if run.stop():
            return
        before = run.seating.objective
        Chains(run.seating, run.coverage, run.prices, run.rng).run(run.stop, 3, run.keep)
        run.wishes.refresh(np.arange(run.x.n), run.stop)
        run.improver.fill_all(run.stop)
        run.builder.run(run.ways, FLOORS[-1], run.stop)
        run.keep()
        if run.seating.objective < before * (1 + WORTHWHILE):
            return


def contest(run: Run, cautions: tuple[float, ...]) -> float:
    """Further first plans, built with other caution; stay with the one whose classes promise most.

    Returns what the classes promised before.
    """
    people = np.arange(run.x.n)
    start = run.assigner.value(people, run.left(), run.stop)[0]
    best, plan = (-run.coverage.shortfall(), start), run.seating.plan()
    for i, caution in enumerate(cautions):
        if run.stop():
            break
        run.clear()
        run.equip(_shaken(run, i))
        run.builder.caution = caution
        construct(run)
        if run.stop():
            break
        now = (-run.coverage.shortfall(), run.assigner.value(people, run.left(), run.stop)[0])
        if now > best:
            best, plan = now, run.seating.plan()
    run.clear()
    run.load(*plan)
    run.equip(run.shadow)
    return start


def _shaken(run: Run, turn: int) -> Prices:
    """The prices found; from the third turn on each source's a little other, so that other classes come first."""
    p = run.shadow
    noise = np.exp(0.1 * run.rng.normal(size=len(p.source))) if turn >= 2 else np.ones(len(p.source))
    return Prices(0.0, (p.money + p.source) * noise, p.lecturer, p.venue, p.mandatory)


def repair(run: Run, tries: int) -> None:
    """When coverage is short: open, fill and exchange with what helps it counted extra."""
    b, im = run.builder, run.improver
    for turn in range(tries):
        b.bonus = run.coverage.bonus()
        if b.bonus is None or run.stop():
            break
        if turn % 10 == 0:
            b.run(run.ways, -0.9, run.stop)
            im.fill_all(run.stop)
            im.reseat_all(run.stop)
        else:
            im.rebuild(1 + turn % 3, run.stop)
    b.bonus = None
    run.keep()


def polish(run: Run) -> None:
    """With few classes: close one to three, open what is better, while it pays now and then."""
    idle = 0
    for turn in range(TRIES if len(run.seating.classes) <= FEW else 0):
        if run.stop() or idle > PATIENCE:
            break
        idle += 1
        if run.improver.rebuild(1 + turn % 3, run.stop):
            idle = 0
            run.keep()
    run.builder.bonus = None


def assign(run: Run) -> bool:
    """Assign the seats of people chunk by chunk; returns whether anything became better."""
    better = False
    order = _order(run)
    whole = len(order) <= 1.25 * CHUNK or len(run.seating.classes) <= AT_ONCE
    chunk = len(order) if whole else CHUNK
    for at in range(0, len(order), chunk):
        if run.stop():
            break
        better |= _assign(run, order[at : at + chunk])
    return better


def _order(run: Run) -> Ints:
    """People by area, in random order inside it, so that a chunk shares its classes."""
    shuffle = run.rng.permutation(run.x.n)
    return shuffle[np.argsort(run.x.area[shuffle], kind="stable")]


def _assign(run: Run, people: Ints) -> bool:
    s, im = run.seating, run.improver
    before, mark = im.measure(), s.mark()
    done = run.assigner.assign(people, min(run.left(), ASSIGN), run.stop)
    if done:
        for number in im.lean_classes():
            im.fill(number)
        for number in im.lean_classes():
            im.remove(number)
    if not done or not im.measure().beats(before):
        s.rollback(mark)
        return False
    run.wishes.refresh(s.touched(mark), run.stop)
    im.fill_all(run.stop)
    run.keep()
    return True


def exchange(run: Run, turns: int) -> float:
    """Close a few classes and open others, judged by what the best seating of all classes could bring: returned."""
    im, people = run.improver, np.arange(run.x.n)
    value, worth = run.assigner.value(people, run.left(), run.stop)
    for turn in range(turns):
        if run.stop() or not run.seating.classes:
            break
        short, mark = run.coverage.shortfall(), run.seating.mark()
        price = _class_prices(run)
        im.shake(im.victims(1 + turn % 3, (worth - price) / np.maximum(price, 1e-9)), run.stop)
        new, new_worth = run.assigner.value(people, run.left(), run.stop)
        if run.coverage.shortfall() <= short and new > value * (1 + 1e-5):
            value, worth = new, new_worth
            run.keep()
        else:
            im.undo(mark)
    run.builder.bonus = None
    return value


def _class_prices(run: Run) -> Floats:
    """Priced cost of each open class."""
    cash = run.prices.money + run.prices.source
    return np.array([max(k.cost * cash[k.source], 1e-9) for k in run.seating.classes.values()])
