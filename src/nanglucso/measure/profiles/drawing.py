"""Small charts of one person as coordinates: the templates draw them as SVG, no script and no inline style."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from nanglucso.core.days import local_day
from nanglucso.measure.profiles.queries import CompetencePoint, TrendPoint


@dataclass(frozen=True)
class Dot:
    """A mark with its number and, under the axis, its date; `anchor` keeps the outer dates inside the picture."""

    x: float
    y: float
    text: Any
    below: str
    anchor: str


@dataclass(frozen=True)
class Chart:
    """A line, its band and grid, in a `width` × `height` box."""

    width: int
    height: int
    dots: list[Dot]
    line: str
    label: str
    band: str = ""
    grid: tuple[tuple[float, str], ...] = ()
    wanted: float | None = None


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def _anchor(place: int, count: int) -> str:
    return "start" if place == 0 and count > 1 else "end" if place == count - 1 and count > 1 else "middle"


def _dates(points: Sequence[Any]) -> list[str]:
    """Under the first, middle and last mark only, so that they never collide: days, or months of several years."""
    days = [local_day(p.at) for p in points]
    one_year = len({day.year for day in days}) == 1
    shown = {0, len(points) - 1} | ({len(points) // 2} if len(points) > 4 else set())
    told = [f"{day:%d/%m}" if one_year else f"{day:%m/%Y}" for day in days]
    return [text if i in shown and text not in told[:i] else "" for i, text in enumerate(told)]


def met_trend(points: Sequence[TrendPoint]) -> Chart | None:
    """How many requirements were met after each piece of evidence; None when there are fewer than two."""
    if len(points) < 2:
        return None
    top, n = max(max(p.met for p in points), 1), len(points)
    at = [(14 + 272 * i / (n - 1), 64 - 40 * p.met / top) for i, p in enumerate(points)]
    said = ", ".join(f"{p.at.month}/{p.at.year}: {p.met}" for p in points)
    dots = [
        Dot(x, y, p.met, day, _anchor(i, n))
        for i, ((x, y), p, day) in enumerate(zip(at, points, _dates(points), strict=True))
    ]
    return Chart(300, 84, dots, _path(at), _("Competences met: %(said)s") % {"said": said})


def competence_trend(
    points: Sequence[CompetencePoint], required: int, labels: Sequence[str], width: int = 560
) -> Chart | None:
    """One competence over time on the level scale with its 90% band; `labels` (L + 1,) name the levels from 0 up."""
    if not points:
        return None
    n, left, top, bottom, levels = len(points), 112, 16, 196, len(labels)
    step = (width - left - 20) / max(1, n - 1)

    def y(value: float) -> float:
        return bottom - (bottom - top) * value / levels

    xs = [left + 10 + step * i for i in range(n)] if n > 1 else [(left + width) / 2]
    line = [(x, y(p.mean)) for x, p in zip(xs, points, strict=True)]
    upper = [(x, y(p.high)) for x, p in zip(xs, points, strict=True)]
    lower = [(x, y(p.low)) for x, p in zip(xs, points, strict=True)]
    if n == 1:
        upper, lower = ([(x - 7, level), (x + 7, level)] for (x, level) in (upper[0], lower[0]))
    dots = [
        Dot(x, v, p.mean, day, _anchor(i, n))
        for i, ((x, v), p, day) in enumerate(zip(line, points, _dates(points), strict=True))
    ]
    told = {"first": f"{points[0].mean:.1f}", "last": f"{points[-1].mean:.1f}"}
    label = _("From level %(first)s to level %(last)s; the band holds the true level with 90%% certainty") % told
    grid = tuple((y(k), name) for k, name in enumerate(labels))
    band = _path([*upper, *lower[::-1]]) + "Z"
    return Chart(width, 220, dots, _path(line), label, band, grid, y(required) if required else None)
