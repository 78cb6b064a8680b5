"""The next step on "My overview": rooms above offer one, the first that has something to say is shown.

A room registers once, in its `apps.ready()`:

    from nanglucso.measure.profiles import steps
    steps.offer("assessments.open", 10, waiting_sitting)      # (person, at) -> NextStep | None

Orders in use: 10 an open assessment, 20 a class today, 30 the first self-review; the nearest gap comes last by itself.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nanglucso.workforce.people.models import Person


@dataclass(frozen=True)
class NextStep:
    """One card: why now (`kicker`), what (`title`, `text`), the one button and where it leads, a reassuring line."""

    kicker: Any
    title: Any
    text: Any
    button: Any
    address: str
    small: Any = ""


Look = Callable[[Person, datetime], NextStep | None]
_OFFERS: dict[str, tuple[int, Look]] = {}


def offer(name: str, order: int, look: Look) -> None:
    """Let a room offer a step; a lower order is asked first."""
    _OFFERS[name] = (order, look)


def next_step(person: Person, at: datetime) -> NextStep | None:
    """The first step that any room offers this person now."""
    for _order, look in sorted(_OFFERS.values(), key=lambda pair: pair[0]):
        found = look(person, at)
        if found:
            return found
    return None
