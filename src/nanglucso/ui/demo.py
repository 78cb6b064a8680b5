"""Doors of the demonstration city: one made-up person for each role, shown on the log-in page."""

from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from nanglucso.core.models import Role, RoleGrant, User
from nanglucso.ui.nav import ROLE_ICONS

PASSWORD = "nang-luc-so-2026"  # noqa: S105 - printed on the demo's log-in page


def people() -> QuerySet[User]:
    """Made-up accounts only: a real one is never entered without its password."""
    return User.objects.filter(made_up=True, is_active=True)


def doors() -> list[dict[str, Any]]:
    """One account for each role, in the order of the roles; nothing outside the demo.

    An account whose strongest role it is comes first, so that a head of unit is not entered as an official.
    """
    if not settings.DEMO:
        return []
    found = []
    for role in Role:
        grant = _door(role)
        if grant:
            found.append({"user": grant.user, "role": role.label, "icon": ROLE_ICONS[role], "unit": grant.unit})
    return found


def _door(role: Role) -> RoleGrant | None:
    grants = RoleGrant.objects.filter(role=role, ended_at=None, user__in=people()).select_related("user", "unit")
    if role == Role.OFFICIAL:
        others = RoleGrant.objects.exclude(role=role).filter(ended_at=None)
        grants = grants.exclude(user__in=others.values("user"))
    return grants.order_by("pk").first()
