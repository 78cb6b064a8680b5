"""The read API, `/api/v1/`: what a token may read, in pages, with an ETag; every refusal is one JSON sentence."""

import hashlib
import json
from datetime import date
from types import GenericAlias
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from ninja import NinjaAPI, Query, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.security import HttpBearer
from pydantic import Field

from nanglucso.core.access import public
from nanglucso.core.clock import now
from nanglucso.core.scope import EVERYTHING, Scope
from nanglucso.govern.exchange import queries, services
from nanglucso.govern.exchange.exchangerules import rules
from nanglucso.govern.exchange.models import ApiToken


class Key(HttpBearer):
    """`Authorization: Bearer nls_…`."""

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken | None:
        at = now()
        row = queries.tokens().filter(digest=services.digest_of(token)).first()
        if row is None or not row.open_at(at):
            return None
        if not services.count_call(token=row, at=at):
            raise HttpError(429, _("Too many requests in a minute: wait a minute and ask again."))
        return row


api = NinjaAPI(title="Năng Lực Số", version="1.0", docs_url=None, openapi_url=None, auth=Key(), urls_namespace="api-v1")
SIZES = rules()["pages"]


class Error(Schema):
    error: str


class Asked(Schema):
    page: int = Field(1, ge=1, le=1_000_000)
    size: int = Field(int(SIZES["size"]), ge=1, le=int(SIZES["most"]))


class UnitRow(Schema):
    code: str
    name: str
    kind: str
    parent: str | None


class Requirement(Schema):
    competence: str
    level: int
    must_have: bool


class PositionRow(Schema):
    code: str
    name: str
    group: str
    requirements: list[Requirement]


class CompetenceRow(Schema):
    code: str
    name_vi: str
    name_en: str
    domain: str


class GapRow(Schema):
    unit: str
    competence: str
    as_of: date
    required: int | None
    met: int | None
    not_met: int | None
    not_yet_known: int | None


class HourRow(Schema):
    unit: str
    year: int
    as_of: date
    required: int | None
    met: int | None
    not_met: int | None


class ClassRow(Schema):
    year: int
    number: int
    course: str
    form: str
    first_day: date
    last_day: date
    seats: int | None
    cost: int


ROWS: dict[str, type[Schema]] = {
    "units": UnitRow, "positions": PositionRow, "framework": CompetenceRow, "gaps": GapRow, "hours": HourRow,
    "plan-classes": ClassRow,
}  # fmt: skip
REFUSALS = {401: Error, 403: Error, 404: Error, 422: Error, 429: Error}


def _page(request: Any, code: str, asked: Asked) -> HttpResponse:
    token: ApiToken = request.auth
    unknown = sorted(set(request.GET) - set(Asked.model_fields))
    if unknown:
        told = {"names": ", ".join(unknown)[:200]}
        raise HttpError(422, _("No parameter is called “%(names)s”: use page and size.") % told)
    if code not in token.resources:
        raise HttpError(403, _("This token may not read “%(code)s”.") % {"code": code})
    scope = Scope(paths=(token.unit.path,)) if token.unit else EVERYTHING
    rows, start = queries.RESOURCES[code](scope), (asked.page - 1) * asked.size
    data = [ROWS[code](**row).model_dump(mode="json") for row in rows[start : start + asked.size]]
    body = json.dumps({"data": data, "page": asked.page, "size": asked.size, "total": len(rows)}, ensure_ascii=False)
    etag = f'"{hashlib.sha256(body.encode()).hexdigest()}"'
    same = etag in [one.strip() for one in request.headers.get("If-None-Match", "").split(",")]
    reply = HttpResponse(status=304) if same else HttpResponse(body, content_type="application/json")
    reply["ETag"], reply["Cache-Control"] = etag, "private, no-cache"
    return reply


def _add(code: str) -> None:
    """One address of one table."""
    told = {"data": GenericAlias(list, (ROWS[code],)), "page": int, "size": int, "total": int}
    page = type(f"Page{ROWS[code].__name__}", (Schema,), {"__annotations__": told})
    name = code.replace("-", "_")

    def read(request: HttpRequest, asked: Query[Asked]) -> HttpResponse:
        return _page(request, code, asked)

    read.__name__ = name
    api.get(f"/{code}", response={200: page, 304: None, **REFUSALS}, url_name=name, operation_id=name)(read)


for _code in ROWS:
    _add(_code)


def _said(request: HttpRequest, sentence: str, status: int) -> HttpResponse:
    return api.create_response(request, {"error": sentence}, status=status)


@api.exception_handler(AuthenticationError)
def unknown_key(request: HttpRequest, _error: Any) -> HttpResponse:
    """No token, or none that is in force."""
    reply = _said(request, _("Send a token in force in the header Authorization: Bearer."), 401)
    reply["WWW-Authenticate"] = "Bearer"
    return reply


@api.exception_handler(ValidationError)
def bad_question(request: HttpRequest, _error: Any) -> HttpResponse:
    """A page or size that is no such number."""
    most = {"most": int(SIZES["most"])}
    return _said(request, _("page is a whole number from 1, size a whole number from 1 to %(most)s.") % most, 422)


@api.exception_handler(HttpError)
def refused(request: HttpRequest, error: Any) -> HttpResponse:
    """A refusal with its own sentence."""
    return _said(request, error.message, error.status_code)


@public
@require_GET
def openapi(request: HttpRequest) -> HttpResponse:
    """The schema of the API for machines."""
    return JsonResponse(api.get_openapi_schema(path_prefix="/api/v1/"), json_dumps_params={"ensure_ascii": False})
