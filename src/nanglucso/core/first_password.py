"""A password that somebody else chose opens nothing but the page to change it."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from nanglucso.core.access import to_page

RESET = {f"account_reset_password{step}" for step in ("", "_done", "_from_key", "_from_key_done")}
OPEN = {"account_change_password", "account_set_password", "account_logout"} | RESET


def must_change(user: Any) -> bool:
    """Whether somebody else chose the password; an account without one opens by other ways and has none to change."""
    return getattr(user, "must_change_password", False) and user.has_usable_password()


class FirstPasswordMiddleware:
    """Sends who must change the password to that page from every other one but the log-out
    and the link for a forgotten password.

    The language is switched by `?lang=` on these pages themselves, and static files are served before this.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, *_given: Any) -> HttpResponse | None:
        match = request.resolver_match
        if (
            getattr(view, "by_ticket", False)
            or match is None
            or match.view_name in OPEN
            or not must_change(request.user)
        ):
            return None
        return to_page(request, "account_change_password")
