"""Accounts locked for lack of use: the list that opens them, and the page that a locked person meets."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from nanglucso.core import idling, queries
from nanglucso.core.access import need, public
from nanglucso.core.access_rules import access_rules
from nanglucso.core.accounts import LOCKED_KEY, mail_goes_out
from nanglucso.core.clock import now
from nanglucso.core.models import User
from nanglucso.core.power import is_powerful, powerful_ids
from nanglucso.core.refusals import Refused

SHOWN = 50


def _lines(users: Any, role: str) -> list[dict[str, Any]]:
    """Each account with its kind's rule, and whether the viewer may open it."""
    strong, lifter = powerful_ids(now()), "administrator" if role == "admin" else "head"
    rules = [access_rules().idle_of(user.pk in strong) for user in users]
    return [{"user": user, "rule": rule, "may": rule.lets(lifter)} for user, rule in zip(users, rules, strict=True)]


@need("accounts.unlock")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Locked accounts of the viewer's units, the latest first."""
    access = request.access  # type: ignore[attr-defined]
    page = Paginator(queries.locked_accounts(scope=access.scope), SHOWN).get_page(request.GET.get("page"))
    return render(request, "core/locks.html", {"page": page, "lines": _lines(list(page), access.role)})


@need("accounts.unlock")
@require_POST
def unlock(request: HttpRequest) -> HttpResponse:
    """Open the chosen accounts."""
    access = request.access  # type: ignore[attr-defined]
    chosen = [int(pk) for pk in request.POST.getlist("user")[:SHOWN] if pk.isdecimal() and len(pk) < 19]
    users = queries.locked_accounts(scope=access.scope).filter(pk__in=chosen)
    told = {"users": users, "scope": access.scope, "role": access.role, "at": now()}
    try:
        done = idling.unlock_accounts(actor=request.user, **told)  # type: ignore[arg-type]
    except Refused as refused:
        messages.error(request, str(refused.message))
    else:
        sentence = ngettext("%(n)s account is open again.", "%(n)s accounts are open again.", done)
        messages.success(request, sentence % {"n": done})
    return redirect("core:locks")


@public
@never_cache
@require_GET
def locked_out(request: HttpRequest) -> HttpResponse:
    """Why a log-in with the right password ended here: since when, and who opens the account."""
    user = User.objects.filter(pk=request.session.get(LOCKED_KEY), is_active=False).first()
    if user is None:
        return render(request, "core/locked_out.html")
    strong = is_powerful(user, now())
    rule = access_rules().idle_of(strong)
    shown = {
        "locked": user,
        "rule": rule,
        "openers": queries.who_opens(user, heads=rule.lets("head"), at=now()),
        "by_mail": rule.lets("self") and bool(user.email) and mail_goes_out(),
    }
    return render(request, "core/locked_out.html", shown)
