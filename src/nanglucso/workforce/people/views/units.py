"""The unit tree."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from nanglucso.core.access import need
from nanglucso.core.scope import Scope
from nanglucso.kit.text import fold
from nanglucso.workforce.people import queries, queries_units, reorganised
from nanglucso.workforce.people.views.asked import Asked

MOST_OPTIONS = 20


@need("units.view")
def index(request: Asked) -> HttpResponse:
    """Agencies, communes and wards with their people; a search finds divisions too."""
    scope, text = request.access.scope, request.GET.get("q", "").strip()
    rows = queries.unit_rows(scope=scope, text=text, parent=None if text else queries.lone_top(scope=scope))
    chains = queries.unit_chain(row.unit for row in rows)
    shown = {
        "groups": queries.grouped(rows) if not text else [],
        "found": [(row, queries.place(chains.get(row.unit.pk, ()))) for row in rows] if text else [],
        "text": text,
        "number": len(rows),
        "people": sum(row.total for row in rows),
        "reviews": request.access.may("units.review") and scope.everything,
    }
    return render(request, "people/units.html", shown)


def _founded(draft: str, scope: Scope) -> list[str]:
    """Units that the steps of a draft make."""
    rows = queries_units.reorganisations(scope=scope)
    row = rows.filter(pk=draft).first() if draft.isascii() and draft.isdigit() and len(draft) < 12 else None
    return list(reorganised.founded(row)) if row else []


@need("people.change")
def options(request: Asked) -> HttpResponse:
    """Units whose full name holds the words typed so far, as options of a list."""
    scope, draft = request.access.scope, request.GET.get("nhap", "")
    found = [*_founded(draft, scope), *queries.units_by_place(scope=scope)]
    typed = next((text for key, text in request.GET.items() if key != "nhap"), "")
    words = fold(str(typed)).split()
    chosen = [place for place in found if all(word in fold(place) for word in words)][:MOST_OPTIONS]
    return render(request, "people/unit_options.html", {"places": chosen})


@need("units.view")
def unit(request: Asked, pk: int) -> HttpResponse:
    """One unit: where it stands, what lies below, which positions its people hold."""
    scope = request.access.scope
    row = get_object_or_404(queries.units(scope=scope), pk=pk)
    chain = queries.unit_chain([row])[row.pk]
    shown = {
        "unit": row,
        "above": [one for one in chain[:-1] if scope.covers(one.path)],
        "place": queries.place(chain),
        "rows": queries.unit_rows(scope=scope, parent=row),
        "positions": queries.unit_headcount(row),
        "here": queries.headcount(row),
    }
    return render(request, "people/unit.html", shown)
