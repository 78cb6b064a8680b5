"""The figures of access, read from `content/access.yaml`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from nanglucso.core.content import read_yaml, root
from nanglucso.core.models import Role

LIFTERS = ("administrator", "head", "self")
KINDS = ("powerful", "plain")


@dataclass(frozen=True)
class IdleRule:
    """`days` without a log-in lock an account (0 = never); `lifted_by`: administrator, also the head, also oneself."""

    days: int
    lifted_by: str

    def lets(self, lifter: str) -> bool:
        """Whether `lifter` (one of LIFTERS) may open the account."""
        return LIFTERS.index(lifter) <= LIFTERS.index(self.lifted_by)


@dataclass(frozen=True)
class AccessRules:
    """`powerful_roles`, or a role over `powerful_over_units` units, make an account powerful; `idle` by kind of account.

    A grant is due for review after `review_months` months, and a delegation lasts `delegation_days` days at most.
    """

    powerful_roles: frozenset[str]
    powerful_over_units: int
    idle: Mapping[str, IdleRule]
    review_months: int
    delegation_days: int

    def idle_of(self, powerful: bool) -> IdleRule:
        return self.idle["powerful" if powerful else "plain"]


def _idle(told: Any) -> IdleRule:
    if told["lifted_by"] not in LIFTERS:
        raise ValueError(f"access.yaml, idle, lifted_by: {told['lifted_by']!r} is none of {', '.join(LIFTERS)}")
    return IdleRule(int(told["days"]), told["lifted_by"])


@lru_cache
def access_rules() -> AccessRules:
    """The rules in force; the file is read once a process.

    Raises KeyError when a figure is missing and ValueError when a role or an opener of locks is unknown.
    """
    told: Any = read_yaml(root() / "access.yaml")
    return AccessRules(
        powerful_roles=frozenset(Role(name).value for name in told["powerful_roles"]),
        powerful_over_units=int(told["powerful_over_units"]),
        idle={kind: _idle(told["idle"][kind]) for kind in KINDS},
        review_months=int(told["review_months"]),
        delegation_days=int(told["delegation_days"]),
    )
