"""A second test in the same campaign, by the campaign's rule. Both stay in the ledger; no item comes twice."""

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.core.scope import Scope
from nanglucso.measure.assessments.models import Campaign, Sitting
from nanglucso.measure.assessments.queries import DONE
from nanglucso.workforce.people.models import Person

REASONS = {
    "power": _("Power cut"),
    "network": _("Network or device failed"),
    "illness": _("Illness during the test"),
    "duty": _("Called away by an urgent duty"),
    "other": _("Another reason"),
}
MOST = 2
Rule = Campaign.Retake


def latest(campaign: Campaign, person: Person) -> Sitting | None:
    """The person's last test in the campaign."""
    return campaign.sittings.filter(person=person).order_by("-attempt").first()


def may_begin_on(sitting: Sitting) -> datetime | None:
    """From when the person may take a second test without asking; None where the rule gives none."""
    if sitting.campaign.retake != Rule.AFTER or sitting.finished_at is None or sitting.attempt >= MOST:
        return None
    return sitting.finished_at + timedelta(days=sitting.campaign.retake_days)


def offered(sitting: Sitting, at: datetime) -> bool:
    """Whether the person may take a second test now, by themselves."""
    since, campaign = may_begin_on(sitting), sitting.campaign
    open_ = campaign.status == Campaign.Status.OPEN and at <= campaign.closes_at
    if since is None or at < since or not open_ or sitting.status not in DONE:
        return False
    return not campaign.sittings.filter(person=sitting.person_id, attempt__gt=sitting.attempt).exists()


def _check(campaign: Campaign, last: Sitting | None, at: datetime) -> Sitting:
    if campaign.retake == Rule.NONE:
        raise Refused(_("The rule of this campaign gives no second test."))
    if campaign.status != Campaign.Status.OPEN or at > campaign.closes_at:
        raise Refused(_("A second test is given only while the campaign is open."))
    if last is None:
        raise Refused(_("This person has no test in this campaign."), field="staff_code")
    if last.attempt >= MOST:
        raise Refused(_("This person has had a second test in this campaign already."), field="staff_code")
    if last.status not in (*DONE, Sitting.Status.VOIDED):
        raise Refused(_("The first test has not ended yet; it can still be continued."), field="staff_code")
    return last


def take_again(*, actor: User, sitting: Sitting, at: datetime) -> Sitting:
    """The person's own second test, some days after the first, where the campaign's rule gives it."""
    _check(sitting.campaign, latest(sitting.campaign, sitting.person), at)
    if sitting.campaign.retake != Rule.AFTER:
        raise Refused(_("In this campaign a training officer approves a second test."))
    if not offered(sitting, at):
        text = _("A second test may begin %(days)s days after the first one.")
        raise Refused(text % {"days": sitting.campaign.retake_days})
    return _made(actor, sitting, at, "")


def approve(
    *, actor: User, campaign: Campaign, person: Person, reason: str, note: str, at: datetime
) -> Sitting:  # fmt: skip
    """A second test for a reason (`REASONS`) that a training officer stands for; who and why is in the log."""
    if person.user_id == actor.pk:
        raise Refused(_("Nobody approves their own second test."), field="staff_code")
    last = _check(campaign, latest(campaign, person), at)
    if campaign.retake != Rule.APPROVED:
        raise Refused(_("In this campaign everybody may take a second test after some days; nothing is approved."))
    if reason not in REASONS:
        raise Refused(_("Please choose the reason from the list."), field="reason")
    if not note.strip():
        raise Refused(_("Please say in a sentence what happened; it stays in the log."), field="note")
    return _made(actor, last, at, reason, note.strip())


def _made(actor: User, last: Sitting, at: datetime, reason: str, note: str = "") -> Sitting:
    campaign = last.campaign
    with act(actor, "assessments.second_test", at=at, person_id=last.person_id, first=str(last.pk)) as this:
        this.note(rule=campaign.retake, reason=reason, note=note)
        made, new = Sitting.objects.get_or_create(campaign=campaign, person=last.person, attempt=last.attempt + 1)
        if not new:
            raise Refused(_("This person has had a second test in this campaign already."), field="staff_code")
        this.subject = made
    return made


def second_tests(campaign: Campaign, scope: Scope) -> QuerySet[Sitting]:
    """Second tests of people of the scope, in name order."""
    rows = campaign.sittings.filter(scope.units("person__unit__path"), attempt__gt=1)
    return rows.select_related("person__unit", "campaign").order_by("person__sort_key", "pk")
