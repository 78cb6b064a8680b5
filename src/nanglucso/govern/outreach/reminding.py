"""Reminders and the word to the head: due by the calendar, once a person and day, noted before a message leaves."""

from datetime import datetime

from django.core.mail import get_connection
from django.core.mail.message import EmailMessage
from django.utils.translation import gettext as _
from django.utils.translation import override

from nanglucso.core.acts import act
from nanglucso.core.days import local_day
from nanglucso.core.db import write_turn
from nanglucso.core.jobs import enqueue
from nanglucso.core.models import Job, Role, User
from nanglucso.core.queries import in_force
from nanglucso.core.refusals import Refused
from nanglucso.govern.outreach.models import Campaign, Notice
from nanglucso.govern.outreach.queries.mine import lagging
from nanglucso.govern.outreach.rules import rules
from nanglucso.govern.outreach.sending import Tell, send_all, silent, tell_all
from nanglucso.ui.figures import vdate

MAILS = 50
Kind = Notice.Kind


def ask_remind(*, actor: User | None, campaign: Campaign, at: datetime) -> Job:
    """Remind in the background. Raises `Refused` unless it is open."""
    if not campaign.is_open:
        raise Refused(_("Reminders go out only while the campaign is open."))
    with act(actor, "outreach.ask_remind", campaign, at=at, document=campaign.document.number):
        return enqueue("outreach.remind", actor=actor, at=at, campaign_id=campaign.pk)


def remind(*, actor: User | None, campaign: Campaign, at: datetime, tell: Tell = silent) -> int:
    """Remind everybody who has something left to do, once a day; how many now. One that is closed reminds nobody."""
    if not campaign.is_open:
        return 0
    behind = lagging(campaign.receipts.all())
    done = tell_all(campaign=campaign, kind=Kind.REMIND, at=at, actor=actor, receipts=behind, tell=tell)
    if done:
        with act(actor, "outreach.reminded", campaign, at=at, document=campaign.document.number, people=done):
            enqueue("outreach.mail", actor=None, at=at)
    return done


def escalate(*, campaign: Campaign, at: datetime) -> int:
    """Tell every head in whose units somebody is late; how many heads. Once until the document changes."""
    day = local_day(at)
    late = set(lagging(campaign.receipts.all()).values_list("person__unit__path", flat=True))
    grants = in_force(at).filter(role=Role.HEAD, unit__isnull=False, user__person__isnull=False)
    heads = {
        person
        for person, path in grants.values_list("user__person", "unit__path")
        if any(one and one.startswith(path) for one in late)
    }
    with act(None, "outreach.escalate", campaign, at=at, document=campaign.document.number, heads=len(heads)):
        rows = [Notice(campaign=campaign, person_id=pk, kind=Kind.HEAD, on=day) for pk in sorted(heads)]
        Notice.objects.bulk_create(rows, ignore_conflicts=True)
        Campaign.objects.filter(pk=campaign.pk).update(escalated_on=day)
        enqueue("outreach.mail", actor=None, at=at)
    return len(heads)


def reach_newcomers(*, campaign: Campaign, at: datetime) -> int:
    """Send an open campaign to whoever came into its units or positions since; how many. Nobody is sent it twice."""
    came = send_all(actor=None, campaign=campaign, at=at)
    if came:
        with write_turn():
            enqueue("outreach.mail", actor=None, at=at)
    return came


def remind_due(*, at: datetime) -> int:
    """Once a day: what the calendar asks of every open campaign; returns how many were told something."""
    day, done = local_day(at), 0
    for campaign in Campaign.objects.filter(status=Campaign.Status.OPEN).select_related("document"):
        left = (campaign.due - day).days
        if left >= 0:
            done += reach_newcomers(campaign=campaign, at=at)
        if left in rules().remind_before_days:
            done += remind(actor=None, campaign=campaign, at=at)
        if left <= -rules().escalate_after_days and campaign.escalated_on is None:
            done += escalate(campaign=campaign, at=at)
    return done


def _claimed(at: datetime) -> list[Notice]:
    """The next messages, marked as sent before they leave: a kill loses some of these few, and doubles none."""
    with write_turn():
        found = Notice.objects.select_for_update().filter(mailed_at=None).exclude(person__email="")
        rows = list(found.order_by("pk")[:MAILS])
        Notice.objects.filter(pk__in=[row.pk for row in rows]).update(mailed_at=at)
    shown = Notice.objects.select_related("person", "campaign__document")
    return list(shown.filter(pk__in=[row.pk for row in rows]).order_by("pk"))


def mail(*, at: datetime) -> int:
    """Send the messages that have not left. People without an address see the same on their own page."""
    sent, door = 0, get_connection()
    while rows := _claimed(at):
        for row in rows:
            _message(row, door).send()
        sent += len(rows)
    return sent


def _message(row: Notice, door: object) -> EmailMessage:
    """In Vietnamese, the language of the office."""
    with override("vi"):
        document = row.campaign.document
        told = {
            "name": row.person.full_name,
            "number": document.number,
            "title": document.title_vi,
            "end": vdate(row.campaign.due),
        }
        subject = {
            Kind.SENT: _("To be read: %(number)s"),
            Kind.AGAIN: _("Changed, to be read anew: %(number)s"),
            Kind.REMIND: _("Reminder: %(number)s is to be read by %(end)s"),
            Kind.HEAD: _("Your unit has people who have not read %(number)s"),
        }[Kind(row.kind)]
        body = _(
            "Dear %(name)s,\n\n“%(title)s” (%(number)s) is to be read and understood by %(end)s. Please sign in to "
            "Năng Lực Số and open “Policy and law”; it takes a few minutes.\n"
        )
        if row.kind == Kind.HEAD:
            body = _(
                "Dear %(name)s,\n\nThe day by which “%(title)s” (%(number)s) was to be read, %(end)s, is past, "
                "and some people of your unit have not finished. Please sign in to Năng Lực Số and open "
                "“Reach of policies”.\n"
            )
        to = [row.person.email]
        return EmailMessage(subject % told, body % told, to=to, connection=door)  # type: ignore[arg-type]
