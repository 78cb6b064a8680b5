"""My data: what is kept about the person, from where, why, until when; and a copy of it all."""

import json

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localtime
from django.views.decorators.http import require_GET, require_POST

from nanglucso.core import own_data, retention
from nanglucso.core.access import need
from nanglucso.core.clock import now
from nanglucso.core.downloads import download, workbook
from nanglucso.kit.xlsxwrite import Column, OutSheet


@need("own.view")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """The list of kinds with counts, sources, purposes and terms."""
    shown = [(kind, count) for kind, count in own_data.counts(request.user) if count]  # type: ignore[arg-type]
    rows = [
        {
            "what": kind.said("what"),
            "source": kind.said("source"),
            "why": kind.said("why"),
            "count": count,
            "until": retention.said(kind.until),
        }
        for kind, count in shown
    ]
    return render(request, "core/own.html", {"rows": rows})


def _cell(value: object) -> object:
    return json.dumps(value, ensure_ascii=False, cls=DjangoJSONEncoder) if isinstance(value, (dict, list)) else value


def _sheet(kept: own_data.Kept) -> OutSheet:
    columns = [Column(name, 24) for name in kept.kind.fields]
    rows = [[_cell(_local(row[name])) for name in kept.kind.fields] for row in kept.rows]
    titles = [*(kept.kind.said(word) for word in ("what", "source", "why")), retention.said(kept.kind.until)]
    return OutSheet(kept.kind.said("what"), [_typed(column, rows, n) for n, column in enumerate(columns)], rows, titles)


def _local(value: object) -> object:
    return localtime(value) if hasattr(value, "tzinfo") else value  # type: ignore[arg-type]


def _typed(column: Column, rows: list[list[object]], number: int) -> Column:
    first = next((row[number] for row in rows if row[number] is not None), "")
    kind = "datetime" if hasattr(first, "tzinfo") else "date" if hasattr(first, "isoformat") else "text"
    return Column(column.title, column.width, kind)  # type: ignore[arg-type]


def _as_json(everything: list[own_data.Kept]) -> bytes:
    told = {
        "made_at": localtime(now()).isoformat(),
        "time_zone": settings.TIME_ZONE,
        "kinds": [
            {word: kept.kind.said(word) for word in ("what", "source", "why")}
            | {"key": kept.kind.key, "until": str(retention.said(kept.kind.until)), "rows": kept.rows}
            for kept in everything
        ],
    }
    return json.dumps(told, ensure_ascii=False, indent=1, cls=DjangoJSONEncoder).encode()


@need("own.view")
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """Everything in one file, JSON or Excel."""
    form = "json" if request.POST.get("form") == "json" else "xlsx"
    everything = own_data.export(actor=request.user, form=form, at=now())  # type: ignore[arg-type]
    name = "du-lieu-cua-toi"
    if form == "json":
        return download(_as_json(everything), name, "json")
    return workbook(name, [_sheet(kept) for kept in everything if kept.rows], at=localtime(now()))
