"""Pages of money: the year's funding sources, and the table of rates and caps."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from nanglucso.core.access import need
from nanglucso.core.clock import now, today
from nanglucso.core.refusals import Refused
from nanglucso.develop.budget import queries, services
from nanglucso.develop.budget.forms import OTHER, RateForm, SourceForm, first_values
from nanglucso.develop.budget.models import FundingSource, Rate
from nanglucso.develop.budget.wording import legal_words, rate_words
from nanglucso.kit.text import fold
from nanglucso.workforce.people.models import Unit

CONFIDENCE = {
    "S": ("good", _("taken from the text")),
    "S2": ("warn", _("second-hand copy")),
    "M": ("warn", _("from memory, to be checked")),
}
TO_COME = "N"
"""The `confidence` of a rate whose amount is still to be entered; others without one have no fixed amount."""


def may_change(request: HttpRequest) -> bool:
    """The year's money is the city's: only who is responsible for all of it changes it."""
    access: Any = request.access  # type: ignore[attr-defined]
    return bool(access.may("plans.change") and access.scope.everything)


def asked_year(request: HttpRequest, *, running: bool = False) -> int:
    """The year in the address, else the latest that has sources, or with `running` this one if it has any."""
    years = queries.source_years()
    if running and today().year in years:
        years = [today().year]
    asked = request.GET.get("nam", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 4 else (years or [today().year])[0]


@need("budget.view")
@require_GET
def sources(request: HttpRequest) -> HttpResponse:
    """The year's money: sources in order of use, their rules, the sum."""
    year = asked_year(request)
    kinds = dict(Unit.Kind.choices)
    listed = list(queries.sources(year))
    rows = [
        {
            "source": row,
            "rule": _rule(queries.source_kinds().get(row.code)),
            "units": [kinds.get(one, one) for one in row.unit_types],
        }
        for row in listed
    ]
    shown = {
        "year": year, "years": sorted({*queries.source_years(), year}, reverse=True), "rows": rows,
        "may_change": may_change(request),
        "total": queries.total(year), "free": sum(row.free for row in listed),
        "whole": request.access.scope.everything,  # type: ignore[attr-defined]
        "largest": max((row.amount for row in listed), default=1) or 1,
    }  # fmt: skip
    return render(request, "budget/sources.html", shown)


def _rule(kind: queries.SourceKind | None) -> dict[str, Any] | None:
    """What a kind of source may pay for, with the text it follows from."""
    return {"kind": kind, "basis": legal_words(kind.legal_basis)[0]} if kind else None


@need("plans.change")
@require_http_methods(["GET", "POST"])
def source_new(request: HttpRequest) -> HttpResponse:
    """Add a source to a year."""
    if not may_change(request):
        raise PermissionDenied
    form = SourceForm(request.POST or None, initial={"year": asked_year(request)})
    if request.method == "POST" and form.is_valid() and _saved(request, form, None):
        return redirect(f"{reverse('budget:sources')}?nam={form.cleaned_data['year']}")
    rules = [_rule(kind) for kind in queries.source_kinds().values()]
    return render(request, "budget/source.html", {"form": form, "rules": rules})


@need("plans.change")
@require_http_methods(["GET", "POST"])
def source_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a source."""
    if not may_change(request):
        raise PermissionDenied
    row = get_object_or_404(FundingSource, pk=pk)
    form = SourceForm(request.POST or None, source=row, initial=first_values(row))
    if request.method == "POST" and form.is_valid() and _saved(request, form, row):
        return redirect(f"{reverse('budget:sources')}?nam={row.year}")
    rules = [_rule(queries.source_kinds().get(row.code))]
    return render(request, "budget/source.html", {"form": form, "source": row, "rules": rules})


def _code(data: dict[str, Any], row: FundingSource | None) -> str:
    if row:
        return row.code
    return slugify(fold(data["name"])).replace("-", "_")[:60] or OTHER if data["kind"] == OTHER else data["kind"]


def _saved(request: HttpRequest, form: SourceForm, row: FundingSource | None) -> bool:
    data = form.cleaned_data
    kind = queries.source_kinds().get(data["kind"])
    name = data["name"] or (kind.name_vi if kind else "")
    try:
        services.set_source(
            actor=request.user, code=_code(data, row), year=data["year"], name_vi=name,  # type: ignore[arg-type]
            name_en=kind.name_en if kind and name == kind.name_vi else (row.name_en if row else ""),
            amount=data["amount"], order=data["order"] or (kind.order if kind else 9),
            unit_types=data["unit_types"], courses=data["families"], note=data["note"], at=now(),
        )  # fmt: skip
    except Refused as refused:
        refused.show_on(form)
        return False
    messages.success(request, _("Saved: %(name)s, %(year)s.") % {"name": name, "year": data["year"]})
    return True


def _measure(row: Rate) -> tuple[str, bool]:
    """What an amount is for; a text named in it is cited in full."""
    words, stored = legal_words(row.per)
    return (words[:1].lower() + words[1:], stored) if stored else (words, stored)


def _rate_line(row: Rate) -> dict[str, Any]:
    return {
        "rate": row, "trust": CONFIDENCE.get(row.confidence) if row.amount is not None else None,
        "to_come": row.amount is None and row.confidence == TO_COME, "per": _measure(row),
        "basis": legal_words(row.legal_basis), "note": rate_words(row.note),
    }  # fmt: skip


@need("budget.view")
@require_GET
def rates(request: HttpRequest) -> HttpResponse:
    """Rates and caps with their legal basis; those with an amount first, the others stay empty and say so."""
    kind = request.GET.get("loai", "")
    kind = kind if kind in Rate.Kind.values else ""
    every = request.GET.get("cu") == "1"
    table = list(queries.rate_table(day=None if every else today(), kind=kind))
    lines = [_rate_line(row) for row in sorted(table, key=lambda row: row.amount is None)]
    shown = {
        "rows": lines,
        "kind": kind, "kinds": Rate.Kind.choices, "every": every, "today": today(),
        "may_change": may_change(request), "unseen": sum(line["to_come"] for line in lines),
    }  # fmt: skip
    return render(request, "budget/rates.html", shown)


@need("plans.change")
@require_http_methods(["GET", "POST"])
def rate(request: HttpRequest, pk: int) -> HttpResponse:
    """A new amount of a rate from a day on, with its legal basis; the older one stays on record."""
    if not may_change(request):
        raise PermissionDenied
    row = get_object_or_404(Rate, pk=pk)
    form = RateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.set_rate(actor=request.user, code=row.code, at=now(), **form.cleaned_data)  # type: ignore[arg-type]
            messages.success(request, _("The new amount counts from that day."))
            return redirect("budget:rates")
        except Refused as refused:
            refused.show_on(form)
    past = [
        (one, legal_words(one.legal_basis)) for one in Rate.objects.filter(code=row.code).order_by("-effective_from")
    ]
    shown = {"form": form, "row": row, "past": past, "per": _measure(row), "to_come": row.confidence == TO_COME}
    return render(request, "budget/rate.html", shown)
