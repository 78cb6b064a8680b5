"""Calibration runs: start, compare, accept or discard."""

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from nanglucso.core.access import need
from nanglucso.core.clock import now
from nanglucso.core.refusals import Refused
from nanglucso.measure.assessments.models import Campaign
from nanglucso.measure.quality import calibrating, naming, services
from nanglucso.measure.quality.forms import AcceptForm, CalibrationForm
from nanglucso.measure.quality.models import CalibrationRun


@need("items.behaviour")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Every run, newest first."""
    page = Paginator(CalibrationRun.objects.select_related("started_by", "decided_by"), 40).get_page(
        request.GET.get("page")
    )
    names = naming.campaign_names()
    rows = [(run, naming.named(run.campaigns, names)) for run in page]
    return render(request, "quality/calibrations.html", {"page": page, "rows": rows})


@need("bank.change")
def new(request: HttpRequest) -> HttpResponse:
    """Choose campaigns and priors; a job works."""
    begun = Campaign.objects.exclude(status=Campaign.Status.DRAFT)
    campaigns = naming.choices(begun, naming.people_answering())
    form = CalibrationForm(request.POST or None, campaigns=campaigns)
    if request.method == "POST" and form.is_valid():
        try:
            run = services.start_calibration(actor=request.user, at=now(), **form.cleaned_data)  # type: ignore[arg-type]
        except Refused as no:
            no.show_on(form)
        else:
            return redirect("quality:calibration", run.pk)
    return render(request, "quality/calibration_new.html", {"form": form}, status=422 if form.errors else 200)


def _page(request: HttpRequest, run: CalibrationRun, form: AcceptForm, status: int = 200) -> HttpResponse:
    lines = run.lines.select_related("version__item__competence").order_by("-enough", "-n")
    page = Paginator(lines, 50).get_page(request.GET.get("page"))
    shown = {
        "run": run,
        "name": naming.named(run.campaigns, naming.campaign_names()),
        "page": page,
        "form": form,
        "may": request.access.may("bank.change"),  # type: ignore[attr-defined]
        "far": calibrating.moved(run) if run.status != CalibrationRun.Status.RUNNING else [],
        "rules": calibrating.Rules(**run.rules) if run.rules else None,
        "own": run.started_by_id == request.user.pk,
    }
    return render(request, "quality/calibration.html", shown, status=status)


@need("items.behaviour")
@require_GET
def show(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Parameters before and after, and how many people would change."""
    return _page(request, get_object_or_404(CalibrationRun, pk=pk), AcceptForm())


@need("bank.change")
@require_POST
def decide(request: HttpRequest, pk: uuid.UUID, verb: str) -> HttpResponse:
    """Accept the new parameters, or discard the run."""
    run, form = get_object_or_404(CalibrationRun, pk=pk), AcceptForm(request.POST)
    if form.is_valid():
        told = {"actor": request.user, "run": run, "at": now(), **form.cleaned_data}
        try:
            if verb == "accept":
                n = services.accept_calibration(**told)
                text = ngettext("%(n)s item has new parameters.", "%(n)s items have new parameters.", n) % {"n": n}
            else:
                told.pop("looked")
                services.discard_calibration(**told)
                text = _("The run is discarded; the bank is as it was.")
        except Refused as no:
            no.show_on(form)
        else:
            messages.success(request, text)
            return redirect("quality:calibration", pk)
    return _page(request, run, form, status=422)
