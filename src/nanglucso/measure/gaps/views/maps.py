"""Maps of the city, of one unit, by position and by competence."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from nanglucso.core.access import need
from nanglucso.measure.gaps import heat, pages, queries
from nanglucso.measure.gaps.views.asking import Asking, asking, nothing
from nanglucso.ui.nav import address_for
from nanglucso.workforce.framework.models import Competence
from nanglucso.workforce.people.models import Person


def city_heat(one: Asking) -> heat.Heat:
    """Units right below the top of the scope."""
    veil, tree = one.veil(None), one.tree
    units = tree.below(tree.top) if tree.top and tree.top.depth == 1 else []
    if veil is not None and not units:
        veil = queries.Veil(veil.total, veil.total[None])
    return heat.unit_heat(one.cols, one.sums, units or tree.tops(), one.asked, veil=veil, known=tree.paths())


@need("gaps.view")
@require_GET
def city(request: HttpRequest) -> HttpResponse:
    """Units × domains, the four figures, the spread, what is missing most."""
    one = asking(request)
    if one is None:
        return nothing(request)
    sums, veil = one.sums.only(one.asked.need), one.veil(None)
    counts = queries.whole(sums)
    shown = city_heat(one)
    # Kinds with people; with one chosen the map has only that one, so all stay within reach.
    there = {title for title, _rows in shown.groups}
    found = one.common() | {
        "heat": shown,
        "figures": pages.figures(sums, one.tree.top, veil.total if veil else None),
        "gone": bool(veil and veil.total[-1]),
        "spread": pages.spread(sums) if counts.people else [],
        "ranking": pages.ranking(one.cols, counts, veil.total if veil else None),
        "kinds": [(k, title) for k, title in heat.group_titles().items() if k and (one.asked.kind or title in there)],
        "plans": address_for("plans:list", one.access.role),
        "previews": one.access.may("gaps.preview"),
        "page": "city",
    }
    return render(request, "gaps/city.html", found)


@dataclass(frozen=True)
class UnitView:
    """Everything of one unit that the page and the workbook share."""

    unit: queries.Place
    counts: queries.Counts
    competences: list[Competence]
    rows: list[pages.PersonRow] | None
    heat: heat.Heat | None
    needs: list[pages.Need]
    veil: queries.Veil | None


def unit_view(one: Asking, place: queries.Place) -> UnitView:
    """A small unit person by person where names may be seen, any other by its divisions."""
    cols = one.cols if one.asked.domain else heat.columns_of(one.competences, heat.EVERY)
    sums = one.sums_of(place)
    counts = queries.whole(sums.only(one.asked.need))
    if one.access.may("gaps.names") and counts.people <= pages.SMALL_UNIT:
        return _by_person(one, place, cols.competences, counts)
    below, veil = one.tree.below(place), one.veil(place)
    if veil is not None and not below:
        veil = queries.Veil(veil.total, veil.rows[:0])
    shown = heat.unit_heat(one.cols, sums, below, one.asked, veil=veil, known=one.tree.paths())
    found = pages.needs(counts, cols.competences, {}, veil.total if veil else None)
    return UnitView(place, counts, cols.competences, None, shown, found, veil)


def _by_person(
    one: Asking, place: queries.Place, competences: list[Competence], counts: queries.Counts
) -> UnitView:  # fmt: skip
    table = one.table_of(place, by_name=True)
    kept = Person.objects.select_related("position", "unit").in_bulk(table.ids.tolist())
    named, table = [kept[pk] for pk in table.ids.tolist()], table.only(one.asked.need)
    rows = pages.person_rows(table, named, competences)
    needs = pages.needs(counts, competences, pages.short_of(table, named))
    return UnitView(place, counts, competences, rows, None, needs, None)


@need("gaps.view")
@require_GET
def unit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """A small unit person by person, a large one by its divisions; who needs what."""
    one = asking(request)
    if one is None:
        return nothing(request)
    view = unit_view(one, one.place(pk))
    counts = view.counts
    found = one.common() | {
        "view": view,
        "unit": view.unit,
        "path": one.tree.above(view.unit),
        "counts": counts,
        "gone": bool(view.veil and view.veil.total[-1]),
        "totals": [int(counts.not_met[c.index]) for c in view.competences],
        "first": pages.concentration(view.needs),
        "classes": address_for("training:list", one.access.role),
        "may_see": one.access.may("profiles.view"),
        "page": "unit",
    }
    return render(request, "gaps/unit.html", found)


def positions_heat(one: Asking) -> heat.Heat:
    """Groups of positions of the scope."""

    def veil(group: Any, count: int) -> queries.Veil:
        return queries.group_veil(one.table, group, count, split=bool(one.asked.need))

    return heat.position_heat(one.cols, one.table, one.asked, veil=veil if one.hides else None)


@need("gaps.view")
@require_GET
def positions(request: HttpRequest) -> HttpResponse:
    """Groups of positions × domains."""
    one = asking(request)
    if one is None:
        return nothing(request)
    return render(request, "gaps/positions.html", one.common() | {"heat": positions_heat(one), "page": "positions"})


def competence_lines(one: Asking, place: queries.Place | None) -> tuple[queries.Counts, list[heat.Line]]:
    """Counts of every column asked for, over a unit or the scope."""
    counts, veil = queries.whole(one.sums_of(place).only(one.asked.need)), one.veil(place)
    cols = heat.columns_of(one.competences, one.asked.domain or heat.EVERY)
    if one.request.GET.get("view") == "domains":
        cols = heat.columns_of(one.competences)
    return counts, heat.lines(cols, counts, veil.total if veil else None)


@need("gaps.view")
@require_GET
def competences(request: HttpRequest) -> HttpResponse:
    """Met, not met and not yet known of every competence or domain, over the scope or one unit in it."""
    one = asking(request)
    if one is None:
        return nothing(request)
    place = one.asked_unit()
    counts, lines = competence_lines(one, place)
    found = one.common() | {
        "lines": lines, "counts": counts, "unit": place, "path": one.tree.above(place) if place else [],
        "by_domain": request.GET.get("view") == "domains", "page": "competences",
    }  # fmt: skip
    return render(request, "gaps/competences.html", found)
