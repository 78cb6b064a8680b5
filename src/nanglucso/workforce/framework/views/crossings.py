"""Crosswalks between frameworks, and the move of the house by one."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nanglucso.core.access import need, whole_city
from nanglucso.core.clock import now
from nanglucso.core.refusals import Refused
from nanglucso.workforce.framework import queries, services
from nanglucso.workforce.framework.forms import CrossingForm, LinksForm
from nanglucso.workforce.framework.models import Crossing, Move
from nanglucso.workforce.framework.views.guard import may_change, may_publish, tried


@need("framework.change")
@whole_city
def new(request: HttpRequest) -> HttpResponse:
    """Choose the two frameworks of a crosswalk."""
    form = CrossingForm(request.POST or None, initial={"target": request.GET.get("den", "")})
    if request.method == "POST" and form.is_valid():
        try:
            row = services.start_crossing(actor=request.user, at=now(), **form.cleaned_data)  # type: ignore[arg-type]
        except Refused as no:
            no.show_on(form)
        else:
            return redirect("framework:crossing", row.pk)
    return render(request, "framework/crossing_new.html", {"form": form}, status=422 if form.errors else 200)


def _page(request: HttpRequest, row: Crossing, form: LinksForm, status: int = 200) -> HttpResponse:
    shown = {
        "row": row, "form": form, "reasons": services.reasons_against(row), "moves": row.moves.all(),
        "moved": row.moves.filter(undone_at=None).first(), "may_change": may_change(request),
        "may_move": may_publish(request) and row.made_by_id != request.user.pk,
        "figures": _figures(row), "people": queries.named(row.preview.get("profiles", {}).get("people", [])[:50]),
        "unreached": queries.unlinked(row),
    }  # fmt: skip
    return render(request, "framework/crossing.html", shown, status=status)


def _figures(row: Crossing) -> dict[str, Any]:
    """Every room's figures under one name each."""
    told: dict[str, Any] = {}
    for room in row.preview.values():
        told |= {key: value for key, value in room.items() if key != "people"}
    return told


@need("framework.comment")
@whole_city
@require_GET
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """Links, levels, what a move would change, and the move."""
    row = get_object_or_404(queries.crossings(), pk=pk)
    return _page(request, row, LinksForm(crossing=row))


@need("framework.change")
@whole_city
@require_POST
def save(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep links and levels."""
    row = get_object_or_404(queries.crossings(), pk=pk)
    form = LinksForm(request.POST, crossing=row)
    if form.is_valid():
        told = {"links": form.links, "levels": form.level_map}
        if tried(request, _("The crosswalk is kept."), services.set_links, crossing=row, at=now(), **told) is not None:
            return redirect("framework:crossing", pk)
    return _page(request, row, form, status=422)


@need("framework.change")
@whole_city
@require_POST
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Work out in the background what a move would change."""
    row = get_object_or_404(Crossing, pk=pk)
    tried(request, _("What changes is being worked out."), services.preview_later, crossing=row, at=now())
    return redirect("framework:crossing", pk)


@need("framework.publish")
@whole_city
@require_POST
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Move the house."""
    row = get_object_or_404(Crossing, pk=pk)
    tried(request, _("The move has been ordered."), services.move_later, crossing=row, at=now())
    return redirect("framework:crossing", pk)


@need("framework.publish")
@whole_city
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the last move back."""
    row = get_object_or_404(Move, pk=pk)
    tried(request, _("The move is undone."), services.undo_move, row=row, at=now())
    return redirect("framework:crossing", row.crossing_id)
