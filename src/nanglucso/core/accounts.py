"""Accounts come from the staff list: nobody signs up. What the log-in library is told, and what it leaves behind."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.signals import password_changed, password_reset, password_set
from allauth.core import ratelimit
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from nanglucso.core.acts import act
from nanglucso.core.clock import now
from nanglucso.core.services import person_id_of
from nanglucso.core.tries import used_up

CLOSED_KEY = "nls-closed-account"


class ClosedAdapter(DefaultAccountAdapter):
    """No self-registration; log-in only."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def set_password(self, user: Any, password: str) -> None:
        """Whoever sets a password by themselves need not change it any more."""
        user.must_change_password = False
        super().set_password(user, password)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Account and address together: nobody locks an account for its owner elsewhere."""
        name = credentials.get("email") or credentials.get("username") or ""
        return f"{name.lower()}|{self.get_client_ip(request)}"

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Tries at once may pass together: at most as many too many as there are threads."""
        if used_up(request, "login_failed", self._get_login_attempts_cache_key(request, **credentials)):
            raise self.validation_error("too_many_login_attempts")

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Only a wrong password counts."""
        key = self._get_login_attempts_cache_key(request, **credentials)
        ratelimit.consume(request, action="login_failed", key=key)

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        """The password was right but the account is closed: a page says why and whom to ask.

        Only this session may ask about this account, so that nobody learns by guessing which accounts there are.
        """
        request.session[CLOSED_KEY] = user.pk
        return redirect("core:account_closed")


@receiver([password_changed, password_reset, password_set])
def log_password(user: Any, **_told: Any) -> None:
    """Whose password, not which one."""
    with act(user, "core.change_password", user, at=now(), person_id=person_id_of(user)):
        pass


@receiver([authenticator_added, authenticator_removed, authenticator_reset])
def log_second_step(signal: Any, user: Any, authenticator: Any, **_told: Any) -> None:
    """An app, a passkey or recovery codes that came or went."""
    what = {authenticator_added: "add", authenticator_removed: "remove", authenticator_reset: "renew"}[signal]
    with act(user, f"core.{what}_second_step", user, at=now(), person_id=person_id_of(user)) as this:
        this.note(kind=authenticator.type)
