"""A person's own reading: the list, the page with its checks, signs of life, the report of what was done."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nanglucso.core.access import need
from nanglucso.core.clock import now, today
from nanglucso.core.refusals import Refused
from nanglucso.develop.learning import timing
from nanglucso.develop.learning.rendering import render as markdown
from nanglucso.govern.outreach import forms, queries, services
from nanglucso.govern.outreach.models import LawDocument, Reading, Receipt
from nanglucso.govern.outreach.texts import summary_of
from nanglucso.govern.outreach.views.shown import access

A_PAGE = 20


@need("outreach.read")
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """What I am to read, what I have read."""
    person = access(request).person
    if person is None:
        return render(request, "outreach/nobody.html")
    lines = queries.lines_of(person)
    page = Paginator(queries.read_before(person), A_PAGE).get_page(request.GET.get("page"))
    waiting = [one for one in lines if not one.done]
    context = {"waiting": waiting, "done": [one for one in lines if one.done], "page": page, "today": today()}
    return render(request, "outreach/mine.html", context)


@need("outreach.read")
@require_POST
def begin(request: HttpRequest, pk: int) -> HttpResponse:
    """Open the document to read it."""
    document, person = get_object_or_404(LawDocument.objects.select_related("live"), pk=pk), access(request).person
    if person is None:
        return redirect("outreach:mine")
    try:
        row = services.begin(actor=request.user, person=person, document=document, at=now())  # type: ignore[arg-type]
    except Refused as no:
        messages.error(request, str(no))
        return redirect("outreach:document", pk)
    return redirect("outreach:read", row.pk)


def _own(request: HttpRequest, pk: uuid.UUID) -> Reading:
    rows = Reading.objects.select_related("document__live", "document__file").prefetch_related("answers__version")
    return get_object_or_404(rows, pk=pk, person_id=access(request).scope.person_id or -1)


def _below(row: Reading) -> dict[str, Any]:
    """What stands below the summary: progress, checks once they are open, follow-ups."""
    version, at = row.document.live, now()
    assert version is not None
    reports = [(one, forms.TaskForm(initial={"note": one.done_note})) for one in _tasks(row)]
    return {
        "reading": row, "document": row.document, "version": version, "progress": queries.progress(row, version),
        "check": queries.checks(row, version, services.free_at(row), at) if row.read_at else None,
        "reports": reports, "receipts": queries.receipts_for(row.person, row.document), "every": timing.BEAT,
    }  # fmt: skip


def _tasks(row: Reading) -> list[Receipt]:
    mine = queries.receipts_for(row.person, row.document)
    return [one for one in mine if one.campaign.follow_up == "task" and row.understood_at]


def _page(row: Reading) -> dict[str, Any]:
    text, language = summary_of(row.document.live)  # type: ignore[arg-type]
    return _below(row) | {"summary": markdown(text), "language": language, "before": row.epoch > 1}


@need("outreach.read")
@require_GET
def read(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Summary first, the document, the checks after the reading. Looking writes nothing."""
    row = _own(request, pk)
    if row.document.live is None or row.epoch != row.document.epoch:
        messages.warning(request, _("The document has changed in an important point since: open it anew."))
        return redirect("outreach:document", row.document_id)
    return render(request, "outreach/read.html", _page(row))


def _piece(request: HttpRequest, pk: uuid.UUID, no: Refused | None = None) -> HttpResponse:
    """What stands below the summary for the script; the whole page without it."""
    if not request.headers.get("HX-Request"):
        if no:
            messages.error(request, str(no))
        return redirect(f"{reverse('outreach:read', args=[pk])}#below")
    row = _own(request, pk)
    if row.document.live is None or row.epoch != row.document.epoch:
        return HttpResponse(headers={"HX-Redirect": reverse("outreach:read", args=[pk])})
    return render(request, "outreach/below.html", _below(row) | {"no": str(no) if no else ""})


@need("outreach.read")
@require_POST
def beat(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A sign of life."""
    row = _own(request, pk)
    try:
        services.beat(reading_id=row.pk, person_id=row.person_id, at=now())
    except Refused as no:
        return _piece(request, pk, no)
    return _piece(request, pk)


def _number(request: HttpRequest, name: str) -> int:
    told = request.POST.get(name, "")
    return int(told) if told.isdecimal() and len(told) < 10 else -1


@need("outreach.read")
@require_POST
def answer(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The answers to all checks. A refused form comes back with what was chosen."""
    row = _own(request, pk)
    given = {n: _number(request, f"q{n}") for n in range(1, 10) if f"q{n}" in request.POST}
    sent = {"version": _number(request, "version"), "round": _number(request, "round")}
    try:
        services.answer(
            actor=request.user,  # type: ignore[arg-type]
            reading_id=row.pk,
            person_id=row.person_id,
            given=given,
            at=now(),
            **sent,  # type: ignore[arg-type]
        )
    except Refused as no:
        return _refused_answers(request, row, given, no)
    return _piece(request, pk)


def _refused_answers(request: HttpRequest, row: Reading, given: dict[int, int], no: Refused) -> HttpResponse:
    if row.document.live is None or row.epoch != row.document.epoch or row.read_at is None:
        return _piece(request, row.pk, no)
    by_script = bool(request.headers.get("HX-Request"))
    context = (_below(row) if by_script else _page(row)) | {"no": str(no)}
    for one in context["check"]["rows"]:
        for option in one["options"]:
            option["chosen"] = option["chosen"] or given.get(one["number"]) == option["value"]
    return render(request, "outreach/below.html" if by_script else "outreach/read.html", context, status=422)


@need("outreach.read")
@require_POST
def again(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The checks anew."""
    row = _own(request, pk)
    try:
        services.again(actor=request.user, reading_id=row.pk, person_id=row.person_id, at=now())  # type: ignore[arg-type]
    except Refused as no:
        return _piece(request, pk, no)
    return _piece(request, pk)


@need("outreach.read")
@require_POST
def task(request: HttpRequest, pk: int) -> HttpResponse:
    """What was done at work."""
    rows = Receipt.objects.select_related("campaign__document__live", "campaign__document__file", "person")
    receipt = get_object_or_404(rows, pk=pk, person_id=access(request).scope.person_id or -1)
    row = get_object_or_404(
        Reading, person=receipt.person, document=receipt.campaign.document, epoch=receipt.campaign.epoch
    )
    form = forms.TaskForm(request.POST)
    if form.is_valid():
        try:
            services.report_task(actor=request.user, receipt=receipt, note=form.cleaned_data["note"], at=now())  # type: ignore[arg-type]
            messages.success(request, _("Reported. Thank you."))
            return redirect("outreach:read", row.pk)
        except Refused as no:
            no.show_on(form)
    row = _own(request, row.pk)
    context = _page(row)
    context["reports"] = [(one, form if one == receipt else other) for one, other in context["reports"]]
    context["no"] = " ".join(str(one) for one in form.non_field_errors())
    return render(request, "outreach/read.html", context, status=422)
