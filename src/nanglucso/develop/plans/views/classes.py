"""One planned class with its people, the table of classes as a workbook, and scenarios side by side."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from nanglucso.core.access import need
from nanglucso.core.acts import act
from nanglucso.core.clock import now
from nanglucso.core.downloads import workbook
from nanglucso.develop.plans import curve, queries
from nanglucso.develop.plans.views.scenarios import PEOPLE_A_PAGE, asked_classes, may_change, scenario_or_404, tag_of
from nanglucso.kit.dates import format_date
from nanglucso.kit.text import fold
from nanglucso.kit.xlsxwrite import Column, OutSheet
from nanglucso.workforce.people.models import Unit
from nanglucso.workforce.people.queries import place, unit_chain

MOST_SIDES = 4


@need("plans.view")
@require_GET
def planned(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One planned class: when, where, who teaches, what it costs, who sits in it."""
    scenario = scenario_or_404(pk)
    scope = request.access.scope  # type: ignore[attr-defined]
    row = get_object_or_404(queries.planned_classes(scenario, scope=scope), number=number)
    seats = queries.seats(row, scope)
    page: Any = Paginator(seats, PEOPLE_A_PAGE).get_page(request.GET.get("page"))
    chains = unit_chain(seat.person.unit for seat in page)
    for seat in page:
        seat.place = place(chains[seat.person.unit_id])
    shown = {
        "scenario": scenario, "row": row, "page": page, "may_change": may_change(request),
        "n_mine": seats.count(), "n_tied": seats.filter(tied=True).count(), "whole": scope.everything,
        "marked": any(seat.tied or seat.from_prior for seat in page),
        "covers": row.course.covers.select_related("competence"),
        "may_gain": request.access.may("gaps.names"),  # type: ignore[attr-defined]
    }  # fmt: skip
    return render(request, "plans/class.html", shown)


def class_columns() -> list[Column]:
    """The columns of the table of classes, on the screen and in the workbook."""
    return [
        Column(str(_("No.")), 6, "int"), Column(str(_("Course")), 48), Column(str(_("Code")), 12),
        Column(str(_("Delivery mode")), 12), Column(str(_("Place")), 34), Column(str(_("From day")), 12),
        Column(str(_("To day")), 12), Column(str(_("Quarter")), 8, "int"), Column(str(_("Lecturer")), 26),
        Column(str(_("Source")), 26), Column(str(_("Seats")), 8, "int"), Column(str(_("Cost, VND")), 16, "money"),
        Column(str(_("Levels per million VND")), 14, "number"),
    ]  # fmt: skip


def class_cells(row: Any) -> list[Any]:
    """One class in the order of `class_columns`."""
    return [
        row.number, row.course.name, row.course.code, str(row.get_form_display()),
        f"{row.venue.name}, {row.venue.area.name}" if row.venue else str(_("Online, whole city")),
        format_date(row.first_day), format_date(row.last_day), row.quarter, row.lecturer.name, row.source.name,
        row.n_seats, row.cost, round(row.value, 2),
    ]  # fmt: skip


@need("plans.view")
@require_GET
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """Exactly the classes that the filter in the address shows, in the same order; the export is logged."""
    scenario = scenario_or_404(pk)
    wanted, _form = asked_classes(request, scenario)
    rows = list(queries.planned_classes(scenario, scope=request.access.scope, wanted=wanted))  # type: ignore[attr-defined]
    with act(request.user, "plans.export", scenario, at=now()) as this:  # type: ignore[arg-type]
        this.note(rows=len(rows), filter=request.GET.dict())
    titles = [f"{scenario.name} – {scenario.year}"]
    name = slugify(fold(f"ke hoach {scenario.year} {scenario.name}"))
    sheet = OutSheet(str(_("Classes")), class_columns(), map(class_cells, rows), titles)
    return workbook(name, [sheet], at=now())


@need("plans.view")
@require_GET
def compare(request: HttpRequest) -> HttpResponse:
    """Two to four computed scenarios as columns, and the classes in which they differ."""
    asked = [int(pk) for pk in request.GET.getlist("p") if pk.isascii() and pk.isdigit() and len(pk) < 12]
    found = {row.pk: row for row in queries.scenarios().filter(pk__in=asked) if row.figures}
    rows = [found[pk] for pk in dict.fromkeys(asked) if pk in found][:MOST_SIDES]
    if len(rows) < 2:
        messages.error(request, _("Choose two to four computed scenarios to lay side by side."))
        return redirect("plans:list")
    sides, kinds = queries.compare(rows), dict(Unit.Kind.choices)
    only = queries.people_only_in(rows)
    columns = [
        {"side": side, "tag": tag_of(side.scenario), "only": n, "kind": kinds.get(side.lowest_kind, side.lowest_kind)}
        for side, n in zip(sides, only, strict=True)
    ]
    shown = {
        "columns": columns, "differences": queries.differing_classes(rows), "curve": curve.of_money(sides),
    }  # fmt: skip
    return render(request, "plans/compare.html", shown)
