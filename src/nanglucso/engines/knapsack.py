"""A multiple-choice knapsack per person: one level of each family, total tiết within the person's year.  Exact."""

from __future__ import annotations

import numpy as np

from nanglucso.engines.instance import Floats, Ints

MAX_UNITS = 160


def _unit(levels: list[Ints], cap: int) -> int:
    """Width of one step of the table: the common divisor, or wider when that would make too many steps.

    A wider step rounds tiết and limit down, which only lets people take more: the value stays an upper bound.
    """
    step = int(np.gcd.reduce(np.concatenate([*levels, [0]]))) or 1
    return max(step, -(-cap // MAX_UNITS))


def _table(curves: list[Floats], units: list[Ints], caps: Ints) -> tuple[Floats, Ints]:
    top, many = int(caps.max()), len(caps)
    value = np.zeros((top + 1, many))
    choice = np.zeros((len(curves), top + 1, many), np.int16)
    for i, (curve, unit) in enumerate(zip(curves, units, strict=True)):
        best = np.full((top + 1, many), -np.inf)
        for k, u in enumerate(unit):
            if u > top:
                continue
            trial = value[: top + 1 - u] + curve[k]
            better = trial > best[u:]
            best[u:][better] = trial[better]
            choice[i, u:][better] = k
        value = best
    who = np.arange(many)
    result, at = value[caps, who], caps.copy()
    level = np.zeros((len(curves), many), np.int64)
    for i in range(len(curves) - 1, -1, -1):
        level[i] = choice[i, at, who]
        at -= units[i][level[i]]
    return result, level


def knapsack(curves: list[Floats], levels: list[Ints], caps: Ints) -> tuple[Floats, Ints]:
    """Best value (m,) and chosen level (families, m).

    curves[i] (levels of family i, m): value of the level for each person; levels[i]: its tiết, level 0 being 0 tiết or
    the least there is; caps (m,) tiết of each person.
    """
    many = len(caps)
    if not curves or not many:
        return np.zeros(many), np.zeros((len(curves), many), np.int64)
    who = np.arange(many)
    level = np.array([curve.argmax(axis=0) for curve in curves])
    value = sum(curve[row, who] for curve, row in zip(curves, level, strict=True))
    hours = sum(tiet[row] for tiet, row in zip(levels, level, strict=True))
    over = np.nonzero(hours > caps)[0]
    if len(over):
        unit = _unit(levels, int(caps[over].max()))
        units = [tiet // unit for tiet in levels]
        result, chosen = _table([c[:, over] for c in curves], units, caps[over] // unit)
        value[over] = result
        level[:, over] = chosen
    return value, level
