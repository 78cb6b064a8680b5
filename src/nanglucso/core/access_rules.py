"""The figures of access, read from `content/access.yaml`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from nanglucso.core.content import read_yaml, root
from nanglucso.core.models import Role

KINDS = ("powerful", "plain")


@dataclass(frozen=True)
class AccessRules:
    """`second_step`: roles that need a second step at log-in; `powerful`: roles whose accounts are locked sooner.

    `idle_days` without a log-in lock an account, by kind of account (0 = never); a grant is due for review after
    `review_months` months, a delegation lasts `delegation_days` days at most, and a session
    ends after `session_idle_minutes` without a request and `session_hours` after the log-in.
    """

    second_step: frozenset[str]
    powerful: frozenset[str]
    idle_days: Mapping[str, int]
    review_months: int
    delegation_days: int
    session_idle_minutes: int
    session_hours: int
    password_words: tuple[str, ...]


def _roles(told: Any) -> frozenset[str]:
    """Raises ValueError for a word that is no role: a slip of the pen must not leave a role unguarded."""
    return frozenset(Role(name).value for name in told)


@lru_cache
def access_rules() -> AccessRules:
    """The rules in force; the file is read once a process.

    Raises KeyError when a figure is missing and ValueError when a role is unknown.
    """
    told: Any = read_yaml(root() / "access.yaml")
    return AccessRules(
        second_step=_roles(told["second_step"]["roles"]),
        powerful=_roles(told["idle"]["powerful"]["roles"]),
        idle_days={kind: int(told["idle"][kind]["days"]) for kind in KINDS},
        review_months=int(told["review_months"]),
        delegation_days=int(told["delegation_days"]),
        session_idle_minutes=int(told["session"]["idle_minutes"]),
        session_hours=int(told["session"]["hours"]),
        password_words=tuple(told["password_words"]),
    )
