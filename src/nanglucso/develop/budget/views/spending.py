"""Commitments of a year: the list, one with its book, new ones, settlement and release."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nanglucso.core.access import check_whole_city, need
from nanglucso.core.clock import now
from nanglucso.core.refusals import Refused
from nanglucso.develop.budget import queries, services
from nanglucso.develop.budget.forms import CommitForm, PostForm, ReleaseForm, SettleForm
from nanglucso.develop.budget.models import Commitment
from nanglucso.develop.budget.views.sources import asked_year, may_change

A_PAGE = 50


@need("budget.view")
@require_GET
def commitments(request: HttpRequest) -> HttpResponse:
    """What is bound in a year, newest first; cut by state and source."""
    check_whole_city(request)
    year, state, code = asked_year(request, running=True), request.GET.get("tt", ""), request.GET.get("nguon", "")
    rows = queries.commitments(year, state=state, source=code)
    shown = {
        "year": year, "years": sorted({*queries.source_years(), year}, reverse=True), "state": state, "code": code,
        "states": Commitment.State.choices, "sources": queries.sources(year), "may_change": may_change(request),
        "page": Paginator(rows, A_PAGE).get_page(request.GET.get("page")), "sums": queries.sums_of(rows),
    }  # fmt: skip
    return render(request, "budget/commitments.html", shown)


def _changing(request: HttpRequest, pk: int) -> Commitment:
    if not may_change(request):
        raise PermissionDenied
    return get_object_or_404(Commitment.objects.select_related("source"), pk=pk)


@need("plans.change")
@require_http_methods(["GET", "POST"])
def commit(request: HttpRequest) -> HttpResponse:
    """Bind money for something that is no class of the plan."""
    if not may_change(request):
        raise PermissionDenied
    year = asked_year(request)
    form = CommitForm(request.POST or None, year=year)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            row = services.commit(
                actor=request.user, source=data["source"], name_vi=data["name"], amount=data["amount"],  # type: ignore[arg-type]
                reference=data["reference"], at=now(),
            )  # fmt: skip
            messages.success(request, _("The money is committed."))
            return redirect("budget:commitment", row.pk)
        except Refused as refused:
            refused.show_on(form)
    return render(request, "budget/commit.html", {"form": form, "year": year, "sources": queries.sources(year)})


def _page(request: HttpRequest, row: Commitment, status: int = 200, **forms: Any) -> HttpResponse:
    shown = {
        "row": row, "entries": row.entries.select_related("by"), "may_change": may_change(request),
        "post_form": PostForm(row=row), "settle_form": SettleForm(), "release_form": ReleaseForm(), **forms,
    }  # fmt: skip
    return render(request, "budget/commitment.html", shown, status=status)


def _entered(request: HttpRequest, row: Commitment, key: str, form: Any, verb: Callable[..., Any]) -> HttpResponse:
    """A rejected form stays on the commitment's page as it was typed."""
    if form.is_valid():
        try:
            verb(actor=request.user, commitment=row, at=now(), **form.cleaned_data)
            messages.success(request, _("Entered in the ledger."))
            return redirect("budget:commitment", row.pk)
        except Refused as refused:
            refused.show_on(form)
            row.refresh_from_db()
    return _page(request, row, 422, **{key: form})


@need("budget.view")
@require_GET
def commitment(request: HttpRequest, pk: int) -> HttpResponse:
    """One commitment with its book."""
    check_whole_city(request)
    return _page(request, get_object_or_404(Commitment.objects.select_related("source"), pk=pk))


@need("plans.change")
@require_POST
def post(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter one movement in the book."""
    row = _changing(request, pk)
    return _entered(request, row, "post_form", PostForm(request.POST, row=row), services.post)


@need("plans.change")
@require_POST
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Close with the final cost. A class is settled on its own page."""
    row = _changing(request, pk)
    if row.key:
        messages.error(request, _("A class is settled on its own page, after it has ended."))
        return redirect("budget:commitment", pk)
    return _entered(request, row, "settle_form", SettleForm(request.POST), services.settle)


@need("plans.change")
@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Give back what was not paid. A class is called off on its own page."""
    row = _changing(request, pk)
    if row.key:
        messages.error(request, _("A class is called off on its own page; its money comes back with it."))
        return redirect("budget:commitment", pk)
    return _entered(request, row, "release_form", ReleaseForm(request.POST), services.cancel)
