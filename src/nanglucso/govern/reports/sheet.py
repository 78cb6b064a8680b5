"""The leader's page as figures: worked out here, kept at night, put into words by the page in either language."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from nanglucso.core.scope import EVERYTHING
from nanglucso.develop.hours.queries import reached
from nanglucso.develop.plans.models import Scenario
from nanglucso.develop.plans.queries import approved, finding
from nanglucso.develop.training.queries import by_course
from nanglucso.govern.reports import goals, leading, queries
from nanglucso.govern.reports.leaderrules import LeaderRules
from nanglucso.workforce.framework.models import Framework

Names = tuple[str, str]
SHAPE = 2  # of the figures; those kept in another shape are worked out anew


def _names(row: Any) -> Names:
    return row.name_vi, row.name_en or row.name_vi


def work_out(framework: Framework, rules: LeaderRules, *, year: int, at: datetime) -> dict[str, Any]:
    """JSON; shares 0..1, money in đồng, gains in levels, names as [Vietnamese, English]."""
    counts = queries.city_counts(framework, at)
    met = counts.share_met()
    enough, people = reached(year, at)
    campaign = leading.latest_campaign()
    areas = leading.commune_tiles(framework, EVERYTHING, at)
    communes = any(one.mean is not None for one in areas)
    shown = areas if communes else leading.department_tiles(framework, EVERYTHING, at)
    return {
        "shape": SHAPE, "targets": goals.figures(rules.targets, at),
        "people": counts.people, "measured": counts.measured, "met": met, "hours": [enough, people],
        "campaign": {"code": campaign.code, "status": campaign.status} if campaign else None,
        "trend": [[moment.isoformat(), value] for moment, value in leading.met_trend(at, 100 * met)],
        "communes": communes, "areas": [asdict(one) for one in shown],
        "money": [
            {"id": one.pk, "names": one.names, "given": one.given, "spent": one.spent}
            for one in leading.money_rows(year)
        ],
        "effects": _effects(), "plan": plan_figures(_plan(year), rules),
    }  # fmt: skip


def _effects() -> list[dict[str, Any]]:
    """Courses with a measured effect, the largest gain first."""
    told = sorted(by_course(), key=lambda one: -one.whole.mean)
    return [
        {
            "id": one.course.pk, "names": _names(one.course), "people": one.people,
            "classes": len(one.effects), "gain": [one.whole.mean, one.whole.low, one.whole.high],
        }
        for one in told
    ]  # fmt: skip


def _plan(year: int) -> Scenario | None:
    """Next year's plan: approved, sent for approval, or computed with its curve over budgets; else this year's."""
    rows = Scenario.objects.filter(year=year + 1)
    sent, drawn = rows.filter(status=Scenario.Status.SUBMITTED), rows.filter(status=Scenario.Status.SOLVED)
    with_curve = next((row for row in drawn.order_by("-pk") if row.figures.get("frontier", {}).get("points")), None)
    return approved(year + 1) or sent.first() or with_curve or approved(year)


def plan_figures(plan: Scenario | None, rules: LeaderRules) -> dict[str, Any] | None:
    """What the plan closes of the need, and what more money would: a point of its curve over budgets."""
    found = finding(plan) if plan else None
    if plan is None or found is None:
        return None
    return {
        "id": plan.pk, "name": plan.name, "year": plan.year, "budget": plan.budget,
        "approved": plan.status == Scenario.Status.APPROVED, "closed": found.closed, "most": found.closed + found.more,
        "more": _more(plan.budget, plan.figures.get("frontier", {}).get("points", []), rules.more_money),
    }  # fmt: skip


LEAST = 0.0005  # a smaller share of the need is said to be nothing, as its figure would


def gained(plan: dict[str, Any] | None) -> float | None:
    """Share of the need that more money closes beyond the plan, 0 where nothing; None where that is not known."""
    more = plan and plan["more"]
    if not more:
        return None
    gain = float(more["after"] - more["before"])
    return gain if gain >= LEAST else 0.0


def _more(budget: int, points: Sequence[dict[str, float]], factor: float) -> dict[str, float] | None:
    """What the curve's points at 1.0 and `factor` of the budget close (shares of the need); `most`: proven bound."""
    near = {round(point["budget"] / budget, 3): point for point in points}
    here, there = near.get(1.0), near.get(round(factor, 3))
    if here is None or there is None:
        return None
    return {
        "money": there["budget"] - here["budget"], "before": here["closed"], "after": there["closed"],
        "most": there["bound"],
    }  # fmt: skip
