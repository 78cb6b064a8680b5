"""The test of a rehearsal of exam day: real questions of the bank, a campaign of its own that nothing counts."""

from collections import Counter
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.measure.assessments import services
from nanglucso.measure.assessments.models import Admission, Answer, Campaign, LateAnswer, Sitting
from nanglucso.workforce.framework.models import Framework
from nanglucso.workforce.people.models import Person

CODE = "nls-dien-tap"  # no campaign made on a page will be called so
DAYS, MINUTES, PART = 7, 600, 200


def rehearsals() -> QuerySet[Campaign]:
    """The campaign of the rehearsal, if there is one."""
    return Campaign.with_rehearsal.filter(rehearsal=True)


def sittings() -> QuerySet[Sitting]:
    """The tests of the rehearsal, in a fixed order."""
    return Sitting.objects.filter(campaign__rehearsal=True).order_by("pk")


def answers() -> QuerySet[Answer]:
    """What was stored in the rehearsal."""
    return Answer.objects.filter(sitting__campaign__rehearsal=True).order_by("sitting_id", "seq")


def check_none() -> None:
    """Raise `Refused` where there is a rehearsal."""
    if rehearsals().exists():
        raise Refused(_("A rehearsal is in the database already; remove it first: nanglucso rehearsal delete."))


def open_rehearsal(*, actor: User | None, framework: Framework, steps: int, at: datetime) -> Campaign:
    """A test of exactly `steps` questions for everybody of the rehearsal. Refused while there is another one."""
    check_none()
    with act(actor, "assessments.open_rehearsal", at=at) as this:
        campaign = services.create_campaign(
            actor=actor, code=CODE, name_vi="Diễn tập ngày đánh giá", name_en="Rehearsal of exam day",
            framework=framework, opens_at=at, closes_at=at + timedelta(days=DAYS), at=at, items_min=steps,
            items_max=steps, minutes=MINUTES, stop_early=False, rehearsal=True,
        )  # fmt: skip
        this.subject = campaign
        services.open_campaign(actor=actor, campaign=campaign, at=at)
        people = Person.with_rehearsal.filter(rehearsal=True)
        this.note(people=services.assign(actor=actor, campaign=campaign, people=people, at=at))
    return campaign


def begin_all(*, actor: User | None, at: datetime) -> None:
    """Start every test without going through the door, for a run that is about answers alone."""
    with act(actor, "assessments.begin_rehearsal", at=at):
        for one in sittings().select_related("campaign", "person"):
            services.start_sitting(actor=actor, sitting=one, at=at)


def remove_rehearsal(*, actor: User | None, at: datetime) -> dict[str, int]:
    """Remove the tests, their answers, the line and the campaign; {table: rows}. In parts, to need little memory."""
    done: Counter[str] = Counter()
    with act(actor, "assessments.remove_rehearsal", at=at) as this:
        while ids := list(sittings().values_list("pk", flat=True)[:PART]):
            for model in (LateAnswer, Answer, Admission):
                done[model.__name__] += model._default_manager.filter(sitting__in=ids).delete()[0]
            done["Sitting"] += sittings().filter(pk__in=ids).delete()[0]
        done["Campaign"] = rehearsals().count()
        rehearsals().delete()
        this.note(**done)
    return dict(done)
