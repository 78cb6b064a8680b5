"""Campaigns: the list, one campaign's progress, a new one, and the four verbs."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from nanglucso.core.access import need
from nanglucso.core.clock import now
from nanglucso.core.refusals import Refused
from nanglucso.measure.assessments import queries, services
from nanglucso.measure.assessments.forms import CampaignForm
from nanglucso.measure.assessments.models import Campaign
from nanglucso.measure.assessments.views.mine import framework_or_none
from nanglucso.measure.bank.models import Item
from nanglucso.workforce.people.queries import place, unit_chain, units

SHOWN_PEOPLE = 200


@need("campaigns.view")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Every campaign with how far it is in the viewer's units."""
    return render(request, "assessments/campaigns.html", {"rows": queries.campaigns(request.access.scope)})  # type: ignore[attr-defined]


@need("campaigns.view")
@require_GET
def show(request: HttpRequest, code: str) -> HttpResponse:
    """How far each unit is, who is still to sit, and what can be done next."""
    access = request.access  # type: ignore[attr-defined]
    campaign = get_object_or_404(queries.campaigns(access.scope), code=code)
    waiting = queries.not_finished(campaign, access.scope)
    named = list(waiting[:SHOWN_PEOPLE]) if access.may("gaps.names") else None
    chains = unit_chain(one.person.unit for one in named or ())
    shown: dict[str, Any] = {
        "campaign": campaign,
        "units": queries.progress_by_unit(campaign, access.scope),
        "waiting_count": waiting.count(),
        "waiting": None if named is None else [(one, place(chains[one.person.unit_id or 0])) for one in named],
        "may_change": access.may("campaigns.change") and access.scope.everything,
        "newcomers": queries.eligible(campaign, access.scope).count(),
        "missing": services.missing_items(campaign) if campaign.status == Campaign.Status.DRAFT else [],
    }
    return render(request, "assessments/campaign.html", shown)


@need("campaigns.change")
def new(request: HttpRequest) -> HttpResponse:
    """Prepare a campaign; nothing is sent to anybody before it is opened."""
    framework = framework_or_none()
    if framework is None:
        return render(request, "assessments/nobody.html")
    form = CampaignForm(request.POST or None, framework=framework)
    if request.method == "POST" and form.is_valid():
        try:
            row = services.create_campaign(actor=request.user, framework=framework, at=now(), **form.cleaned_data)  # type: ignore[arg-type]
        except Refused as no:
            form.add_error(no.field if no.field in form.fields else None, str(no))
        else:
            messages.success(request, _("The campaign is prepared. Nobody sees it before it is opened."))
            return redirect("assessments:campaign", row.code)
    shown = {"form": form, "units": units(scope=request.access.scope).only("name", "code")[:400]}  # type: ignore[attr-defined]
    return render(request, "assessments/campaign_new.html", shown, status=422 if form.errors else 200)


def _do(request: HttpRequest, campaign: Campaign, verb: str) -> str:
    told: dict[str, Any] = {"actor": request.user, "campaign": campaign, "at": now()}
    if verb in ("open", "assign"):
        n = services.launch(**told) if verb == "open" else services.assign_rest(**told)
        return ngettext("%(n)s person has a test now.", "%(n)s people have a test now.", n) % {"n": n}
    if verb == "close":
        services.close_campaign(**told)
        return _("The campaign is closed; every answer that was given counts.")
    services.release(**told)
    return _("The results are released.")


@need("campaigns.change")
@require_POST
def change(request: HttpRequest, code: str, verb: str) -> HttpResponse:
    """Open, give out to newcomers, close, release."""
    if not request.access.scope.everything:  # type: ignore[attr-defined]
        messages.error(request, _("Only a role over the whole city changes a campaign."))
        return redirect("assessments:campaign", code)
    campaign = get_object_or_404(Campaign, code=code)
    try:
        messages.success(request, _do(request, campaign, verb))
    except Refused as no:
        messages.error(request, str(no))
    return redirect("assessments:campaign", code)


@need("bank.view")
@require_GET
def item_use(request: HttpRequest, code: str) -> HttpResponse:
    """How an item was answered: counts for its author, loaded late into the item's page."""
    item = get_object_or_404(Item, code=code)
    return render(request, "assessments/item_use.html", {"item": item, "uses": queries.item_use(item)})
