"""Which accounts are powerful: by the roles and the number of units that `content/access.yaml` names."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models import Q

from nanglucso.core.access_rules import access_rules
from nanglucso.core.models import Role, RoleGrant, User
from nanglucso.core.scope import Scope


def in_force(at: datetime) -> Q:
    """Grants in force at a moment; a delegated one only while the grant that it comes from is."""
    own = Q(ended_at=None) | Q(ended_at__gt=at)
    source = Q(delegated_from=None) | Q(delegated_from__ended_at=None) | Q(delegated_from__ended_at__gt=at)
    return own & source & Q(granted_at__lte=at)


def _standing() -> Any:
    model: Any = apps.get_model("people", "Unit")
    return model.objects.filter(until=None)


def powerful(grants: Iterable[RoleGrant]) -> bool:
    """Whether whoever holds these grants (unit joined) is powerful: by a role, or by the units they reach in all."""
    rules, held = access_rules(), [grant for grant in grants if grant.role != Role.OFFICIAL]
    if any(grant.role in rules.powerful_roles for grant in held):
        return True
    if not held or not rules.powerful_over_units:
        return False
    if any(grant.unit is None for grant in held):
        return True
    scope = Scope(paths=tuple(grant.unit.path for grant in held if grant.unit))
    return bool(_standing().filter(scope.units()).count() >= rules.powerful_over_units)


def is_powerful(user: User, at: datetime) -> bool:
    """The same of an account at a moment."""
    return powerful(user.grants.filter(in_force(at)).select_related("unit"))


def powerful_ids(at: datetime) -> set[int]:
    """Numbers of all powerful accounts, in three queries."""
    rules = access_rules()
    rows = RoleGrant.objects.filter(in_force(at)).exclude(role=Role.OFFICIAL)
    found, reached = set(), defaultdict(set)
    paths = sorted(_standing().values_list("path", flat=True)) if rules.powerful_over_units else []
    for user, role, path in rows.values_list("user_id", "role", "unit__path"):
        if role in rules.powerful_roles or (rules.powerful_over_units and path is None):
            found.add(user)
        elif path is not None:
            reached[user].update(range(bisect_left(paths, path), bisect_left(paths, path + "~")))
    least = rules.powerful_over_units
    return found | {user for user, units in reached.items() if least and len(units) >= least}
