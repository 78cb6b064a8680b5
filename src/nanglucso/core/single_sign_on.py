"""Signing in through the organisation's own identity provider (OpenID Connect), where `NLS_OIDC_ISSUER` names one.

An identity opens an account that exists already; none is ever made. The first time, one claim of the identity
(`NLS_OIDC_CLAIM`) must be the account's log-in name; from then on the provider's own, never re-used number of the
person counts and nothing else. The e-mail address is no ground: people may change theirs.
"""

from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import render

from nanglucso.core.acts import act
from nanglucso.core.clock import now
from nanglucso.core.models import User
from nanglucso.core.services import person_id_of


def claimed_name(told: dict[str, Any]) -> str:
    """The claim that names the account, from the token or else the user information; "" when there is none.

    Also "" when the two speak of different persons (OpenID Connect Core 1.0, section 5.3.2).
    """
    token, person = told.get("id_token") or {}, told.get("userinfo") or {}
    if token.get("sub") != person.get("sub", token.get("sub")):
        return ""
    value = token.get(settings.OIDC_CLAIM) or person.get(settings.OIDC_CLAIM)
    return value.strip() if isinstance(value, str) else ""


def account_named(name: str) -> User | None:
    """The account with this log-in name, if no other identity of the provider was ever tied to it."""
    tied = SocialAccount.objects.filter(provider=settings.OIDC_KEY).values("user")
    return User.objects.filter(username=name.lower()).exclude(pk__in=tied).first() if name else None


class KnownPeopleAdapter(DefaultSocialAccountAdapter):
    """Ties an identity to the account that its claim names, once; turns away everybody else."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """What the provider told about the person is not kept: the number is enough."""
        name = claimed_name(sociallogin.account.extra_data)
        sociallogin.account.extra_data = {}
        if sociallogin.state.get("process") != "login":  # an open session must not be a way to tie another identity
            raise ImmediateHttpResponse(self._turned_away(request, ""))
        if sociallogin.is_existing:
            sociallogin.account.save(update_fields=["extra_data"])
            return
        user = account_named(name)
        if user is None:
            raise ImmediateHttpResponse(self._turned_away(request, name))
        with act(user, "core.tie_identity", user, at=now(), person_id=person_id_of(user), issuer=settings.OIDC_ISSUER):
            sociallogin.connect(request, user)

    def _turned_away(self, request: HttpRequest, name: str) -> Any:
        shown = {"name": name[:80], "provider": settings.OIDC_NAME}
        return render(request, "core/identity_unknown.html", shown, status=403)
