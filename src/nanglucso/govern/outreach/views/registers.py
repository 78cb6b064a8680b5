"""Registers of legal documents: choose, look through, apply, undo."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nanglucso.core.access import need, whole_city
from nanglucso.core.clock import now
from nanglucso.core.downloads import workbook
from nanglucso.core.refusals import Refused
from nanglucso.govern.outreach import forms, importing, queries, services
from nanglucso.govern.outreach.models import LawDocument, RegisterImport
from nanglucso.kit.spreadsheets import Column, OutSheet

SHOWN = 200


@need("outreach.change")
@whole_city
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Registers read so far, newest first."""
    page = Paginator(queries.registers(), 20).get_page(request.GET.get("page"))
    return render(request, "outreach/registers.html", {"page": page})


@need("outreach.change")
@whole_city
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Choose a file; nothing changes before it is applied."""
    form = forms.RegisterForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data["file"]
        try:
            row = services.read_register(actor=request.user, stream=sent, name=sent.name, at=now())  # type: ignore[arg-type]
        except Refused as no:
            no.show_on(form)
        else:
            return redirect("outreach:register", row.pk)
    return render(request, "outreach/register_new.html", {"form": form}, status=422 if form.errors else 200)


@need("outreach.change")
@whole_city
@require_POST
def shipped(request: HttpRequest) -> HttpResponse:
    """The register that comes with the product."""
    row = services.read_shipped_register(actor=request.user, at=now())  # type: ignore[arg-type]
    return redirect("outreach:register", row.pk)


@need("outreach.change")
@whole_city
@require_GET
def template(request: HttpRequest) -> HttpResponse:
    """An empty register with the column heads that are always recognised."""
    columns = [Column(texts[0], 24) for texts in importing.HEADINGS.values()]
    return workbook("so-van-ban", [OutSheet("Văn bản", columns, [])], at=now())


def _row(told: dict[str, Any]) -> dict[str, Any]:
    """A row of the preview: what is new, or each field before and after."""
    heads = {name: texts[0] for name, texts in importing.HEADINGS.items()}
    changes = []
    for name, pair in told["changes"].items():
        head = heads.get(name.removesuffix("_words"), name)
        changes.append((head, *(_said(name, value) for value in pair)))
    return {**told, "new": told["doc"] is None, "differing": changes, "title": told["fields"]["title_vi"]}


def _said(name: str, value: Any) -> str:
    if name == "standing":
        return str(LawDocument.Standing(value).label)
    if name in importing.DAYS and value:
        year, month, day = value.split("-")
        return f"{day}/{month}/{year}"
    return str(value or "–")


def _problem(template: str, told: dict[str, str], **place: Any) -> dict[str, Any]:
    return {**place, "text": _split(template) % told}


def _split(template: str) -> str:
    """A sentence in the reader's language; one about a day was put together from two."""
    start = importing.IN_COLUMN
    return _(start) + _(template.removeprefix(start)) if template.startswith(start) else _(template)


@need("outreach.change")
@whole_city
@require_GET
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """What applying would do, or what was done."""
    row = get_object_or_404(RegisterImport, pk=pk)
    plan = row.plan
    shown = {
        "row": row, "rows": [_row(one) for one in plan["rows"][:SHOWN]], "count": len(plan["rows"]),
        "fresh": sum(one["doc"] is None for one in plan["rows"]), "more": max(len(plan["rows"]) - SHOWN, 0),
        "problems": [_problem(**one) for one in plan["problems"][:SHOWN]], "faults": len(plan["problems"]),
        "same": plan["same"],
    }  # fmt: skip
    return render(request, "outreach/register.html", shown)


@need("outreach.change")
@whole_city
@require_POST
def do(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Apply, or take back."""
    row = get_object_or_404(RegisterImport, pk=pk)
    try:
        if verb == "ap-dung":
            made, changed = services.apply_register(actor=request.user, row=row, at=now())  # type: ignore[arg-type]
            text = _("%(made)s documents entered, %(changed)s changed.") % {"made": made, "changed": changed}
        else:
            done, left = services.undo_register(actor=request.user, row=row, at=now())  # type: ignore[arg-type]
            text = _("%(done)s taken back; %(left)s were used or changed since and stay.") % {
                "done": done,
                "left": left,
            }
        messages.success(request, text)
    except Refused as no:
        messages.error(request, str(no))
    return redirect("outreach:register", pk)
