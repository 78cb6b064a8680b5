"""How much of a gain is still there later: the ratio of two effects with its interval.

First effect A, later effect B, each with the half width of its interval, a and b. A share k is not contradicted while
B - k A may be zero, with the half widths put together as those of two independent estimates (Zou & Donner 2008):

    (B - k A)^2 <= b^2 + k^2 a^2

which solved for k is the interval of Fieller 1954. It is bounded as long as A is clear of zero, A > a.

Both effects of a class start from the same beliefs before it, so their errors go the same way, and so does what is
each person's own: the true spread of B - k A is smaller than the formula's for every k > 0. The interval is too wide
rather than too narrow; "cannot tell" is said more often than it need be, a wrong "kept" or "reduced" more rarely.
"""

from dataclasses import dataclass
from math import sqrt


@dataclass(frozen=True)
class Left:
    """What is still there of a gain, as a part of it (1 = all), with its interval."""

    share: float
    low: float
    high: float


def share_left(first: float, first_reach: float, later: float, later_reach: float) -> Left | None:
    """The share of the first effect that the later one still holds; reaches are half widths at one level, >= 0.

    None where the first is not clearly a gain (`first <= first_reach`): there is nothing that could have been kept.
    """
    if first <= first_reach:
        return None
    # A^2 b^2 + a^2 B^2 - a^2 b^2, never below 0 while A > a.
    half = sqrt((first * later_reach) ** 2 + (first_reach * later) ** 2 - (first_reach * later_reach) ** 2)
    middle, bend = first * later, first**2 - first_reach**2
    return Left(later / first, (middle - half) / bend, (middle + half) / bend)
