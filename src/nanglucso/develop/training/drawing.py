"""Pictures of this room: the forest of effects, the QR code. Positions are SVG attributes; no style is needed."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import segno
from django.utils.safestring import SafeString, mark_safe

PAD = 0.04
LEAST_SPAN = 0.4
STEPS = (0.1, 0.2, 0.25, 0.5, 1.0, 2.0)
MOST_TICKS = 5


@dataclass(frozen=True)
class Mark:
    """One interval on the common scale: percentages for SVG attributes."""

    dot: str
    x: str
    width: str


@dataclass(frozen=True)
class Scale:
    """Levels from `low` to `high` laid over the width of a picture."""

    low: float
    high: float

    def at(self, value: float) -> float:
        """Percent of the width."""
        return 100 * (value - self.low) / (self.high - self.low)

    @property
    def zero(self) -> str:
        """Where "no change" stands."""
        return f"{self.at(0):.2f}"

    def mark(self, shift: float, low: float, high: float) -> Mark:
        """Dot and band of one effect."""
        return Mark(f"{self.at(shift):.2f}", f"{self.at(low):.2f}", f"{self.at(high) - self.at(low):.2f}")

    @property
    def ticks(self) -> list[dict[str, Any]]:
        """At most five round numbers with their places."""
        step = next((s for s in STEPS if (self.high - self.low) / s <= MOST_TICKS), STEPS[-1])
        first = int(-(-self.low // step))
        last = int(self.high // step)
        return [{"value": round(k * step, 2), "x": f"{self.at(k * step):.2f}"} for k in range(first, last + 1)]


def scale_of(intervals: Sequence[tuple[float, float]]) -> Scale:
    """A scale that holds every interval and zero, with a little air at both ends."""
    low = min([0.0, *(low for low, _high in intervals)])
    high = max([low + LEAST_SPAN, *(high for _low, high in intervals)])
    air = PAD * (high - low)
    return Scale(low - air, high + air)


def spans(effects: Sequence[Any], whole: Any = None) -> list[tuple[float, float]]:
    """The intervals that one picture has to hold."""
    return [(one.low, one.high) for one in [*effects, *([whole] if whole else [])]]


def forest(effects: Sequence[Any], whole: Any = None, *, scale: Scale | None = None) -> dict[str, Any]:
    """Rows (effect, mark) on one scale, the whole's mark and the scale; effects have shift, low, high.

    `scale`: one that several pictures of a page share, so that they can be compared.
    """
    scale = scale or scale_of(spans(effects, whole))
    return {
        "rows": [(one, scale.mark(one.shift, one.low, one.high)) for one in effects],
        "whole": scale.mark(whole.mean, whole.low, whole.high) if whole else None,
        "scale": scale,
    }


def qr(text: str) -> SafeString:
    """A QR code as inline SVG that fills its box: black on the white that the style sheet gives it."""
    out = BytesIO()
    code = segno.make(text, error="m", micro=False)
    code.save(out, kind="svg", xmldecl=False, svgclass="qr", lineclass=None, omitsize=True, border=2, nl=False)
    return mark_safe(out.getvalue().decode().replace("<svg ", '<svg aria-hidden="true" ', 1))  # noqa: S308 - drawn from modules
