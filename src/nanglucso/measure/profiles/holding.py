"""Results that wait for a person to release them: rooms above say which evidence, pages then leave it out.

A room registers once, in its `apps.ready()`: `holding.register(held_by_campaigns)`. The evidence is in the ledger and
in the belief all the same, so plans go on; only the pages of the person and of the head of unit wait (adr/0006).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from nanglucso.workforce.people.models import Person


@dataclass(frozen=True)
class Held:
    """`sources` of evidence rows that are not shown yet, and `why`, one name (of a campaign) each."""

    sources: frozenset[str] = frozenset()
    why: tuple[Any, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.sources)


_ASKED: list[Callable[[Person], Held]] = []


def register(look: Callable[[Person], Held]) -> None:
    """Let a room say which evidence of a person is not released yet."""
    if look not in _ASKED:
        _ASKED.append(look)


def held_for(person: Person) -> Held:
    """Everything of this person that waits for release."""
    found = [look(person) for look in _ASKED]
    names = dict.fromkeys(name for one in found for name in one.why)
    return Held(frozenset().union(*(one.sources for one in found)), tuple(names))
