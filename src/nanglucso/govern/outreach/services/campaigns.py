"""Campaigns: prepared, opened by a job, closed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.days import local_day
from nanglucso.core.jobs import enqueue
from nanglucso.core.models import Job, User
from nanglucso.core.refusals import Refused
from nanglucso.core.scope import Scope
from nanglucso.govern.outreach.models import Campaign, LawDocument
from nanglucso.govern.outreach.sending import send_all
from nanglucso.govern.outreach.targets import people_of
from nanglucso.kit.text import clean
from nanglucso.workforce.people.models import Position, PositionFamily, Unit

Status = Campaign.Status


@dataclass(frozen=True)
class Wanted:
    """What a campaign asks and of whom; no unit = the city, no family and position = everybody."""

    due: date
    units: Iterable[Unit] = ()
    families: Iterable[PositionFamily] = ()
    positions: Iterable[Position] = ()
    follow_up: str = Campaign.FollowUp.HEAD
    task: str = ""
    note: str = ""


def _refuse_outside(units: list[Unit], scope: Scope) -> None:
    """The form offers units of the scope only; what is sent, and a scope that was narrowed since, is asked here."""
    if not scope.everything and (not units or not all(scope.covers(one.path) for one in units)):
        raise Refused(_("A campaign reaches only units of your own scope: choose among them."), field="units")


def create(*, actor: User | None, document: LawDocument, wanted: Wanted, scope: Scope, at: datetime) -> Campaign:
    """Prepare a campaign for units of the sender's scope.

    Raises `Refused` without a published summary, for a day that is past, for units outside.
    """
    units = list(wanted.units)
    _refuse_outside(units, scope)
    if document.live is None:
        raise Refused(_("Nobody can read this document yet: publish its summary first."), field="document")
    if wanted.due <= local_day(at):
        raise Refused(_("The last day must lie ahead."), field="due")
    if wanted.follow_up == Campaign.FollowUp.TASK and len(clean(wanted.task)) < 10:
        raise Refused(_("Say in a sentence what each person does at work."), field="task")
    with act(actor, "outreach.create_campaign", at=at, document=document.number) as this:
        row = Campaign.objects.create(
            document=document, note=clean(wanted.note)[:500], due=wanted.due, follow_up=wanted.follow_up,
            task=clean(wanted.task)[:300], created_by=actor, created_at=at,
        )  # fmt: skip
        row.units.set(units)
        row.families.set(wanted.families)
        row.positions.set(wanted.positions)
        this.subject = row
        this.note(people=people_of(row).count())
    return row


def ask_open(*, actor: User | None, campaign: Campaign, scope: Scope, at: datetime) -> Job:
    """Send the campaign in the background; also again for one that stopped half-way.

    Raises `Refused` when it is open or closed, is being sent, reaches nobody, or units outside the scope.
    """
    if campaign.status not in (Status.DRAFT, Status.OPENING):
        raise Refused(_("This campaign has been sent already."))
    if campaign.job and campaign.job.is_open:
        raise Refused(_("This campaign is being sent already."))
    if campaign.due <= local_day(at):
        raise Refused(_("The last day must lie ahead."), field="due")
    _refuse_outside(list(campaign.units.all()), scope)
    if not people_of(campaign).exists():
        raise Refused(_("Nobody holds such a position in these units."))
    with act(actor, "outreach.ask_open", campaign, at=at, document=campaign.document.number):
        campaign.status, campaign.epoch = Status.OPENING, campaign.document.epoch
        campaign.job = enqueue("outreach.open", actor=actor, at=at, campaign_id=campaign.pk)
        campaign.save(update_fields=["status", "epoch", "job"])
    return campaign.job


def open_campaign(*, actor: User | None, campaign: Campaign, at: datetime, tell: object = None) -> int:
    """Send to everybody who has not been sent it, then open; returns how many were sent it now."""
    sent = send_all(actor=actor, campaign=campaign, at=at, **({"tell": tell} if tell else {}))  # type: ignore[arg-type]
    with act(
        actor, "outreach.open", campaign, at=at, document=campaign.document.number, people=campaign.receipts.count()
    ):
        row = Campaign.objects.select_for_update().get(pk=campaign.pk)
        if row.status == Status.OPENING:
            row.status, row.opened_at = Status.OPEN, at
            row.save(update_fields=["status", "opened_at"])
            enqueue("outreach.mail", actor=None, at=at)
    return sent


def close(*, actor: User | None, campaign: Campaign, at: datetime) -> None:
    """Its figures stand still from now on: a later version of the document does not reach it. Raises `Refused`."""
    if campaign.status != Status.OPEN:
        raise Refused(_("Only an open campaign can be closed."))
    with act(actor, "outreach.close", campaign, at=at, document=campaign.document.number):
        campaign.status, campaign.closed_at = Status.CLOSED, at
        campaign.save(update_fields=["status", "closed_at"])


def drop(*, actor: User | None, campaign: Campaign, at: datetime) -> None:
    """Delete a campaign that was never sent. Raises `Refused` for any other."""
    if campaign.status != Status.DRAFT:
        raise Refused(_("Only a campaign that was never sent can be deleted."))
    with act(actor, "outreach.drop_campaign", campaign, at=at, document=campaign.document.number):
        campaign.delete()
