"""Files of figures: upload, look through, apply, undo; the file itself as proof."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nanglucso.core.access import need, whole_city
from nanglucso.core.clock import now
from nanglucso.core.downloads import kept, workbook
from nanglucso.core.refusals import Refused
from nanglucso.govern.targets import periods, queries, services
from nanglucso.govern.targets.forms import FileForm
from nanglucso.govern.targets.models import FigureImport
from nanglucso.govern.targets.shipped import System, systems
from nanglucso.kit.spreadsheets import Column, OutSheet
from nanglucso.workforce.people import uploads

SHOWN = 200


def _system(code: str) -> str:
    one = systems().get(code)
    return one.name if one else code


@need("targets.manage")
@whole_city
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Files read so far, newest first."""
    page = Paginator(queries.imports(), 20).get_page(request.GET.get("page"))
    rows = [(one, _system(one.system)) for one in page]
    return render(request, "targets/files.html", {"page": page, "rows": rows})


@need("targets.manage")
@whole_city
def new(request: HttpRequest) -> HttpResponse:
    """Upload a file; nothing changes before it is applied."""
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data["file"]
        try:
            row = services.read_figures(
                actor=request.user, system=form.cleaned_data["system"], stream=sent, name=sent.name,  # type: ignore[arg-type]
                content_type=sent.content_type or "", at=now(),
            )  # fmt: skip
        except Refused as no:
            no.show_on(form)
        else:
            return redirect("targets:file", row.pk)
    shown = {"form": form, "systems": [(one, _columns(one)) for one in systems().values()]}
    return render(request, "targets/file_new.html", shown, status=422 if form.errors else 200)


def _columns(one: System) -> list[str]:
    return [texts[0] for texts in one.headings.values()]


@need("targets.manage")
@require_GET
def template(request: HttpRequest, code: str) -> HttpResponse:
    """An empty sheet with the column heads that are recognised."""
    if code not in systems():
        raise Http404
    one = systems()[code]
    columns = [Column(text, 24) for text in _columns(one)]
    return workbook(f"mau-{one.code}", [OutSheet("Số liệu", columns, [])], at=now())


def _row(told: dict[str, Any]) -> dict[str, Any]:
    return told | {"span": periods.of_code(told["period"]).name}


def _problem(template: str, told: dict[str, str], **place: Any) -> dict[str, Any]:
    return {**place, "text": _(template) % told}


@need("targets.manage")
@whole_city
@require_GET
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """What applying would do, or what was done."""
    row = get_object_or_404(queries.imports(), pk=pk)
    plan = row.plan
    shown = {
        "row": row, "system": _system(row.system), "rows": [_row(one) for one in plan["rows"][:SHOWN]],
        "count": len(plan["rows"]), "more": max(len(plan["rows"]) - SHOWN, 0), "same": plan["same"],
        "replaced": sum(one["old"] is not None for one in plan["rows"]),
        "problems": [_problem(**one) for one in plan["problems"][:SHOWN]], "faults": len(plan["problems"]),
    }  # fmt: skip
    return render(request, "targets/file.html", shown)


@need("targets.manage")
@whole_city
@require_POST
def apply(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the figures down."""
    row = get_object_or_404(FigureImport, pk=pk)
    try:
        done = services.apply_figures(actor=request.user, row=row, at=now())  # type: ignore[arg-type]
    except Refused as no:
        messages.error(request, str(no))
    else:
        messages.success(request, _("%(n)s figures are written down.") % {"n": done})
    return redirect("targets:file", pk)


@need("targets.manage")
@whole_city
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the file back."""
    row = get_object_or_404(FigureImport, pk=pk)
    try:
        done, left = services.undo_figures(actor=request.user, row=row, at=now())  # type: ignore[arg-type]
    except Refused as no:
        messages.error(request, str(no))
    else:
        text = _("%(done)s figures no longer count; %(left)s were changed since and stay as they are.")
        messages.success(request, text % {"done": done, "left": left})
    return redirect("targets:file", pk)


@need("targets.manage")
@whole_city
@require_GET
def original(request: HttpRequest, pk: int) -> HttpResponse:
    """The file as it was uploaded."""
    row = get_object_or_404(queries.imports(), pk=pk)
    try:
        path = uploads.path_of(row.file)
    except Refused as no:
        messages.error(request, str(no))
        return redirect("targets:file", pk)
    return kept(path, "application/octet-stream", row.file.name)
