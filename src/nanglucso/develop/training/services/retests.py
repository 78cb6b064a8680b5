"""The people of a finished class are measured again, beside people who did not take it."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.develop.training.models import TrainingClass
from nanglucso.develop.training.queries import covered_codes, retest_code
from nanglucso.measure.assessments.models import Campaign
from nanglucso.measure.assessments.services import assign, create_campaign, open_campaign, spread_items
from nanglucso.measure.bank.queries import live_versions
from nanglucso.workforce.framework.models import Framework
from nanglucso.workforce.people.models import Person

RETEST_ITEMS = 10
FEWEST_ITEMS = 4
MINUTES = 20


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
    with act(actor, "training.open_retest", training_class, at=at) as this:
        campaign = Campaign.objects.filter(code=retest_code(training_class)).first()
        campaign = campaign or _campaign(actor, framework, training_class, at, days)
        if campaign.status != Campaign.Status.OPEN:
            raise Refused(_("The re-measurement of this class is closed."))
        rows = Person.objects.filter(pk__in=[p.pk for p in chosen])
        if assign(actor=actor, campaign=campaign, people=rows, at=at):
            spread_items(actor=actor, campaign=campaign, at=at)
        this.note(people=len(chosen))
    return campaign


def _campaign(
    actor: User | None, framework: Framework, training_class: TrainingClass, at: datetime, days: int
) -> Campaign:  # fmt: skip
    """As many items as the bank holds for what the course covers, at most ten."""
    codes = covered_codes(training_class.course)
    most = min(RETEST_ITEMS, live_versions(framework, codes).count())
    if not most:
        raise Refused(_("The bank has no item in use for: %(codes)s.") % {"codes": ", ".join(codes)})
    draft = create_campaign(
        actor=actor, code=retest_code(training_class), name_vi=f"Đo lại sau lớp {training_class.code}",
        name_en=f"Re-measurement after class {training_class.code}", framework=framework, opens_at=at,
        closes_at=at + timedelta(days=days), at=at, purpose=Campaign.Purpose.RETEST, competences=codes,
        items_min=min(FEWEST_ITEMS, most), items_max=most, minutes=MINUTES, rule="precision",
    )  # fmt: skip
    return open_campaign(actor=actor, campaign=draft, at=at)
