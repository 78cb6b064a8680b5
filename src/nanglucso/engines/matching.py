"""How well people fit positions, and who should go where: the best whole, not the best for each post.

Fit of a person with belief N(m, v) per competence to a position with required levels r and weights w (percent):
    fit = sum_k w_k * P(theta_k >= cut(r_k)) / sum_k w_k        in 0 .. 1, 1 where nothing is required
the expected share of the position's weighted requirement that is met: what is not yet known counts by its probability.
A must-have competence counts `CORE` times. Seats: one person a seat, one seat a person; a seat stays empty rather than
take a fit below `floor`. The assignment maximises the sum of (fit - floor) over filled seats, by SciPy's rectangular
solver (Crouse 2016, doi:10.1109/TAES.2016.140952).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import scipy
from numpy.typing import NDArray

from nanglucso.engines import levels
from nanglucso.engines.irt import Floats, Ints

CORE: Final = 2.0
NOBODY: Final = -1
BARRED: Final = -1e3


def fits(mean: Floats, var: Floats, cuts: Floats, required: Ints, weight: Floats, core: NDArray[np.bool_]) -> Floats:
    """Fit (N, M) of N people to M positions: mean, var (N, K); required, weight, core (M, K). Weight 0 counts as 1."""
    found = np.ones((len(mean), len(required)))
    for m, (level, share, must) in enumerate(zip(required, weight, core, strict=True)):
        asked = np.flatnonzero(level > 0)
        if not len(asked):
            continue
        w = np.where(share[asked] > 0, share[asked], 1.0) * np.where(must[asked], CORE, 1.0)
        p = levels.p_met(mean[:, asked], var[:, asked], cuts[asked], level[asked])
        found[:, m] = p @ w / w.sum()
    return found


@dataclass(frozen=True)
class Assignment:
    """`person` (S,) of every seat, `NOBODY` = it stays empty; `total`: sum of (fit - floor) over the filled seats."""

    person: Ints
    total: float


def enough(fit: Floats, allowed: NDArray[np.bool_], spare: int = 0, also: Sequence[int] = ()) -> Ints:
    """Rows, ascending, among which a best assignment is to be found: of each of S seats the S + spare fittest allowed.

    Whoever sits in a seat outside its S fittest can change with one of them who sits nowhere, at no loss. With
    `spare` 1 the same holds after anybody is taken out. `also`: rows kept besides.
    """
    keep = min(len(fit), fit.shape[1] + spare)
    if keep in (0, len(fit)):
        return np.arange(len(fit))
    order = np.argpartition(np.where(allowed, -fit, np.inf).T, keep - 1, axis=1)[:, :keep]
    return np.union1d(order.ravel(), np.asarray(also, np.int64)).astype(np.int64)


def assign(fit: Floats, allowed: NDArray[np.bool_], floor: float) -> Assignment:
    """The best assignment of N people to S seats, fit and allowed (N, S); nobody below `floor` takes a seat."""
    rows = enough(fit, allowed)
    fit, allowed = fit[rows], allowed[rows]
    people, seats = fit.shape
    gain = np.where(allowed & (fit >= floor), fit - floor, BARRED).T
    with_empty = np.concatenate([gain, np.where(np.eye(seats, dtype=bool), 0.0, BARRED)], 1)
    seat, column = scipy.optimize.linear_sum_assignment(with_empty, maximize=True)
    person = np.full(seats, NOBODY, np.int64)
    taken = column < people
    person[seat[taken]] = rows[column[taken]]
    return Assignment(person, float(with_empty[seat, column].sum()))


def with_choice(fit: Floats, allowed: NDArray[np.bool_], floor: float, seat: int, person: int) -> float:
    """Total of the best assignment in which this person takes this seat; the optimum less it is the choice's price."""
    people = np.delete(np.arange(len(fit)), person)
    seats = np.delete(np.arange(fit.shape[1]), seat)
    rest = assign(fit[np.ix_(people, seats)], allowed[np.ix_(people, seats)], floor)
    return rest.total + float(fit[person, seat]) - floor


def nearest(fit: Floats, allowed: NDArray[np.bool_], seat: int, number: int) -> list[int]:
    """The best people for one seat taken alone, best first."""
    order = np.argsort(-np.where(allowed[:, seat], fit[:, seat], -np.inf), kind="stable")[:number]
    return [int(one) for one in order if allowed[one, seat]]
