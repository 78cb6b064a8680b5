"""Long work of this room."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from nanglucso.core.clock import now
from nanglucso.core.jobs import Progress, job
from nanglucso.core.models import Job
from nanglucso.workforce.framework import services
from nanglucso.workforce.framework.models import Crossing


def _url(crossing_id: int) -> dict[str, Any]:
    return {"url": reverse("framework:crossing", args=[crossing_id])}


@job("framework.preview")
def preview(progress: Progress, *, crossing_id: int) -> dict[str, Any]:
    """Reckon what a move would change."""
    say, row = _("Working out profiles"), Crossing.objects.get(pk=crossing_id)
    actor = Job.objects.get(pk=progress.job_id).created_by
    services.preview_move(actor=actor, crossing=row, at=now(), step=lambda share: progress.step(share, say))
    return _url(crossing_id)


@job("framework.move")
def move(progress: Progress, *, crossing_id: int) -> dict[str, Any]:
    """Move the house to another framework."""
    say, row = _("Working out profiles"), Crossing.objects.get(pk=crossing_id)
    actor = Job.objects.get(pk=progress.job_id).created_by
    if not row.moves.filter(undone_at=None).exists():
        services.move(actor=actor, crossing=row, at=now(), step=lambda share: progress.step(share, say))
    return _url(crossing_id)
