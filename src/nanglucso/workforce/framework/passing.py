"""From one framework to another by a crosswalk: what each room does with its own rows, in one act, undone in one.

A room registers once, in its `apps.ready()`, how its rows move: `passing.register("bank", mover)`. The rooms stand
above this one, so it calls them and never imports them (as `profiles.holding` does).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from nanglucso.workforce.framework.models import Competence, Crossing, Framework

CARRIES = 0.5
"""A requirement or a course follows every link at least this strong, and always the strongest one."""

Step = Callable[[float], None]


@dataclass(frozen=True)
class Passage:
    """A crosswalk as movers need it. `links` {competence there: [(competence here, strength)]}, strongest first.

    `levels` {number there: number here}; `codes`, `here`: competences of both frameworks by their row number.
    """

    source: Framework
    target: Framework
    levels: Mapping[int, int]
    links: Mapping[int, Sequence[tuple[int, float]]]
    there: Mapping[int, Competence] = field(default_factory=dict)
    here: Mapping[int, Competence] = field(default_factory=dict)

    def level(self, number: int) -> int:
        """The level here; 0 stays 0, and a level that answers to none falls to the nearest below that does."""
        return self.levels.get(number) or max((v for k, v in self.levels.items() if k <= number), default=0)

    def best(self, competence: int) -> tuple[int, float] | None:
        """The strongest link of a competence there; equal ones by the order of the framework."""
        rows = self.links.get(competence)
        return rows[0] if rows else None

    def carried(self, competence: int) -> list[tuple[int, float]]:
        """The links that requirements follow."""
        return [row for n, row in enumerate(self.links.get(competence, ())) if n == 0 or row[1] >= CARRIES]

    @property
    def same(self) -> bool:
        """Whether every competence goes to one alone in full strength, levels and cut points as they were."""
        ends = [row[0][0] for row in self.links.values() if len(row) == 1 and row[0][1] == 1.0]
        whole = len(self.there) == len(self.here) == len(self.links) == len(ends) == len(set(ends))
        return whole and self.source.cuts == self.target.cuts


class Mover(Protocol):
    """What a room does. `prepare` reads and reckons, `apply` writes and says how to go back, `undo` goes back.

    `apply` and `undo` are called inside the one act. `preview` returns figures by name; `blocked` sentences why not.
    """

    def blocked(self, passage: Passage) -> list[Any]: ...

    def preview(self, passage: Passage, *, at: datetime, step: Step) -> dict[str, Any]: ...

    def prepare(self, passage: Passage, *, at: datetime, step: Step) -> Any: ...

    def apply(self, passage: Passage, prepared: Any, *, at: datetime) -> Any: ...

    def undo(self, passage: Passage, inverse: Any, *, at: datetime) -> None: ...


_MOVERS: dict[str, Mover] = {}


def register(name: str, mover: Mover) -> None:
    """Let a room's rows move with the framework; rooms are called in the order in which they registered."""
    _MOVERS[name] = mover


def movers() -> Mapping[str, Mover]:
    """Every registered mover by name."""
    return _MOVERS


def passage(crossing: Crossing) -> Passage:
    """The crosswalk as it stands."""
    links: dict[int, list[tuple[int, float]]] = {}
    for row in crossing.links.order_by("source__index", "-strength", "target__index"):
        links.setdefault(row.source_id, []).append((row.target_id, row.strength))
    return Passage(
        crossing.source, crossing.target, {int(key): int(value) for key, value in crossing.levels.items()}, links,
        _by_pk(crossing.source.competences.all()), _by_pk(crossing.target.competences.all()),
    )  # fmt: skip


def _by_pk(rows: Iterable[Competence]) -> dict[int, Competence]:
    return {row.pk: row for row in rows}


def nearest_levels(there: Sequence[float], here: Sequence[float]) -> dict[int, int]:
    """Each level there to the level here whose lower bound is nearest, never falling; {} when one has no levels."""
    if not here:
        return {}
    found, last = {}, 1
    for number, cut in enumerate(there, start=1):
        last = max(last, min(range(1, len(here) + 1), key=lambda n: (abs(here[n - 1] - cut), n)))
        found[number] = last
    return found
