"""Long work of this room."""

from typing import Any

from nanglucso.core.clock import now
from nanglucso.core.jobs import Progress, job
from nanglucso.core.models import Job
from nanglucso.develop.staffing import services


@job("staffing.find_overlaps")
def find_overlaps(progress: Progress) -> dict[str, Any]:
    """Compare all duties in force."""
    owner = Job.objects.select_related("created_by").get(pk=progress.job_id).created_by
    return services.find_overlaps(actor=owner, at=now(), tell=progress.step)
