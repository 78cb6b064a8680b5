"""How many may sit a test at once and what goes first under overload: `content/operate/admission.yaml` or one's own."""

from dataclasses import dataclass
from datetime import timedelta
from fnmatch import fnmatchcase
from functools import lru_cache
from math import floor
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from nanglucso.core.content import read_yaml, root

KINDS = ("heavy", "browsing", "starts", "sittings")  # the order in which they go


@dataclass(frozen=True)
class CrowdRules:
    """As in the file; `late` and `quiet`: seconds by kind of request, spans as timedelta or seconds."""

    held: dict[str, float]
    thinking: float
    reserve: float
    most: dict[str, int]
    start_share: float
    burst: timedelta
    silent: timedelta
    test: timedelta
    kept: timedelta
    look: tuple[int, int]
    away: timedelta
    forget: timedelta
    late: dict[str, float]
    quiet: dict[str, float]
    heavy_share: float
    testing: float
    crowd: int
    crowd_seconds: float
    retry: int
    heavy: tuple[str, ...]
    always: frozenset[str]
    doors: frozenset[str]

    def held_per_second(self, vendor: str) -> float:
        """Answers a second: what was measured on this machine, else the file's."""
        return settings.HELD_PER_SECOND or self.held[vendor]

    def sitters(self, vendor: str) -> int:
        """Most people at once: held × thinking time / reserve."""
        most = floor(self.held_per_second(vendor) * self.thinking / self.reserve)
        return max(1, min(most, self.most.get(vendor, most)))

    def starts_per_second(self, vendor: str) -> float:
        """How quickly newcomers are let in."""
        return self.held_per_second(vendor) * self.start_share

    def kind_of(self, route: str) -> str:
        """`heavy`, `browsing`, `starts` or "" (always answered); the addresses of tests are told by their path."""
        if route in self.always:
            return ""
        if route in self.doors:
            return "starts"
        return "heavy" if any(fnmatchcase(route, one) for one in self.heavy) else "browsing"


def _seconds(told: dict[str, Any]) -> dict[str, float]:
    return {kind: told[kind] / 1000 for kind in KINDS}


@lru_cache
def crowd_rules() -> CrowdRules:
    """The rules in force; read once a process. Raises OSError, KeyError or TypeError when the file is not right."""
    own = settings.ADMISSION_RULES
    told: Any = read_yaml(Path(own) if own else root() / "operate" / "admission.yaml")
    low, high = told["look_seconds"]
    return CrowdRules(
        held=told["held_per_second"], thinking=told["thinking_seconds"], reserve=told["reserve"],
        most=told.get("most") or {}, start_share=told["start_share"],
        burst=timedelta(seconds=told["burst_seconds"]), silent=timedelta(minutes=told["silent_minutes"]),
        test=timedelta(minutes=told["test_minutes"]), kept=timedelta(seconds=told["kept_seconds"]), look=(low, high),
        away=timedelta(seconds=told["away_seconds"]), forget=timedelta(minutes=told["forget_minutes"]),
        late=_seconds(told["late_ms"]["testing"]), quiet=_seconds(told["late_ms"]["quiet"]),
        heavy_share=told["heavy_share"], testing=told["testing_seconds"],
        crowd=told["crowd"]["requests"], crowd_seconds=told["crowd"]["seconds"], retry=told["retry_seconds"],
        heavy=tuple(told["heavy"]), always=frozenset(told["always"]), doors=frozenset(told["doors"]),
    )  # fmt: skip


def meant(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """A 503 given on purpose is no failure: neither the watcher nor Django writes a line about it."""
    request.meant = True  # type: ignore[attr-defined]
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response
