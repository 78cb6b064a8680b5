"""Campaigns: the list, one campaign's progress, a new one, and the four verbs."""

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from nanglucso.core.access import check_whole_city, need
from nanglucso.core.clock import now
from nanglucso.core.refusals import Refused
from nanglucso.core.scope import Scope
from nanglucso.measure.assessments import (
    accommodating,
    conducting,
    labgiving,
    labqueries,
    queries,
    reminding,
    services,
)
from nanglucso.measure.assessments.filling import blueprint
from nanglucso.measure.assessments.forms import CampaignForm, ExtendForm
from nanglucso.measure.assessments.models import Campaign
from nanglucso.measure.assessments.views.mine import framework_or_none
from nanglucso.measure.bank.models import Item
from nanglucso.workforce.people.models import Unit
from nanglucso.workforce.people.queries import place, unit_chain, units

FIRST_PEOPLE, MOST_PEOPLE = 20, 1000


@need("campaigns.view")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Every campaign with how far it is in the viewer's units."""
    return render(request, "assessments/campaigns.html", {"rows": queries.campaigns(request.access.scope)})  # type: ignore[attr-defined]


def _under(request: HttpRequest, scope: Scope) -> Unit | None:
    """The unit whose sub-units are looked at; one outside the scope is as if it were not there."""
    number = request.GET.get("unit", "")
    return get_object_or_404(units(scope=scope), pk=int(number)) if number.isdigit() else None


def _progress(request: HttpRequest, campaign: Campaign) -> dict[str, Any]:
    """What the card of progress needs, on the page and alone."""
    access, at = request.access, now()  # type: ignore[attr-defined]
    under = _under(request, access.scope)
    rows = queries.progress_by_unit(campaign, access.scope, at=at, under=under)
    labs = [] if campaign.status == Campaign.Status.DRAFT else labqueries.lab_progress(campaign, access.scope)
    if labs:
        labqueries.add_labs(rows, campaign, access.scope, under)
    return {"campaign": campaign, "units": rows, "under": under, "at": at, "lab_rows": labs}


@need("campaigns.view")
@require_GET
def progress(request: HttpRequest, code: str) -> HttpResponse:
    """The card of progress alone, fetched again and again while the campaign is open."""
    campaign = get_object_or_404(Campaign, code=code)
    return render(request, "assessments/campaign_progress.html", _progress(request, campaign))


@need("campaigns.view")
@require_GET
def show(request: HttpRequest, code: str) -> HttpResponse:
    """How far each unit is, who is still to sit, and what can be done next."""
    access = request.access  # type: ignore[attr-defined]
    campaign = get_object_or_404(queries.campaigns(access.scope), code=code)
    waiting = queries.not_finished(campaign, access.scope)
    most = MOST_PEOPLE if "all" in request.GET else FIRST_PEOPLE
    named = list(waiting[:most]) if access.may("gaps.names") else None
    chains = unit_chain(one.person.unit for one in named or ())
    shown = _progress(request, campaign) | {
        "waiting_count": waiting.count(),
        "waiting": None if named is None else [(one, place(chains[one.person.unit_id or 0])) for one in named],
        "may_change": access.may("campaigns.change") and access.scope.everything,
        "may_give": access.may("campaigns.change"),
        "given_count": accommodating.in_scope(campaign, access.scope).count(),
        "newcomers": queries.eligible(campaign, access.scope).count(),
        "blueprint": blueprint(campaign) if campaign.status == Campaign.Status.DRAFT else None,
        "lab_plan": _lab_plan(campaign),
        "preview": conducting.previews(campaign).first(),
        "extend": ExtendForm(initial={"closes_at": campaign.closes_at}),
        "families": campaign.families.all(),
        "named_count": campaign.named.count(),
        "excluded_count": campaign.excluded.count(),
        "schedule": reminding.schedule(campaign),
        "reminded": dict(campaign.reminders.values_list("step").annotate(n=Count("pk"))),
    }
    return render(request, "assessments/campaign.html", shown)


def _lab_plan(campaign: Campaign) -> labgiving.LabPlan | None:
    """What the tasks of a draft would mean; afterwards the page tells how far they are."""
    wanted = campaign.status == Campaign.Status.DRAFT and campaign.labs.exists()
    return labgiving.plan(campaign) if wanted else None


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
            no.show_on(form)
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
    if verb == "remind":
        n = reminding.remind(**told)
        return ngettext("%(n)s person is reminded.", "%(n)s people are reminded.", n) % {"n": n}
    if verb == "rehearse":
        conducting.ask_preview(**told, url=reverse("assessments:campaign", args=[campaign.code]))
        return _("The rehearsal has been queued; its figures appear on this page.")
    if verb == "learn":
        n = conducting.learn_priors(**told)
        text = ngettext("Starting points of %(n)s group learned.", "Starting points of %(n)s groups learned.", n)
        return text % {"n": n}
    if verb == "close":
        services.close_campaign(**told)
        return _("The campaign is closed; every answer that was given counts.")
    services.release(**told)
    return _("The results are released.")


@need("campaigns.change")
@require_POST
def change(request: HttpRequest, code: str, verb: str) -> HttpResponse:
    """Open, give out to newcomers, rehearse, remind, close, release, learn."""
    if not request.access.scope.everything:  # type: ignore[attr-defined]
        messages.error(request, _("Only a role over the whole city changes a campaign."))
        return redirect("assessments:campaign", code)
    campaign = get_object_or_404(Campaign, code=code)
    try:
        messages.success(request, _do(request, campaign, verb))
    except Refused as no:
        messages.error(request, str(no))
    return redirect("assessments:campaign", code)


@need("campaigns.change")
@require_POST
def extend(request: HttpRequest, code: str) -> HttpResponse:
    """A later end, with its reason; only for a role over the whole city."""
    check_whole_city(request)
    campaign, form = get_object_or_404(Campaign, code=code), ExtendForm(request.POST)
    if form.is_valid():
        try:
            conducting.extend(actor=request.user, campaign=campaign, at=now(), **form.cleaned_data)  # type: ignore[arg-type]
        except Refused as no:
            no.show_on(form)
        else:
            messages.success(request, _("The campaign now ends later."))
            return redirect("assessments:campaign", code)
    return render(request, "assessments/campaign_extend.html", {"campaign": campaign, "form": form}, status=422)


@need("bank.view")
@require_GET
def item_use(request: HttpRequest, code: str) -> HttpResponse:
    """How an item was answered: counts for its author, loaded late into the item's page."""
    item = get_object_or_404(Item, code=code)
    return render(request, "assessments/item_use.html", {"item": item, "uses": queries.item_use(item)})
