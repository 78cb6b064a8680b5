"""Which units, and so which people, a viewer may see: subtrees of the unit tree."""

from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q

# What the steps of a materialised path are written with, in their order (django-treebeard).
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _below(field: str, path: str) -> Q:
    """Paths that begin with this one, as a range: both databases find that in the index, SQLite no prefix."""
    kept = path.rstrip(ALPHABET[-1])
    if not kept:
        return Q(**{f"{field}__startswith": path})
    behind = kept[:-1] + ALPHABET[ALPHABET.index(kept[-1]) + 1]
    return Q(**{f"{field}__gte": path, f"{field}__lt": behind})


@dataclass(frozen=True)
class Scope:
    """`paths`: materialised paths of unit subtrees; `everything`: the whole city; `person_id`: oneself."""

    paths: tuple[str, ...] = ()
    everything: bool = False
    person_id: int | None = None

    def units(self, field: str = "path") -> Q:
        """Filter on a unit path field, for example `units("unit__path")`."""
        if self.everything:
            return Q()
        if not self.paths:
            return Q(pk__in=[])
        return reduce(or_, (_below(field, path) for path in self.paths))

    def holds(self, unit: Any | None) -> bool:
        """Whether a grant over `unit` (None = the whole city) lies inside."""
        return self.everything if unit is None else self.covers(unit.path)

    def covers(self, path: str) -> bool:
        """Whether a unit with this materialised path lies inside."""
        return self.everything or any(path.startswith(own) for own in self.paths)


EVERYTHING = Scope(everything=True)
NOTHING = Scope()
