"""The head of a unit says that what people understood is applied."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.core.scope import Scope
from nanglucso.govern.outreach.models import Campaign
from nanglucso.govern.outreach.queries.reach import receipts_at
from nanglucso.govern.outreach.stages import Stage


def confirm(*, actor: User, campaign: Campaign, people: Iterable[int], scope: Scope, at: datetime) -> int:
    """Mark these people of the head's units as followed up; returns how many.

    Who has not understood, is not in scope or is the head's own record stays as it is. Raises `Refused` when the
    campaign asks for no such word or is over.
    """
    if campaign.follow_up != Campaign.FollowUp.HEAD or not campaign.is_open:
        raise Refused(_("This campaign asks for no confirmation."))
    ready = receipts_at(scope=scope, campaign=campaign, stage=Stage.UNDERSTOOD)
    rows = list(ready.filter(person__in=list(people)).exclude(person__user=actor))
    if not rows:
        raise Refused(_("Choose people who have understood the document; nobody confirms for themselves."))
    with act(actor, "outreach.confirm", campaign, at=at, document=campaign.document.number, people=len(rows)):
        told = {"followed_at": at, "followed_by": actor, "followed_epoch": campaign.epoch}
        campaign.receipts.filter(pk__in=[row.pk for row in rows]).update(**told)
    return len(rows)
