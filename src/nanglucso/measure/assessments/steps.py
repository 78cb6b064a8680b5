"""What this room offers as the next step on "My overview": the waiting test, a task, the first self-review."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nanglucso.measure.assessments import labexam, labqueries, queries
from nanglucso.measure.assessments.models import Rating, Sitting
from nanglucso.measure.profiles.steps import NextStep
from nanglucso.ui.figures import vdate
from nanglucso.workforce.people.models import Person


def _small(begun: bool, status: str, left: int | None) -> str:
    """Whether it can be left for a while, and what the clock does meanwhile."""
    if not begun:
        return _("It can be interrupted and continued on another device; once begun, the clock keeps running.")
    if left is None:
        return _("It can be interrupted and continued on another device.")
    clock = {"clock": f"{left // 60}:{left % 60:02d}"}
    if status == Sitting.Status.PAUSED:
        return _("Paused, %(clock)s left on the clock. It can be continued on another device.") % clock
    return _("The clock keeps running: %(clock)s left. It can be continued on another device.") % clock


def waiting_sitting(person: Person, at: datetime) -> NextStep | None:
    """The test that is open for this person now."""
    sitting = queries.open_sitting(person, at)
    if sitting is None:
        return None
    campaign = sitting.campaign
    begun = sitting.status != Sitting.Status.ASSIGNED
    told = {"a": campaign.items_min, "b": campaign.items_max, "minutes": campaign.minutes, "n": sitting.seq}
    kept = ngettext("%(n)s answer is saved. Continue where you stopped.", "%(n)s answers are saved. Continue where you stopped.", sitting.seq)  # noqa: E501  # fmt: skip
    least = _("%(a)s to %(b)s questions, at most %(minutes)s minutes; it ends by itself as soon as enough is known.")
    text = least if not begun else kept if sitting.seq else _("No question has been answered yet.")
    return NextStep(
        _("Next step · until %(day)s") % {"day": vdate(campaign.closes_at)},
        campaign.name,
        text % told,
        _("Continue the test") if begun else _("Begin the test"),
        reverse("assessments:sit" if begun else "assessments:begin", args=[sitting.pk]),
        _small(begun, sitting.status, queries.seconds_left(sitting, at) if begun else None),
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
        _("Continue the task") if begun else _("Begin the task"),
        reverse("assessments:lab_sitting" if begun else "assessments:lab_sitting_begin", args=[one.pk]),
        _small(begun, one.status, labexam.seconds_left(one, at)),
    )


def first_self_review(person: Person, at: datetime) -> NextStep | None:
    """Somebody who has never rated themselves is asked to, once."""
    if person.position_id is None or Rating.objects.filter(person=person, kind=Rating.Kind.SELF).exists():
        return None
    return NextStep(
        _("Next step"),
        _("Review yourself, about ten minutes"),
        _("For each competence, choose the level that fits your work; the test then starts closer to your level."),
        _("Begin the self-review"),
        reverse("assessments:review_step", args=[1]),
        _("It counts much less than a test and can be changed at any time."),
    )
