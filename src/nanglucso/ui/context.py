"""What every page of the shell needs."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from nanglucso.core.models import Role
from nanglucso.ui import demo, nav

THEME_COOKIE = "nls-theme"
THEMES = ("light", "dark")


def theme_of(request: HttpRequest) -> str:
    """`light`, `dark`, or "" = as the machine wishes."""
    kept = request.COOKIES.get(THEME_COOKIE, "")
    return kept if kept in THEMES else ""


def initials(name: str) -> str:
    """Two letters for the round badge: of the last two words, since the given name comes last."""
    words = [word for word in name.split() if word[:1].isalpha()]
    return "".join(word[0] for word in words[-2:]).upper() or "?"


def _scope_words(grant: Any) -> Any:
    if grant.role == Role.OFFICIAL:
        return _("Own record")
    return grant.unit.name if grant.unit else _("Whole city")


def _viewer(request: HttpRequest) -> dict[str, Any]:
    access = request.access  # type: ignore[attr-defined]
    user = request.user
    if not user.is_authenticated:
        return {}
    return {
        "name": str(user),
        "initials": initials(str(user)),
        "role": access.grant.get_role_display() if access.grant else _("No role yet"),
        "acting_for": str(access.delegator or ""),
        "grants": [
            {
                "id": grant.pk,
                "role": grant.get_role_display(),
                "scope": _scope_words(grant),
                "holder": str(grant.delegated_from.user) if grant.delegated_from else "",
                "ends": grant.last_day if grant.delegated_from else None,
                "icon": nav.ROLE_ICONS[grant.role],
                "current": grant == access.grant,
            }
            for grant in access.grants
        ],
    }


def _menu(request: HttpRequest) -> dict[str, Any]:
    groups = nav.menu_for(request, request.access.role)  # type: ignore[attr-defined]
    current = next(((group, line) for group in groups for line in group["entries"] if line["current"]), (None, None))
    return {"groups": groups, "tabs": nav.tabs_of(groups), "group": current[0], "entry": current[1]}


def shell(request: HttpRequest) -> dict[str, Any]:
    """Viewer, menu, theme and the demo banner; viewer and menu are worked out only when a template asks."""
    if not hasattr(request, "access"):
        return {"theme": theme_of(request), "organisation": settings.ORGANISATION}
    return {
        "access": request.access,
        "theme": theme_of(request),
        "organisation": settings.ORGANISATION,
        "demo": settings.DEMO,
        "single_sign_on": settings.OIDC_ISSUER and {"key": settings.OIDC_KEY, "name": settings.OIDC_NAME},
        "demo_doors": SimpleLazyObject(demo.doors),
        "demo_password": demo.PASSWORD if settings.DEMO else "",
        "viewer": SimpleLazyObject(lambda: _viewer(request)),
        "menu": SimpleLazyObject(lambda: _menu(request)),
    }
