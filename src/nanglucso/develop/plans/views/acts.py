"""What is done to a scenario: compute, stop, send, approve, send back, copy, delete. POST only."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from nanglucso.core.access import need
from nanglucso.core.clock import now
from nanglucso.core.refusals import Refused
from nanglucso.develop.plans import services
from nanglucso.develop.plans.forms import CopyForm, ReturnForm, SolveForm
from nanglucso.develop.plans.models import Scenario
from nanglucso.develop.plans.views.scenarios import may_approve, may_change, say, scenario_or_404
from nanglucso.workforce.framework.queries import current_framework


def _changing(request: HttpRequest, pk: int) -> Scenario:
    if not may_change(request):
        raise PermissionDenied
    return scenario_or_404(pk)


def _deciding(request: HttpRequest, pk: int) -> Scenario:
    if not may_approve(request):
        raise PermissionDenied
    return scenario_or_404(pk)


def _done(request: HttpRequest, scenario: Scenario, verb: Callable[..., Any], said: Any, **more: Any) -> HttpResponse:
    try:
        verb(actor=request.user, scenario=scenario, at=now(), **more)
    except Refused as refused:
        say(request, refused)
    else:
        messages.success(request, said)
    return redirect("plans:show", pk=scenario.pk)


@need("plans.change")
@require_POST
def solve(request: HttpRequest, pk: int) -> HttpResponse:
    """Queue the computation."""
    scenario, form = _changing(request, pk), SolveForm(request.POST)
    seconds = form.cleaned_data["seconds"] if form.is_valid() else 60
    said = _("The plan is being computed; this page follows it and may be left.")
    return _done(request, scenario, services.ask_solution, said, seconds=seconds)


@need("plans.change")
@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop and keep the best plan so far."""
    said = _("The computation is being stopped; the best plan found so far is kept.")
    return _done(request, _changing(request, pk), services.stop_solving, said)


@need("plans.change")
@require_POST
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Send for approval."""
    return _done(request, _changing(request, pk), services.submit_scenario, _("The plan was sent for approval."))


@need("plans.approve")
@require_POST
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve."""
    return _done(
        request, _deciding(request, pk), services.approve, _("The plan is approved; its classes can be opened.")
    )


@need("plans.approve")
@require_POST
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Send back with a reason."""
    scenario, form = _deciding(request, pk), ReturnForm(request.POST)
    words = form.cleaned_data["reason"] if form.is_valid() else ""
    return _done(request, scenario, services.send_back, _("The plan was sent back."), reason=words)


def _copied(request: HttpRequest, scenario: Scenario, data: dict[str, Any]) -> Scenario:
    actor: Any = request.user
    return services.copy_scenario(actor=actor, scenario=scenario, name=data["name"], budget=data["budget"], at=now())


@need("plans.change")
@require_POST
def copy(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft with the same settings."""
    scenario, form = _changing(request, pk), CopyForm(request.POST)
    if not form.is_valid():
        messages.error(request, "; ".join(str(error) for errors in form.errors.values() for error in errors))
        return redirect("plans:show", pk=pk)
    data = form.cleaned_data
    try:
        row = _copied(request, scenario, data)
    except Refused as refused:
        say(request, refused)
        return redirect("plans:show", pk=pk)
    messages.success(request, _("Copied; it can be computed now."))
    return redirect("plans:show", pk=row.pk)


@need("plans.change")
@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a draft; its name must be typed."""
    scenario = _changing(request, pk)
    if request.POST.get("name", "").strip() != scenario.name:
        messages.error(request, _("Type the name of the scenario exactly to delete it."))
        return redirect("plans:show", pk=pk)
    year, name = scenario.year, scenario.name
    try:
        services.drop_scenario(actor=request.user, scenario=scenario, at=now())  # type: ignore[arg-type]
    except Refused as refused:
        say(request, refused)
        return redirect("plans:show", pk=pk)
    messages.success(request, _("Deleted: %(name)s, %(year)s.") % {"name": name, "year": year})
    return redirect("plans:list")


@need("plans.change")
@require_POST
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the approved plan to everybody."""
    said = _("The plan is published; everybody can read it, and every proposal of the year has its answer.")
    told = {"framework": current_framework()}
    return _done(request, _changing(request, pk), partial(services.publish, **told), said)  # type: ignore[arg-type]


@need("plans.change")
@require_POST
def frontier(request: HttpRequest, pk: int) -> HttpResponse:
    """Queue plans under other budgets."""
    said = _("Other budgets are being tried; the points appear one after the other.")
    return _done(request, _changing(request, pk), services.ask_frontier, said)
