"""The people of a unit or of the whole scope, one by one."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from nanglucso.core.access import need
from nanglucso.measure.gaps import heat, people, queries
from nanglucso.measure.gaps.views.asking import Asking, asking, nothing
from nanglucso.workforce.people.models import PositionFamily


def chosen(one: Asking) -> tuple[queries.GapTable, people.Standings, heat.Columns]:
    """People of the unit and group of positions asked for, in the order asked for."""
    table = one.table_of(one.asked_unit(), by_name=True).only(one.asked.need)
    cols = one.cols if one.asked.domain else heat.columns_of(one.competences, heat.EVERY)
    get = one.request.GET.get
    found = people.standings(table, cols.everything, state=get("state", ""), sort=get("sort", ""))
    family = get("family", "")
    if family.isascii() and family.isdigit() and len(family) < 12:
        own = table.posts.family[table.place] == int(family)
        order = found.order[own[found.order]]
        found = people.Standings(found.met, found.not_met, found.unknown, found.missing, order)
    return table, found, cols


@need("gaps.names")
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Person by person with counts; filters by unit, group of positions, domain, requirement and state."""
    one = asking(request)
    if one is None:
        return nothing(request)
    table, found, _cols = chosen(one)
    page = Paginator(range(len(found.order)), people.PAGE).get_page(request.GET.get("page"))
    place = one.asked_unit()
    families = PositionFamily.objects.filter(pk__in=set(table.posts.family.tolist())).order_by("name_vi")
    shown = one.common() | {
        "lines": people.listed(table, found, list(page)), "page_of": page, "total": len(found.order),
        "unit": place, "path": one.tree.above(place) if place else [], "families": families,
        "family": request.GET.get("family", ""),
        "states": people.states().items(), "state": request.GET.get("state", ""),
        "orders": people.orders().items(), "order": request.GET.get("sort", ""),
        "may_see": one.access.may("profiles.view"), "page": "people",
    }  # fmt: skip
    return render(request, "gaps/people.html", shown)
