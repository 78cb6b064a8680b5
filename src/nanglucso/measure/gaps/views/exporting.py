"""Workbooks of the maps."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from nanglucso.core.access import need
from nanglucso.core.downloads import workbook
from nanglucso.kit.xlsxwrite import OutSheet
from nanglucso.measure.gaps import services, sheets
from nanglucso.measure.gaps.views import folk, maps
from nanglucso.measure.gaps.views.asking import Asking, asking

Made = tuple[list[OutSheet], str, int]


def _about(one: Asking, title: str, of_whom: str = "") -> sheets.About:
    return sheets.About(
        title, of_whom or one.of_whom(), one.at, one.common()["measure_title"], one.common()["need_title"]
    )


def _city(one: Asking) -> Made:
    shown = maps.city_heat(one)
    return sheets.heat_sheets(shown, _about(one, _("Gaps by unit")), _("Unit")), one.of_whom(), len(shown.rows)


def _positions(one: Asking) -> Made:
    shown = maps.positions_heat(one)
    made = sheets.heat_sheets(shown, _about(one, _("Gaps by position")), _("Group of positions"))
    return made, one.of_whom(), len(shown.rows)


def _unit(one: Asking) -> Made:
    view = maps.unit_view(one, one.asked_unit() or one.place(None))
    about = _about(one, _("Gaps of a unit"), view.unit.name)
    if view.rows is not None:
        return [sheets.people_sheet(view.rows, view.competences, about)], view.unit.name, len(view.rows)
    assert view.heat is not None
    return sheets.heat_sheets(view.heat, about, _("Unit")), view.unit.name, len(view.heat.rows)


def _competences(one: Asking) -> Made:
    place = one.asked_unit()
    _counts, lines = maps.competence_lines(one, place)
    name = place.name if place else one.of_whom()
    return [sheets.lines_sheet(lines, _about(one, _("Gaps by competence"), name))], name, len(lines)


def _people(one: Asking) -> Made:
    if not one.access.may("gaps.names"):
        raise Http404
    place = one.asked_unit()
    table, found, cols = folk.chosen(one)
    name = place.name if place else one.of_whom()
    sheet = sheets.everybody_sheet(table, found, cols.competences, _about(one, _("Gaps by person"), name))
    return [sheet], name, len(found.order)


SHEETS: dict[str, Callable[[Asking], Made]] = {
    "city": _city, "positions": _positions, "unit": _unit, "competences": _competences, "people": _people,
}  # fmt: skip


@need("gaps.view")
@require_GET
def export(request: HttpRequest, what: str) -> HttpResponse:
    """The workbook of exactly what the page shows under the same filters."""
    one = asking(request)
    if one is None:
        raise Http404
    made, of_whom, rows = SHEETS[what](one)
    services.note_export(actor=request.user, what=what, of_whom=of_whom, rows=rows, at=one.at)  # type: ignore[arg-type]
    return workbook(f"khoang-cach-{what}-{one.at:%Y%m%d}", made, at=one.at)
