"""Who fits what: one person beside one position; who could follow in leading posts."""

from dataclasses import replace

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from nanglucso.core.access import need
from nanglucso.core.clock import now
from nanglucso.develop.staffing import queries
from nanglucso.develop.staffing.views.places import access, competence_names
from nanglucso.workforce.framework.queries import current_framework, frame
from nanglucso.workforce.people.models import Person, Position, Unit
from nanglucso.workforce.people.queries import place_of, top_units, unit_chain

A_PAGE_OF_POSTS = 10


@need("staffing.view")
@require_GET
def fit(request: HttpRequest, pk: int) -> HttpResponse:
    """One person beside one position, requirement by requirement; first their own, then whichever is chosen."""
    people = Person.objects.filter(access(request).scope.units("unit__path"), active=True)
    person = get_object_or_404(people.select_related("unit", "position"), pk=pk)
    posts = list(Position.objects.filter(is_generic=False).order_by("name"))
    asked = request.GET.get("vi-tri", "")
    position = next((one for one in posts if str(one.pk) == asked), None) or person.position or posts[0]
    line, parts = queries.fit_of(current_framework(), person, position, at=now())
    labels = frame(current_framework()).labels
    context = {
        "person": person, "position": position, "posts": posts, "line": line, "names": competence_names(),
        "parts": [(part, labels[part.required], labels[part.now]) for part in parts], "figures": queries.figures(),
    }  # fmt: skip
    return render(request, "staffing/fit_of.html", context)


@need("staffing.view")
@require_GET
def succession(request: HttpRequest) -> HttpResponse:
    """Leading posts, oldest holder first, with the nearest people of the same agency or commune."""
    scope, asked = access(request).scope, request.GET.get("don-vi", "")
    unit = Unit.objects.filter(scope.units(), pk=asked).first() if asked.isdecimal() else None
    page = Paginator(queries.leading(scope=scope, unit=unit), A_PAGE_OF_POSTS).get_page(request.GET.get("page"))
    rows = queries.succession(current_framework(), list(page.object_list), scope=scope, at=now())
    chains = unit_chain(row.holder.unit for row in rows)
    rows = [replace(row, place=place_of(row.holder, chains)) for row in rows]
    context = {
        "page": page,
        "rows": rows,
        "unit": unit,
        "tops": top_units(scope=scope, chosen=unit),
        "names": competence_names(short=True),
    }
    return render(request, "staffing/succession.html", context)
