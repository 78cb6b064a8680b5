"""Long work of this room."""

from typing import Any

from django.utils.translation import gettext as _

from nanglucso.core.clock import now
from nanglucso.core.jobs import Progress, job
from nanglucso.engines.sittings import CannotFill
from nanglucso.measure.assessments import exposing, previewing, reminding
from nanglucso.measure.assessments.models import Campaign, Sitting
from nanglucso.measure.assessments.services import score_sittings


@job("assessments.score")
def score(progress: Progress, *, sitting_id: str) -> dict[str, Any]:
    """Fold a finished sitting into the profile."""
    return {"scored": score_sittings(actor=None, sittings=Sitting.objects.filter(pk=sitting_id), at=now())}


@job("assessments.preview")
def preview(progress: Progress, *, campaign_id: int, url: str) -> dict[str, Any]:
    """Rehearse a campaign; the figures stand in the job's result and on the campaign's page."""

    def report(share: float, done: int, people: int) -> None:
        progress.step(share, _("%(done)s of %(people)s people have sat") % {"done": done, "people": people})

    campaign = Campaign.objects.get(pk=campaign_id)
    try:
        return {"url": url, "figures": previewing.preview(campaign, report)}
    except CannotFill:
        return {"url": url, "message": _("The bank is too small for the longest sitting of this campaign.")}


@job("assessments.price")
def price(progress: Progress, *, campaign_id: int) -> dict[str, Any]:
    """Work out the prices that spread a campaign's items over its people; one that has closed needs none."""
    campaign = Campaign.objects.get(pk=campaign_id)
    return {"priced": exposing.price(campaign) if campaign.status == Campaign.Status.OPEN else 0}


@job("assessments.mail_reminders")
def mail_reminders(progress: Progress, *, campaign_id: int, step: str) -> dict[str, Any]:
    """Send the messages of a reminder."""
    return {"sent": reminding.mail(campaign=Campaign.objects.get(pk=campaign_id), step=step, at=now())}
