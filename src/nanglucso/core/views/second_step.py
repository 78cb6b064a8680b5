"""The page that asks for a second step before a powerful role opens anything, and the way out of a lost one."""

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nanglucso.core import queries, second_step
from nanglucso.core.access import need, public
from nanglucso.core.clock import now
from nanglucso.core.refusals import Refused


@public
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Which role asks for it, and the two ways to set it up; open to whoever is logged in, with or without one."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    demanded = second_step.demanding(request.access.grants)  # type: ignore[attr-defined]
    shown = {"demanded": demanded, "done": second_step.has_second_step(request.user)}  # type: ignore[arg-type]
    return render(request, "core/second_step.html", shown)


@need("roles.change")
@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the second step off an account whose holder has lost phone and recovery codes."""
    scope = request.access.scope  # type: ignore[attr-defined]
    user = get_object_or_404(queries.accounts(scope=scope), pk=pk)
    try:
        second_step.drop_second_step(actor=request.user, user=user, scope=scope, at=now())  # type: ignore[arg-type]
    except Refused as refused:
        messages.error(request, str(refused.message))
    else:
        messages.success(request, _("The second step is gone; a new one is set up at the next sign-in."))
    return redirect("core:role_user", pk=pk)
