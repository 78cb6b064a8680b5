"""Long work of this room."""

from datetime import datetime, timedelta
from typing import Any

from nanglucso.core.clock import now
from nanglucso.core.jobs import Progress, job
from nanglucso.measure.gaps.services import take_snapshot
from nanglucso.workforce.framework.models import Framework

TOO_LATE = timedelta(days=1)


@job("gaps.snapshot")
def snapshot(progress: Progress, *, framework_id: int, label: str, asked_at: str) -> dict[str, Any]:
    """Keep the gaps of every unit; a day after it was asked for they are others, so nothing is kept then."""
    at = now()
    if at - datetime.fromisoformat(asked_at) > TOO_LATE:
        return {"units": 0}
    return {"units": take_snapshot(actor=None, framework=Framework.objects.get(pk=framework_id), label=label, at=at)}
