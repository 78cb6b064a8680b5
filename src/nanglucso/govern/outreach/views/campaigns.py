"""Campaigns and their reach map."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nanglucso.core.access import need
from nanglucso.core.clock import now, today
from nanglucso.core.refusals import Refused
from nanglucso.govern.outreach import forms, queries, reminding, services
from nanglucso.govern.outreach.models import Campaign, LawDocument
from nanglucso.govern.outreach.stages import ORDER, stages_of
from nanglucso.govern.outreach.targets import people_of
from nanglucso.govern.outreach.views.shown import access, campaign_of
from nanglucso.measure.gaps.queries.protecting import SMALL_GROUP
from nanglucso.workforce.people.queries import units_by_place

A_PAGE = 15


@need("outreach.reach")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Campaigns that reach somebody in scope, with how far each has come."""
    scope, may_change = access(request).scope, access(request).may("outreach.change")
    if may_change:
        found = queries.own_campaigns(scope=scope, user_id=request.user.pk or 0)
    else:
        found = queries.campaigns(scope=scope).exclude(status=Campaign.Status.DRAFT)
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    rows = [(one, _bars(one, queries.total(scope=scope, campaign=one), _names(request))) for one in page]
    return render(
        request, "outreach/campaigns.html", {"page": page, "rows": rows, "may_change": may_change, "today": today()}
    )


def _names(request: HttpRequest) -> bool:
    return bool(access(request).may("outreach.names"))


def _bars(campaign: Campaign, counts: queries.Counts, names: bool) -> dict[str, Any]:
    """The stages with count and share; `hidden` where the whole is too small for whoever may not see names."""
    hidden = counts.n is None or (not names and counts.sent < SMALL_GROUP)
    stages = [
        {
            "code": code,
            "label": label,
            "n": counts.n[ORDER.index(code)],
            "share": counts.share(code),
            "width": round(100 * counts.share(code), 1),
        }
        for code, label in stages_of(campaign)
        if counts.n and not hidden
    ]
    return {"hidden": hidden, "stages": stages, "sent": 0 if hidden else counts.sent}


@need("outreach.change")
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Prepare a campaign."""
    scope = access(request).scope
    first = {"document": request.GET.get("van-ban", ""), "follow_up": Campaign.FollowUp.HEAD}
    form = forms.CampaignForm(
        request.POST or None, initial=first, places=units_by_place(scope=scope), city=scope.everything
    )
    if request.method == "POST" and form.is_valid():
        try:
            document, wanted = form.wanted()
            told: dict[str, Any] = {"actor": request.user, "at": now(), "scope": scope}
            row = services.create(document=document, wanted=wanted, **told)
        except Refused as no:
            no.show_on(form)
        else:
            return redirect("outreach:campaign", row.pk)
    none = not LawDocument.objects.filter(live__isnull=False).exists()
    context = {"form": form, "none": none, "places": list(form.places)}
    return render(request, "outreach/campaign_new.html", context, status=422 if form.errors else 200)


@need("outreach.reach")
@require_GET
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """A campaign: before it is sent whom it reaches, afterwards the map, down to the units of the viewer's scope."""
    row = campaign_of(request, pk)
    may_change = access(request).may("outreach.change")
    context: dict[str, Any] = {
        "campaign": row,
        "may_change": may_change and _owns(request, row),
        "names": _names(request),
    }
    context |= {"left": (row.due - today()).days, "today": today(), "small": SMALL_GROUP}
    if row.status == Campaign.Status.DRAFT:
        return render(request, "outreach/campaign_draft.html", context | {"people": people_of(row).count()})
    unit = request.GET.get("don-vi", "")
    found = queries.reach(
        scope=access(request).scope, campaign=row, names=context["names"], unit=int(unit) if unit.isdecimal() else None
    )
    if found is None:
        raise Http404
    return render(request, "outreach/campaign.html", context | _map(row, found))


def _map(row: Campaign, found: queries.Reach) -> dict[str, Any]:
    lines = [(one, _bars(row, one.counts, True)) for one in found.rows]
    lines.sort(key=lambda line: (line[1]["hidden"], line[1]["stages"][3]["share"] if line[1]["stages"] else 0))
    return {
        "reach": found, "lines": lines, "whole": _bars(row, found.total, True), "stages": stages_of(row),
        "above": found.tree.above(found.place) if found.place else [],
        "city": _bars(row, found.city, True) if found.city else None,
    }  # fmt: skip


def _owns(request: HttpRequest, row: Campaign) -> bool:
    """Whether the viewer may send, remind and close: who prepared it, or a training officer of the whole city."""
    return bool(access(request).scope.everything or row.created_by_id == request.user.pk)


@need("outreach.change")
@require_POST
def do(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Send, remind, close, delete."""
    row, told = campaign_of(request, pk), {"actor": request.user, "at": now()}
    if not _owns(request, row):
        raise PermissionDenied
    try:
        if verb == "gui":
            services.ask_open(campaign=row, scope=access(request).scope, **told)  # type: ignore[arg-type]
            messages.success(request, _("The campaign is being sent; this page shows how far it is."))
        elif verb == "nhac":
            reminding.ask_remind(campaign=row, **told)  # type: ignore[arg-type]
            messages.success(request, _("Whoever is behind is being reminded, each at most once today."))
        elif verb == "dong":
            services.close(campaign=row, **told)  # type: ignore[arg-type]
            messages.success(request, _("The campaign is closed; its figures stand still."))
        else:
            services.drop(campaign=row, **told)  # type: ignore[arg-type]
            messages.success(request, _("The campaign is deleted; nobody was sent it."))
            return redirect("outreach:campaigns")
    except Refused as no:
        messages.error(request, str(no))
    return redirect("outreach:campaign", pk)
