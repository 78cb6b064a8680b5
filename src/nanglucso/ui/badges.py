"""Numbers beside menu entries: things waiting for the viewer, never totals.

A room registers its counter once, in its `apps.ready()`:

    from nanglucso.ui.badges import badge
    badge("assessments:mine", lambda request: open_sittings(person=request.access.person))
"""

from collections.abc import Callable
from typing import Any

Counter = Callable[[Any], int]
_COUNTERS: dict[str, Counter] = {}


def badge(name: str, counter: Counter) -> None:
    """Show `counter(request)` beside the entry with this URL name when it is not zero."""
    _COUNTERS[name] = counter


def waiting(request: Any, name: str) -> int:
    """How many things wait behind the entry."""
    counter = _COUNTERS.get(name)
    return counter(request) if counter else 0
