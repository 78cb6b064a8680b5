"""The kept figures of the leader's page as its template says them, in the active language."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nanglucso.core.bilingual import one_of
from nanglucso.core.days import local_day, midnight
from nanglucso.develop.plans.queries import waiting_for_approval
from nanglucso.govern.reports import drawing, goals, sheet
from nanglucso.govern.reports.deciding import decisions
from nanglucso.govern.reports.leaderrules import LeaderRules
from nanglucso.govern.reports.leading import CourseEffect, axis
from nanglucso.govern.reports.models import LeaderSheet, YearTrend
from nanglucso.govern.reports.queries import money_unit
from nanglucso.workforce.framework.models import Framework

BAR = 70


@dataclass(frozen=True)
class Change:
    """The change of those measured both times in levels; `word`: up, down, same, or "" with the reason in `why`."""

    trend: YearTrend
    people: int
    why: str
    word: str = ""
    value: float = 0.0
    low: float = 0.0
    high: float = 0.0


def change_of(row: YearTrend | None) -> Change | None:
    """None when only one year has been measured."""
    if row is None:
        return None
    told = row.figures
    if told["why"]:
        return Change(row, told["people"][0], told["why"])
    value, low, high = told["stayed"]
    return Change(row, told["people"][0], "", word_of(low, high), value, low, high)


def word_of(low: float, high: float) -> str:
    """A change is said only when its whole interval lies on one side of nothing."""
    return "up" if low > 0 else "down" if high < 0 else "same"


def latest_trend() -> YearTrend | None:
    return YearTrend.objects.select_related("first", "second").order_by("-second__opens_at").first()


def figures_of(
    framework: Framework, rules: LeaderRules, *, year: int, at: datetime, anew: bool
) -> tuple[dict[str, Any], datetime]:
    """The figures kept today, or worked out now, and as of when."""
    kept = None if anew else LeaderSheet.objects.filter(year=year).first()
    if kept and local_day(kept.at) == local_day(at) and kept.figures.get("shape") == sheet.SHAPE:
        return kept.figures, kept.at
    return sheet.work_out(framework, rules, year=year, at=at), at


def page(told: dict[str, Any], rules: LeaderRules, *, year: int, at: datetime) -> dict[str, Any]:
    """The template's words for one year's figures."""
    enough, people = told["hours"]
    row = latest_trend()
    days = (local_day(at) - local_day(midnight(local_day(at).replace(month=1, day=1)))).days
    gone = min(1.0, days / 365) if year == local_day(at).year else 1.0
    most = max((one["given"] for one in told["money"]), default=0)
    unit, word = money_unit(most)
    return {
        "told": told, "met": 100 * told["met"], "measured": 100 * told["measured"] / max(1, told["people"]),
        "tiet": 100 * enough / max(1, people), "unit": word,
        "trend": drawing.trend([(datetime.fromisoformat(moment), value) for moment, value in told["trend"]]),
        "goals": goals.lines(told["targets"]),
        "money": [_money(one, unit) for one in told["money"][: rules.sources]],
        "more_sources": max(0, len(told["money"]) - rules.sources),
        "effects": _effects(told["effects"], rules.effects),
        "more_effects": max(0, len(told["effects"]) - rules.effects), "change": change_of(row),
        "more_percent": round(100 * (rules.more_money - 1)), "more_share": sheet.gained(told["plan"]),
        "decisions": decisions(told, row.figures if row else None, list(waiting_for_approval()), gone, rules),
    }  # fmt: skip


def _money(row: dict[str, Any], unit: int) -> dict[str, Any]:
    width = round(BAR * min(1.0, row["spent"] / max(1, row["given"])))
    said = {"name": one_of(*row["names"]), "spent": row["spent"] / unit, "given": row["given"] / unit}
    return {"id": row["id"], "width": width, **said}


def _effects(rows: list[dict[str, Any]], most: int) -> list[tuple[int, CourseEffect]]:
    """Best first; where there are more than fit, the last one is the worst of all."""
    ends = axis([(one["gain"][1], one["gain"][2]) for one in rows])
    shown = rows if len(rows) <= most else [*rows[: most - 1], rows[-1]]
    return [(one["id"], _effect(one, ends)) for one in shown]


def _effect(row: dict[str, Any], ends: tuple[float, float]) -> CourseEffect:
    shift, low, high = row["gain"]
    return CourseEffect(one_of(*row["names"]), row["people"], row["classes"], shift, low, high, ends)
