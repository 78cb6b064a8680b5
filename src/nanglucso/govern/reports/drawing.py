"""Small line drawings as inline SVG: attributes only, colours from the style sheet's variables."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from nanglucso.ui.figures import pct

WIDE, HIGH = 378, 150
LEFT, RIGHT, TOP, BOTTOM = 44, 70, 14, 24


def spark(values: Sequence[float]) -> SafeString:
    """A word-sized line, 120 × 30; nothing for fewer than two values."""
    if len(values) < 2:
        return mark_safe("")
    low, high = min(values), max(values)
    step, span = 112 / (len(values) - 1), (high - low) or 1.0
    points = [(4 + i * step, 25 - 20 * (v - low) / span) for i, v in enumerate(values)]
    path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    label = _("From %(a)s to %(b)s") % {"a": pct(values[0] / 100), "b": pct(values[-1] / 100)}
    return format_html(
        '<svg class="spark" width="120" height="30" viewBox="0 0 120 30" role="img" aria-label="{}"><path d="{}" '
        'fill="none" stroke="var(--c1)" stroke-width="2"/><circle cx="{}" cy="{}" r="3.5" fill="var(--c1)"/></svg>',
        label,
        path,
        f"{points[-1][0]:.1f}",
        f"{points[-1][1]:.1f}",
    )


def trend(points: Sequence[tuple[datetime, float]]) -> SafeString:
    """Percent over time, labelled at its ends; the axis runs over the tens around the values."""
    if not points:
        return mark_safe("")
    low = 10 * int(min(v for _t, v in points) // 10)
    high = max(low + 20, 10 * (int(max(v for _t, v in points) // 10) + 1))
    first, last = points[0][0], points[-1][0]
    days = max(1.0, (last - first).total_seconds() / 86400)

    def x(at: datetime) -> float:
        return LEFT + (WIDE - LEFT - RIGHT) * ((at - first).total_seconds() / 86400) / days

    def y(value: float) -> float:
        return TOP + (HIGH - TOP - BOTTOM) * (high - value) / (high - low)

    grid = format_html_join(
        "",
        '<line x1="{}" x2="{}" y1="{}" y2="{}" stroke="var(--line)"/><text x="{}" y="{}" font-size="11" '
        'text-anchor="end" fill="var(--muted)">{}%</text>',
        (
            (LEFT, WIDE - RIGHT, f"{y(t):.1f}", f"{y(t):.1f}", LEFT - 6, f"{y(t) + 4:.1f}", t)
            for t in range(low, high + 1, 10)
        ),
    )
    path = "M" + "L".join(f"{x(t):.1f} {y(v):.1f}" for t, v in points)
    dots = format_html_join(
        "", '<circle cx="{}" cy="{}" r="3.5" fill="var(--c1)"/>', ((f"{x(t):.1f}", f"{y(v):.1f}") for t, v in points)
    )
    ends = [points[0], points[-1]] if len(points) > 1 else [points[0]]
    names = format_html_join(
        "",
        '<text x="{}" y="{}" font-size="11" text-anchor="{}" fill="var(--muted)">{}</text>',
        (
            (f"{x(t):.1f}", HIGH - 6, "start" if i == 0 else "end", t.strftime("%m/%Y"))
            for i, (t, _v) in enumerate(ends)
        ),
    )
    said = pct(points[-1][1] / 100)
    label = _("Requirements met: %(a)s at first, %(b)s now") % {
        "a": pct(points[0][1] / 100), "b": said,
    }  # fmt: skip
    return format_html(
        '<svg width="100%" viewBox="0 0 {} {}" role="img" aria-label="{}">{}<path d="{}" fill="none" '
        'stroke="var(--c1)" stroke-width="2"/>{}{}<text x="{}" y="{}" font-size="12" fill="var(--ink)">{}</text></svg>',
        WIDE, HIGH, label, grid, path, dots, names, f"{x(points[-1][0]) + 8:.1f}", f"{y(points[-1][1]) + 4:.1f}", said,
    )  # fmt: skip
