"""Pages of exchange: tokens, releases, the public page, the dictionary and the description of the API."""

from io import BytesIO
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nanglucso.core.access import check_whole_city, need, public
from nanglucso.core.clock import now
from nanglucso.core.downloads import download
from nanglucso.core.models import Job
from nanglucso.core.refusals import Refused
from nanglucso.govern.exchange import queries, services
from nanglucso.govern.exchange.exchangerules import dictionary, rules
from nanglucso.govern.exchange.forms import TokenForm
from nanglucso.govern.exchange.models import ApiToken
from nanglucso.kit.xlsxwrite import write_csv


@need("exchange.tokens")
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """Every token, the form for another, and the switch of the public page."""
    check_whole_city(request)
    form, secret, at = TokenForm(request.POST or None), "", now()
    if request.method == "POST" and form.is_valid():
        try:
            _row, secret = services.issue_token(actor=request.user, at=at, **form.cleaned_data)  # type: ignore[arg-type]
            form = TokenForm()
        except Refused as no:
            no.show_on(form)
    said = {code: one.said for code, one in dictionary().items()}
    rows = [
        {"token": one, "open": one.open_at(at), "may_read": [said.get(code, code) for code in one.resources]}
        for one in queries.tokens()
    ]
    shown = {"rows": rows, "form": form, "secret": secret, "is_public": queries.is_public()}
    return render(request, "exchange/tokens.html", shown, status=422 if form.errors else 200)


@need("exchange.tokens")
@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """End a token."""
    check_whole_city(request)
    try:
        services.revoke_token(actor=request.user, token=get_object_or_404(ApiToken, pk=pk), at=now())  # type: ignore[arg-type]
    except Refused as no:
        messages.error(request, str(no))
    return redirect("exchange:tokens")


@need("exchange.tokens")
@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Open or close the public page."""
    check_whole_city(request)
    services.set_public(actor=request.user, is_open=request.POST.get("open") == "1", at=now())  # type: ignore[arg-type]
    return redirect("exchange:tokens")


@need("exchange.release")
@require_http_methods(["GET", "HEAD", "POST"])
def releases(request: HttpRequest) -> HttpResponse:
    """Releases made, and the button for another."""
    check_whole_city(request)
    if request.method == "POST":
        try:
            services.ask_release(actor=request.user, at=now())  # type: ignore[arg-type]
        except Refused as no:
            messages.error(request, str(no))
        return redirect("exchange:releases")
    job = Job.objects.filter(kind=services.MAKING).first()
    shown = {"rows": queries.releases()[:24], "job": job, "is_public": queries.is_public(), **_open_tables()}
    return render(request, "exchange/releases.html", shown)


def _open_tables() -> dict[str, Any]:
    licence = rules()["licence"]
    return {"tables": [one for one in dictionary().values() if one.open], "licence": licence}


def _may_read(request: HttpRequest) -> None:
    if not queries.is_public() and not request.access.may("exchange.release"):  # type: ignore[attr-defined]
        raise Http404


@public
@require_GET
def open_data(request: HttpRequest) -> HttpResponse:
    """The newest release for anybody, once it is switched on."""
    _may_read(request)
    return render(request, "exchange/open.html", {"release": queries.newest(), **_open_tables()})


@public
@require_GET
def open_file(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """A table of the newest release as CSV, or as JSON with its licence and dictionary."""
    _may_read(request)
    table, found = dictionary().get(code), queries.newest()
    if table is None or not table.open or found is None:
        raise Http404
    names, rows = [one.name for one in table.fields], found.tables[code]
    if kind == "json":
        told = {
            "table": code, "as_of": found.at.isoformat(), "sha256": found.digest, "licence": rules()["licence"],
            "fields": [vars(one) for one in table.fields], "rows": rows,
        }  # fmt: skip
        return JsonResponse(told, json_dumps_params={"ensure_ascii": False})
    file = BytesIO()
    write_csv(file, names, [[row[name] for name in names] for row in rows])
    return download(file.getvalue(), f"{code}-{found.at:%Y%m%d}", "csv")


@public
@require_GET
def described(request: HttpRequest) -> HttpResponse:
    """The data dictionary and the addresses of the API."""
    paths = [(reverse(f"api:{code.replace('-', '_')}"), one.said) for code, one in dictionary().items()]
    shown = {
        "tables": dictionary().values(), "paths": paths, "pages": rules()["pages"], "limits": rules()["tokens"],
        "base": request.build_absolute_uri("/").rstrip("/"),
    }  # fmt: skip
    return render(request, "exchange/described.html", shown)


@public
@require_GET
def dictionary_file(request: HttpRequest) -> HttpResponse:
    """The data dictionary as CSV."""
    head = ["table", "field", "type", "unit", "source", "vi", "en"]
    rows = [
        [table.code, one.name, one.type, one.unit, one.source, one.vi, one.en]
        for table in dictionary().values()
        for one in table.fields
    ]
    file = BytesIO()
    write_csv(file, head, rows)
    return download(file.getvalue(), "tu-dien-du-lieu", "csv")


@public
def no_such_address(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Every other address below `/api/`."""
    sentence = _("There is no such address; the description of the API lists them.")
    return JsonResponse({"error": sentence}, status=404)
