"""The review of access: which roles wait for a decision, confirming and withdrawing them."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from nanglucso.core import reviewing, services
from nanglucso.core.access import need
from nanglucso.core.access_rules import access_rules
from nanglucso.core.clock import now
from nanglucso.core.days import local_day
from nanglucso.core.refusals import Refused

SHOWN = 50


def _back(request: HttpRequest) -> HttpResponse:
    everything = "?show=all" if request.POST.get("show") == "all" else ""
    return redirect(reverse("core:review") + everything)


@need("roles.change")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Roles that wait for a decision, or all of them, the longest unconfirmed first."""
    at, scope = now(), request.access.scope  # type: ignore[attr-defined]
    everything = request.GET.get("show") == "all"
    rows = reviewing.reviewable(scope=scope) if everything else reviewing.due(scope=scope, at=at)
    page = Paginator(rows, SHOWN).get_page(request.GET.get("page"))
    lines: list[dict[str, Any]] = [{"grant": row, "due_on": reviewing.due_on(row)} for row in page]
    for line in lines:
        line["late"] = line["due_on"] <= local_day(at)
        line["over"] = line["due_on"] < local_day(at)
        line["own"] = line["grant"].user_id == request.user.pk
    shown = {
        "page": page,
        "lines": lines,
        "everything": everything,
        "state": reviewing.due_state(scope=scope, at=at),
        "months": access_rules().review_months,
    }
    return render(request, "core/review.html", shown)


@need("roles.change")
@require_POST
def confirm(request: HttpRequest) -> HttpResponse:
    """Confirm the chosen roles."""
    scope = request.access.scope  # type: ignore[attr-defined]
    chosen = [int(pk) for pk in request.POST.getlist("grant")[:SHOWN] if pk.isdecimal() and len(pk) < 19]
    grants = reviewing.reviewable(scope=scope).filter(pk__in=chosen)
    try:
        done = reviewing.confirm_grants(actor=request.user, grants=grants, scope=scope, at=now())  # type: ignore[arg-type]
    except Refused as refused:
        messages.error(request, str(refused.message))
    else:
        messages.success(
            request, ngettext("%(n)s role is confirmed.", "%(n)s roles are confirmed.", done) % {"n": done}
        )
    return _back(request)


@need("roles.change")
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw one role."""
    scope = request.access.scope  # type: ignore[attr-defined]
    grant = get_object_or_404(reviewing.reviewable(scope=scope), pk=pk)
    try:
        services.end_role(actor=request.user, grant=grant, scope=scope, at=now())  # type: ignore[arg-type]
    except Refused as refused:
        messages.error(request, str(refused.message))
    else:
        messages.success(request, _("The role has ended."))
    return _back(request)
