"""The register of functions and duties."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nanglucso.core.access import check_whole_city, need
from nanglucso.core.clock import now, today
from nanglucso.core.refusals import Refused
from nanglucso.develop.staffing import forms, queries, services
from nanglucso.develop.staffing.queries import DutyFilter
from nanglucso.develop.staffing.queries.levels import COMMUNE, is_told, levels_of
from nanglucso.develop.staffing.views.places import access, fetches, offered, own, places
from nanglucso.workforce.people.models import Position, Unit
from nanglucso.workforce.people.queries import place, top_units, unit_chain

A_PAGE = 40


def _wanted(request: HttpRequest) -> DutyFilter:
    told = request.GET
    unit, position = told.get("don-vi", ""), told.get("vi-tri", "")
    return DutyFilter(
        text=told.get("q", "")[:80], kind=told.get("loai", "") if told.get("loai") in ("unit", "position") else "",
        unit=Unit.objects.filter(access(request).scope.units(), pk=unit).first() if unit.isdecimal() else None,
        position=Position.objects.filter(pk=position).first() if position.isdecimal() else None,
        ended=told.get("cu") == "1",
    )  # fmt: skip


@need("duties.view")
@require_GET
def register(request: HttpRequest) -> HttpResponse:
    """Functions of units in scope and duties of positions, filtered."""
    wanted, scope = _wanted(request), access(request).scope
    page = Paginator(queries.duties(scope=scope, wanted=wanted), A_PAGE).get_page(request.GET.get("page"))
    rows = list(page.object_list)
    chains = unit_chain(row.unit for row in rows)
    shown = [
        {"duty": row, "place": place(chains.get(row.unit_id or 0, ())), "local": level == COMMUNE, "told": is_told(row)}
        for row, level in zip(rows, levels_of(rows), strict=True)
    ]
    context = {
        "page": page, "rows": shown, "wanted": wanted, "tops": top_units(scope=scope, chosen=wanted.unit),
        "may_change": access(request).may("duties.change"), "may_take": _may_take(request),
    }  # fmt: skip
    return render(request, "staffing/duties.html", context)


def _may_take(request: HttpRequest) -> bool:
    return bool(access(request).may("overlaps.review") and access(request).scope.everything)


@need("duties.change")
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Enter one function of a unit."""
    found = places(request)
    first = {"since": today(), "unit": own(request, found)}
    form = forms.DutyForm(request.POST or None, places=found, fetch=fetches(request), initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            services.add_duty(actor=request.user, at=now(), **form.cleaned_data)  # type: ignore[arg-type]
            messages.success(request, _("Entered in the register."))
            return redirect("staffing:duties")
        except Refused as refused:
            refused.show_on(form)
    status = 422 if form.is_bound else 200
    return render(request, "staffing/duty.html", {"form": form, "places": offered(found)}, status=status)


@need("duties.change")
@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a function of a unit."""
    found = queries.duties(scope=access(request).scope, wanted=DutyFilter(kind="unit", ended=True))
    duty = get_object_or_404(found, pk=pk)
    form = forms.EndDutyForm(request.POST or None, initial={"until": today()})
    if request.method == "POST" and form.is_valid():
        try:
            services.end_duty(actor=request.user, duty=duty, at=now(), **form.cleaned_data)  # type: ignore[arg-type]
            messages.success(request, _("The function ends on that day; it stays readable in the register."))
            return redirect("staffing:duties")
        except Refused as refused:
            refused.show_on(form)
    return render(request, "staffing/duty_end.html", {"form": form, "duty": duty}, status=422 if form.is_bound else 200)


@need("overlaps.review")
@require_POST
def take(request: HttpRequest) -> HttpResponse:
    """Bring the duties of position profiles into the register."""
    check_whole_city(request)
    added, ended = services.take_profiles(actor=request.user, at=now())  # type: ignore[arg-type]
    messages.success(request, _("%(added)s duties added, %(ended)s ended.") % {"added": added, "ended": ended})
    return redirect("staffing:duties")
