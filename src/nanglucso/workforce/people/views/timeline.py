"""Units as they were on a day."""

from datetime import date

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from nanglucso.core.access import need
from nanglucso.core.clock import now
from nanglucso.core.days import local_day
from nanglucso.workforce.people import queries_units
from nanglucso.workforce.people.forms_reorganise import DayForm
from nanglucso.workforce.people.views.asked import Asked

PAGE = 60


def asked_day(request: Asked) -> tuple[DayForm, date]:
    """The day in the address, or today."""
    form = DayForm(request.GET or None)
    today = local_day(now())
    return form, (form.cleaned_data["ngay"] or today) if form.is_valid() else today


@need("units.view")
def tree(request: Asked) -> HttpResponse:
    """The units of the viewer's scope on a day: the top and what stood right below it."""
    form, day = asked_day(request)
    rows = queries_units.TreeOn(day).rows(scope=request.access.scope)
    tops = queries_units.branches(rows)
    top = tops[0] if len(tops) == 1 else None
    shown = {
        "form": form,
        "day": day,
        "top": top,
        "groups": queries_units.by_kind(top.parts if top else tops),
        "number": len(rows),
        "people": sum(row.here for row in rows),
        "days": queries_units.days_of_change()[:12],
    }
    return render(request, "people/units_on.html", shown)


@need("units.view")
def unit(request: Asked, pk: int) -> HttpResponse:
    """One unit over time: names, places, what it came from and went into; its parts and people on a day."""
    scope = request.access.scope
    row = get_object_or_404(queries_units.known_units(scope=scope), pk=pk)
    form, day = asked_day(request)
    on = queries_units.TreeOn(day)
    before, after = queries_units.before_and_after(row)
    states = queries_units.states([row])[row.pk]
    names = {one.pk: one.name for one in on.units.values()}
    people = None
    if request.access.may("people.view"):
        held = queries_units.people_on(row, day, scope=scope)
        people = Paginator(held, PAGE).get_page(request.GET.get("page"))
    shown = {
        "unit": row,
        "form": form,
        "day": day,
        "place": on.place(row.pk),
        "states": [(one, names.get(one.parent_id or 0, ""), one.last_day) for one in reversed(states)],
        "before": before,
        "after": after,
        "rows": on.rows(scope=scope, below=row.pk) if row.pk in on.chains else [],
        "people": people,
        "lasts": row.until is None,
    }
    return render(request, "people/unit_history.html", shown)
