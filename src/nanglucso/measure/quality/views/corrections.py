"""Corrections of results: list, preview, approval, undo. Only with a role over the whole city."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nanglucso.core.access import need, whole_city
from nanglucso.core.clock import now
from nanglucso.core.refusals import Refused
from nanglucso.measure.bank.models import ItemVersion
from nanglucso.measure.quality import labparts, queries, services
from nanglucso.measure.quality.forms import NeutraliseForm, ReasonForm
from nanglucso.measure.quality.models import Correction
from nanglucso.workforce.framework.queries import current_framework

PER_PAGE = 50


@need("corrections.change")
@whole_city
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Every correction, newest first."""
    page = Paginator(queries.corrections(), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "quality/corrections.html", {"page": page})


@need("corrections.change")
@whole_city
def new(request: HttpRequest) -> HttpResponse:
    """Prepare to take an item or task out of results; nothing changes before somebody else approves the preview."""
    form = NeutraliseForm(request.POST or None, initial={"code": request.GET.get("code", "")})
    if request.method == "POST" and form.is_valid():
        told: dict[str, Any] = {"actor": request.user, "kind": Correction.Kind.NEUTRALISE, "at": now()}
        try:
            row = services.prepare(**told, **_subject(form.cleaned_data))
        except Refused as no:
            no.show_on(form)
        else:
            return redirect("quality:correction", row.pk)
    return render(request, "quality/correction_new.html", {"form": form}, status=422 if form.errors else 200)


def _subject(told: dict[str, Any]) -> dict[str, Any]:
    """What the form means. Raises Refused for a code that nothing has, and a competence beside an item."""
    code, competence, reason = told["code"].strip(), told["competence"].strip(), told["reason"]
    task = labparts.version_to_correct(code)
    if task:
        return {"lab_version": task, "competence": competence, "reason": reason}
    version = ItemVersion.objects.filter(item__code=code, current=True).first()
    if version is None:
        raise Refused(_("There is no item or practice task with this code."), field="code")
    if competence:
        raise Refused(_("An item has one competence; leave this empty."), field="competence")
    return {"item_version": version, "reason": reason}


def _page(request: HttpRequest, row: Correction, form: ReasonForm, status: int = 200) -> HttpResponse:
    framework = current_framework()
    everybody = request.GET.get("all") == "1"
    lines = queries.concerned(row, framework, changed=not everybody)
    page = Paginator(lines, PER_PAGE).get_page(request.GET.get("page"))
    shown = {
        "row": row,
        "page": page,
        "rows": queries.spelled(page, framework),
        "everybody": everybody,
        "form": form,
        "own": row.prepared_by_id == request.user.pk,
        "stuck": row.status in ("preparing", "applying", "undoing") and not (row.job and row.job.is_open),
    }
    return render(request, "quality/correction.html", shown, status=status)


@need("corrections.change")
@whole_city
@require_GET
def show(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Who is concerned and what changes, before and after it is applied."""
    return _page(request, get_object_or_404(queries.corrections(), pk=pk), ReasonForm())


@need("corrections.change")
@whole_city
@require_POST
def act_on(request: HttpRequest, pk: uuid.UUID, verb: str) -> HttpResponse:
    """Approve, drop, or go on after an interruption."""
    row = get_object_or_404(queries.corrections(), pk=pk)
    done = {
        "approve": (services.approve, _("Approved; the results are being replaced.")),
        "drop": (services.drop, _("The correction is dropped; nobody's result was changed.")),
        "go_on": (services.go_on, _("The work goes on.")),
    }
    service, said = done[verb]
    try:
        service(actor=request.user, correction=row, at=now())  # type: ignore[operator, arg-type]
    except Refused as no:
        messages.error(request, str(no))
    else:
        messages.success(request, said)
    return redirect("quality:correction", pk)


@need("corrections.change")
@whole_city
@require_POST
def undo(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Put every result back as it was."""
    row, form = get_object_or_404(queries.corrections(), pk=pk), ReasonForm(request.POST)
    if form.is_valid():
        try:
            services.request_undo(actor=request.user, correction=row, at=now(), **form.cleaned_data)  # type: ignore[arg-type]
        except Refused as no:
            no.show_on(form)
        else:
            messages.success(request, _("The correction is being undone."))
            return redirect("quality:correction", pk)
    return _page(request, row, form, status=422)
