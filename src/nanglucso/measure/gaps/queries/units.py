"""The unit tree of a scope, read once a page."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from nanglucso.core.db import raw_rows
from nanglucso.core.scope import Scope
from nanglucso.workforce.people.models import Unit


class Place(NamedTuple):
    """A unit as maps need it."""

    pk: int
    path: str
    name: str
    kind: str
    depth: int


@dataclass(frozen=True)
class Tree:
    """Every unit of a scope in tree order, top first."""

    places: tuple[Place, ...]

    @property
    def top(self) -> Place | None:
        return self.places[0] if self.places else None

    def below(self, place: Place) -> list[Place]:
        """The units right below."""
        return [one for one in self.places if one.depth == place.depth + 1 and one.path.startswith(place.path)]

    def tops(self) -> list[Place]:
        """Agencies, communes and wards (the city's children; for a unit's own scope, that unit's)."""
        return [one for one in self.places if one.depth == 2] or list(self.places[:1])

    def above(self, place: Place) -> list[Place]:
        """The units above inside the scope, top first."""
        return [one for one in self.places if one.depth < place.depth and place.path.startswith(one.path)]

    def within(self, place: Place) -> list[int]:
        """Keys of a unit and of everything below it."""
        return [one.pk for one in self.places if one.path.startswith(place.path)]

    def find(self, pk: int) -> Place | None:
        return next((one for one in self.places if one.pk == pk), None)

    def paths(self) -> dict[int, str]:
        return {one.pk: one.path for one in self.places}


def tree(scope: Scope) -> Tree:
    """The units of a scope; one statement."""
    found = Unit.objects.filter(scope.units("path"), until=None).order_by("path")
    return Tree(tuple(Place(*row) for row in raw_rows(found.values_list("pk", "path", "name", "kind", "depth"))))


def top_units(scope: Scope) -> list[Unit]:
    """Agencies, communes and wards inside a scope (the city's children; for a unit's own scope, that unit's)."""
    inside = Unit.objects.filter(scope.units("path"), until=None)
    children = inside.filter(depth=2).order_by("path")
    return list(children) or list(inside.order_by("path")[:1])


def belonging(paths: Iterable[str], tops: Iterable[str]) -> np.ndarray:
    """(T, U) whether unit u is unit t or lies below it."""
    place: dict[str, list[int]] = {}
    for t, top in enumerate(tops):
        place.setdefault(top, []).append(t)
    own, step = list(paths), Unit.steplen
    inside = np.zeros((sum(map(len, place.values())), len(own)), bool)
    for u, path in enumerate(own):
        for end in range(step, len(path) + 1, step):
            inside[place.get(path[:end], []), u] = True
    return inside
