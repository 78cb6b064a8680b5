"""The scatter of the readiness map as coordinates for inline SVG: infrastructure across, competence up."""

from dataclasses import dataclass

from nanglucso.develop.readiness.queries import HIDDEN, UNKNOWN, Place
from nanglucso.develop.readiness.scoring import rules

WIDTH, HEIGHT = 340, 260
LEFT, RIGHT, TOP, BOTTOM = 40, 12, 14, 34


@dataclass(frozen=True)
class Dot:
    """One unit: where, in which quarter, and its name with both figures for the pointer."""

    x: float
    y: float
    quarter: str
    place: Place


@dataclass(frozen=True)
class Scatter:
    """`wanted_x`, `wanted_y`: the thresholds' lines; ticks (at, percent)."""

    width: int
    height: int
    left: int
    right: int
    top: int
    base: int
    wanted_x: float
    wanted_y: float
    ticks_x: list[tuple[float, int]]
    ticks_y: list[tuple[float, int]]
    dots: list[Dot]


def _x(index: float) -> float:
    most = rules().shown_up_to
    return round(LEFT + min(index, most) / most * (WIDTH - LEFT - RIGHT), 1)


def _y(met: float) -> float:
    return round(HEIGHT - BOTTOM - met * (HEIGHT - TOP - BOTTOM), 1)


def scatter(places: list[Place]) -> Scatter | None:
    """None when no unit has both figures."""
    known = [one for one in places if one.quarter not in (UNKNOWN, HIDDEN)]
    dots = [
        Dot(_x(one.held.standing.index), _y(one.met), one.quarter, one)
        for one in known
        if one.held is not None and one.met is not None
    ]
    if not dots:
        return None
    marks_x = [(_x(part / 100), part) for part in range(0, round(100 * rules().shown_up_to) + 1, 50)]
    marks_y = [(_y(part / 100), part) for part in range(0, 101, 25)]
    return Scatter(
        WIDTH, HEIGHT, LEFT, WIDTH - RIGHT, TOP, HEIGHT - BOTTOM, _x(1.0), _y(rules().skills_wanted), marks_x, marks_y,
        dots,
    )  # fmt: skip
