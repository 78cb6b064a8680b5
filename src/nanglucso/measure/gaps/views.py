"""Gaps of the city, of one unit, by position, between two dates; and the same as a workbook."""

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from nanglucso.core.access import Access, need
from nanglucso.core.clock import now
from nanglucso.core.refusals import Refused
from nanglucso.core.scope import Scope
from nanglucso.kit.xlsxwrite import OutSheet, write_xlsx
from nanglucso.measure.gaps import heat, pages, queries, services, sheets
from nanglucso.ui.nav import address_for
from nanglucso.workforce.framework.models import Competence, Framework
from nanglucso.workforce.framework.queries import current_framework
from nanglucso.workforce.people.models import Unit

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _framework() -> Framework | None:
    try:
        return current_framework()
    except Refused:
        return None


def _access(request: HttpRequest) -> Access:
    return request.access  # type: ignore[attr-defined,no-any-return]


def _of_whom(access: Access) -> str:
    return access.grant.unit.name if access.grant and access.grant.unit else _("Whole city")


def _asked(request: HttpRequest, framework: Framework) -> dict[str, str]:
    """Filters of the address; what is not known counts as not asked."""
    domains = {heat.EVERY, *framework.domains.values_list("code", flat=True)}
    domain, kind = request.GET.get("domain", ""), request.GET.get("kind", "")
    return {
        "domain": domain if domain in domains else "",
        "kind": kind if kind in heat.group_titles() else "",
        "sort": request.GET.get("sort", "")[:12],
    }


def _common(framework: Framework, asked: dict[str, str]) -> dict[str, Any]:
    domains = list(framework.domains.all())
    chosen = next((d for d in domains if d.code == asked["domain"]), None)
    return {"asked": asked, "domains": domains, "domain": chosen, "n_competences": framework.competences.count()}


def _city(
    framework: Framework, access: Access, asked: dict[str, str], at: datetime
) -> tuple[queries.GapTable, heat.Heat]:
    table = queries.gap_table(framework, queries.active_people(access.scope), at=at)
    hide = not access.may("gaps.names")
    return table, heat.unit_heat(framework, table, queries.top_units(access.scope), hide=hide, **asked)


@need("gaps.view")
@require_GET
def city(request: HttpRequest) -> HttpResponse:
    """Units × domains, the four figures, the spread, what is missing most."""
    framework, access, at = _framework(), _access(request), now()
    if framework is None:
        return render(request, "gaps/nothing.html")
    asked = _asked(request, framework)
    table, shown = _city(framework, access, asked, at)
    found = _common(framework, asked) | {
        "heat": shown,
        "figures": pages.figures(table, access.scope),
        "spread": pages.spread(table) if len(table.ids) else [],
        "ranking": pages.ranking(framework, table),
        "kinds": [(code, title) for code, title in heat.group_titles().items() if code],
        "of_whom": _of_whom(access),
        "at": at,
        "plans": address_for("plans:list", access.role),
        "hides": not access.may("gaps.names"),
    }
    return render(request, "gaps/city.html", found)


@dataclass(frozen=True)
class _UnitView:
    """Everything of one unit that the page and the workbook share."""

    unit: Unit
    table: queries.GapTable
    competences: list[Competence]
    rows: list[pages.PersonRow] | None
    heat: heat.Heat | None
    needs: list[pages.Need]


def _unit_of(access: Access, pk: int | None) -> Unit:
    """The asked unit inside the scope; without one the role's own unit, else the viewer's own, else the top."""
    inside = Unit.objects.filter(access.scope.units("path")).order_by("depth", "path")
    if pk is not None:
        return get_object_or_404(inside, pk=pk)
    own = access.grant.unit if access.grant else None
    if own is None and access.person and access.person.unit_id:
        own = inside.filter(pk=access.person.unit_id).first()
    found = own or inside.first()
    if found is None:
        raise Http404
    return found


def _unit_view(framework: Framework, access: Access, unit: Unit, asked: dict[str, str], at: datetime) -> _UnitView:
    people = queries.active_people(Scope(paths=(unit.path,))).select_related("position", "unit")
    table = queries.gap_table(framework, people, at=at)
    codes = {head.code for head in heat.columns(framework, asked["domain"] or heat.EVERY)[0]}
    competences = [c for c in framework.competences.select_related("domain").order_by("index") if c.code in codes]
    small = access.may("gaps.names") and len(table.ids) <= pages.SMALL_UNIT
    named = list(people) if small else None
    if named is not None:
        rows, shown = pages.person_rows(table, named, competences), None
    else:
        below = queries.tree(Scope(paths=(unit.path,))).tops()
        hide = not access.may("gaps.names")
        rows, shown = (
            None,
            heat.unit_heat(framework, table, below, hide=hide, domain=asked["domain"], sort=asked["sort"]),
        )
    tiny = named is None and len(table.ids) < queries.SMALL_GROUP
    return _UnitView(unit, table, competences, rows, shown, [] if tiny else pages.needs(table, competences, named))


@need("gaps.view")
@require_GET
def unit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """A small unit person by person, a large one by its divisions; who needs what."""
    framework, access, at = _framework(), _access(request), now()
    if framework is None:
        return render(request, "gaps/nothing.html")
    asked = _asked(request, framework)
    view = _unit_view(framework, access, _unit_of(access, pk), asked, at)
    counts = view.table.rows(view.table.measured | True)
    found = _common(framework, asked) | {
        "view": view,
        "unit": view.unit,
        "path": [],
        "counts": counts,
        "totals": [int(counts.not_met[c.index]) for c in view.competences],
        "first": pages.concentration(view.needs),
        "at": at,
        "classes": address_for("training:list", access.role),
        "may_see": access.may("profiles.view"),
        "hides": not access.may("gaps.names"),
        "small": queries.SMALL_GROUP,
    }
    return render(request, "gaps/unit.html", found)


@need("gaps.view")
@require_GET
def positions(request: HttpRequest) -> HttpResponse:
    """Groups of positions × domains."""
    framework, access, at = _framework(), _access(request), now()
    if framework is None:
        return render(request, "gaps/nothing.html")
    asked = _asked(request, framework)
    shown = _positions(framework, access, asked, at)
    found = _common(framework, asked) | {"heat": shown, "of_whom": _of_whom(access), "at": at}
    return render(request, "gaps/positions.html", found | {"hides": not access.may("gaps.names")})


def _positions(framework: Framework, access: Access, asked: dict[str, str], at: datetime) -> heat.Heat:
    table = queries.gap_table(framework, queries.active_people(access.scope), at=at)
    hide = not access.may("gaps.names")
    return heat.position_heat(framework, table, hide=hide, domain=asked["domain"], sort=asked["sort"])


@need("gaps.view")
@require_GET
def compare(request: HttpRequest) -> HttpResponse:
    """Two kept days side by side."""
    framework, access = _framework(), _access(request)
    if framework is None:
        return render(request, "gaps/nothing.html")
    moments = pages.moments(access.scope)
    chosen = {str(row.pk): row for row in moments}
    second = chosen.get(request.GET.get("b", ""), moments[0] if moments else None)
    first = chosen.get(request.GET.get("a", ""), moments[1] if len(moments) > 1 else None)
    found: dict[str, Any] = {"moments": moments, "first": first, "second": second, "of_whom": _of_whom(access)}
    if first and second:
        found |= {
            "whole": pages.Change(_of_whom(access), pages.of_snapshot(first), pages.of_snapshot(second)),
            "rows": pages.changes(access.scope, first, second),
            "competences": pages.competence_changes(framework, first, second),
        }
    return render(request, "gaps/compare.html", found)


def _sheet(request: HttpRequest, what: str, at: datetime) -> tuple[OutSheet, str, int]:
    """The sheet of a page, of whom it is, and how many rows."""
    framework, access = _framework(), _access(request)
    if framework is None:
        raise Http404
    asked, of_whom = _asked(request, framework), _of_whom(access)
    if what == "positions":
        shown, title, first = _positions(framework, access, asked, at), _("Gaps by position"), _("Group of positions")
    elif what == "city":
        shown, title, first = _city(framework, access, asked, at)[1], _("Gaps by unit"), _("Unit")
    else:
        pk = request.GET.get("unit", "")
        view = _unit_view(framework, access, _unit_of(access, int(pk) if pk.isdigit() else None), asked, at)
        title, first, of_whom = _("Gaps of a unit"), _("Unit"), view.unit.name
        if view.rows is not None:
            sheet = sheets.people_sheet(view.rows, view.competences, title=title, of_whom=of_whom, at=at)
            return sheet, of_whom, len(view.rows)
        shown = view.heat  # type: ignore[assignment]
    return sheets.heat_sheet(shown, title=title, of_whom=of_whom, at=at, first=first), of_whom, len(shown.rows)


@need("gaps.view")
@require_GET
def export(request: HttpRequest, what: str) -> HttpResponse:
    """The workbook of exactly what the page shows under the same filters."""
    at = now()
    sheet, of_whom, rows = _sheet(request, what, at)
    services.note_export(actor=request.user, what=what, of_whom=of_whom, rows=rows, at=at)  # type: ignore[arg-type]
    file = BytesIO()
    write_xlsx(file, [sheet], created=at)
    response = HttpResponse(file.getvalue(), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="khoang-cach-{what}-{at:%Y%m%d}.xlsx"'
    return response
