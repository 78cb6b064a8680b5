"""Long work of this room."""

from typing import Any

from nanglucso.core.clock import now
from nanglucso.core.jobs import Progress, job
from nanglucso.measure.assessments.models import Sitting
from nanglucso.measure.assessments.services import submit


@job("assessments.submit")
def submit_sitting(progress: Progress, *, sitting_id: str) -> dict[str, Any]:
    """Fold a finished sitting into the profile."""
    sitting = submit(actor=None, sitting=Sitting.objects.get(pk=sitting_id), at=now())
    return {"status": sitting.status}
