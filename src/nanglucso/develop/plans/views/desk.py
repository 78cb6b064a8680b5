"""The planner's desk: other budgets at a slider, changes by hand with their price, the published plan."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nanglucso.core.access import need
from nanglucso.core.clock import now, today
from nanglucso.core.refusals import Refused
from nanglucso.core.scope import EVERYTHING
from nanglucso.develop.plans import calendars, conflicts, handwork, queries, services, trying
from nanglucso.develop.plans.forms_desk import HandForm
from nanglucso.develop.plans.handwork import Trial
from nanglucso.develop.plans.models import HandChange, Scenario
from nanglucso.develop.plans.services.changing import Conflicts
from nanglucso.develop.plans.services.versions import Overtaken
from nanglucso.develop.plans.views.scenarios import CLASSES_A_PAGE, HEAVY, may_change, say, scenario_or_404
from nanglucso.workforce.framework.queries import current_framework

LEAST, MOST = 25, 200


@need("plans.view")
@require_GET
def what_if(request: HttpRequest, pk: int) -> HttpResponse:
    """What another budget would bring, within seconds; nothing is kept."""
    scenario, asked = scenario_or_404(pk), request.GET.get("muc", "100")
    share = min(MOST, max(LEAST, int(asked))) if asked.isascii() and asked.isdigit() and len(asked) < 5 else 100
    shown: dict[str, Any] = {
        "scenario": scenario, "share": share, "finding": queries.finding(scenario), "asked": "muc" in request.GET,
        "chosen": round(scenario.budget * share / 100), "swapped": bool(request.headers.get("HX-Request")),
        "marks": [(percent, round(scenario.budget * percent / 100)) for percent in range(LEAST, MOST + 1, LEAST)],
    }  # fmt: skip
    try:
        if not scenario.figures or scenario.is_running:
            raise Refused(_("Compute the plan first."))
        if shown["asked"]:
            plan = trying.loaded(current_framework(), scenario, at=now())
            shown["tried"] = trying.at_budget(plan, round(scenario.budget * share / 100))
    except Refused as refused:
        shown["refused"] = refused.message
    return render(
        request, "plans/whatif.html#answer" if request.headers.get("HX-Request") else "plans/whatif.html", shown
    )


def _hand_page(
    request: HttpRequest, scenario: Scenario, form: HandForm, status: int = 200, **more: Any
) -> HttpResponse:
    rows = HandChange.objects.filter(scenario=scenario).select_related("person", "course", "by")
    classes = queries.planned_classes(scenario).defer(*HEAVY)
    shown = {"scenario": scenario, "form": form, "changes": rows, "n_classes": classes.count(), **more}
    return render(request, "plans/hand.html", shown, status=status)


@need("plans.change")
@require_http_methods(["GET", "POST"])
def by_hand(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a person in, take them out, or move them: first tried with its price, then kept."""
    if not may_change(request):
        raise PermissionDenied
    scenario = scenario_or_404(pk)
    first = {"kind": request.GET.get("viec", "forbid"), "person": request.GET.get("nguoi", ""),
             "number": request.GET.get("lop", ""), "version": scenario.version}  # fmt: skip
    form = HandForm(request.POST or None, initial=first, scenario=scenario)
    if request.method == "GET" or not form.is_valid():
        return _hand_page(request, scenario, form, 200 if request.method == "GET" else 422)
    try:
        if request.POST.get("do") == "keep":
            return _kept(request, scenario, form)
        return _hand_page(request, scenario, form, **_tried(scenario, form))
    except Conflicts as no:
        return _hand_page(request, scenario, form, 422, **_told(no.loaded, no.trial))
    except Overtaken as late:
        return _hand_page(request, scenario, form, 409, edits=late.edits, current=scenario.version)
    except Refused as refused:
        refused.show_on(form)
        return _hand_page(request, scenario, form, 422)


def _kept(request: HttpRequest, scenario: Scenario, form: HandForm) -> HttpResponse:
    data = form.cleaned_data
    services.change_by_hand(
        actor=request.user, framework=current_framework(), scenario=scenario, version=data["version"],  # type: ignore[arg-type]
        kind=data["kind"], person=data["person"], number=data["number"], reason=data["reason"], at=now(),
    )  # fmt: skip
    messages.success(request, _("The change is kept; the next computation keeps it too."))
    return redirect("plans:hand", pk=scenario.pk)


def _tried(scenario: Scenario, form: HandForm) -> dict[str, Any]:
    data, loaded = form.cleaned_data, trying.loaded(current_framework(), scenario, at=now())
    if data["number"] not in loaded.numbers:
        raise Refused(_("The plan has no class with this number."), field="number")
    row, target = loaded.row_of(data["person"].pk), loaded.numbers.index(data["number"])
    return _told(loaded, handwork.attempt(loaded, data["kind"], row, target))


def _told(loaded: handwork.Loaded, trial: Trial) -> dict[str, Any]:
    return {"trial": trial, "conflicts": conflicts.explain(loaded, trial.conflicts)}


@need("plans.change")
@require_POST
def take_back(request: HttpRequest, pk: int, change: int) -> HttpResponse:
    """Forget a decision by hand."""
    if not may_change(request):
        raise PermissionDenied
    row = get_object_or_404(HandChange.objects.select_related("scenario", "person"), pk=change, scenario=pk)
    try:
        services.take_back(actor=request.user, change=row, at=now())  # type: ignore[arg-type]
        messages.success(request, _("Forgotten; the next computation decides freely."))
    except Refused as refused:
        say(request, refused)
    return redirect("plans:hand", pk=pk)


def _asked_year(request: HttpRequest) -> int | None:
    asked = request.GET.get("nam", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 4 else None


@need("own.view")
@require_GET
def published(request: HttpRequest) -> HttpResponse:
    """The year's plan as everybody may read it: classes, no names."""
    asked = _asked_year(request)
    scenario = queries.published(asked)
    rows = queries.planned_classes(scenario, scope=EVERYTHING).defer(*HEAVY) if scenario else None
    page = Paginator(rows, CLASSES_A_PAGE).get_page(request.GET.get("page")) if rows is not None else None
    year = scenario.year if scenario else asked or today().year
    shown = {"scenario": scenario, "page": page, "year": year, "years": queries.published_years()}
    return render(request, "plans/published.html", shown)


@need("own.view")
@require_GET
def calendar(request: HttpRequest) -> HttpResponse:
    """The published classes as a calendar file."""
    scenario = queries.published(_asked_year(request))
    rows = queries.planned_classes(scenario) if scenario else []
    text = calendars.of_classes(rows, host=request.get_host().split(":")[0], at=now())
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="ke-hoach-{scenario.year if scenario else "trong"}.ics"'
    return response
