"""Delegation for an absence: the head's own page."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from nanglucso.core import delegating, queries
from nanglucso.core.access import need
from nanglucso.core.access_rules import access_rules
from nanglucso.core.clock import now
from nanglucso.core.forms import DelegationForm
from nanglucso.core.models import RoleGrant
from nanglucso.core.refusals import Refused


def _line(row: RoleGrant) -> dict[str, Any]:
    """One delegation with its last day and whether it lies ahead, runs or is over."""
    at, ends = now(), row.ended_at or now()
    state = "over" if ends <= at else "ahead" if row.granted_at > at else "running"
    unused = ends <= row.granted_at
    return {"row": row, "state": state, "last": None if unused else row.last_day}


def _page(request: HttpRequest, form: DelegationForm, status: int = 200) -> HttpResponse:
    access = request.access  # type: ignore[attr-defined]
    shown = {
        "form": form,
        "grant": access.grant,
        "delegator": access.delegator,
        "lines": [_line(row) for row in queries.delegations_of(access.grant)],
        "deputies": queries.deputies(scope=access.scope, but=request.user)[:400],  # type: ignore[arg-type]
        "most": access_rules().delegation_days,
    }
    return render(request, "core/delegations.html", shown, status=status)


@need("roles.delegate")
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """To whom the role in use is and was delegated, and the form to delegate it."""
    access = request.access  # type: ignore[attr-defined]
    form = DelegationForm(request.POST or None, scope=access.scope, holder=request.user)  # type: ignore[arg-type]
    if request.method != "POST":
        return _page(request, form)
    if form.is_valid():
        try:
            delegating.delegate_role(actor=request.user, grant=access.grant, at=now(), **form.cleaned_data)  # type: ignore[arg-type]
        except Refused as refused:
            refused.show_on(form)
        else:
            messages.success(request, _("The role is delegated."))
            return redirect("core:delegations")
    return _page(request, form, status=422)


@need("roles.delegate")
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """End a delegation of the role in use."""
    row = get_object_or_404(queries.delegations_of(request.access.grant), pk=pk)  # type: ignore[attr-defined]
    try:
        delegating.withdraw_delegation(actor=request.user, delegation=row, at=now())  # type: ignore[arg-type]
    except Refused as refused:
        messages.error(request, str(refused.message))
    else:
        messages.success(request, _("The delegation is withdrawn."))
    return redirect("core:delegations")
