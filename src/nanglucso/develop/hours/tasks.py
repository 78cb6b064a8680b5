"""Long work of this room."""

from typing import Any

from django.utils.translation import gettext as _

from nanglucso.core.clock import now
from nanglucso.core.jobs import Progress, job
from nanglucso.core.models import Job
from nanglucso.develop.hours.queries import closed
from nanglucso.develop.hours.services import close_year


@job("hours.close")
def close(progress: Progress, *, year: int) -> dict[str, Any]:
    """Freeze a year."""

    def tell(done: int, total: int) -> None:
        progress.step(done / max(total, 1), _("%(done)s of %(total)s people") % {"done": done, "total": total})

    done_before = closed(year)  # the job was begun again after its work was kept
    asked = Job.objects.select_related("created_by").get(pk=progress.job_id)
    row = done_before or close_year(actor=asked.created_by, year=year, at=now(), tell=tell)
    return {"year": row.year, "people": row.counts.count()}
