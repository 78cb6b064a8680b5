"""Staff import: upload, match, look through, apply, undo."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from nanglucso.core.access import check_whole_city, need
from nanglucso.core.clock import now
from nanglucso.core.downloads import workbook
from nanglucso.core.models import Job
from nanglucso.core.refusals import Refused
from nanglucso.kit.spreadsheets import Column, OutSheet
from nanglucso.workforce.people import (
    forms,
    importing,
    listpreview,
    modelfiles,
    previewing,
    queries,
    services,
    uploads,
    wording,
)
from nanglucso.workforce.people.models import StaffImport
from nanglucso.workforce.people.views.asked import Asked

INLINE_BYTES = 400_000
_STOPPED: tuple[str, ...] = (Job.Status.FAILED, Job.Status.CANCELLED)
TABS = ("new", "changed", "moved", "absent")
LIST_TABS = ("new", "changed")


def _import(request: Asked, pk: int) -> StaffImport:
    return get_object_or_404(queries.imports(scope=request.access.scope), pk=pk)


def _size(row: StaffImport) -> int:
    """How many people the import would add or change."""
    return sum(row.summary.get(kind, 0) for kind in ("new", "changed", "moved"))


@need("people.import")
def index(request: Asked) -> HttpResponse:
    """Earlier imports, newest first."""
    check_whole_city(request)
    page = Paginator(queries.imports(scope=request.access.scope), 20).get_page(request.GET.get("page"))
    moment = now()
    rows = [(row, services.can_undo(row, moment)) for row in page]
    return render(request, "people/imports.html", {"page": page, "rows": rows})


@need("people.import")
def new(request: Asked) -> HttpResponse:
    """Upload a file; small ones are read at once, large ones by a worker."""
    check_whole_city(request)
    form = forms.UploadForm(request.POST, request.FILES) if request.method == "POST" else forms.UploadForm()
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data["file"]
        try:
            file = uploads.store(
                actor=request.user, stream=sent, name=sent.name, content_type=sent.content_type or "", at=now()
            )
        except Refused as refusal:
            form.add_error("file", str(refusal.message))
        else:
            later = file.size > INLINE_BYTES
            kind = form.cleaned_data["kind"]
            row = services.start_import(actor=request.user, file=file, kind=kind, at=now(), later=later)
            if not later:
                importing.read_import(actor=request.user, row=row, at=now())
            return redirect("people:import_show", row.pk)
    shown = {"form": form, "kinds": StaffImport.Kind.choices}
    return render(request, "people/import_new.html", shown, status=422 if form.is_bound else 200)


@need("people.import")
def template(request: Asked) -> HttpResponse:
    """An empty list with the column heads that are always recognised, and one row marked as an example."""
    kind = request.GET.get("kind", "staff")
    name, make = modelfiles.MODELS.get(kind, modelfiles.MODELS["staff"])
    return workbook(name, make(), at=now())


@need("people.import")
def show(request: Asked, pk: int) -> HttpResponse:
    """What the file would change, what is wrong in it, what must be chosen; or what was done."""
    row = _import(request, pk)
    if row.job and row.job.is_open:
        page = "people/import_wait.html#wait" if request.htmx else "people/import_wait.html"
        return render(request, page, {"import": row, "job": row.job})
    staff = row.kind == StaffImport.Kind.STAFF
    tabs = TABS if staff else LIST_TABS
    tab = request.GET.get("xem", "")
    if tab not in tabs:
        tab = next((name for name in tabs if row.summary.get(name)), "new")
    shown = {
        "import": row,
        "staff": staff,
        "seen": previewing.shown(row) if staff else listpreview.shown(row),
        "tab": tab,
        "total": _size(row),
        "can_undo": services.can_undo(row, now()),
        "undo_days": services.UNDO_DAYS,
        "refusal": previewing.refusal(row),
        "stopped": row.job is not None and row.job.status in _STOPPED,
    }
    response = render(request, "people/import_show.html", shown)
    if request.htmx:
        response.headers["HX-Redirect"] = request.get_full_path()
    return response


def _answers(request: Asked, row: StaffImport) -> dict[str, Any]:
    """Column matching and choices of units and positions laid over what was answered before."""
    told = dict(row.mapping)
    if "columns" in request.POST:
        staff = row.kind == StaffImport.Kind.STAFF
        known = wording.FIELDS if staff else dict(listpreview.Words(row.kind).choices(row.kind))
        told["columns"] = previewing.columns_asked(row.preview, request.POST, known)
    sure = request.POST.get("sure") == "1"
    for kind, key, value in previewing.answers(row.preview, request.POST, sure):
        told[kind] = {**told.get(kind, {}), key: value}
    return told


@need("people.import")
@require_POST
def mapping(request: Asked, pk: int) -> HttpResponse:
    """Take answers and read the file again."""
    row = _import(request, pk)
    try:
        row = services.answer_import(actor=request.user, row=row, mapping=_answers(request, row), at=now())
        if row.file and row.file.size > INLINE_BYTES:
            services.read_later(actor=request.user, row=row, at=now())
        else:
            importing.read_import(actor=request.user, row=row, at=now())
    except Refused as refusal:
        messages.error(request, str(refusal.message))
    return redirect("people:import_show", pk)


@need("people.import")
@require_POST
def apply(request: Asked, pk: int) -> HttpResponse:
    """Apply the changes; many of them by a worker."""
    row = _import(request, pk)
    try:
        if (
            row.summary.get("new", 0) + row.summary.get("changed", 0) + row.summary.get("moved", 0)
            > services.LATER_FROM
        ):
            services.apply_later(actor=request.user, row=row, at=now())
        else:
            row = services.apply_import(actor=request.user, row=row, at=now())
            number = row.summary["created"] + row.summary["updated"]
            messages.success(request, _("%(number)s changes have been applied.") % {"number": number})
    except Refused as refusal:
        messages.error(request, str(refusal.message))
    return redirect("people:import_show", pk)


@need("people.import")
@require_POST
def undo(request: Asked, pk: int) -> HttpResponse:
    """Take the last applied import back."""
    row = _import(request, pk)
    try:
        if row.summary.get("created", 0) + row.summary.get("updated", 0) > services.LATER_FROM:
            services.undo_later(actor=request.user, row=row, at=now())
        else:
            services.undo_import(actor=request.user, row=row, at=now())
            messages.success(request, _("The import has been undone."))
    except Refused as refusal:
        messages.error(request, str(refusal.message))
    return redirect("people:import_show", pk)


@need("people.import")
@require_POST
def drop(request: Asked, pk: int) -> HttpResponse:
    """Throw away an import that was not applied."""
    row = _import(request, pk)
    try:
        services.drop_import(actor=request.user, row=row, at=now())
        messages.success(request, _("The import has been dropped; nothing was changed."))
    except Refused as refusal:
        messages.error(request, str(refusal.message))
    return redirect("people:imports")


@need("people.import")
def problems(request: Asked, pk: int) -> HttpResponse:
    """Every problem of the file, with its place, as a workbook."""
    row = get_object_or_404(queries.imports(scope=request.access.scope).defer(None), pk=pk)
    heads = (_("Sheet"), _("Row"), _("Column"), _("Name"), _("Severity"), _("What is wrong"), _("Suggestion"))
    columns = [Column(str(head), width) for head, width in zip(heads, (18, 8, 8, 28, 12, 80, 40), strict=True)]
    return workbook("loi-danh-sach", [OutSheet(_("Problems"), columns, previewing.problem_rows(row))], at=now())
