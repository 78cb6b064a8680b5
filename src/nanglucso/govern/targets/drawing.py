"""Figures of one target over time as inline SVG: actual, demanded, expected with its 90% interval.

Attributes only, colours from the style sheet's variables; what it shows stands in words beside it too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil, floor, log10

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from nanglucso.ui.figures import num, num1, vdate

WIDE, HIGH = 378, 220
LEFT, RIGHT, TOP, BOTTOM = 44, 62, 16, 26
LINES = 5


@dataclass(frozen=True)
class Picture:
    """`points` (last day of the period, value), oldest first; `goal` as demanded; low, mean, high on `due`."""

    points: Sequence[tuple[date, float]]
    goal: float | None
    due: date | None
    low: float | None = None
    mean: float | None = None
    high: float | None = None

    @property
    def expected(self) -> tuple[date, float, float, float] | None:
        if self.due is None or self.low is None or self.mean is None or self.high is None:
            return None
        return self.due, self.low, self.mean, self.high


def _step(span: float) -> float:
    """A round number that cuts a span into at most five parts."""
    rough = max(span, 1e-9) / LINES
    ten = 10.0 ** floor(log10(rough))
    return next(ten * one for one in (1, 2, 5, 10) if ten * one >= rough * 0.999)


@dataclass(frozen=True)
class _Frame:
    """Where a day and a value stand in the picture."""

    first: date
    last: date
    low: float
    high: float

    def x(self, day: date) -> float:
        return LEFT + (WIDE - LEFT - RIGHT) * (day - self.first).days / max(1, (self.last - self.first).days)

    def y(self, value: float) -> float:
        return TOP + (HIGH - TOP - BOTTOM) * (self.high - value) / (self.high - self.low)


def _framed(told: Picture) -> tuple[_Frame, float]:
    values = [value for _day, value in told.points]
    values += [one for one in (told.goal, told.low, told.high) if one is not None]
    step = _step(max(values) - min(values) or abs(values[0]) or 1.0)
    low, high = step * floor(min(values) / step + 1e-9), step * ceil(max(values) / step - 1e-9)
    first, last = told.points[0][0], told.points[-1][0]
    due = told.due if told.due and told.due > last and (told.expected or told.goal is not None) else last
    return _Frame(first, due, low, high if high > low else low + step), step


def chart(told: Picture, *, unit: str) -> SafeString:
    """The picture; nothing without a figure. `unit`: words of the measure, for the spoken text."""
    if not told.points:
        return mark_safe("")
    frame, step = _framed(told)
    return format_html(
        '<svg class="gap-half" width="100%" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}{}{}{}</svg>',
        WIDE, HIGH, _spoken(told, unit), _grid(frame, step), _days(frame), _goal(told, frame), _actual(told, frame),
        _ahead(told, frame),
    )  # fmt: skip


def _spoken(told: Picture, unit: str) -> str:
    (first, a), (last, b) = told.points[0], told.points[-1]
    said = [
        _("Figures from %(a)s (%(from)s) to %(b)s (%(to)s), in %(unit)s.")
        % {"a": num(a), "b": num(b), "from": vdate(first), "to": vdate(last), "unit": unit or "–"}
    ]
    if told.goal is not None:
        said.append(_("Demanded: %(goal)s.") % {"goal": num(told.goal)})
    if told.expected:
        due, low, mean, high = told.expected
        text = _("Expected on %(day)s: %(mean)s, nine times in ten between %(low)s and %(high)s.")
        said.append(text % {"day": vdate(due), "mean": num1(mean), "low": num1(low), "high": num1(high)})
    return " ".join(said)


def _grid(frame: _Frame, step: float) -> SafeString:
    marks = [frame.low + step * n for n in range(round((frame.high - frame.low) / step) + 1)]
    return format_html_join(
        "",
        '<line x1="{}" x2="{}" y1="{}" y2="{}" stroke="var(--line)"/><text x="{}" y="{}" font-size="11" '
        'text-anchor="end" fill="var(--muted)">{}</text>',
        (
            (LEFT, WIDE - RIGHT, f"{frame.y(v):.1f}", f"{frame.y(v):.1f}", LEFT - 6, f"{frame.y(v) + 4:.1f}", num(v))
            for v in marks
        ),
    )


def _days(frame: _Frame) -> SafeString:
    ends = [(LEFT, "start", frame.first)]
    if frame.last > frame.first:
        ends.append((WIDE - RIGHT, "end", frame.last))
    return format_html_join(
        "",
        '<text x="{}" y="{}" font-size="11" text-anchor="{}" fill="var(--muted)">{}</text>',
        ((x, HIGH - 8, anchor, f"{day:%m/%Y}") for x, anchor, day in ends),
    )


def _goal(told: Picture, frame: _Frame) -> SafeString:
    if told.goal is None:
        return mark_safe("")
    y = f"{frame.y(told.goal):.1f}"
    return format_html(
        '<line x1="{}" x2="{}" y1="{}" y2="{}" stroke="var(--good)" stroke-width="2"/><text x="{}" y="{}" '
        'font-size="11" fill="var(--good)">{}</text>',
        LEFT, WIDE - RIGHT, y, y, LEFT + 4, f"{frame.y(told.goal) - 4:.1f}" if frame.y(told.goal) > TOP + 6
        else f"{frame.y(told.goal) + 13:.1f}", _("target %(goal)s") % {"goal": num(told.goal)},
    )  # fmt: skip


def _actual(told: Picture, frame: _Frame) -> SafeString:
    path = "M" + "L".join(f"{frame.x(day):.1f} {frame.y(value):.1f}" for day, value in told.points)
    dots = format_html_join(
        "",
        '<circle cx="{}" cy="{}" r="3" fill="var(--c1)"/>',
        ((f"{frame.x(day):.1f}", f"{frame.y(value):.1f}") for day, value in told.points),
    )
    return format_html('<path d="{}" fill="none" stroke="var(--c1)" stroke-width="2"/>{}', path, dots)


def _ahead(told: Picture, frame: _Frame) -> SafeString:
    """The expected value with its interval as a bar on the last day: between today and then nothing is claimed."""
    if not told.expected:
        return mark_safe("")
    due, low, mean, high = told.expected
    (day, value), x = told.points[-1], frame.x(due)
    top, foot, middle = (f"{frame.y(one):.1f}" for one in (high, low, mean))
    ends = [(high, frame.y(high)), (mean, frame.y(mean)), (low, frame.y(low))]
    gap = 12  # labels keep a line apart
    ends[0] = (high, min(ends[0][1], ends[1][1] - gap))
    ends[2] = (low, max(ends[2][1], ends[1][1] + gap))
    names = format_html_join(
        "",
        '<text x="{}" y="{}" font-size="11" fill="var(--{})">{}</text>',
        ((f"{x + 9:.1f}", f"{y + 4:.1f}", "ink" if one == mean else "muted", num1(one)) for one, y in ends),
    )
    return format_html(
        '<line x1="{}" x2="{}" y1="{}" y2="{}" stroke="var(--c1)" stroke-width="2" stroke-dasharray="2 4"/><line '
        'x1="{}" x2="{}" y1="{}" y2="{}" stroke="var(--c1)" stroke-width="7" stroke-opacity="0.35"/>'
        '<circle cx="{}" cy="{}" r="4" fill="var(--c1)"/>{}',
        f"{frame.x(day):.1f}", f"{x:.1f}", f"{frame.y(value):.1f}", middle, f"{x:.1f}", f"{x:.1f}", top, foot,
        f"{x:.1f}", middle, names,
    )  # fmt: skip
