"""Was the class worth it: the effect from re-measurements, beside people who were re-measured without the class."""

from collections.abc import Iterable
from datetime import datetime

import numpy as np
from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.develop.plans.services import set_measured_effect
from nanglucso.develop.training.models import ClassEffect, Enrolment, TrainingClass
from nanglucso.engines.effect import After, Learner, Shift, mean_shift, net
from nanglucso.engines.levels import FIRST_WIDTH, missing_logits
from nanglucso.measure.profiles import folding
from nanglucso.measure.profiles.models import Evidence
from nanglucso.measure.profiles.queries import prior_mean
from nanglucso.workforce.framework.models import Framework
from nanglucso.workforce.people.models import Person

LEAST_PEOPLE = 5
WITH_COMPARISON = "difference in differences, marginal likelihood"
WITHOUT = "before and after, marginal likelihood"


def _learner(frame: folding.Frame, person: Person, codes: list[str], since: datetime) -> Learner:
    """Belief before `since` from tests and ratings alone, and the test answers after it; class evidence is left out."""
    rows = folding.standing(list(Evidence.objects.filter(person=person).exclude(kind=Evidence.Kind.CLASS)))
    before = folding.fold(frame, prior_mean(frame, person), [row for row in rows if row.at < since])
    later = [e for row in rows if row.at >= since and row.kind == Evidence.Kind.SITTING for e in row.entries]
    index = [frame.index(code) for code in codes]
    answers = tuple(
        tuple(After(e["a"], tuple(e["b"]), e["c"], e["score"]) for e in later if e["k"] == code) for code in codes
    )
    found = tuple((float(before.mean[k]), float(before.cov[k, k])) for k in index)
    return Learner(found, answers)


def _way(frame: folding.Frame, learners: list[Learner], covers: list[tuple[int, int, int]]) -> float:
    """Mean missing logits that the class could have closed, over people and competences."""
    ways = [
        missing_logits(mean, var, frame.cuts[k], low, high)
        for one in learners
        for (mean, var), (k, low, high) in zip(one.before, covers, strict=True)
    ]
    return float(np.mean(ways)) if ways else 0.0


def _band_width(frame: folding.Frame, bands: list[tuple[int, int, int]]) -> float:
    """Mean width in logits of the levels that a course covers: turns a shift in logits into levels."""
    widths = []
    for k, low, high in bands:
        ladder = np.concatenate([[frame.cuts[k][0] - FIRST_WIDTH], frame.cuts[k]])
        widths += np.diff(ladder)[low:high].tolist()
    return float(np.mean(widths)) if widths else 1.0


def measure_effect(
    *, actor: User | None, framework: Framework, training_class: TrainingClass, comparison: Iterable[Person],
    at: datetime,
) -> ClassEffect:  # fmt: skip
    """Keep the effect of a class with its 90% interval and feed it back to the catalogue.

    `comparison`: people who were re-measured on the same competences and did not take the class. Raises Refused
    ("cannot tell yet") when fewer than five of the class have been re-measured.
    """
    frame = folding.frame(framework)
    covers = list(training_class.course.covers.select_related("competence"))
    codes = [c.competence.code for c in covers]
    since = training_class.sessions.order_by("number").first().starts_at
    done = training_class.enrolments.filter(status=Enrolment.Status.COMPLETED).select_related("person__position")
    trained = [_learner(frame, row.person, codes, since) for row in done]
    others = [_learner(frame, person, codes, since) for person in comparison]
    shift, beside = mean_shift(trained), mean_shift(others)
    if shift is None or shift.people < LEAST_PEOPLE:
        raise Refused(_("Cannot tell yet: fewer than five people of this class have been measured again."))
    if beside is not None and beside.people < LEAST_PEOPLE:
        beside = None
    found = net(shift, beside)
    bands = [(frame.index(c.competence.code), c.from_level, c.to_level) for c in covers]
    way = _way(frame, [one for one in trained if any(one.answers)], bands)
    with act(actor, "training.measure_effect", training_class, at=at, people=found.people, shift=found.shift):
        row = _kept(training_class, found, beside, _band_width(frame, bands), at)
        if way > 0.05:
            share = found.shift / way
            set_measured_effect(
                actor=actor,
                course=training_class.course,
                form=training_class.form,
                share=share,
                people=found.people,
                at=at,
            )
    return row


def _kept(
    training_class: TrainingClass, found: Shift, beside: Shift | None, width: float, at: datetime
) -> ClassEffect:  # fmt: skip
    fields = {
        "course": training_class.course, "people": found.people, "comparison": beside.people if beside else 0,
        "shift": found.shift / width, "standard_error": found.standard_error / width,
        "low": found.low / width, "high": found.high / width,
        "method": WITH_COMPARISON if beside else WITHOUT, "measured_at": at,
    }  # fmt: skip
    return ClassEffect.objects.update_or_create(training_class=training_class, defaults=fields)[0]
