"""One clock a person: pages open beside each other, in whichever room, never count the same second twice."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from nanglucso.develop.learning.models import PackageRun, Study

Seen = Callable[[int], list[datetime]]
_ROOMS_ABOVE: dict[str, Seen] = {}


def shares_clock(room: str, seen: Seen) -> None:
    """A room above counts time too: `seen(person id)` locks its rows and gives their last signs of life."""
    _ROOMS_ABOVE[room] = seen


@dataclass(frozen=True)
class Signs:
    """Everything of one person that counts time, locked; `last`: the last sign of life anywhere, None before one."""

    studies: list[Study]
    runs: list[PackageRun]
    last: datetime | None


def lock_signs(person_id: int) -> Signs:
    """Studies, then runs of packages, then the rooms above, each in one order; inside a write turn."""
    studies = list(Study.objects.select_for_update().filter(person_id=person_id).order_by("pk"))
    runs = list(PackageRun.objects.select_for_update().filter(person_id=person_id).order_by("pk"))
    above = [at for room in sorted(_ROOMS_ABOVE) for at in _ROOMS_ABOVE[room](person_id)]
    seen = [*(row.seen_at for row in studies), *(row.seen_at for row in runs), *above]
    return Signs(studies, runs, max(seen, default=None))
