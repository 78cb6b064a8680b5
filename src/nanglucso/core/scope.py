"""Which units, and so which people, a viewer may see: subtrees of the unit tree."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q


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
        condition = Q()
        for path in self.paths:
            condition |= Q(**{f"{field}__startswith": path})
        return condition

    def holds(self, unit: Any | None) -> bool:
        """Whether a grant over `unit` (None = the whole city) lies inside."""
        return self.everything if unit is None else self.covers(unit.path)

    def covers(self, path: str) -> bool:
        """Whether a unit with this materialised path lies inside."""
        return self.everything or any(path.startswith(own) for own in self.paths)


EVERYTHING = Scope(everything=True)
NOTHING = Scope()
