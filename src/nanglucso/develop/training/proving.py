"""Was the class worth it, and does it last: effects from re-measurements, beside people measured without the class."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.develop.training import queries, services
from nanglucso.develop.training.estimating import Estimate, estimate, window_of
from nanglucso.develop.training.models import ClassEffect, ClassTransfer, TrainingClass
from nanglucso.develop.training.transfer import transfer_rules
from nanglucso.workforce.framework.models import Framework
from nanglucso.workforce.people.models import Person

LEAST_WAY = 0.2
PRIOR_PEOPLE = 60
PRIOR_SHARE_SD = 0.15


def measure_effect(
    *, actor: User | None, framework: Framework, training_class: TrainingClass, comparison: Iterable[Person],
    at: datetime,
) -> ClassEffect:  # fmt: skip
    """Keep the effect of a class with its 90% interval and propose it to the plan (`services.confirm_effect`).

    Only people who were tested on these competences both before and after count; answers from the opening of the
    re-check on are left to `measure_transfer`. `comparison`: people who did not take the class; those who have taken
    another class on these competences since are left out. Raises Refused ("cannot tell yet") when fewer than five of
    the class count.
    """
    recheck = queries.recheck_of(training_class)
    window = window_of(framework, training_class, end=recheck.opens_at if recheck else None)
    found = estimate(window, training_class, comparison)
    if found is None:
        raise Refused(_("Cannot tell yet: fewer than five people of this class were tested both before and after it."))
    return _keep(actor, training_class, found, at)


def measure_transfer(
    *, actor: User | None, framework: Framework, training_class: TrainingClass, at: datetime
) -> ClassTransfer:  # fmt: skip
    """Keep how much of the class its re-check still shows: the same estimator on the answers of the re-check alone.

    The belief before the class is the before, as for the effect; the comparison group is that of the first
    re-measurement. Whoever took another class on these competences meanwhile is left out, on both sides: what that
    class gave is not kept from this one. Nothing of it reaches the plan. Raises Refused.
    """
    recheck = queries.recheck_of(training_class)
    if recheck is None:
        raise Refused(_("This class has had no re-check yet."))
    window = window_of(framework, training_class, end=recheck.closes_at, only=recheck)
    least, beside = transfer_rules().least_people, queries.retest_people(training_class)
    found = estimate(window, training_class, beside, least=least, untaught=True)
    if found is None:
        text = _("Cannot tell yet: fewer than %(n)s people of this class were tested before it and in the re-check.")
        raise Refused(text % {"n": least})
    net = found.effect.net
    with act(actor, "training.measure_transfer", training_class, at=at, people=net.people, shift=net.shift):
        row, _made = ClassTransfer.objects.update_or_create(training_class=training_class, defaults=found.fields(at))
    return row


def weight_of(people: int, share_error: float) -> int:
    """How many people a measured share counts as beside the catalogue's assumption, at least 1, at most `people`.

    The assumption counts as 60 people and is believed to be right within a standard deviation of 0.15; weights go by
    precision (inverse variance), so that a share measured roughly moves it little however large the class was.
    """
    return max(1, min(people, round(PRIOR_PEOPLE * (PRIOR_SHARE_SD / share_error) ** 2)))


def _keep(actor: User | None, training_class: TrainingClass, found: Estimate, at: datetime) -> ClassEffect:
    """Write the effect in levels, put the share of the missing way forward."""
    net, way, course = found.effect.net, found.way, training_class.course
    share = net.shift / way if way > LEAST_WAY else None
    naive = found.effect.naive
    fields = found.fields(at) | {
        "course": course, "share": share, "naive": None if naive is None else naive / found.width
    }  # fmt: skip
    with act(actor, "training.measure_effect", training_class, at=at, people=net.people, shift=net.shift):
        row, _made = ClassEffect.objects.update_or_create(training_class=training_class, defaults=fields)
        if share is not None:
            weight = weight_of(net.people, net.standard_error / way)
            services.propose_effect(
                actor=actor, training_class=training_class, at=at, verdict=queries.verdict_of(course),
                share=services.Share(share, net.low / way, net.high / way, weight),
            )  # fmt: skip
    return row
