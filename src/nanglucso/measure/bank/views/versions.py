"""Versions of an item side by side."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from nanglucso.core.access import need
from nanglucso.core.clock import now
from nanglucso.measure.bank import authoring, drafting, services
from nanglucso.measure.bank.comparing import compare as differences
from nanglucso.measure.bank.models import Item, ItemVersion
from nanglucso.measure.bank.previewing import version_of
from nanglucso.measure.bank.reading import BadItemFile, read_row
from nanglucso.measure.bank.views.drafts import found


def _number(text: str, rows: dict[int, ItemVersion], default: int) -> ItemVersion:
    return rows.get(int(text) if text.isdigit() and len(text) < 6 else default) or rows[default]


def _sides(left: ItemVersion, right: ItemVersion) -> dict[str, Any]:
    rows = differences(left, right)
    return {"left": left, "right": right, "rows": rows, "differ": any(row.changed for row in rows)}


@need("bank.view")
@require_GET
def compare(request: HttpRequest, code: str) -> HttpResponse:
    """`?a=1&b=2`; by default the last two."""
    item = get_object_or_404(Item, code=code)
    rows = {one.number: one for one in item.versions.select_related("item", "author").order_by("number")}
    if not rows:
        raise Http404
    numbers = list(rows)
    right = _number(request.GET.get("b", ""), rows, numbers[-1])
    left = _number(request.GET.get("a", ""), rows, numbers[-2] if len(numbers) > 1 else numbers[-1])
    services.note_key_read(actor=request.user, item=item, at=now())  # type: ignore[arg-type]
    shown = {"item": item, "numbers": numbers} | _sides(left, right)
    return render(request, "bank/versions.html", shown)


@need("bank.view")
@require_GET
def draft(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A draft beside the version that it starts from; only for who may see its key."""
    row, user = found(pk), request.user
    if row.base is None or not drafting.sees_key(row, user):  # type: ignore[arg-type]
        messages.error(request, _("There is nothing to compare yet, or its key is not open to you."))
        return redirect("bank:draft", pk)
    try:
        right = version_of(read_row(row.raw, row.code))
    except BadItemFile:
        messages.error(request, _("The draft is not complete enough to be compared."))
        return redirect("bank:draft", pk)
    if row.author_id != user.pk:
        authoring.note_draft_key_read(actor=user, draft=row, at=now())  # type: ignore[arg-type]
    shown = {"draft": row} | _sides(row.base, right)
    return render(request, "bank/versions.html", shown)
