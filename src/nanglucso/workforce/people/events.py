"""What rooms above hang on units and people, registered by them in `apps.ready()`: it follows a reorganisation."""

from collections.abc import Callable, Set
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Follower:
    """Rows of a room above that a reorganisation concerns.

    `count(units that close, people who move)` says how many, for the preview. With `model` ("app.Model"), `unit_field`
    and `only` (field values) the rows that point to a closing unit are pointed to its successor.
    """

    key: str
    label: Any
    count: Callable[[Set[int], Set[int]], int]
    model: str = ""
    unit_field: str = "unit"
    only: dict[str, Any] = field(default_factory=dict)


_FOLLOWERS: dict[str, Follower] = {}
_WORKED_OUT: set[str] = set()


def follow(follower: Follower) -> None:
    """Register; the same key again replaces."""
    _FOLLOWERS[follower.key] = follower


def followers() -> tuple[Follower, ...]:
    """All that was registered, by key."""
    return tuple(_FOLLOWERS[key] for key in sorted(_FOLLOWERS))


def worked_out(model: str) -> None:
    """Rows of "app.Model" are worked out from others: they hinder no undo and go with the unit that it takes away."""
    _WORKED_OUT.add(model)


def is_worked_out(model: str) -> bool:
    """Whether a room has registered the model as worked out."""
    return model in _WORKED_OUT


@dataclass(frozen=True)
class Forgetter:
    """What a room above rewrites when a person is erased: `forget(core.erasing.Gone, at)`, called inside an act."""

    key: str
    forget: Callable[[Any, Any], None]


_FORGETTERS: dict[str, Forgetter] = {}


def on_erasure(forgetter: Forgetter) -> None:
    """Register; the same key again replaces."""
    _FORGETTERS[forgetter.key] = forgetter


def forgetters() -> tuple[Forgetter, ...]:
    """All that was registered, by key."""
    return tuple(_FORGETTERS[key] for key in sorted(_FORGETTERS))
