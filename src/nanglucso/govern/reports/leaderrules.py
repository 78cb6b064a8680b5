"""What is said on the leader's page and when: `content/leader.yaml`."""

from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from nanglucso.core.content import read_yaml, root
from nanglucso.engines.trend import Rules

LEAST_PEOPLE = 5


@dataclass(frozen=True)
class LeaderRules:
    """`apart`: between two campaigns compared as years; `trend`: the engine's bounds; the rest as the file says.

    Shares are 0..1; `decisions`, `effects`, `sources`, `targets`: most rows, so that the page stays one page.
    """

    apart: timedelta
    trend: Rules
    decisions: int
    effects: int
    sources: int
    targets: int
    measured_share: float
    money_behind: float
    worst_unit: float
    more_money: float


@lru_cache(maxsize=4)
def leader_rules(path: Path | None = None) -> LeaderRules:
    """Read `content/leader.yaml`. Raises KeyError or ValueError when it lacks something or a figure makes no sense."""
    raw: Any = read_yaml(path or root() / "leader.yaml")
    trend, page = dict(raw["trend"]), raw["page"]
    apart = timedelta(days=int(trend.pop("apart_days")))
    rules = Rules(**trend)
    shares = (rules.level, page["measured_share"], page["money_behind"], page["worst_unit"])
    if rules.fewest_people < LEAST_PEOPLE or rules.fewest_items < 1 or not all(0 < one < 1 for one in shares):
        raise ValueError("leader.yaml: fewer than 5 people, no shared question, or a share outside 0..1")
    return LeaderRules(apart, rules, **page)
