"""Conditions of sitting and second tests: what the training officer gives to one person in a campaign."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from nanglucso.core.access import need
from nanglucso.core.clock import now
from nanglucso.core.refusals import Refused
from nanglucso.measure.assessments import accommodating, retaking
from nanglucso.measure.assessments.conditionforms import AccommodationForm, SecondTestForm
from nanglucso.measure.assessments.models import Campaign


@need("campaigns.change")
def accommodations(request: HttpRequest, code: str) -> HttpResponse:
    """Who sits under other conditions, without the reasons; a form to give them."""
    campaign, scope = get_object_or_404(Campaign, code=code), request.access.scope  # type: ignore[attr-defined]
    sent = request.method == "POST"
    form = AccommodationForm(request.POST if sent else None, scope=scope)
    if sent and form.is_valid():
        told = {"person": form.cleaned_data["staff_code"], "measures": form.measures, "at": now()}
        told |= {name: form.cleaned_data[name] for name in ("reason", "basis")}
        try:
            accommodating.give(actor=request.user, campaign=campaign, **told)  # type: ignore[arg-type]
        except Refused as no:
            no.show_on(form)
        else:
            messages.success(request, _("The conditions are given; the person reads them before the start."))
            return redirect("assessments:accommodations", code)
    shown = {"campaign": campaign, "form": form, "rows": accommodating.in_scope(campaign, scope)}
    shown |= {"open": campaign.status in (Campaign.Status.DRAFT, Campaign.Status.OPEN), "switches": form.switches}
    return render(request, "assessments/accommodations.html", shown, status=422 if form.errors else 200)


@need("campaigns.change")
def accommodation(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """One person's conditions with their reason, which leaves a trace; POST takes them back."""
    campaign = get_object_or_404(Campaign, code=code)
    rows = accommodating.in_scope(campaign, request.access.scope).select_related("reason")  # type: ignore[attr-defined]
    row, told = get_object_or_404(rows, pk=pk), {"actor": request.user, "at": now()}
    if request.method == "POST":
        try:
            accommodating.withdraw(accommodation=row, **told)  # type: ignore[arg-type]
            messages.success(request, _("The conditions are taken back."))
        except Refused as no:
            messages.error(request, str(no))
        return redirect("assessments:accommodations", code)
    accommodating.note_reason_read(accommodation=row, **told)  # type: ignore[arg-type]
    return render(request, "assessments/accommodation.html", {"one": row})


@need("campaigns.change")
def second_tests(request: HttpRequest, code: str) -> HttpResponse:
    """Who has a second test, and the form to approve one."""
    campaign, scope = get_object_or_404(Campaign, code=code), request.access.scope  # type: ignore[attr-defined]
    sent = request.method == "POST"
    form = SecondTestForm(request.POST if sent else None, scope=scope)
    if sent and form.is_valid():
        told: dict[str, Any] = {name: form.cleaned_data[name] for name in ("reason", "note")}
        told |= {"person": form.cleaned_data["staff_code"], "at": now()}
        try:
            retaking.approve(actor=request.user, campaign=campaign, **told)  # type: ignore[arg-type]
        except Refused as no:
            no.show_on(form)
        else:
            messages.success(request, _("The second test is given; the person sees it at once."))
            return redirect("assessments:second_tests", code)
    shown = {"campaign": campaign, "form": form, "rows": retaking.second_tests(campaign, scope)}
    shown["open"] = campaign.retake == Campaign.Retake.APPROVED and campaign.status == Campaign.Status.OPEN
    return render(request, "assessments/second_tests.html", shown, status=422 if form.errors else 200)
