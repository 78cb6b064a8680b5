"""Verbs of a campaign under way and after it: a longer window, and learning from it where new people begin."""

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.jobs import enqueue
from nanglucso.core.models import Job, User
from nanglucso.core.refusals import Refused
from nanglucso.measure.assessments.models import GRACE, Campaign, Sitting
from nanglucso.measure.assessments.services import close_campaign
from nanglucso.measure.profiles.services import update_family_priors

LEAST_SITTINGS = 100


def extend(*, actor: User, campaign: Campaign, closes_at: datetime, reason: str, at: datetime) -> Campaign:
    """Give an open campaign more days. The reason is kept in the log; the window never becomes shorter this way."""
    if campaign.status != Campaign.Status.OPEN:
        raise Refused(_("Only an open campaign can be extended."))
    if closes_at <= max(campaign.closes_at, at):
        raise Refused(_("The new end must lie after the present end and after now."), field="closes_at")
    if not reason.strip():
        raise Refused(_("Please say why the campaign is extended; the reason stays in the log."), field="reason")
    before = campaign.closes_at.isoformat()
    with act(actor, "assessments.extend", campaign, at=at, before=before, reason=reason.strip()) as this:
        this.note(after=closes_at.isoformat())
        campaign.closes_at = closes_at
        campaign.save(update_fields=["closes_at"])
    return campaign


def close_ended(*, at: datetime) -> int:
    """Close every campaign whose window is over, by the time that the last test begun in it may still take.

    The worker calls it; nothing is released, that stays with a person. Returns how many were closed.
    """
    over = [
        one
        for one in Campaign.objects.filter(status=Campaign.Status.OPEN, closes_at__lt=at)
        if one.closes_at + timedelta(minutes=one.minutes) + GRACE < at
        and not one.sittings.filter(status=Sitting.Status.RUNNING, deadline__gt=at - GRACE).exists()
        and not one.lab_sittings.filter(status=Sitting.Status.RUNNING, run__deadline__gt=at).exists()
    ]
    for one in over:
        close_campaign(actor=None, campaign=one, at=at)
    return len(over)


def ask_preview(*, actor: User, campaign: Campaign, url: str, at: datetime) -> Job:
    """Queue a rehearsal of the campaign; `url`: where its figures are read. Two at once are one."""
    open_ = previews(campaign).filter(status__in=(Job.Status.QUEUED, Job.Status.RUNNING)).first()
    if open_:
        return open_
    with act(actor, "assessments.ask_preview", campaign, at=at):
        return enqueue("assessments.preview", actor=actor, at=at, campaign_id=campaign.pk, url=url)


def previews(campaign: Campaign) -> QuerySet[Job]:
    """Rehearsals of a campaign, newest first."""
    return Job.objects.filter(kind="assessments.preview", args__campaign_id=campaign.pk).order_by("-created_at")


def scored(campaign: Campaign) -> int:
    """Sittings of the campaign that count."""
    return campaign.sittings.filter(status=Sitting.Status.SCORED).count()


def learn_priors(*, actor: User, campaign: Campaign, at: datetime) -> int:
    """Learn from all that is known now where unmeasured people of each position family begin; returns families learned.

    Nobody's own result changes: a belief keeps the start it was folded from. Refused before release, and while the
    campaign has fewer than `LEAST_SITTINGS` counted sittings.
    """
    if campaign.status != Campaign.Status.RELEASED:
        raise Refused(_("Starting points are learned after the results are released."))
    have = scored(campaign)
    if have < LEAST_SITTINGS:
        text = _("%(have)s sittings count in this campaign; at least %(need)s are needed to learn starting points.")
        raise Refused(text % {"have": have, "need": LEAST_SITTINGS})
    with act(actor, "assessments.learn_priors", campaign, at=at) as this:
        learned = update_family_priors(actor=actor, framework=campaign.framework, at=at)
        campaign.priors_at = at
        campaign.save(update_fields=["priors_at"])
        this.note(families=learned)
    return learned
