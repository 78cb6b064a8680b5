"""Figures that only a room knows, by name: a room registers a probe in its `apps.ready()`, whoever watches asks."""

from collections.abc import Callable
from datetime import datetime

_PROBES: dict[str, Callable[[datetime], int]] = {}


def probe(name: str, count: Callable[[datetime], int]) -> None:
    """Register `count(moment)` under a name; what the moment means is the name's business."""
    _PROBES[name] = count


def ask(name: str, moment: datetime) -> int:
    """The figure, or 0 where no room knows it."""
    return _PROBES[name](moment) if name in _PROBES else 0
