"""The library as everybody sees it."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from nanglucso.core.access import need
from nanglucso.core.clock import today
from nanglucso.core.downloads import kept
from nanglucso.core.refusals import Refused
from nanglucso.develop.learning.rendering import render as markdown
from nanglucso.govern.outreach import queries, services
from nanglucso.govern.outreach.models import LawDocument
from nanglucso.govern.outreach.texts import faults, summary_of
from nanglucso.govern.outreach.views.shown import access, standing

A_PAGE = 25


def _wanted(request: HttpRequest) -> queries.Wanted:
    told = request.GET
    return queries.Wanted(told.get("q", "")[:80], told.get("hl", ""), told.get("co") == "1")


@need("outreach.read")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Every document, those with a summary first."""
    wanted = _wanted(request)
    page = Paginator(queries.documents(wanted), A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page, "rows": [(one, standing(one, today())) for one in page], "wanted": wanted,
        "standings": LawDocument.Standing.choices, "may_change": _may_change(request),
    }  # fmt: skip
    return render(request, "outreach/library.html", context)


def _may_change(request: HttpRequest) -> bool:
    return bool(access(request).may("outreach.change") and access(request).scope.everything)


@need("outreach.read")
@require_GET
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """One document: what it says in plain words, its validity, what it supersedes."""
    rows = LawDocument.objects.select_related("live", "file")
    row = get_object_or_404(rows.prefetch_related("supersedes", "superseded_by"), pk=pk)
    may_change, person = _may_change(request), access(request).person
    summary, language = summary_of(row.live) if row.live else ("", "vi")
    draft = row.versions.filter(state="draft").first() if may_change else None
    context = {
        "document": row, "standing": standing(row, today()), "may_change": may_change, "draft": draft,
        "summary": markdown(summary), "language": language, "faults": faults(draft) if draft else [],
        "reading": queries.readings_of(person, [row]).get(pk) if person else None, "person": person,
        "versions": row.versions.filter(state="published").select_related("published_by"),
        "may_send": access(request).may("outreach.change"),
    }  # fmt: skip
    return render(request, "outreach/document.html", context)


@need("outreach.read")
@require_GET
def file(request: HttpRequest, pk: int) -> Any:
    """The text as it was attached; shown in the browser, never run."""
    row = get_object_or_404(LawDocument.objects.select_related("file"), pk=pk)
    try:
        path = services.path_of(row.file)
    except Refused as no:
        raise Http404 from no
    return kept(path, "application/pdf", f"van-ban-{row.pk}.pdf", shown=True)
