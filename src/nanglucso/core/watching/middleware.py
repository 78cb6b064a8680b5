"""Around every request: an incident number, its time, its statements; one log line, one count."""

import logging
import secrets
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse

from nanglucso.core.watching import figures
from nanglucso.core.watching.lines import INCIDENT, who

LOG = logging.getLogger("nanglucso.request")
SQL = logging.getLogger("nanglucso.sql")
# Letters and figures that are not taken for each other when read over the telephone.
SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"

# Asked every few seconds by machines: counted, they would hide how long people wait.
ASKED_BY_MACHINES = frozenset({"core:live", "core:ready", "core:metrics"})


def new_incident() -> str:
    """Eight signs in two groups: about 10¹¹ of them."""
    word = "".join(secrets.choice(SIGNS) for _ in range(8))
    return f"{word[:4]}-{word[4:]}"


class _Statements:
    """Counts the statements of one request and tells of slow ones, without their values."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        self.count += 1
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            spent = 1000 * (time.perf_counter() - began)
            if spent > settings.SLOW_SQL_MS:
                figures.SLOW.inc()
                # Only the statement with its placeholders: values travel in `params`.
                SQL.warning("slow statement", extra={"told": {"ms": round(spent), "sql": sql[:1000]}})


class WatchMiddleware:
    """Stands first, so that whatever comes after is seen."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.incident = new_incident()  # type: ignore[attr-defined]
        mark = INCIDENT.set(request.incident)  # type: ignore[attr-defined]
        began, statements = time.perf_counter(), _Statements()
        try:
            with connection.execute_wrapper(statements):
                response = self.get_response(request)
            _note(request, response.status_code, time.perf_counter() - began, statements.count)
        finally:
            INCIDENT.reset(mark)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Keep what a view raised for the request's own line; Django's is then left out (`lines.NotToldTwice`)."""
        request.fault = exception  # type: ignore[attr-defined]


def _note(request: HttpRequest, status: int, seconds: float, statements: int) -> None:
    match = request.resolver_match
    route = match.view_name if match else "none"
    if route in ASKED_BY_MACHINES and status < 500:
        return
    figures.count_request(route, status, seconds)
    # A 503 on purpose is counted as such; thousands of lines about it would be one more load.
    meant = getattr(request, "meant", False)
    if status >= 500 and not meant:
        figures.FAILURES.labels("busy" if status == 503 else "error").inc()
    slow = 1000 * seconds > settings.SLOW_REQUEST_MS
    fault = getattr(request, "fault", None) if status >= 500 else None
    meant = meant and fault is None
    level = logging.INFO if meant else logging.ERROR if status >= 500 else logging.WARNING if slow else logging.INFO
    if LOG.isEnabledFor(level):
        told = {"told": _told(request, status, seconds, statements)}
        LOG.log(level, "slow request" if slow else "request", extra=told, exc_info=fault)


def _told(request: HttpRequest, status: int, seconds: float, statements: int) -> dict[str, Any]:
    match = request.resolver_match
    told = {
        "route": match.view_name if match else "none", "method": request.method, "status": status,
        "ms": round(1000 * seconds, 1), "sql": statements,
    }  # fmt: skip
    # Only a viewer that was looked up already: a ticket's request must not ask for a session.
    user = getattr(request, "_cached_user", None)
    if user is not None and user.is_authenticated:
        told["user"] = who(user.pk)
    if match and told["route"] in figures.SITTING_ROUTES:
        told["sitting"] = str(match.kwargs.get("pk", ""))
    return told
