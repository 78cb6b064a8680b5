"""Correlations of the competences after a campaign: runs, before and after, decision, undo."""

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from nanglucso.core.access import need, whole_city
from nanglucso.core.clock import now
from nanglucso.core.refusals import Refused
from nanglucso.measure.assessments.models import Campaign
from nanglucso.measure.quality import naming, reestimating, services
from nanglucso.measure.quality.forms import CampaignsForm, ReasonForm
from nanglucso.measure.quality.models import Reestimation
from nanglucso.workforce.framework.queries import current_framework

DECISIONS = {
    "accept": (services.accept_reestimation, _("Accepted; every profile is being worked out again.")),
    "discard": (services.discard_reestimation, _("The run is discarded; profiles are as they were.")),
    "undo": (services.undo_reestimation, _("The correlations before are in force; profiles are being put back.")),
}


def _runs() -> QuerySet[Reestimation]:
    return Reestimation.objects.select_related("framework", "started_by", "job", "prior", "base")


def _may(request: HttpRequest) -> bool:
    access = request.access  # type: ignore[attr-defined]
    return bool(access.may("corrections.change") and access.scope.everything)


@need("items.behaviour")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Every run, newest first."""
    page = Paginator(_runs(), 40).get_page(request.GET.get("page"))
    names = naming.campaign_names()
    rows = [(run, naming.named(run.campaigns, names)) for run in page]
    return render(request, "quality/reestimations.html", {"page": page, "rows": rows, "may": _may(request)})


@need("corrections.change")
@whole_city
def new(request: HttpRequest) -> HttpResponse:
    """Choose campaigns; a job works."""
    over = Campaign.objects.filter(status__in=(Campaign.Status.CLOSED, Campaign.Status.RELEASED))
    form = CampaignsForm(request.POST or None, campaigns=naming.choices(over, naming.people_scored()))
    if request.method == "POST" and form.is_valid():
        told = {"actor": request.user, "framework": current_framework(), "at": now(), **form.cleaned_data}
        try:
            run = services.start_reestimation(**told)
        except Refused as no:
            no.show_on(form)
        else:
            return redirect("quality:reestimation", run.pk)
    return render(request, "quality/reestimation_new.html", {"form": form}, status=422 if form.errors else 200)


def _page(request: HttpRequest, run: Reestimation, form: ReasonForm, status: int = 200) -> HttpResponse:
    wide, near = reestimating.moved_pairs(run)
    own = run.started_by_id == request.user.pk
    shown = {
        "run": run,
        "form": form,
        "wide": reestimating.table_of(wide),
        "near": near,
        "may": _may(request),
        "own": own,
    }
    shown["name"] = naming.named(run.campaigns, naming.campaign_names())
    return render(request, "quality/reestimation.html", shown, status=status)


@need("items.behaviour")
@require_GET
def show(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """How correlations move and how many people would change."""
    return _page(request, get_object_or_404(_runs(), pk=pk), ReasonForm())


@need("corrections.change")
@whole_city
@require_POST
def decide(request: HttpRequest, pk: uuid.UUID, verb: str) -> HttpResponse:
    """Accept, discard or undo."""
    run, form = get_object_or_404(_runs(), pk=pk), ReasonForm(request.POST)
    service, said = DECISIONS[verb]
    if form.is_valid():
        try:
            service(actor=request.user, run=run, at=now(), **form.cleaned_data)  # type: ignore[operator, arg-type]
        except Refused as no:
            no.show_on(form)
        else:
            messages.success(request, said)
            return redirect("quality:reestimation", pk)
    return _page(request, run, form, status=422)


@need("corrections.change")
@whole_city
@require_POST
def resume(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Go on after an interruption."""
    try:
        services.resume_reestimation(actor=request.user, run=get_object_or_404(_runs(), pk=pk), at=now())  # type: ignore[arg-type]
    except Refused as no:
        messages.error(request, str(no))
    else:
        messages.success(request, _("The work goes on."))
    return redirect("quality:reestimation", pk)
