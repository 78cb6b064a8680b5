"""Question statistics of a campaign, on the screen and as a file."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from nanglucso.core.access import need
from nanglucso.core.clock import now
from nanglucso.core.downloads import table
from nanglucso.kit.xlsxwrite import Column, OutSheet
from nanglucso.measure.assessments.models import Campaign
from nanglucso.measure.quality import services
from nanglucso.measure.quality.statistics import ENOUGH, Line, statistics_of


def _campaigns() -> list[Campaign]:
    return list(Campaign.objects.exclude(status=Campaign.Status.DRAFT))


@need("items.behaviour")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """`?campaign=`; by default the newest."""
    campaigns = _campaigns()
    chosen = next((one for one in campaigns if one.code == request.GET.get("campaign")), None)
    chosen = chosen or next(iter(campaigns), None)
    found = statistics_of(chosen.code) if chosen else None
    lines = sorted(found.lines, key=lambda one: (-one.n, one.version.item.code)) if found else []
    page = Paginator(lines, 50).get_page(request.GET.get("page"))
    shown = {
        "campaigns": campaigns,
        "chosen": chosen,
        "found": found,
        "page": page,
        "judged": any(not one.few for one in lines),
        "indices": any(one.discrimination is not None for one in lines),
        "enough": ENOUGH,
    }
    return render(request, "quality/statistics.html", shown)


@need("items.behaviour")
@require_GET
def export(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """The same figures as a workbook or CSV."""
    chosen, at = next((one for one in _campaigns() if one.code == code), None), now()
    found = statistics_of(code) if chosen else None
    if chosen is None or found is None:
        raise Http404
    columns, rows = _columns(), [_cells(one) for one in found.lines]
    services.note_statistics(actor=request.user, campaign=code, kind=kind, rows=len(rows), at=at)  # type: ignore[arg-type]
    title = _("Item statistics")
    return table(f"thong-ke-{code}", OutSheet(title, columns, rows, [title, chosen.name]), kind, at=at)


def _columns() -> list[Column]:
    texts = [Column(_("Item code"), 16), Column(_("Version"), 9, "int"), Column(_("Competence"), 12)]
    shares = [Column(name, 16, "percent") for name in (_("Facility"), _("Standard deviation"))]
    indices = [Column(name, 16, "number") for name in (_("Discrimination index"), _("Discriminative efficiency"))]
    return [*texts, Column(_("Answers received"), 10, "int"), *shares, *indices, Column(_("What it means"), 40)]


def _cells(line: Line) -> list[Any]:
    item = line.version.item
    figures = [line.facility, line.sd, line.discrimination, line.efficiency]
    return [item.code, line.version.number, item.competence.code, line.n, *figures, line.word]
