"""The annual plan: prices, a first plan by priced surplus, then seats assigned all at once and classes exchanged.

``solve`` hands out a plan that keeps R1-R15 whatever happens, the coverage R16-R18 when it can be had, a proven upper
bound and the value of money.  Nothing depends on the clock but where the work stops: with a limit that is large enough
the same instance, seed and threads give the same plan.
"""

from __future__ import annotations

from nanglucso.engines import bound as bounds
from nanglucso.engines import warm
from nanglucso.engines.instance import Instance
from nanglucso.engines.outcome import Result
from nanglucso.engines.run import OnIncumbent, OnPlan, Run, ShouldStop
from nanglucso.engines.stages import WIDER, WORTHWHILE, assign, construct, contest, exchange, polish, repair

SEARCH = 0.3  # share of the time that the first search for prices may take
FIRST = 2.0  # seconds that a first plan is given when the search has used the limit up on a busy machine
SMALL, TINY = 2500, 800  # people up to which several first plans are built, and many
LATE, CLOSE = (0.15, 0.07, 0.07, 0.04), 1e-3  # last searches for prices; the fall of the bound worth another one
MASTER = 25  # master problems, at most
MANY = 4000  # options × kinds of people up to which a year of many classes ends with them
CONTEST = (0.5, 0.6, 0.8, 0.7, 0.5, 0.6, 0.8)  # cautions of the further first plans

__all__ = ["Result", "Run", "improve", "solve"]


def solve(
    instance: Instance,
    *,
    time_limit: float,
    seed: int,
    threads: int = 1,
    on_incumbent: OnIncumbent | None = None,
    should_stop: ShouldStop | None = None,
    on_plan: OnPlan | None = None,
) -> Result:
    """The best plan found in ``time_limit`` seconds, FIRST seconds more when the search used them up.

    on_incumbent(seconds, objective, bound) and on_plan(classes, seats) are called for every better plan;
    should_stop() is asked many times a second and ends the run with the best plan so far.
    """
    warm.ready()
    run = Run(
        instance,
        time_limit=time_limit,
        seed=seed,
        threads=threads,
        on_incumbent=on_incumbent,
        should_stop=should_stop,
        on_plan=on_plan,
    )
    run.price(25, 0.5, SEARCH)
    if run.few:
        run.price_by_units(MASTER)
    run.equip(run.shadow)
    run.allow(FIRST)
    if run.ways and not run.stop():
        improve(run)
    return run.result()


def improve(run: Run) -> None:
    """The stages of a run; small years get more tries, as each costs less."""
    n = run.x.n
    construct(run)
    if n <= SMALL and not run.stop():
        run.shadow = bounds.start_prices(run.x, run.fams)
        run.price(40, 0.3)
        run.clear()
        run.equip(run.shadow)
        construct(run)
    if not run.few or n <= SMALL:
        assign(run)
        repair(run, 40)
    run.price(30, 0.15)
    if n <= SMALL:
        before = contest(run, CONTEST if n <= TINY else CONTEST[:2])
        after = exchange(run, 40 if n <= TINY else 4)
        if after > before * (1 + WORTHWHILE):
            assign(run)
            repair(run, 20)
    else:
        if run.few:
            run.assigner.wide = WIDER
        else:
            polish(run)
        if assign(run):
            repair(run, 20)
    if run.best is not None and run.best.short:
        run.price_free(40, 0.3)
    if not run.few and len(run.market.options) * run.market.kinds <= MANY:
        run.price_by_units(MASTER)
    for step in LATE:
        before = run.bound()
        run.price(30, step)
        if run.stop() or run.bound() > before * (1 - CLOSE):
            break
