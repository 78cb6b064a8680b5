"""Long work of this room."""

from typing import Any

from django.utils.translation import gettext as _

from nanglucso.core.clock import now
from nanglucso.core.jobs import Progress, job
from nanglucso.core.models import Job
from nanglucso.govern.outreach import reminding, sending, services
from nanglucso.govern.outreach.models import Campaign, Notice


def _telling(progress: Progress) -> sending.Tell:
    def tell(done: int, total: int) -> None:
        told = {"done": done, "total": max(total, done)}
        progress.step(done / max(total, done, 1), _("%(done)s of %(total)s people") % told)

    return tell


@job("outreach.open")
def open_campaign(progress: Progress, *, campaign_id: int) -> dict[str, Any]:
    """Send a campaign to whoever has not been sent it."""
    owner = Job.objects.select_related("created_by").get(pk=progress.job_id).created_by
    campaign = Campaign.objects.select_related("document").get(pk=campaign_id)
    return {"sent": services.open_campaign(actor=owner, campaign=campaign, at=now(), tell=_telling(progress))}


@job("outreach.remind")
def remind(progress: Progress, *, campaign_id: int) -> dict[str, Any]:
    """Remind whoever is behind."""
    owner = Job.objects.select_related("created_by").get(pk=progress.job_id).created_by
    campaign = Campaign.objects.select_related("document").get(pk=campaign_id)
    return {"reminded": reminding.remind(actor=owner, campaign=campaign, at=now(), tell=_telling(progress))}


@job("outreach.tell_again")
def tell_again(progress: Progress, *, campaign_id: int) -> dict[str, Any]:
    """Tell everybody of a campaign that the document is to be read anew."""
    campaign = Campaign.objects.select_related("document").get(pk=campaign_id)
    told = sending.tell_all(campaign=campaign, kind=Notice.Kind.AGAIN, at=now(), tell=_telling(progress))
    reminding.mail(at=now())
    return {"told": told}


@job("outreach.mail")
def mail(progress: Progress) -> dict[str, Any]:
    """Send the messages that have not left."""
    return {"sent": reminding.mail(at=now())}
