"""Long work of this room."""

from typing import Any

from nanglucso.core.clock import now
from nanglucso.core.jobs import Progress, job
from nanglucso.measure.assessments.models import Sitting
from nanglucso.measure.assessments.services import score_sittings


@job("assessments.score")
def score(progress: Progress, *, sitting_id: str) -> dict[str, Any]:
    """Fold a finished sitting into the profile."""
    return {"scored": score_sittings(actor=None, sittings=Sitting.objects.filter(pk=sitting_id), at=now())}
