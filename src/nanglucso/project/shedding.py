"""Too much at once: what is least missed is answered 503 at once, so that answers of tests still come through.

Order: files, searches and whole-city tables; then browsing; then logging in and starts; answers last. Two signs: how
long the request has waited already (the proxy's X-Request-Start), and how many threads of this process are taken while
many sit a test in it. Nothing here asks the database; for an answer it costs a comparison of paths. See docs/adr/0029.
"""

import threading
import time
from collections import deque
from collections.abc import Callable
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import loader
from django.urls import Resolver404, resolve
from django.utils.translation import override

from nanglucso.core.language import language_of
from nanglucso.core.watching.crowding import crowd_rules, meant
from nanglucso.core.watching.figures import SHED

# As nginx parts them in deploy/templates/nginx.conf.
SITTINGS = ("/danh-gia/bai/", "/danh-gia/bai-thuc-hanh/")
STARTS = ("/bat-dau/", "/cho/")


class Load:
    """What this process does now: requests of each kind under way, and when it served the last requests of tests."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.reset()

    def reset(self) -> None:
        """As a process that has just begun."""
        self.heavy = self.others = 0
        self.tests: deque[float] = deque(maxlen=crowd_rules().crowd)

    def served_within(self, seconds: float) -> bool:
        """Whether a test was served lately."""
        return bool(self.tests) and time.monotonic() - self.tests[-1] < seconds

    def crowded(self, seconds: float) -> bool:
        """Whether so many requests of tests came lately that they would stand in a line behind pages."""
        return len(self.tests) == self.tests.maxlen and time.monotonic() - self.tests[0] < seconds

    def enter(self, kind: str, threads: int, heavy_most: int, *, crowded: bool) -> bool:
        """Whether there is a thread for it; while many sit a test one thread stays free of all else."""
        with self.lock:
            full = self.heavy + self.others >= max(1, threads - 1)
            if crowded and (full or (kind == "heavy" and self.heavy >= heavy_most)):
                return False
            self._add(kind, 1)
        return True

    def leave(self, kind: str) -> None:
        with self.lock:
            self._add(kind, -1)

    def _add(self, kind: str, number: int) -> None:
        if kind == "heavy":
            self.heavy += number
        else:
            self.others += number


LOAD = Load()


def waited(request: HttpRequest) -> float:
    """Seconds since the proxy took the request; 0 where it says nothing, or something that cannot be."""
    told = request.META.get("HTTP_X_REQUEST_START")
    if not told:
        return 0.0
    try:
        seconds = time.time() - float(told.removeprefix("t="))
    except ValueError:
        return 0.0
    return seconds if 0 < seconds < 3600 else 0.0


def _kind(path: str) -> str:
    try:
        return crowd_rules().kind_of(resolve(path).view_name)
    except Resolver404:
        return "browsing"


class ShedMiddleware:
    """Stands after static files and before anything that asks the database."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        path, rules = request.path_info, crowd_rules()
        if path.startswith(SITTINGS):
            LOAD.tests.append(time.monotonic())
            kind = "starts" if path.endswith(STARTS) else "sittings"
            return _shed(request, kind) if waited(request) > rules.late[kind] else self.get_response(request)
        kind = _kind(path)
        if not kind:
            return self.get_response(request)
        if waited(request) > (rules.late if LOAD.served_within(rules.testing) else rules.quiet)[kind]:
            return _shed(request, kind)
        heavy_most = max(1, int(settings.THREADS * rules.heavy_share))
        if not LOAD.enter(kind, settings.THREADS, heavy_most, crowded=LOAD.crowded(rules.crowd_seconds)):
            return _shed(request, kind)
        try:
            return self.get_response(request)
        finally:
            LOAD.leave(kind)


@lru_cache(maxsize=4)
def _page(language: str) -> str:
    with override(language):
        return loader.render_to_string("503.html", {"incident": ""})


def _shed(request: HttpRequest, kind: str) -> HttpResponse:
    SHED.labels(kind).inc()
    retry = str(crowd_rules().retry)
    if "application/json" in request.headers.get("Accept", ""):
        return meant(request, JsonResponse({"error": "busy"}, status=503, headers={"Retry-After": retry}))
    return meant(request, HttpResponse(_page(language_of(request)), status=503, headers={"Retry-After": retry}))
