"""Cut points set by a panel of judges, with their standard error: modified Angoff and bookmark.

Modified Angoff (Angoff 1971; Cizek & Bunch 2007, chapter 6): each judge says, item by item, what share of people just
at the level would earn (for a graded item: the expected share of its points). A judge's cut is the sum of points, the
panel's the mean over judges; its place on the ability scale is where the test curve reaches that sum.
Bookmark (Mitzel, Lewis, Patz & Green 2001): steps of items in order of the ability at which they are earned with
probability `rp` (2/3, guessing set aside); a judge marks the first step that a person just at the level would no
longer master. The cut is halfway between that step and the one before it (before the first, after the last: the place
of that step). The panel's cut is the median over judges.
Errors: of a mean sd / sqrt(R) over R judges; judges who sat at tables talked, so tables are the sample (cluster error,
Lee & Lewis 2008); of a median 1.2533 x the error of the mean (Kendall & Stuart; normal judges).
"""

from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import ArrayLike

from nanglucso.engines import irt
from nanglucso.engines.irt import Floats, Ints, ItemBank

MEDIAN = 1.2533
REACH = 8.0  # logits: a cut outside -8 .. 8 is refused


@dataclass(frozen=True, eq=False)
class PanelCut:
    """A cut: theta and its standard error in logits, each judge's theta (R,), sd of judges.

    points, points_se: the same as expected points of the whole test.
    """

    theta: float
    se: float
    judges: Floats
    sd: float
    points: float
    points_se: float


def angoff(bank: ItemBank, ratings: ArrayLike, tables: ArrayLike | None = None) -> PanelCut:
    """Cut from ratings (R judges, J items), shares 0 .. 1 of each item's points; tables (R,) codes or None.

    The error in logits is the error in points / slope of the test curve at the cut (delta method). Raises ValueError
    for fewer than two judges, shares outside 0 .. 1, or a sum that the test curve does not reach.
    """
    share = np.asarray(ratings, float)
    if share.ndim != 2 or share.shape[1] != bank.size or len(share) < 2:
        raise ValueError("ratings must have two or more judges and one column an item")
    if not ((share >= 0) & (share <= 1)).all():
        raise ValueError("a rating is the share of the points, from 0 to 1")
    points: Floats = share @ bank.top_score.astype(float)
    centre, se = float(points.mean()), _error(points, tables)
    theta = _theta_at(bank, centre)
    slope = (_curve(bank, theta + 1e-4) - _curve(bank, theta - 1e-4)) / 2e-4
    judges = np.array([_theta_at(bank, float(p)) for p in points])
    return PanelCut(theta, se / slope, judges, float(judges.std(ddof=1)), centre, se)


def bookmark(bank: ItemBank, marks: ArrayLike, tables: ArrayLike | None = None, rp: float = 2 / 3) -> PanelCut:
    """Cut from marks (R,), 0 .. number of steps: how many steps of the ordered book the judge takes as mastered.

    Raises ValueError for fewer than two judges or a mark outside the book.
    """
    place = booklet(bank, rp)[1]
    mark = np.asarray(marks, np.int64)
    if mark.ndim != 1 or len(mark) < 2 or mark.min() < 0 or mark.max() > len(place):
        raise ValueError(f"marks must come from two or more judges and lie between 0 and {len(place)}")
    padded = np.concatenate([place[:1], place, place[-1:]])
    judges = (padded[mark] + padded[mark + 1]) / 2
    theta, se = float(np.median(judges)), MEDIAN * _error(judges, tables)
    slope = (_curve(bank, theta + 1e-4) - _curve(bank, theta - 1e-4)) / 2e-4
    return PanelCut(theta, se, judges, float(judges.std(ddof=1)), _curve(bank, theta), se * slope)


def booklet(bank: ItemBank, rp: float = 2 / 3) -> tuple[list[tuple[int, int]], Floats]:
    """The ordered book: (item, step) from easy to hard, and the ability where each is earned with probability rp.

    Guessing set aside: sigma(a (theta - b)) = rp, theta = b + ln(rp / (1 - rp)) / a.
    """
    if not 0 < rp < 1:
        raise ValueError("the response probability must lie between 0 and 1")
    items, steps = np.nonzero(np.isfinite(bank.b))
    place = bank.b[items, steps] + np.log(rp / (1 - rp)) / bank.a[items]
    order: Ints = np.lexsort((steps, items, place))
    return [(int(items[i]), int(steps[i]) + 1) for i in order], place[order]


def _curve(bank: ItemBank, theta: float) -> float:
    """Expected points of the whole test."""
    return float(irt.expected_score(np.full(bank.size, theta), bank.a, bank.b, bank.c).sum())


def _theta_at(bank: ItemBank, points: float) -> float:
    low, high = _curve(bank, -REACH), _curve(bank, REACH)
    if not low < points < high:
        raise ValueError(f"{points:.2f} points are outside what this test can tell, {low:.2f} to {high:.2f}")
    return float(scipy.optimize.brentq(lambda theta: _curve(bank, theta) - points, -REACH, REACH, xtol=1e-10))


def _error(values: Floats, tables: ArrayLike | None) -> float:
    """Standard error of the mean over judges, or over tables where there are two or more."""
    if tables is not None:
        code = np.unique(np.asarray(tables), return_inverse=True)[1]
        size = np.bincount(code)
        if len(size) < 2:
            raise ValueError("tables must be two or more; leave them out for a panel at one table")
        # mean over all judges = sum of size_t x mean_t / R: variance of a ratio estimator over tables
        gap = np.bincount(code, values - values.mean())
        return float(np.sqrt(len(size) / (len(size) - 1) * np.square(gap).sum()) / len(values))
    return float(values.std(ddof=1) / np.sqrt(len(values)))
