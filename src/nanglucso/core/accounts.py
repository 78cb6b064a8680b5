"""Accounts come from the staff list: nobody signs up."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedAdapter(DefaultAccountAdapter):
    """No self-registration; log-in only."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def set_password(self, user: Any, password: str) -> None:
        """Whoever sets a password by themselves need not change it any more."""
        user.must_change_password = False
        super().set_password(user, password)
