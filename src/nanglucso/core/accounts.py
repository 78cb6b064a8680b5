"""Accounts come from the staff list: nobody signs up. How a log-in ends at a lock, and what a new password does."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import ResetPasswordForm
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from nanglucso.core.clock import now
from nanglucso.core.idling import may_lift_own_lock
from nanglucso.core.models import User
from nanglucso.core.signing_in import set_own_password

LOCKED_KEY = "nls-locked-out"


class ClosedAdapter(DefaultAccountAdapter):
    """No self-registration; log-in only."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:  # type: ignore[override]
        """The password was right but the account is closed: a page says why and whom to ask."""
        request.session[LOCKED_KEY] = user.pk
        return redirect("core:locked_out")

    def set_password(self, user: User, password: str) -> None:  # type: ignore[override]
        set_own_password(user=user, password=password, at=now())


class ResetForm(ResetPasswordForm):
    """The link also goes to accounts that are locked for lack of use and that their holders may open."""

    def clean_email(self) -> str:
        email: str = super().clean_email()
        locked = User.objects.filter(email__iexact=email, is_active=False).exclude(locked_at=None)
        self.users = [*self.users, *(user for user in locked if may_lift_own_lock(user, at=now()))]
        return email


def mail_goes_out() -> bool:
    """Whether links can be sent at all: the default keeps mail as files on the server."""
    return not settings.EMAIL_BACKEND.endswith(("filebased.EmailBackend", "console.EmailBackend", "dummy.EmailBackend"))
