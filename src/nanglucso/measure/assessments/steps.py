"""What this room offers as the next step on "My overview": the waiting test, a task, the first self-review."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from nanglucso.measure.assessments import labqueries, queries
from nanglucso.measure.assessments.models import Rating, Sitting
from nanglucso.measure.profiles.steps import NextStep
from nanglucso.ui.figures import vdate
from nanglucso.workforce.people.models import Person


def waiting_sitting(person: Person, at: datetime) -> NextStep | None:
    """The test that is open for this person now."""
    sitting = queries.open_sitting(person, at)
    if sitting is None:
        return None
    campaign = sitting.campaign
    begun = sitting.status != Sitting.Status.ASSIGNED
    told = {"a": campaign.items_min, "b": campaign.items_max, "minutes": campaign.minutes, "n": sitting.seq}
    least = _("%(a)s to %(b)s questions, at most %(minutes)s minutes; it ends by itself as soon as enough is known.")
    text = _("%(n)s answers are saved. Go on where it stopped.") if begun else least
    return NextStep(
        _("Next step · until %(day)s") % {"day": vdate(campaign.closes_at)},
        campaign.name,
        text % told,
        _("Go on with the test") if begun else _("Begin the test"),
        reverse("assessments:sit" if begun else "assessments:begin", args=[sitting.pk]),
        _("It can be interrupted and continued on another device."),
    )


def waiting_lab(person: Person, at: datetime) -> NextStep | None:
    """The practice task of an open campaign that is still to be done."""
    found = labqueries.open_labs(person, at)
    if not found:
        return None
    one = found[0]
    begun = one.status != Sitting.Status.ASSIGNED
    text = _("A practice task of %(minutes)s minutes in a simulated system. It belongs to the assessment and is done once.")  # noqa: E501  # fmt: skip
    return NextStep(
        _("Next step · until %(day)s") % {"day": vdate(one.campaign.closes_at)},
        one.version.lab.title,
        text % {"minutes": one.version.body["minutes"]},
        _("Go on with the task") if begun else _("Begin the task"),
        reverse("assessments:lab_sitting" if begun else "assessments:lab_sitting_begin", args=[one.pk]),
        _("It can be interrupted and continued on another device."),
    )


def first_self_review(person: Person, at: datetime) -> NextStep | None:
    """Somebody who has never rated themselves is asked to, once."""
    if person.position_id is None or Rating.objects.filter(person=person, kind=Rating.Kind.SELF).exists():
        return None
    return NextStep(
        _("Next step"),
        _("Review yourself, about ten minutes"),
        _("For each competence, choose the level whose description fits your work. It lets the test start nearer."),
        _("Begin the self-review"),
        reverse("assessments:review_step", args=[1]),
        _("It counts much less than a test and can be changed at any time."),
    )
