"""Health of items: start an examination, read the list with a suggested act, take it away as a file."""

import uuid
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from nanglucso.core.access import need
from nanglucso.core.clock import now
from nanglucso.core.days import local_day
from nanglucso.core.downloads import table
from nanglucso.core.refusals import Refused
from nanglucso.kit.xlsxwrite import Column, OutSheet
from nanglucso.measure.assessments.models import Campaign
from nanglucso.measure.quality import healthlist, naming, services
from nanglucso.measure.quality.forms import CampaignsForm
from nanglucso.measure.quality.models import HealthReport
from nanglucso.ui.figures import vmoment


@need("items.behaviour")
def index(request: HttpRequest) -> HttpResponse:
    """Examinations, newest first, and the form that starts one."""
    begun = Campaign.objects.exclude(status=Campaign.Status.DRAFT)
    form = CampaignsForm(request.POST or None, campaigns=naming.choices(begun, naming.people_answering()))
    if request.method == "POST" and form.is_valid():
        try:
            report = services.start_health(actor=request.user, at=now(), **form.cleaned_data)  # type: ignore[arg-type]
        except Refused as no:
            no.show_on(form)
        else:
            return redirect("quality:health", report.pk)
    page = Paginator(HealthReport.objects.defer("rows"), 40).get_page(request.GET.get("page"))
    names = naming.campaign_names()
    shown = {"page": page, "rows": [(one, naming.named(one.campaigns, names)) for one in page], "form": form}
    return render(request, "quality/health_list.html", shown, status=422 if form.errors else 200)


@need("items.behaviour")
@require_GET
def show(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Items with a flag, the most urgent first; `?all=1` = every item."""
    report, everything = get_object_or_404(HealthReport, pk=pk), request.GET.get("all") == "1"
    lines = healthlist.lines(report.rows, flagged=not everything)
    shown = {
        "report": report,
        "name": naming.named(report.campaigns, naming.campaign_names()),
        "none_found": _("No finding"),
        "page": Paginator(lines, 50).get_page(request.GET.get("page")),
        "everything": everything,
        "flagged": sum(bool(row["flags"]) for row in report.rows),
        "few": sum(row["few"] for row in report.rows),
    }
    return render(request, "quality/health.html", shown)


@need("items.behaviour")
@require_GET
def export(request: HttpRequest, pk: uuid.UUID, kind: str) -> HttpResponse:
    """Every item of an examination as a workbook or CSV."""
    report, at = get_object_or_404(HealthReport, pk=pk), now()
    services.note_export(actor=request.user, report=report, kind=kind, at=at)  # type: ignore[arg-type]
    columns, rows = _columns(), [_cells(one) for one in healthlist.lines(report.rows, flagged=False)]
    when = _("As of %(when)s") % {"when": vmoment(report.started_at)}
    titles = [_("Item health"), naming.named(report.campaigns, naming.campaign_names()), when]
    return table(
        f"suc-khoe-cau-hoi-{local_day(at):%Y%m%d}", OutSheet(_("Item health"), columns, rows, titles), kind, at=at
    )


def _columns() -> list[Column]:
    texts = [Column(_("Item code"), 16), Column(_("Version"), 9, "int"), Column(_("Answers received"), 10, "int")]
    shares = [Column(_("Mean share of the points"), 14, "percent"), Column(_("Exposure"), 12, "percent")]
    names = [_("Correlation with the rest"), _("Slope"), _("Fit (infit)"), _("Shift of difficulty, logits")]
    last = [Column(_("Finding"), 40), Column(_("Suggested act"), 60), Column(_("Enough answers"), 14)]
    return [*texts, *shares, *(Column(name, 14, "number") for name in names), *last]


def _cells(line: healthlist.Line) -> list[Any]:
    row = line.row
    figures = [row[name] for name in ("n", "facility", "exposure", "rest", "slope", "infit", "shift")]
    words = ["; ".join(one.word for one in line.findings), " ".join(one.act for one in line.findings)]
    return [row["code"], row["number"], *figures, *words, _("no") if row["few"] else _("yes")]
