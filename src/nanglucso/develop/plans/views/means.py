"""Venues, lecturers and days off: list, add, change."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from nanglucso.core.access import need
from nanglucso.core.clock import now, today
from nanglucso.core.refusals import Refused
from nanglucso.develop.budget.queries import rates_by_code
from nanglucso.develop.plans import history, queries, services
from nanglucso.develop.plans.forms_catalogue import TravelForm
from nanglucso.develop.plans.forms_means import DayOffForm, LecturerForm, VenueForm, code_for
from nanglucso.develop.plans.models import DayOff, Lecturer, Venue
from nanglucso.develop.plans.views.scenarios import may_change
from nanglucso.workforce.people.models import TravelArea


def _within_reach(areas: list[TravelArea]) -> list[tuple[TravelArea, list[str]]]:
    """Each area with the names of those whose classes its people can travel to."""
    names = {area.code: area.name for area in areas}
    return [(area, [names[code] for code in area.trip_costs if code in names]) for area in areas]


@need("plans.view")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """What there is to teach with."""
    venues, lecturers, day = list(queries.venues()), list(queries.lecturers()), today()
    off = list(queries.coming_days_off(day))
    shown = {
        "venues": venues, "lecturers": lecturers, "may_change": may_change(request),
        "n_assumed": queries.n_assumed(), "areas": _within_reach(list(TravelArea.objects.order_by("code"))),
        "days_off": [row for row in off if row.first.year <= day.year + 1],
        "later": [row for row in off if row.first.year > day.year + 1],
        "seats": sum(row.seats for row in venues if row.active),
    }  # fmt: skip
    return render(request, "plans/means.html", shown)


@need("plans.change")
@require_http_methods(["GET", "POST"])
def venue(request: HttpRequest, pk: int = 0) -> HttpResponse:
    """Add a room, or change one."""
    row = get_object_or_404(Venue, pk=pk) if pk else None
    form = VenueForm(request.POST or None, initial=VenueForm.first_values(row) if row else None)
    return _page(request, form, row, services.set_venue, Venue.objects.all(), _("Add a room"))


@need("plans.change")
@require_http_methods(["GET", "POST"])
def lecturer(request: HttpRequest, pk: int = 0) -> HttpResponse:
    """Add a lecturer, or change one."""
    row = get_object_or_404(Lecturer, pk=pk) if pk else None
    first = LecturerForm.first_values(row) if row else None
    form = LecturerForm(request.POST or None, initial=first, rates=rates_by_code(today()))
    return _page(request, form, row, services.set_lecturer, Lecturer.objects.all(), _("Add a lecturer"))


@need("plans.change")
@require_http_methods(["GET", "POST"])
def day_off(request: HttpRequest, pk: int = 0) -> HttpResponse:
    """Add days off, or change some."""
    row = get_object_or_404(DayOff, pk=pk) if pk else None
    form = DayOffForm(request.POST or None, initial=DayOffForm.first_values(row) if row else None)
    return _page(request, form, row, services.set_day_off, DayOff.objects.all(), _("Add days off"))


def _page(request: HttpRequest, form: Any, row: Any, verb: Any, rows: Any, title: Any) -> HttpResponse:
    if not may_change(request):
        raise PermissionDenied
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data.get("name") or form.cleaned_data["name_vi"]
        code = row.code if row else code_for(name, rows)
        try:
            verb(actor=request.user, code=code, at=now(), **form.cleaned_data)
        except Refused as refused:
            refused.show_on(form)
        else:
            messages.success(request, _("Saved: %(name)s.") % {"name": name})
            return redirect("plans:means")
    shown = {"form": form, "row": row, "title": row.name if row else title, "past": history.of(row)}
    return render(request, "plans/mean.html", shown)


@need("plans.change")
@require_http_methods(["GET", "POST"])
def travel(request: HttpRequest, pk: int) -> HttpResponse:
    """What a return trip from an area to each other costs; empty = too far."""
    if not may_change(request):
        raise PermissionDenied
    area = get_object_or_404(TravelArea, pk=pk)
    form = TravelForm(request.POST or None, area=area)
    if request.method == "POST" and form.is_valid():
        told = {"costs": form.costs(), "source": form.cleaned_data["source"]}
        try:
            services.set_trips(actor=request.user, area=area, at=now(), **told)  # type: ignore[arg-type]
            messages.success(request, _("Saved: %(name)s.") % {"name": area.name})
            return redirect("plans:means")
        except Refused as refused:
            refused.show_on(form)
    return render(request, "plans/travel.html", {"form": form, "area": area})
