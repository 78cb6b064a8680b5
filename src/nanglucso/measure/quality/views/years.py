"""Two calibrations compared: start one, read the result."""

import uuid

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET

from nanglucso.core.access import need
from nanglucso.core.clock import now
from nanglucso.core.refusals import Refused
from nanglucso.measure.quality import naming, services, years
from nanglucso.measure.quality.forms import YearsForm
from nanglucso.measure.quality.models import CalibrationRun, YearComparison
from nanglucso.ui.figures import vmoment
from nanglucso.workforce.framework.queries import current_framework

Status = CalibrationRun.Status


@need("items.behaviour")
def index(request: HttpRequest) -> HttpResponse:
    """Comparisons, newest first, and the form that starts one."""
    runs = list(CalibrationRun.objects.filter(status__in=(Status.READY, Status.ACCEPTED)).order_by("started_at"))
    names = naming.campaign_names()
    told = [
        (str(one.pk), f"{n}. {naming.named(one.campaigns, names)} · {vmoment(one.started_at)}")
        for n, one in enumerate(runs, 1)
    ]
    first = {"before": told[0][0], "after": told[-1][0]} if told else {}
    form = YearsForm(request.POST or None, runs=told, initial=first)
    if request.method == "POST" and form.is_valid():
        chosen = {name: next(one for one in runs if str(one.pk) == form.cleaned_data[name]) for name in first}
        try:
            row = services.start_years(actor=request.user, at=now(), **chosen)  # type: ignore[arg-type]
        except Refused as no:
            no.show_on(form)
        else:
            return redirect("quality:year", row.pk)
    rows = YearComparison.objects.select_related("before", "after", "started_by").defer("result")
    page = Paginator(rows, 40).get_page(request.GET.get("page"))
    listed = [(one, *(naming.named(run.campaigns, names) for run in (one.before, one.after))) for one in page]
    shown = {"page": page, "rows": listed, "form": form, "enough": len(runs) > 1}
    return render(request, "quality/years.html", shown, status=422 if form.errors else 200)


@need("items.behaviour")
@require_GET
def show(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """How the later group stands, and every shared item; drifted ones first."""
    row = get_object_or_404(YearComparison.objects.select_related("before", "after", "job"), pk=pk)
    items = sorted(row.result.get("items", []), key=lambda one: (not one["drifted"], -abs(one["drift"] or 0)))
    linked, names = sum(one["linked"] is not None for one in items), naming.campaign_names()
    short = {one.code: one.short for one in current_framework().competences.all()}
    shown = {
        "row": row,
        "earlier": naming.named(row.before.campaigns, names),
        "later": naming.named(row.after.campaigns, names),
        "twice": naming.named(years.in_both(row.before, row.after), names),
        "links": [{**one, "name": short.get(one["code"], "")} for one in row.result.get("links", [])],
        "apart": [f"{code} {short.get(code, '')}".strip() for code in row.result.get("apart", [])],
        "page": Paginator(items, 60).get_page(request.GET.get("page")),
        "drifted": sum(one["drifted"] for one in items),
        "linked": linked,
        "unlinked": len(items) - linked,
        "limit": years.DRIFT,
    }
    return render(request, "quality/year.html", shown)
