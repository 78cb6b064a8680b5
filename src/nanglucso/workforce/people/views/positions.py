"""Positions: list, the official form, families, and who requires a competence."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from nanglucso.core.access import need
from nanglucso.core.refusals import Refused
from nanglucso.workforce.framework.models import Competence
from nanglucso.workforce.framework.queries import current_framework
from nanglucso.workforce.people import queries
from nanglucso.workforce.people.models import Position, PositionFamily
from nanglucso.workforce.people.reasons import why
from nanglucso.workforce.people.views.asked import Asked


@need("positions.view")
def index(request: Asked) -> HttpResponse:
    """Every position by family."""
    text, group = request.GET.get("q", "").strip(), request.GET.get("group", "")
    family = PositionFamily.objects.filter(code=request.GET.get("family", "")).first()
    found = list(queries.positions(text=text, family=family, group=group))
    by_family: dict[PositionFamily, list[Position]] = {}
    for row in found:
        by_family.setdefault(row.family, []).append(row)
    shown = {
        "by_family": by_family.items(),
        "number": len(found),
        "families": queries.families(),
        "groups": Position.Group.choices,
        "text": text,
        "group": group,
        "family": family,
    }
    return render(request, "people/positions.html", shown)


@need("positions.view")
def position(request: Asked, pk: int) -> HttpResponse:
    """The official form I to IX with the levels it requires, their reasons and weights."""
    row = get_object_or_404(Position.objects.select_related("family", "framework"), pk=pk)
    levels = {level.number: level for level in row.framework.levels.all()}
    needs = list(queries.requirements(row))
    heaviest = max((need_.weight for need_ in needs), default=0.0) or 1.0
    shown = {
        "position": row,
        "form": row.profile,
        "needs": [
            (one, levels.get(one.level), round(100 * one.weight / heaviest), why(one.reason, form_below=True))
            for one in needs
        ],
        "core": sum(one.must_have for one in needs),
        "holders": row.people.filter(active=True).count(),
    }
    return render(request, "people/position.html", shown)


@need("positions.view")
def family(request: Asked, code: str) -> HttpResponse:
    """The family's default levels beside those of its positions."""
    row = get_object_or_404(PositionFamily, code=code)
    positions, rows = queries.family_matrix(row)
    levels = positions[0].framework.levels.all() if positions else []
    shown = {"family": row, "positions": positions, "rows": rows, "levels": levels}
    return render(request, "people/family.html", shown)


@need("positions.view")
def demands(request: Asked, code: str) -> HttpResponse:
    """Positions that require a competence; a fragment for htmx, a page without it."""
    try:
        framework = current_framework()
    except Refused:
        framework = None
    competence = get_object_or_404(Competence, framework=framework, code=code)
    levels = {level.number: level for level in competence.framework.levels.all()}
    rows = [(one, levels.get(one.level), why(one.reason, form_below=False)) for one in queries.demands(competence)]
    page = "people/demands_rows.html" if request.htmx else "people/demands.html"
    return render(request, page, {"competence": competence, "rows": rows})
