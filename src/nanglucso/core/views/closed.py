"""The page that somebody meets who logs in rightly to an account that is locked or switched off."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from nanglucso.core import idling, queries
from nanglucso.core.access import public
from nanglucso.core.access_rules import access_rules
from nanglucso.core.accounts import CLOSED_KEY
from nanglucso.core.clock import now
from nanglucso.core.models import User

NAMED = 3


@public
@never_cache
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Why the log-in ended here, since when, and who opens the account; plain words to whoever logged in to none."""
    user = User.objects.filter(pk=request.session.get(CLOSED_KEY, 0), is_active=False).first()
    if user is None:
        return render(request, "core/account_closed.html")
    at = now()
    shown = {
        "closed": user,
        "days": access_rules().idle_days[idling.idle_kind(user, at=at)],
        "administrators": queries.administrators_of(user, at=at)[:NAMED],
    }
    return render(request, "core/account_closed.html", shown)
