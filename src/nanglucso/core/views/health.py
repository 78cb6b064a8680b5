"""What a load balancer asks; nothing about the inside is told."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from nanglucso.core import status
from nanglucso.core.access import public


@public
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """200 while the process answers at all."""
    return HttpResponse("live\n", content_type="text/plain")


@public
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """200 when the database answers and its tables are up to date, 503 otherwise."""
    if status.can_answer():
        return HttpResponse("ready\n", content_type="text/plain")
    return HttpResponse("not ready\n", content_type="text/plain", status=503)
