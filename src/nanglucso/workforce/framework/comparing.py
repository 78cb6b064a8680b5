"""Two versions of a framework beside each other. Parts belong together by their `uid`, whatever they are called."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nanglucso.workforce.framework.outline import ABOUT, Outline

ADDED, REMOVED, CHANGED = "added", "removed", "changed"
KINDS = ("about", "levels", "groups", "competences", "behaviours")
_SILENT = {"uid", "words"}


@dataclass(frozen=True)
class Change:
    """One field: what it said and says. `field` is a name of the outline, as "name_vi" or "level"."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Difference:
    """One part that was added, removed or changed. `kind`: one of `KINDS`; `code`: its code today, or what it was."""

    kind: str
    how: str
    code: str
    name: str
    changes: tuple[Change, ...] = ()


def compare(before: Outline, after: Outline) -> list[Difference]:
    """Everything that differs, whole framework first, then part by part in the order of the newer version."""
    about = tuple(
        Change(key, before.about.get(key), after.about.get(key))
        for key in ABOUT
        if key != "origin" and before.about.get(key) != after.about.get(key)
    )
    found = [Difference("about", CHANGED, after.version, after.about["name_vi"], about)] if about else []
    for kind in KINDS[1:]:
        found += _parts(kind, getattr(before, kind), getattr(after, kind))
    return found


def _parts(kind: str, before: Sequence[Any], after: Sequence[Any]) -> list[Difference]:
    held: Mapping[uuid.UUID, Any] = {row.uid: row for row in before}
    today = {row.uid for row in after}
    found = []
    for row in after:
        old = held.get(row.uid)
        if old is None:
            found.append(Difference(kind, ADDED, _code(row), _name(row)))
        elif changes := _changes(old, row):
            found.append(Difference(kind, CHANGED, _code(row), _name(row), changes))
    found += [Difference(kind, REMOVED, _code(row), _name(row)) for row in before if row.uid not in today]
    order = _moved(kind, before, after)
    return found + ([order] if order else [])


def _changes(old: Any, new: Any) -> tuple[Change, ...]:
    fields = [name for name in type(new).__dataclass_fields__ if name not in _SILENT]
    pairs = [(name, getattr(old, name), getattr(new, name)) for name in fields]
    if hasattr(new, "words"):
        pairs += [
            (name, getattr(old.words, name), getattr(new.words, name)) for name in type(new.words).__dataclass_fields__
        ]
    return tuple(Change(*pair) for pair in pairs if pair[1] != pair[2])


def _moved(kind: str, before: Sequence[Any], after: Sequence[Any]) -> Difference | None:
    """Levels in another order change what every number means, so the order is a difference of its own."""
    both = {row.uid for row in before} & {row.uid for row in after}
    was, now = ([row for row in rows if row.uid in both] for rows in (before, after))
    if kind != "levels" or [row.uid for row in was] == [row.uid for row in now]:
        return None
    change = Change("order", ", ".join(map(_code, was)), ", ".join(map(_code, now)))
    return Difference(kind, CHANGED, "", "", (change,))


def _code(row: Any) -> str:
    return str(getattr(row, "code", "") or row.ref)


def _name(row: Any) -> str:
    return str(row.words.name_vi if hasattr(row, "words") else row.text_vi)
