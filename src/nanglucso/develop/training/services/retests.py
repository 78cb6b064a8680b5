"""The people of a finished class are measured again, beside people who did not take it; and once more months later."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.days import local_day
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.develop.training.models import Enrolment, TrainingClass
from nanglucso.develop.training.queries import covered_codes, recheck_code, retest_code, retest_people
from nanglucso.develop.training.transfer import transfer_rules
from nanglucso.kit.dates import format_date
from nanglucso.measure.assessments.models import Campaign
from nanglucso.measure.assessments.services import assign, create_campaign, open_campaign, spread_items
from nanglucso.measure.bank.queries import live_versions
from nanglucso.workforce.framework.models import Framework
from nanglucso.workforce.people.models import Person

RETEST_ITEMS = 10
FEWEST_ITEMS = 4
MINUTES = 20


@dataclass(frozen=True)
class _Short:
    """A short test after a class: its campaign's code and names, at most `items`, open for so long."""

    code: str
    name_vi: str
    name_en: str
    items: int
    minutes: int
    open_for: timedelta


def open_retest(
    *, actor: User | None, framework: Framework, training_class: TrainingClass, people: Iterable[Person], at: datetime,
    days: int = 60,
) -> Campaign:  # fmt: skip
    """Measure the class's people again, and a comparison group if its people are named too: at most ten items each.

    Asked again for the same class, it adds people to the re-measurement that is open. Raises Refused.
    """
    if training_class.status != TrainingClass.Status.DONE:
        raise Refused(_("The effect is measured after the class has ended."))
    chosen = list(people)
    if not chosen:
        raise Refused(_("There is nobody to measure again."))
    short = _Short(
        retest_code(training_class), f"Đo lại sau lớp {training_class.code}",
        f"Re-measurement after class {training_class.code}", RETEST_ITEMS, MINUTES, timedelta(days=days),
    )  # fmt: skip
    with act(actor, "training.open_retest", training_class, at=at) as this:
        campaign = Campaign.objects.filter(code=short.code).first()
        campaign = campaign or _campaign(actor, framework, training_class, short, at)
        if campaign.status != Campaign.Status.OPEN:
            raise Refused(_("The re-measurement of this class is closed."))
        _give_out(actor, campaign, chosen, at)
        this.note(people=len(chosen))
    return campaign


def open_recheck(
    *, actor: User | None, framework: Framework, training_class: TrainingClass, at: datetime
) -> Campaign:  # fmt: skip
    """Measure once more, within the window of `content/transfer.yaml`: who completed, and the same comparison group.

    Once for a class. Raises Refused, also before and after the window.
    """
    rules = transfer_rules()
    refuse_outside_window(training_class, at)
    done = training_class.enrolments.filter(status=Enrolment.Status.COMPLETED, person__active=True)
    mine = [row.person for row in done.select_related("person")]
    if not mine:
        raise Refused(_("There is nobody to measure again."))
    short = _Short(
        recheck_code(training_class), f"Đo lại 3–6 tháng sau lớp {training_class.code}",
        f"Re-check 3–6 months after class {training_class.code}", rules.items, rules.minutes, rules.open_for,
    )  # fmt: skip
    beside = [person for person in retest_people(training_class) if person.active]
    with act(actor, "training.open_recheck", training_class, at=at) as this:
        if Campaign.objects.filter(code=short.code).exists():
            raise Refused(_("The re-check of this class has been opened already; a class has one."))
        campaign = _campaign(actor, framework, training_class, short, at)
        _give_out(actor, campaign, [*mine, *beside], at)
        this.note(people=len(mine), beside=len(beside))
    return campaign


def refuse_outside_window(training_class: TrainingClass, at: datetime) -> None:
    """Raises Refused unless the class is finished and in the window of `content/transfer.yaml`, saying its days."""
    rules, closed = transfer_rules(), training_class.closed_at
    if training_class.status != TrainingClass.Status.DONE or closed is None:
        raise Refused(_("What is left of a class is asked months after it has ended; this class has not ended."))
    told: dict[str, Any] = {"day": format_date(local_day(closed + rules.first))}
    if at < closed + rules.first:
        raise Refused(_("Too early: what is left of this class is asked from %(day)s on.") % told)
    if at > closed + rules.last:
        told = {"day": format_date(local_day(closed + rules.last))}
        raise Refused(_("Too late: what is left of this class was asked until %(day)s.") % told)


def _give_out(actor: User | None, campaign: Campaign, people: list[Person], at: datetime) -> None:
    rows = Person.objects.filter(pk__in=[p.pk for p in people])
    if assign(actor=actor, campaign=campaign, people=rows, at=at):
        spread_items(actor=actor, campaign=campaign, at=at)


def _campaign(
    actor: User | None, framework: Framework, training_class: TrainingClass, short: _Short, at: datetime
) -> Campaign:  # fmt: skip
    """As many items as the bank holds for what the course covers, at most as many as the short test asks."""
    codes = covered_codes(training_class.course)
    most = min(short.items, live_versions(framework, codes).count())
    if not most:
        raise Refused(_("The bank has no item in use for: %(codes)s.") % {"codes": ", ".join(codes)})
    draft = create_campaign(
        actor=actor, code=short.code, name_vi=short.name_vi, name_en=short.name_en, framework=framework, opens_at=at,
        closes_at=at + short.open_for, at=at, purpose=Campaign.Purpose.RETEST, competences=codes,
        items_min=min(FEWEST_ITEMS, most), items_max=most, minutes=short.minutes, rule="precision",
    )  # fmt: skip
    return open_campaign(actor=actor, campaign=draft, at=at)
