"""Records that may be two of one person: the list, two side by side, merge, undo, "two people"."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from nanglucso.core.access import check_whole_city, need
from nanglucso.core.clock import now
from nanglucso.core.refusals import Refused
from nanglucso.workforce.people import doubling, queries, services
from nanglucso.workforce.people.models import Double, Person
from nanglucso.workforce.people.views.asked import Asked


def _person(request: Asked, pk: int) -> Person:
    """A person for whom the viewer may decide: doubles often stand in two units, so the whole city is needed."""
    check_whole_city(request)
    rows = queries.people(scope=request.access.scope).select_related("unit", "position", "user")
    return get_object_or_404(rows, pk=pk)


@need("people.import")
def index(request: Asked) -> HttpResponse:
    """Pairs to decide on, and the merges of late with their undoing."""
    check_whole_city(request)
    found = doubling.pairs(scope=request.access.scope)
    page = Paginator(found, 25).get_page(request.GET.get("page"))
    chains = queries.unit_chain(one.unit for pair in page for one in (pair.one, pair.other))
    moment = now()
    shown = {
        "page": page,
        "rows": [
            (pair, _(pair.why), queries.place_of(pair.one, chains), queries.place_of(pair.other, chains))
            for pair in page
        ],
        "merges": [(row, services.can_undo_merge(row, moment)) for row in doubling.merges()[:20]],
        "days": services.MERGE_UNDO_DAYS,
    }
    return render(request, "people/doubles.html", shown)


@need("people.import")
def pair(request: Asked, one: int, other: int) -> HttpResponse:
    """Two records side by side; sent, the chosen one takes in the other."""
    people = (_person(request, one), _person(request, other))
    if request.method == "POST":
        kept, gone = people if request.POST.get("keep") == str(one) else people[::-1]
        try:
            services.merge_people(actor=request.user, kept=kept, gone=gone, at=now())
        except Refused as refusal:
            messages.error(request, str(refusal.message))
            return redirect("people:double", one, other)
        messages.success(request, _("The two records have been merged into one."))
        return redirect("people:person", kept.pk)
    chains = queries.unit_chain(one.unit for one in people)
    rows = [(row, queries.place_of(row, chains), list(queries.appointments(row))) for row in people]
    return render(request, "people/double.html", {"people": rows, "pair": people, "days": services.MERGE_UNDO_DAYS})


@need("people.import")
@require_POST
def apart(request: Asked, one: int, other: int) -> HttpResponse:
    """Two like records are two people."""
    people = (_person(request, one), _person(request, other))
    services.tell_apart(actor=request.user, one=people[0], other=people[1], at=now())
    messages.success(request, _("Noted: these are two people."))
    return redirect("people:doubles")


@need("people.import")
@require_POST
def undo(request: Asked, pk: int) -> HttpResponse:
    """Part two merged records again."""
    check_whole_city(request)
    row = get_object_or_404(Double, pk=pk)
    try:
        services.undo_merge(actor=request.user, row=row, at=now())
        messages.success(request, _("The merge has been undone."))
    except Refused as refusal:
        messages.error(request, str(refusal.message))
    return redirect("people:doubles")
