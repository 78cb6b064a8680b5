"""The page of an unexpected failure: a database that does not answer is "busy", everything else a mistake."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import loader

RETRY_SECONDS = 30


def server_error(request: HttpRequest) -> HttpResponse:
    """503 with Retry-After when the database does not answer, 500 otherwise; needs no database itself.

    The incident number on the page is the one of the request's lines in the log.
    """
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        busy = HttpResponse(
            loader.render_to_string("503.html", {"incident": getattr(request, "incident", "")}), status=503
        )
        busy["Retry-After"] = str(RETRY_SECONDS)
        return busy
    return HttpResponse(loader.render_to_string("500.html", {"incident": getattr(request, "incident", "")}), status=500)
