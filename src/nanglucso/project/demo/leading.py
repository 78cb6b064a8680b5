"""What the leader's page of the demo city rests on: the plan under a tenth more money, the change from year to year."""

from nanglucso.develop.plans import trying
from nanglucso.develop.plans.models import Scenario
from nanglucso.develop.plans.services import keep_frontier
from nanglucso.govern.reports.leaderrules import leader_rules
from nanglucso.govern.reports.services import keep_sheet, keep_trend
from nanglucso.project.demo.year import City

SECONDS = 0.8


def try_more(city: City, scenario: Scenario, days: float) -> None:
    """The two points of the curve over budgets that the page needs."""
    at, shares = city.at(days), (1.0, leader_rules().more_money)
    points = trying.along(city.framework, scenario, at=at, shares=shares, seconds=SECONDS)
    keep_frontier(scenario=scenario, points=[point for _share, point in points], done=True, at=at)


def look_back(city: City) -> None:
    """As the worker does at night."""
    keep_sheet(framework=city.framework, at=city.anchor)
    keep_trend(framework=city.framework, at=city.anchor)
