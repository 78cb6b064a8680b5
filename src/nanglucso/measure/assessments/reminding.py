"""Reminders: due by the calendar, once a person and step, written down before a message leaves."""

from datetime import datetime, timedelta

from django.core.mail import get_connection
from django.core.mail.message import EmailMessage
from django.utils.translation import gettext as _
from django.utils.translation import override

from nanglucso.core.acts import act
from nanglucso.core.jobs import enqueue
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.measure.assessments.models import Campaign, Reminder, Sitting
from nanglucso.ui.figures import vmoment

BEFORE_END = timedelta(days=3)
WAITING = (Sitting.Status.ASSIGNED, Sitting.Status.RUNNING, Sitting.Status.PAUSED)
Step = Reminder.Step


def schedule(campaign: Campaign) -> list[tuple[str, datetime]]:
    """(step, when it is due) of a campaign, in order; a step that would fall on an earlier one is left out."""
    half = campaign.opens_at + (campaign.closes_at - campaign.opens_at) / 2
    last = campaign.closes_at - BEFORE_END
    rows = [(str(Step.OPENED), campaign.opens_at), (str(Step.HALFWAY), half)]
    return [*rows, (str(Step.LAST), last)] if last > half else rows


def due_step(campaign: Campaign, at: datetime) -> str:
    """The latest step whose day has come, or "" when none has; a missed earlier step is not made up for."""
    if campaign.status != Campaign.Status.OPEN or at > campaign.closes_at:
        return ""
    return next((step for step, when in reversed(schedule(campaign)) if when <= at), "")


def remind(*, actor: User | None, campaign: Campaign, at: datetime, step: str = "") -> int:
    """Remind everybody who has not finished, at the due step unless one is named; returns how many are reminded now.

    Who was reminded at this step already is left alone. Messages leave by a job after the rows are committed.
    """
    step = step or due_step(campaign, at)
    if not step:
        raise Refused(_("Reminders go out only while the campaign is open."))
    reminded = Reminder.objects.filter(campaign=campaign, step=step).values("person")
    people: set[int] = set()
    for given in (campaign.sittings, campaign.lab_sittings):
        waiting = given.filter(status__in=WAITING, person__active=True).exclude(person__in=reminded)
        people |= set(waiting.values_list("person_id", flat=True))
    if not people:
        return 0
    with act(actor, "assessments.remind", campaign, at=at, step=step, people=len(people)):
        rows = [Reminder(campaign=campaign, person_id=pk, step=step, at=at) for pk in sorted(people)]
        Reminder.objects.bulk_create(rows, batch_size=500)
        enqueue("assessments.mail_reminders", actor=actor, at=at, campaign_id=campaign.pk, step=step)
    return len(people)


def remind_due(*, at: datetime) -> int:
    """Every open campaign's due reminders; the worker calls it. Returns how many people are reminded."""
    open_ = Campaign.objects.filter(status=Campaign.Status.OPEN, opens_at__lte=at, closes_at__gte=at)
    return sum(remind(actor=None, campaign=one, at=at) for one in open_)


def mail(*, campaign: Campaign, step: str, at: datetime) -> int:
    """Send the messages of a step that have not left; each is marked at once, so a second run sends no second one.

    People without an e-mail address have the row alone: "My overview" tells them.
    """
    rows = Reminder.objects.filter(campaign=campaign, step=step, mailed_at=None).exclude(person__email="")
    sent, door = 0, get_connection()
    for row in rows.select_related("person"):
        _message(row, campaign, door).send()
        Reminder.objects.filter(pk=row.pk).update(mailed_at=at)
        sent += 1
    return sent


def _message(row: Reminder, campaign: Campaign, door: object) -> EmailMessage:
    """In Vietnamese, the language of the office; it says nothing of the person but the name."""
    with override("vi"):
        told = {"name": row.person.full_name, "campaign": campaign.name_vi, "end": vmoment(campaign.closes_at)}
        subject = _("Reminder: %(campaign)s ends at %(end)s") % told
        body = _(
            "Dear %(name)s,\n\nThe assessment “%(campaign)s” is open for you until %(end)s and is not finished yet. "
            "Please sign in to Năng Lực Số and open “Assessments”. Answers that were saved are kept.\n"
        )
        return EmailMessage(subject, body % told, to=[row.person.email], connection=door)  # type: ignore[arg-type]
