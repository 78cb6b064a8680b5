"""Two groups of processes: the addresses of tests, and everything else, so that a slow report holds no answer up."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

from nanglucso.core.views import health, metrics
from nanglucso.core.watching.figures import group_of

# Asked of both groups: whether they live, their figures, and what stands outside every page.
EVERYWHERE = (health.live, health.ready, metrics.metrics)
MISDIRECTED = 421


def _is_of_the_other(path: str) -> bool:
    try:
        match = resolve(path)
    except Resolver404:
        return settings.SERVES == "sittings"
    return match.func not in EVERYWHERE and group_of(match.view_name) != settings.SERVES


class GroupMiddleware:
    """Answers 421 where a process is asked for what the other group serves: a fault in the proxy's table then shows."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        grouped = settings.SERVES in ("sittings", "rest") and not request.path.startswith(settings.STATIC_URL)
        if grouped and _is_of_the_other(request.path_info):
            return HttpResponse("served by the other group of processes\n", "text/plain", MISDIRECTED)
        return self.get_response(request)
