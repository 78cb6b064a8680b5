"""A session ends by itself: so many minutes after its last sign of life, and so many hours after the log-in."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from nanglucso.core.access_rules import access_rules
from nanglucso.core.clock import now

BEGAN, SEEN = "nls-began", "nls-seen"
STEP = 300  # seconds between two notes of a sign of life: a page is no write


@receiver(user_logged_in)
def begin(request: HttpRequest, **_told: Any) -> None:
    """From this moment both spans count; the library has given the session a new key."""
    request.session[BEGAN] = request.session[SEEN] = now().timestamp()


def is_over(session: Any, at: float) -> bool:
    """Whether the session has outlived one of its spans; one from before they were counted begins now."""
    rules = access_rules()
    began, seen = session.get(BEGAN, at), session.get(SEEN, at)
    return at - began > rules.session_hours * 3600 or at - seen > rules.session_idle_minutes * 60


class SessionSpans:
    """Ends what has outlived its span before any page is shown. A test is sat by its ticket and asks no session."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, *_given: Any) -> None:
        if getattr(view, "by_ticket", False) or not request.user.is_authenticated:
            return
        at, session = now().timestamp(), request.session
        if is_over(session, at):
            logout(request)
            messages.info(request, _("Your session had ended; please sign in again."))
        elif at - session.get(SEEN, 0) > STEP:
            session[SEEN] = at
            session.setdefault(BEGAN, at)
