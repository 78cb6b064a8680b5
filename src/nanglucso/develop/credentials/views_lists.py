"""Lists of completions elsewhere: upload, look through, apply, undo."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nanglucso.core.access import need, whole_city
from nanglucso.core.clock import now
from nanglucso.core.downloads import workbook
from nanglucso.core.refusals import Refused
from nanglucso.develop.credentials.completions import applying, reading
from nanglucso.develop.credentials.forms import ListForm
from nanglucso.develop.credentials.models import CompletionList
from nanglucso.kit.spreadsheets import Column, OutSheet
from nanglucso.measure.assessments.certrules import rules
from nanglucso.measure.assessments.views.mine import framework_or_none

SHOWN = 200


@need("certificates.issue")
@whole_city
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Lists read so far, newest first."""
    page = Paginator(applying.lists(), 20).get_page(request.GET.get("page"))
    return render(request, "credentials/lists.html", {"page": page})


@need("certificates.issue")
@whole_city
def new(request: HttpRequest) -> HttpResponse:
    """Upload a list; nothing changes before it is applied."""
    form = ListForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data["file"]
        try:
            row = applying.read_list(actor=request.user, stream=sent, name=sent.name, at=now())  # type: ignore[arg-type]
        except Refused as no:
            no.show_on(form)
        else:
            return redirect("credentials:list_show", row.pk)
    shown = {"form": form, "rules": rules().values()}
    return render(request, "credentials/list_new.html", shown, status=422 if form.errors else 200)


@need("certificates.issue")
@require_GET
def template(request: HttpRequest) -> HttpResponse:
    """An empty list with the column heads that are always recognised."""
    columns = [Column(texts[0], 22) for texts in reading.HEADINGS.values()]
    return workbook("danh-sach-hoan-thanh", [OutSheet("Danh sách", columns, [])], at=now())


def _row(told: dict[str, Any]) -> dict[str, Any]:
    rule = rules().get(told["rule"])
    return {**told, "course": rule.name if rule else told["rule"], "day": date.fromisoformat(told["day"])}


def _problem(template: str, told: dict[str, str], **place: Any) -> dict[str, Any]:
    return {**place, "text": _(template) % told}


@need("certificates.issue")
@whole_city
@require_GET
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """What applying would do, or what was done."""
    row = get_object_or_404(CompletionList, pk=pk)
    plan = row.plan
    shown = {
        "row": row,
        "rows": [_row(one) for one in plan["rows"][:SHOWN]],
        "count": len(plan["rows"]),
        "more": max(len(plan["rows"]) - SHOWN, 0),
        "problems": [_problem(**one) for one in plan["problems"][:SHOWN]],
        "faults": len(plan["problems"]),
    }
    return render(request, "credentials/list_show.html", shown)


@need("certificates.issue")
@whole_city
@require_POST
def apply(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the readable rows down as confirmed certificates."""
    row = get_object_or_404(CompletionList, pk=pk)
    framework = framework_or_none()
    try:
        if framework is None:
            raise Refused(_("There is no framework in force."))
        done, left = applying.apply(actor=request.user, row=row, framework=framework, at=now())  # type: ignore[arg-type]
    except Refused as no:
        messages.error(request, str(no))
    else:
        text = _("%(done)s completions now count as evidence; %(left)s were held already.")
        messages.success(request, text % {"done": done, "left": left})
    return redirect("credentials:list_show", pk)


@need("certificates.issue")
@whole_city
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the list back."""
    row = get_object_or_404(CompletionList, pk=pk)
    try:
        done, left = applying.undo(actor=request.user, row=row, at=now())  # type: ignore[arg-type]
    except Refused as no:
        messages.error(request, str(no))
    else:
        text = _("%(done)s completions no longer count; %(left)s were decided on since and stay as they are.")
        messages.success(request, text % {"done": done, "left": left})
    return redirect("credentials:list_show", pk)
