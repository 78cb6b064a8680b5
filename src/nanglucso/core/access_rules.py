"""The figures of access, read from `content/access.yaml`."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from nanglucso.core.content import read_yaml, root


@dataclass(frozen=True)
class AccessRules:
    """`idle_days` without a log-in lock an account, a grant is due for review after `review_months` months, and a
    delegation lasts `delegation_days` days at most."""

    idle_days: int
    review_months: int
    delegation_days: int


@lru_cache
def access_rules() -> AccessRules:
    """The rules in force; the file is read once a process. Raises KeyError when a figure is missing."""
    told: Any = read_yaml(root() / "access.yaml")
    return AccessRules(*(int(told[name]) for name in ("idle_days", "review_months", "delegation_days")))
