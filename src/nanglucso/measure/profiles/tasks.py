"""Long work of this room."""

from typing import Any

from nanglucso.core.clock import now
from nanglucso.core.jobs import Progress, job
from nanglucso.measure.profiles import services


@job("profiles.refold")
def refold(progress: Progress, *, people: list[int]) -> dict[str, Any]:
    """Fold the ledgers of these people again, after two records became one or were parted."""
    return {"folded": services.refold(people=people, at=now())}
