"""Roles: who holds which, over which units; granting and ending them."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nanglucso.core import queries, services
from nanglucso.core.access import need
from nanglucso.core.clock import now
from nanglucso.core.forms import GrantForm
from nanglucso.core.models import Role, RoleGrant, User
from nanglucso.core.refusals import Refused


@need("roles.change")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Accounts with the roles they hold."""
    text, role = request.GET.get("q", "").strip()[:80], request.GET.get("role", "")
    role = role if role in Role.values else ""
    page = Paginator(queries.accounts(text=text, role=role), 30).get_page(request.GET.get("page"))
    return render(request, "core/roles.html", {"page": page, "q": text, "role": role, "roles": Role.choices})


def _page(request: HttpRequest, user: User, form: GrantForm, status: int = 200) -> HttpResponse:
    shown = {"user_shown": user, "form": form, "grants": queries.grant_history(user), "units": queries.unit_names()}
    return render(request, "core/role_user.html", shown, status=status)


@need("roles.change")
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """One account: its roles now and before, and the form to grant another."""
    user = get_object_or_404(User, pk=pk)
    form = GrantForm(request.POST or None)
    if request.method != "POST":
        return _page(request, user, form)
    if form.is_valid():
        try:
            services.grant_role(actor=request.user, user=user, at=now(), **form.cleaned_data)  # type: ignore[arg-type]
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
    row = get_object_or_404(RoleGrant.objects.select_related("user", "unit"), pk=grant, user_id=pk)
    try:
        services.end_role(actor=request.user, grant=row, at=now())  # type: ignore[arg-type]
    except Refused as refused:
        messages.error(request, str(refused.message))
    else:
        messages.success(request, _("The role has ended."))
    return redirect("core:role_user", pk=pk)
