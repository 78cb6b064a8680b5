"""Standard setting: panels, one panel with its result, one judge's entries."""

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nanglucso.core.access import need
from nanglucso.core.clock import now
from nanglucso.core.refusals import Refused
from nanglucso.measure.quality import panelling, services
from nanglucso.measure.quality.forms import EntryForm, PanelForm
from nanglucso.measure.quality.models import Panel
from nanglucso.workforce.framework.queries import current_framework, frame


@need("items.behaviour")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Panels, newest first."""
    rows = Panel.objects.select_related("competence", "opened_by")
    return render(
        request, "quality/panels.html", {"page": Paginator(rows, 40).get_page(request.GET.get("page"))}
    )  # fmt: skip


@need("bank.change")
def new(request: HttpRequest) -> HttpResponse:
    """Open a panel."""
    framework = current_framework()
    form = PanelForm(request.POST or None, framework=framework)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        told["competence"] = framework.competences.get(code=told["competence"])
        try:
            row = services.open_panel(actor=request.user, at=now(), **told)  # type: ignore[arg-type]
        except Refused as no:
            no.show_on(form)
        else:
            return redirect("quality:panel", row.pk)
    return render(request, "quality/panel_new.html", {"form": form}, status=422 if form.errors else 200)


def _panel(pk: uuid.UUID) -> Panel:
    return get_object_or_404(Panel.objects.select_related("competence__framework", "opened_by", "closed_by"), pk=pk)


@need("items.behaviour")
@require_GET
def show(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The cut with its error, each judge's, and the cut point in use."""
    panel = _panel(pk)
    rows, entries = panelling.versions(panel), list(panel.entries.all())
    shown = {
        "panel": panel,
        "level": frame(panel.competence.framework).label(panel.level),
        "entries": entries,
        "out": panelling.outcome(panel, rows, entries),
        "items": len(rows),
        "most": sum(len(one.b) for one in rows),
        "tables": len({one.table for one in entries}) > 1,
        "may": request.access.may("bank.change"),  # type: ignore[attr-defined]
    }
    return render(request, "quality/panel.html", shown)


@need("bank.change")
def enter(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One judge's entries, copied from paper or typed by the judge."""
    panel = _panel(pk)
    rows = panelling.versions(panel)
    form = EntryForm(request.POST or None, method=panel.method, size=panelling.size(panel, rows))
    if request.method == "POST" and form.is_valid():
        told = {name: form.cleaned_data[name] for name in ("judge", "table")}
        try:
            services.enter(actor=request.user, panel=panel, values=form.values(), at=now(), **told)  # type: ignore[arg-type]
        except Refused as no:
            no.show_on(form)
        else:
            messages.success(request, _("The entries of %(judge)s are kept.") % {"judge": told["judge"]})
            return redirect("quality:panel", pk)
    ratings = [form[f"r{n}"] for n in range(len(rows))] if panel.method == Panel.Method.ANGOFF else []
    shown = {
        "panel": panel, "form": form, "ratings": list(zip(rows, ratings, strict=False)),
        "book": panelling.book(rows) if not ratings else [],
        "level": frame(panel.competence.framework).label(panel.level),
    }  # fmt: skip
    return render(request, "quality/panel_enter.html", shown, status=422 if form.errors else 200)


@need("bank.change")
@require_POST
def close(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """End the entries."""
    try:
        services.close_panel(actor=request.user, panel=_panel(pk), at=now())  # type: ignore[arg-type]
        messages.success(request, _("The panel is closed. The cut points in use are as they were."))
    except Refused as no:
        messages.error(request, str(no))
    return redirect("quality:panel", pk)
