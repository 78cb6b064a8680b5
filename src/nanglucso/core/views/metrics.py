"""Figures for Prometheus: to this machine, or to whoever holds the token; to everybody else there is no such page."""

import hmac
import os

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from nanglucso.core.access import public
from nanglucso.core.watching.gauges import Looked

LOOPBACK = {"127.0.0.1", "::1"}
FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-IP")


def _may(request: HttpRequest) -> bool:
    """A proxy on the same machine also comes from loopback; it says for whom it asks."""
    token = settings.METRICS_TOKEN
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token:
        return hmac.compare_digest(given.encode(), token.encode())
    return request.META.get("REMOTE_ADDR") in LOOPBACK and not any(name in request.headers for name in FORWARDED)


@public
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Counts of all processes, and what is looked up now."""
    if not _may(request):
        raise Http404
    looked = CollectorRegistry()
    looked.register(Looked())  # type: ignore[arg-type]
    counted = REGISTRY
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        counted = CollectorRegistry()
        MultiProcessCollector(counted)
    return HttpResponse(generate_latest(counted) + generate_latest(looked), content_type=CONTENT_TYPE_LATEST)
