"""The item author's desk: bank health, the list, one item with its key."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nanglucso.core.access import need
from nanglucso.core.clock import now, today
from nanglucso.core.refusals import Refused
from nanglucso.measure.bank import curves, queries, services
from nanglucso.measure.bank.forms import StatusForm
from nanglucso.measure.bank.models import Item, ItemVersion
from nanglucso.measure.bank.showing import stimulus
from nanglucso.workforce.framework.models import Framework
from nanglucso.workforce.framework.queries import current_framework, frame

PER_PAGE = 40
SOON = timedelta(days=90)


def _framework() -> Framework | None:
    try:
        return current_framework()
    except Refused:
        return None


@need("bank.view")
@require_GET
def health(request: HttpRequest) -> HttpResponse:
    """Where items are missing and which ones wait for a second look."""
    framework = _framework()
    if framework is None:
        return render(request, "bank/nothing.html")
    cover = queries.coverage(framework)
    shown = {
        "cover": cover,
        "levels": framework.levels.all(),
        "missing": sum(row.missing for row in cover),
        "total": sum(row.total for row in cover),
        "review": queries.to_review(today(), SOON)[:20],
        "review_count": queries.to_review(today(), SOON).count(),
        "types": queries.type_shares(),
        "today": today(),
        "wanted": cover[0].wanted if cover else 0,
    }
    return render(request, "bank/health.html", shown)


@need("bank.view")
@require_GET
def items(request: HttpRequest) -> HttpResponse:
    """The list; every filter stands in the address."""
    framework = _framework()
    if framework is None:
        return render(request, "bank/nothing.html")
    told = {name: request.GET.get(name, "")[:80] for name in ("competence", "status", "level")}
    text, kind = request.GET.get("q", "").strip()[:80], request.GET.get("type", "")
    rows = queries.items(text=text, type_=kind, **told)
    shown: dict[str, Any] = {
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "q": text,
        "chosen": told | {"type": kind},
        "competences": framework.competences.order_by("index"),
        "levels": list(framework.levels.all()),
        "types": Item.Type.choices,
        "statuses": Item.Status.choices,
        "filtered": any([text, kind, *told.values()]),
    }
    return render(request, "bank/items.html", shown)


def _item(code: str) -> Item:
    return get_object_or_404(Item.objects.select_related("competence__domain", "competence__framework"), code=code)


def _page(request: HttpRequest, item: Item, form: StatusForm, status: int = 200) -> HttpResponse:
    versions = list(item.versions.order_by("-number"))
    version: ItemVersion = next((one for one in versions if one.current), versions[0])
    version.item = item
    arrays = frame(item.competence.framework)
    shown = {
        "item": item,
        "version": version,
        "versions": versions,
        "level": arrays.label(item.level),
        "q": {"type": item.type, "body": version.body},
        "stimulus": stimulus(version.body.get("stimulus")),
        "key": queries.key_rows(version),
        "told": queries.general_feedback(version),
        "headline": curves.headline(version, arrays),
        "caption": curves.caption(version, arrays),
        "curves": [(css, curves.curve(version, arrays, width)) for css, width in (("wide-only", 560), ("phone", 316))],
        "facts": curves.facts(version, arrays),
        "form": form,
    }
    return render(request, "bank/item.html", shown, status=status)


@need("bank.view")
@require_GET
def item(request: HttpRequest, code: str) -> HttpResponse:
    """One item with its key; every reading leaves a trace."""
    row = _item(code)
    services.note_key_read(actor=request.user, item=row, at=now())  # type: ignore[arg-type]
    return _page(request, row, StatusForm(initial={"status": row.status}))


@need("bank.change")
@require_POST
def item_status(request: HttpRequest, code: str) -> HttpResponse:
    """Put into use, mark for review, retire."""
    row, form = _item(code), StatusForm(request.POST)
    if form.is_valid():
        try:
            services.set_status(actor=request.user, item=row, at=now(), **form.cleaned_data)  # type: ignore[arg-type]
        except Refused as no:
            no.show_on(form)
        else:
            messages.success(request, _("The status of %(code)s is changed.") % {"code": row.code})
            return redirect("bank:item", row.code)
    return _page(request, row, form, status=422)
