"""Read the framework in force: overview, one competence, crosswalk."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from nanglucso.core.access import need
from nanglucso.core.refusals import Refused
from nanglucso.workforce.framework import queries
from nanglucso.workforce.framework.models import Framework


def _framework() -> Framework | None:
    try:
        return queries.current_framework()
    except Refused:
        return None


@need("framework.view")
def browse(request: HttpRequest) -> HttpResponse:
    """Six domains, twenty competences, four levels on one page."""
    framework = _framework()
    if framework is None:
        return render(request, "framework/none.html")
    found = {
        "framework": framework,
        "domains": queries.overview(framework),
        "levels": framework.levels.all(),
        "n_competences": framework.competences.count(),
        "n_descriptors": queries.descriptor_count(framework),
    }
    return render(request, "framework/browse.html", found)


@need("framework.view")
def competence(request: HttpRequest, code: str) -> HttpResponse:
    """One competence with the behaviours of every level side by side."""
    framework = _framework()
    row = get_object_or_404(queries.competence_pages(framework), code=code) if framework else None
    if row is None:
        return render(request, "framework/none.html", status=404)
    before, after = queries.neighbours(row)
    found = {
        "row": row,
        "columns": queries.level_columns(row),
        "crosswalks": queries.by_scheme(row),
        "before": before,
        "after": after,
    }
    return render(request, "framework/competence.html", found)


@need("framework.view")
def crosswalk(request: HttpRequest) -> HttpResponse:
    """Our competences and levels beside those of other frameworks."""
    framework = _framework()
    if framework is None:
        return render(request, "framework/none.html")
    levels = list(framework.levels.all())
    found = {
        "framework": framework,
        "schemes": queries.crosswalk_schemes(),
        "rows": queries.crosswalk_rows(framework),
        "levels": levels,
        "maps": queries.level_maps(framework, levels),
        "unreached": queries.unreached(framework),
    }
    return render(request, "framework/crosswalk.html", found)
