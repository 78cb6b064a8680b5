"""Curves as coordinates for inline SVG: better plans against the proven bound, and money against need closed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import floor, log10

from nanglucso.develop.plans.queries import Side

WIDTH, HEIGHT = 320, 190
LEFT, RIGHT, TOP, BOTTOM = 46, 12, 18, 24


@dataclass(frozen=True)
class Mark:
    """A grid line or tick: where, and its number."""

    at: float
    value: float


@dataclass(frozen=True)
class Dot:
    """A labelled point."""

    x: float
    y: float
    label: float


@dataclass(frozen=True)
class Curve:
    """One chart of WIDTH × HEIGHT: path data, grid, ticks and dots."""

    width: int
    height: int
    left: int
    right: float
    base: float
    line: str
    bound: str
    rows: list[Mark]
    ticks: list[Mark]
    dots: list[Dot]
    million: bool = False


def _nice(low: float, high: float, most: int = 4) -> list[float]:
    """Round numbers between low and high, at most about `most`."""
    span = max(high - low, 1e-9)
    raw = span / most
    step = 10 ** floor(log10(raw))
    step *= next((m for m in (1, 2, 5, 10) if m * step >= raw), 10)
    first = floor(low / step) * step
    found = [first + i * step for i in range(int(span / step) + 3)]
    return [round(v, 10) for v in found if low - 1e-9 <= v <= high + 1e-9]


class _Scale:
    def __init__(self, low: float, high: float, start: float, end: float) -> None:
        self.low, self.start = low, start
        self.factor = (end - start) / max(high - low, 1e-9)

    def __call__(self, value: float) -> float:
        return round(self.start + (value - self.low) * self.factor, 1)


def of_track(track: Sequence[Sequence[float]]) -> Curve | None:
    """Better plans as a step line and the bound dashed, over seconds. None before there is a first plan."""
    points = [point for point in track if len(point) == 3]
    if not points:
        return None
    end = max(points[-1][0], 1.0) * 1.05
    low = min(point[1] for point in points)
    high = max(point[2] for point in points)
    pad = max(high - low, 0.02 * high, 1e-6)
    low, high = max(0.0, low - 0.15 * pad), high + 0.1 * pad
    x, y = _Scale(0, end, LEFT, WIDTH - RIGHT), _Scale(low, high, HEIGHT - BOTTOM, TOP)
    line, bound = f"M{x(points[0][0])},{y(points[0][1])}", f"M{x(points[0][0])},{y(points[0][2])}"
    for seconds, objective, limit in points[1:]:
        line += f"H{x(seconds)}V{y(objective)}"
        bound += f"H{x(seconds)}V{y(limit)}"
    line, bound = line + f"H{x(end)}", bound + f"H{x(end)}"
    rows, ticks = [Mark(y(v), v) for v in _nice(low, high)], [Mark(x(v), v) for v in _nice(0, end)]
    return Curve(WIDTH, HEIGHT, LEFT, WIDTH - RIGHT, HEIGHT - BOTTOM, line, bound, rows, ticks, [])


def _unit(most: float) -> float:
    """đồng in the unit of a budget axis: tỷ, or triệu when the largest budget is below one tỷ."""
    return 1e9 if most >= 1e9 else 1e6


def of_money(sides: Sequence[Side]) -> Curve | None:
    """Need closed (percent) over budget (tỷ or triệu đồng): one dot a scenario, with the tangent of money's price."""
    rows = sorted(sides, key=lambda side: side.scenario.budget)
    if len(rows) < 2:
        return None
    unit = _unit(rows[-1].scenario.budget)
    budgets = [side.scenario.budget / unit for side in rows]
    span = budgets[-1] - budgets[0]
    low, top = max(0.0, budgets[0] - 0.4 * span), budgets[-1] + 0.4 * span
    if span <= 0:
        low, top = 0.0, 1.15 * budgets[-1]
    high = min(100.0, max(side.closed_percent for side in rows) * 1.25 + 1)
    x = _Scale(low, top, LEFT, WIDTH - RIGHT)
    y = _Scale(0, high, HEIGHT - BOTTOM, TOP)
    dots, slopes, reach = [], "", (top - low) * 0.06
    for side, budget in zip(rows, budgets, strict=True):
        rise = 100 * side.price * unit / 1e6 * reach / max(side.scenario.figures["need"], 1e-9)
        here = side.closed_percent
        slopes += f"M{x(max(0.0, budget - reach))},{y(max(0.0, here - rise))}L{x(budget + reach)},{y(here + rise)}"
        dots.append(Dot(x(budget), y(here), here))
    line = "M" + "L".join(f"{dot.x},{dot.y}" for dot in dots)
    marks, ticks = [Mark(y(v), v) for v in _nice(0, high)], [Mark(x(v), v) for v in _nice(low, top)]
    return Curve(WIDTH, HEIGHT, LEFT, WIDTH - RIGHT, HEIGHT - BOTTOM, line, slopes, marks, ticks, dots, unit < 1e9)


def of_frontier(points: Sequence[Mapping[str, float]]) -> Curve | None:
    """Need closed (percent, line with dots) and proven bound (dashed) over the budget in tỷ đồng."""
    rows = sorted(points, key=lambda point: point["budget"])
    if len(rows) < 2:
        return None
    unit = _unit(rows[-1]["budget"])
    budgets = [point["budget"] / unit for point in rows]
    high = min(100.0, max(100 * point["bound"] for point in rows) * 1.15 + 1)
    x = _Scale(0, budgets[-1] * 1.1, LEFT, WIDTH - RIGHT)
    y = _Scale(0, high, HEIGHT - BOTTOM, TOP)
    dots = [Dot(x(b), y(100 * p["closed"]), 100 * p["closed"]) for b, p in zip(budgets, rows, strict=True)]
    top = "M" + "L".join(f"{x(b)},{y(100 * p['bound'])}" for b, p in zip(budgets, rows, strict=True))
    line = "M" + "L".join(f"{dot.x},{dot.y}" for dot in dots)
    marks, ticks = [Mark(y(v), v) for v in _nice(0, high)], [Mark(x(v), v) for v in _nice(0, budgets[-1] * 1.1)]
    return Curve(WIDTH, HEIGHT, LEFT, WIDTH - RIGHT, HEIGHT - BOTTOM, line, top, marks, ticks, dots, unit < 1e9)
