"""How an item was answered beside its model, and sittings that stand out."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from nanglucso.core.access import need
from nanglucso.core.clock import now
from nanglucso.measure.assessments.models import Campaign
from nanglucso.measure.bank import curves
from nanglucso.measure.bank.models import ItemVersion
from nanglucso.measure.quality import services
from nanglucso.measure.quality.behaviour import behaviour
from nanglucso.measure.quality.personfit import flags as unusual
from nanglucso.workforce.framework.queries import current_framework, frame

PER_PAGE = 50
SIZES = (("wide-only", 560), ("phone", 316))


@need("items.behaviour")
@require_GET
def item(request: HttpRequest, code: str) -> HttpResponse:
    """Observed shares by ability beside the curve; options only for who may read keys."""
    rows = ItemVersion.objects.select_related("item__competence").filter(item__code=code)
    wanted = request.GET.get("v", "")
    version = get_object_or_404(rows, number=int(wanted)) if wanted.isdigit() else get_object_or_404(rows, current=True)
    arrays = frame(current_framework())
    seen = behaviour(version, arrays)
    points = [(band.ability, band.observed) for band in seen.bands]
    shown = {
        "version": version,
        "seen": seen,
        "curves": [
            (css, curves.curve(version, arrays, width), curves.spots(version, arrays, width, points))
            for css, width in SIZES
        ],
        "headline": curves.headline(version, arrays),
        "caption": curves.caption(version, arrays),
        "facts": curves.facts(version, arrays),
        "keys": request.access.may("bank.view"),  # type: ignore[attr-defined]
        "versions": rows.order_by("-number"),
    }
    return render(request, "quality/item.html", shown)


@need("flags.view")
@require_GET
def flags(request: HttpRequest) -> HttpResponse:
    """Sittings of a campaign in the viewer's units that a human may look at; looking leaves a trace."""
    scope = request.access.scope  # type: ignore[attr-defined]
    campaigns = list(Campaign.objects.exclude(status=Campaign.Status.DRAFT))
    chosen = next((one for one in campaigns if one.code == request.GET.get("campaign")), None)
    chosen = chosen or next(iter(campaigns), None)
    found = unusual(scope, frame(chosen.framework), chosen.pk) if chosen else []
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    if found and chosen:
        services.note_flags(actor=request.user, campaign=chosen.code, shown=len(page), at=now())  # type: ignore[arg-type]
    shown = {"campaigns": campaigns, "chosen": chosen, "page": page, "rows": list(page)}
    return render(request, "quality/flags.html", shown)
