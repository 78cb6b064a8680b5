"""Saved views: a name for the filters of a map."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from nanglucso.core.access import need
from nanglucso.core.clock import now
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.measure.gaps import services
from nanglucso.measure.gaps.models import SavedView
from nanglucso.measure.gaps.queries.views import saved_views
from nanglucso.measure.gaps.views.asking import KEYS, PAGE_OF
from nanglucso.workforce.people.models import Unit


@dataclass(frozen=True)
class Kept:
    """A saved view as the list shows it."""

    view: SavedView
    address: str
    mine: bool


def address_of(view: SavedView) -> str:
    """Where a saved view leads; the page cuts it by the scope of whoever opens it."""
    query = dict(view.query)
    if view.unit_id and view.page != SavedView.Page.UNIT:
        query["unit"] = str(view.unit_id)
    name = "gaps:unit" if view.page == SavedView.Page.UNIT and not view.unit_id else PAGE_OF[SavedView.Page(view.page)]
    args = [view.unit_id] if name == "gaps:unit_of" else []
    return reverse(name, args=args) + (f"?{urlencode(query)}" if query else "")


@need("gaps.view")
@require_http_methods(["GET", "POST"])
def views(request: HttpRequest) -> HttpResponse:
    """The viewer's saved views and those shared with them; POST keeps a new one."""
    access = request.access  # type: ignore[attr-defined]
    refused, status = None, 200
    if request.method == "POST":
        try:
            return _save(request)
        except Refused as said:
            refused, status = said, 422
    found = saved_views(user=request.user, scope=access.scope, names=access.may("gaps.names"))  # type: ignore[arg-type]
    kept = [Kept(view, address_of(view), view.owner_id == request.user.pk) for view in found]
    told = {"kept": kept, "refused": refused, "typed": request.POST if refused else None}
    return render(request, "gaps/views.html", told, status=status)


def _save(request: HttpRequest) -> HttpResponse:
    access, given = request.access, request.POST  # type: ignore[attr-defined]
    page = given.get("page", "")
    if page not in SavedView.Page.values:
        raise Refused(_("This page cannot be saved."))
    unit = None
    if given.get("unit", "").isdigit() and given["unit"].isascii():
        unit = get_object_or_404(Unit.objects.filter(access.scope.units("path")), pk=given["unit"][:12])
    asked = QueryDict(given.get("query", "")[:400].lstrip("?"))
    query = {key: str(asked[key])[:12] for key in KEYS if asked.get(key)}
    user: User = request.user  # type: ignore[assignment]
    told = {"name": given.get("name", ""), "page": page}
    view = services.save_view(actor=user, query=query, unit=unit, at=now(), **told)
    messages.success(request, _("Saved as “%(name)s”.") % {"name": view.name})
    return redirect("gaps:views")


@need("gaps.view")
@require_POST
def change(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """Share a view of one's own, take it back, or delete it; another person's is not found."""
    view = get_object_or_404(SavedView, pk=pk, owner=request.user)
    grant = request.access.grant  # type: ignore[attr-defined]
    user: User = request.user  # type: ignore[assignment]
    if what == "xoa":
        services.delete_view(actor=user, view=view, at=now())
        messages.success(request, _("Deleted “%(name)s”.") % {"name": view.name})
    else:
        over = grant.unit if grant else None
        services.share_view(actor=user, view=view, shared=what == "chia-se", over=over, at=now())
    return redirect("gaps:views")
