"""The word for a target: on track, at risk, late, no data, or not to be judged. Rules: `content/targets/rules.yaml`."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

import numpy as np

from nanglucso.engines.forecast import forecast
from nanglucso.govern.targets.shipped import Rules, rules

ON_TRACK: Final = "on_track"
AT_RISK: Final = "at_risk"
LATE: Final = "late"
NO_DATA: Final = "no_data"
UNREAD: Final = "unread"
WORDS: Final = (LATE, AT_RISK, ON_TRACK, NO_DATA, UNREAD)


@dataclass(frozen=True)
class Known:
    """What is known of a series: last figure, last day of the target's period, and the forecast's chance for it."""

    value: Decimal
    day: date
    due: date | None
    chance: float | None


def word(goal: Decimal | None, known: Known | None, today: date) -> str:
    """The one word for a goal (None = not read or demanded in words) and what is known of it today."""
    told = rules()
    if goal is None:
        return UNREAD
    if known is None:
        return NO_DATA
    if known.due is not None and today > known.due:
        return ON_TRACK if known.value >= goal else LATE
    if known.chance is not None:
        return ON_TRACK if known.chance >= told.on_track else LATE if known.chance < told.late else AT_RISK
    if known.value >= goal:
        return ON_TRACK
    return NO_DATA if known.due is not None else AT_RISK


def is_stale(day: date, today: date) -> bool:
    """Whether a figure is so old that it should be asked for."""
    return (today - day).days > rules().stale_days


@dataclass(frozen=True)
class Line:
    """Figures at equal steps (`step` months; NaN = none), the last one the newest, at month `end` (12 y + m - 1)."""

    values: tuple[float, ...]
    step: int
    end: int

    def steps_to(self, day: date, most: int) -> int:
        """Steps from the newest figure to the month of a day, at least one, no further than `most` months."""
        months = min(month_of(day) - self.end, most)
        return max(1, -(-months // self.step))


def month_of(day: date) -> int:
    return day.year * 12 + day.month - 1


def line_of(figures: list[tuple[date, float]]) -> Line:
    """Figures in the order of their days on the widest grid of months that holds all; a month's last one counts."""
    by_month = {month_of(day): value for day, value in figures}
    months = sorted(by_month)
    step = int(np.gcd.reduce(np.diff(months))) if len(months) > 1 else 1
    grid = range(months[0], months[-1] + 1, step)
    return Line(tuple(by_month.get(month, float("nan")) for month in grid), step, months[-1])


@dataclass(frozen=True)
class Outlook:
    """On the last day: 90% interval, middle, and the chance of the goal."""

    low: float
    mean: float
    high: float
    chance: float | None


def outlooks(
    lines: list[Line], goals: list[float | None], dues: list[date | None], *, share: bool, told: Rules | None = None
) -> list[Outlook | None]:
    """One forecast a series for its own last day, all of a kind at once; None where nothing can be forecast."""
    told = told or rules()
    made: list[Outlook | None] = [None] * len(lines)
    groups: dict[int, list[int]] = {}
    for i, (line, due) in enumerate(zip(lines, dues, strict=True)):
        if due is not None and month_of(due) > line.end and len(line.values) >= told.least_figures:
            groups.setdefault(line.steps_to(due, told.most_months), []).append(i)
    for steps, members in groups.items():
        width = max(len(lines[i].values) for i in members)
        table = np.full((len(members), width), np.nan)
        for row, i in enumerate(members):
            table[row, width - len(lines[i].values) :] = lines[i].values
        wanted = [np.nan if goals[i] is None else float(goals[i] or 0) - (told.near if share else 0) for i in members]
        found = forecast(table, [steps], share=share, level=told.level, least=told.least_figures, goal=wanted)
        for row, i in enumerate(members):
            if np.isfinite(found.mean[row, 0]):
                chance = None if np.isnan(wanted[row]) else float(found.chance[row, 0])
                low, mean, high = (float(one[row, 0]) for one in (found.low, found.mean, found.high))
                made[i] = Outlook(low, mean, high, chance)
    return made
