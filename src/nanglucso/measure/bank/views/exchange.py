"""Item files in and out."""

import uuid
from collections import Counter

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from nanglucso.core.access import need
from nanglucso.core.clock import now, today
from nanglucso.core.refusals import Refused
from nanglucso.measure.bank import importing, queries
from nanglucso.measure.bank.exchange import read_file, to_csv, to_yaml
from nanglucso.measure.bank.forms import UploadForm
from nanglucso.measure.bank.models import ItemImport, ItemVersion
from nanglucso.measure.bank.rawitem import raw_of
from nanglucso.measure.bank.reading import BadItemFile
from nanglucso.workforce.framework.queries import current_framework


@need("bank.change")
def upload(request: HttpRequest) -> HttpResponse:
    """Choose a file; its rows are shown before anything is taken over."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            rows = read_file(file.name, file.read())
            made = importing.keep(actor=request.user, name=file.name, rows=rows, at=now())  # type: ignore[arg-type]
        except BadItemFile as error:
            form.add_error("file", str(error))
        except Refused as no:
            form.add_error("file", str(no))
        else:
            return redirect("bank:import_show", made.pk)
    recent = ItemImport.objects.defer("rows").select_related("created_by")[:10]
    status = 422 if form.errors else 200
    return render(request, "bank/import_new.html", {"form": form, "recent": recent}, status=status)


@need("bank.change")
@require_GET
def show(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What would become of every row."""
    found = get_object_or_404(ItemImport.objects.select_related("created_by"), pk=pk)
    lines = importing.look(found, current_framework(), today())
    counts = Counter(line.what for line in lines)
    shown = {
        "found": found,
        "page": Paginator(lines, 50).get_page(request.GET.get("page")),
        "counts": counts,
        "fresh": counts["new"] + counts["version"],
        "mine": found.created_by_id == request.user.pk,
    }
    return render(request, "bank/import_show.html", shown)


@need("bank.change")
@require_POST
def take(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Make drafts of what is new."""
    found = get_object_or_404(ItemImport, pk=pk)
    try:
        n = importing.take(actor=request.user, found=found, framework=current_framework(), at=now())  # type: ignore[arg-type]
    except Refused as no:
        messages.error(request, str(no))
        return redirect("bank:import_show", pk)
    told = ngettext("%(n)s draft is made; finish it.", "%(n)s drafts are made; finish them.", n) % {"n": n}
    messages.success(request, told)
    return redirect("bank:drafts")


@need("bank.view")
@require_GET
def export(request: HttpRequest, kind: str) -> HttpResponse:
    """The items of the list as it is filtered, with their keys; leaves a trace."""
    told = {name: request.GET.get(name, "")[:80] for name in ("competence", "status", "level")}
    rows = queries.items(text=request.GET.get("q", "").strip()[:80], type_=request.GET.get("type", ""), **told)
    versions = ItemVersion.objects.filter(current=True, item__in=rows.values("pk")).order_by("item__code")
    raws = [raw_of(one) for one in versions.select_related("item__competence__framework")]
    importing.note_export(actor=request.user, kind=kind, number=len(raws), at=now())  # type: ignore[arg-type]
    body = to_yaml(raws) if kind == "yaml" else to_csv(raws)
    reply = HttpResponse(body, content_type="application/yaml" if kind == "yaml" else "text/csv; charset=utf-8")
    reply["Content-Disposition"] = f'attachment; filename="cau-hoi-{now():%Y%m%d}.{kind}"'
    return reply
