"""Tasks at work that wait for the head's word."""

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nanglucso.core.access import need
from nanglucso.core.clock import now
from nanglucso.core.refusals import Refused
from nanglucso.develop.learning import queries, services

A_PAGE = 30


@need("lessons.confirm")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """What was reported in my unit: waiting first, below it the last that were confirmed."""
    scope = request.access.scope  # type: ignore[attr-defined]
    page = Paginator(queries.tasks_waiting(scope=scope), A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "confirmed": queries.tasks_confirmed(scope=scope)[:10]}
    return render(request, "learning/tasks.html", context)


@need("lessons.confirm")
@require_POST
def confirm(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One tap."""
    scope = request.access.scope  # type: ignore[attr-defined]
    rows = queries.tasks_waiting(scope=scope) | queries.tasks_confirmed(scope=scope)
    study = get_object_or_404(rows, pk=pk)
    try:
        services.confirm_task(actor=request.user, study_id=study.pk, at=now())  # type: ignore[arg-type]
        messages.success(request, _("Confirmed: %(name)s.") % {"name": study.person.full_name})
    except Refused as no:
        messages.error(request, str(no))
    return redirect("learning:tasks")
