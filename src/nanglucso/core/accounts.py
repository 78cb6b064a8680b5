"""Accounts come from the staff list: nobody signs up."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedAdapter(DefaultAccountAdapter):
    """No self-registration; log-in only."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
