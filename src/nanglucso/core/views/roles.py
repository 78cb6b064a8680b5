"""Roles: who holds which, over which units; granting and ending them."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nanglucso.core import idling, queries, services
from nanglucso.core.access import need
from nanglucso.core.access_rules import access_rules
from nanglucso.core.clock import now
from nanglucso.core.forms import GrantForm
from nanglucso.core.models import Role, User
from nanglucso.core.refusals import Refused
from nanglucso.core.scope import Scope
from nanglucso.core.second_step import has_second_step


def _scope(request: HttpRequest) -> Scope:
    scope: Scope = request.access.scope  # type: ignore[attr-defined]
    return scope


@need("roles.change")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Accounts with the roles they hold."""
    text, role = request.GET.get("q", "").strip()[:80], request.GET.get("role", "")
    role = role if role in Role.values else ""
    locked = request.GET.get("state") == "locked"
    rows = queries.accounts(scope=_scope(request), text=text, role=role, locked=locked, at=now())
    page = Paginator(rows, 30).get_page(request.GET.get("page"))
    shown = {"page": page, "q": text, "role": role, "roles": Role.choices, "locked": locked}
    return render(request, "core/roles.html", shown | {"idle_days": access_rules().idle_days})


def _page(request: HttpRequest, user: User, form: GrantForm, status: int = 200) -> HttpResponse:
    scope = _scope(request)
    shown = {
        "user_shown": user,
        "form": form,
        "grants": queries.grants_of(user=user, scope=scope),
        "units": queries.unit_names(scope=scope),
        "at": now(),
        "second_step": has_second_step(user),
        "idle_days": access_rules().idle_days[idling.idle_kind(user, at=now())],
    }
    return render(request, "core/role_user.html", shown, status=status)


@need("roles.change")
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """One account: its roles now and before, and the form to grant another."""
    scope = _scope(request)
    user = get_object_or_404(queries.accounts(scope=scope), pk=pk)
    form = GrantForm(request.POST or None, scope=scope)
    if request.method != "POST":
        return _page(request, user, form)
    if form.is_valid():
        try:
            told = {"user": user, "scope": scope, "at": now()}
            services.grant_role(actor=request.user, **told, **form.cleaned_data)  # type: ignore[arg-type]
        except Refused as refused:
            refused.show_on(form)
        else:
            messages.success(request, _("The role was granted."))
            return redirect("core:role_user", pk=pk)
    return _page(request, user, form, status=422)


@need("roles.change")
@require_POST
def end(request: HttpRequest, pk: int, grant: int) -> HttpResponse:
    """End one grant."""
    scope = _scope(request)
    user = get_object_or_404(queries.accounts(scope=scope), pk=pk)
    row = get_object_or_404(queries.grants_of(user=user, scope=scope), pk=grant)
    try:
        services.end_role(actor=request.user, grant=row, scope=scope, at=now())  # type: ignore[arg-type]
    except Refused as refused:
        messages.error(request, str(refused.message))
    else:
        messages.success(request, _("The role has ended."))
    return redirect("core:role_user", pk=pk)


@need("roles.change")
@require_POST
def unlock(request: HttpRequest, pk: int) -> HttpResponse:
    """Open an account that was locked for lack of use."""
    scope = _scope(request)
    user = get_object_or_404(queries.accounts(scope=scope), pk=pk)
    try:
        idling.unlock_account(actor=request.user, user=user, scope=scope, at=now())  # type: ignore[arg-type]
    except Refused as refused:
        messages.error(request, str(refused.message))
    else:
        messages.success(request, _("The account is open again: %(name)s.") % {"name": user})
    return redirect("core:role_user", pk=pk)
