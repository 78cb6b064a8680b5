"""Frameworks in and out: CASE packages, tables with a wizard."""

import tempfile
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from nanglucso.core.access import need, whole_city
from nanglucso.core.acts import act
from nanglucso.core.clock import now
from nanglucso.core.refusals import Refused
from nanglucso.kit.faults import BadFile
from nanglucso.kit.spreadsheets import column_letter, read_sheets
from nanglucso.workforce.framework import caseout, services, tables
from nanglucso.workforce.framework.forms import FileForm, TableForm
from nanglucso.workforce.framework.models import ForeignTable, Framework
from nanglucso.workforce.framework.outline import outline


@need("framework.view")
@require_GET
def export(request: HttpRequest, pk: int, case: str) -> HttpResponse:
    """A published framework, or a draft for those who work on it, as a CASE package."""
    rows = Framework.objects.all()
    if not request.access.may("framework.comment"):  # type: ignore[attr-defined]
        rows = rows.exclude(status__in=("draft", "review"))
    row, at = get_object_or_404(rows, pk=pk), now()
    found = caseout.package(outline(row), changed_at=row.changed_at or at, version=case)
    with act(request.user, "framework.export", row, at=at, case=case):  # type: ignore[arg-type]
        reply = HttpResponse(caseout.canonical(found), content_type="application/json; charset=utf-8")
    name = f"{row.code}-{row.version}-case-{case}.json"
    reply["Content-Disposition"] = f'attachment; filename="{name.encode("ascii", "ignore").decode()}"'
    return reply


@need("framework.change")
@whole_city
def new(request: HttpRequest) -> HttpResponse:
    """Upload a package or a table."""
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            if file.name.lower().endswith(".json"):
                return _package(request, form)
            table = services.start_table(actor=request.user, name=file.name, rows=_rows(file), at=now())  # type: ignore[arg-type]
        except BadFile as error:
            form.add_error("file", _(error.template) % error.params)
        except Refused as no:
            no.show_on(form)
        else:
            return redirect("framework:table", table.pk)
    return render(request, "framework/import.html", {"form": form}, status=422 if form.errors else 200)


def _package(request: HttpRequest, form: FileForm) -> HttpResponse:
    data, before = form.cleaned_data, set(Framework.objects.values_list("pk", flat=True))
    row = services.import_case(
        actor=request.user, data=data["file"].read(), name=data["file"].name, at=now(), version=data["version"],  # type: ignore[arg-type]
        competences_at=data["depth"],
    )  # fmt: skip
    if row.pk in before:
        messages.info(request, _("This framework is held already; nothing was changed."))
    return redirect("framework:version", row.pk)


def _rows(file: Any) -> list[list[str]]:
    """The sheet with the most rows, every cell as text."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bang"
        path.write_bytes(file.read())
        sheets = read_sheets(path, name=file.name)
    sheet = max(sheets, key=lambda one: len(one.rows))
    return [[_text(cell) for cell in row] for row in sheet.rows]


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()


@need("framework.change")
@whole_city
def table(request: HttpRequest, pk: int) -> HttpResponse:
    """Which column holds what; what comes of it; take it over as a draft."""
    row = get_object_or_404(ForeignTable, pk=pk, made_by=request.user)
    head = row.rows[tables.head_row(row.rows)]
    stem = row.name.rsplit(".", 1)[0]
    initial = {f"col_{key}": str(number) for key, number in row.columns.items()}
    initial |= {"name": stem, "code": "khung-ngoai", "version": "1"}
    form = TableForm(request.POST or None, head=head, initial=initial)
    columns = form.columns
    told = (
        {key: form.cleaned_data[key] for key in ("name", "code", "version")}
        if form.is_bound and form.is_valid()
        else initial
    )
    found = tables.read(row.rows, columns, name=told["name"], code=told["code"], version=told["version"])
    if request.POST.get("do") == "take" and form.is_valid():
        try:
            made = services.import_table(
                actor=request.user, table=row, columns=columns, at=now(),  # type: ignore[arg-type]
                name=told["name"], code=told["code"], version=told["version"],
            )  # fmt: skip
        except Refused as no:
            no.show_on(form)
        else:
            return redirect("framework:version", made.pk)
    shown = {"row": row, "form": form, "found": found, "sample": _sample(row), "problems": found.problems[:50]}
    return render(request, "framework/table.html", shown, status=422 if form.errors else 200)


def _sample(row: ForeignTable) -> dict[str, Any]:
    """Letters of the columns and the first rows."""
    first = tables.head_row(row.rows)
    width = max(len(one) for one in row.rows)
    rows = [
        (n + 1, [*one, *[""] * (width - len(one))]) for n, one in enumerate(row.rows[first : first + 5], start=first)
    ]
    return {"letters": [column_letter(n) for n in range(width)], "rows": rows}
