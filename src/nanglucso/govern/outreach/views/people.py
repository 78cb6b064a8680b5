"""Who has come how far, by name; the head's confirmation; the list as a workbook."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nanglucso.core.access import need
from nanglucso.core.acts import act
from nanglucso.core.clock import now, today
from nanglucso.core.downloads import workbook
from nanglucso.core.refusals import Refused
from nanglucso.govern.outreach import queries, services, sheets
from nanglucso.govern.outreach.models import Campaign
from nanglucso.govern.outreach.stages import ORDER, Stage, stages_of
from nanglucso.govern.outreach.views.shown import access, campaign_of
from nanglucso.measure.gaps.queries.units import Place, tree

A_PAGE = 50


def _unit(request: HttpRequest) -> Place | None:
    told = request.GET.get("don-vi", "")
    if not told.isdecimal():
        return None
    found = tree(access(request).scope).find(int(told))
    if found is None:
        raise Http404
    return found


@need("outreach.names")
@require_GET
def index(request: HttpRequest, pk: int) -> HttpResponse:
    """The people of the scope exactly at one stage, or all."""
    row, unit = campaign_of(request, pk), _unit(request)
    if row.status == Campaign.Status.DRAFT:
        raise Http404
    stage = request.GET.get("muc", "")
    stage = stage if stage in ORDER else ""
    found = queries.receipts_at(scope=access(request).scope, campaign=row, stage=stage, unit=unit)
    page = Paginator(queries.listed(found), A_PAGE).get_page(request.GET.get("page"))
    may = access(request).may("outreach.confirm") and row.is_open and row.follow_up == Campaign.FollowUp.HEAD
    context = {
        "campaign": row, "page": page, "rows": [(one, _stage(one)) for one in page], "stage": stage, "unit": unit,
        "stages": stages_of(row), "may_confirm": may and stage == Stage.UNDERSTOOD,
        "may_ask": may, "own": access(request).scope.person_id,
    }  # fmt: skip
    return render(request, "outreach/people.html", context)


def _stage(row: Any) -> str:
    """The farthest stage of a listed receipt."""
    if row.understood_at:
        return Stage.FOLLOWED if row.followed_epoch == row.campaign.epoch else Stage.UNDERSTOOD
    return Stage.READ if row.read_at else Stage.OPENED if row.opened_at else Stage.SENT


@need("outreach.confirm")
@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """The head says of the people ticked that the document is applied."""
    row = campaign_of(request, pk)
    people = [int(one) for one in request.POST.getlist("person") if one.isdecimal() and len(one) < 10]
    try:
        n = services.confirm(actor=request.user, campaign=row, people=people, scope=access(request).scope, at=now())  # type: ignore[arg-type]
        messages.success(request, _("Confirmed for %(n)s people.") % {"n": n})
    except Refused as no:
        messages.error(request, str(no))
    return redirect(f"{reverse('outreach:people', args=[pk])}?muc={Stage.UNDERSTOOD}")


@need("outreach.names")
@require_GET
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """The people of the scope with their stages, and the units, as a workbook; logged, for names stand in it."""
    row, scope = campaign_of(request, pk), access(request).scope
    if row.status == Campaign.Status.DRAFT:
        raise Http404
    unit = _unit(request)
    found = queries.listed(queries.receipts_at(scope=scope, campaign=row, unit=unit))
    reach = queries.reach(scope=scope, campaign=row, names=True, unit=unit.pk if unit else None)
    with act(request.user, "outreach.export", row, at=now(), document=row.document.number):  # type: ignore[arg-type]
        made = sheets.report(row, reach, ((one, _stage(one)) for one in found.iterator(2000)), at=now())
        return workbook(f"pho-bien-{pk}-{today():%Y%m%d}", made, at=now())
