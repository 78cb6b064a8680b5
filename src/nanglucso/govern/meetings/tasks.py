"""Long work of this room."""

from typing import Any

from nanglucso.core.clock import now
from nanglucso.core.jobs import Progress, job
from nanglucso.govern.meetings import mailing
from nanglucso.govern.meetings.models import Meeting


@job("meetings.mail")
def mail(progress: Progress, *, meeting_id: int) -> dict[str, Any]:
    """Send the messages about a meeting that have not left yet."""
    return {"sent": mailing.mail(meeting=Meeting.objects.select_related("unit").get(pk=meeting_id), at=now())}
