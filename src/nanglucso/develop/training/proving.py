"""Was the class worth it: the effect from re-measurements, beside people who were re-measured without the class."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.develop.training import queries, services
from nanglucso.develop.training.models import ClassEffect, Enrolment, TrainingClass
from nanglucso.engines.effect import After, Learner
from nanglucso.engines.effect_regression import Effect, class_effect
from nanglucso.engines.levels import FIRST_WIDTH, missing_logits
from nanglucso.measure.profiles import folding
from nanglucso.measure.profiles.models import Evidence
from nanglucso.measure.profiles.queries import prior_mean
from nanglucso.workforce.framework.models import Framework
from nanglucso.workforce.people.models import Person

LEAST_PEOPLE = 5
MEASURING = (Evidence.Kind.SITTING, Evidence.Kind.OUTSIDE)
LEAST_WAY = 0.2
PRIOR_PEOPLE = 60
PRIOR_SHARE_SD = 0.15
WITH_COMPARISON = "regression on the belief before, marginal likelihood"
WITHOUT = "before and after, marginal likelihood"


@dataclass(frozen=True)
class _Window:
    """What counts as before (earlier than `since`) and as after (later than `until`) a class, on which competences."""

    frame: folding.Frame
    codes: list[str]
    since: datetime
    until: datetime


def _window(framework: Framework, training_class: TrainingClass, codes: list[str]) -> _Window:
    times = list(training_class.sessions.values_list("starts_at", "ends_at"))
    if training_class.status != TrainingClass.Status.DONE or not times:
        raise Refused(_("The effect is measured after the class has ended."))
    since, until = min(start for start, _end in times), max(end for _start, end in times)
    return _Window(folding.frame_in_force(framework), codes, since, until)


def _rows(person: Person) -> list[Evidence]:
    return folding.standing(list(Evidence.objects.filter(person=person)))


def _learner(window: _Window, person: Person, rows: list[Evidence]) -> Learner:
    """The belief right before the class, the test answers given after it, and those before for the naive figure."""
    frame = window.frame
    before = folding.fold(frame, prior_mean(frame, person), [row for row in rows if row.at < window.since])
    index = [frame.index(code) for code in window.codes]
    return Learner(
        tuple((float(before.mean[k]), float(before.cov[k, k])) for k in index),
        _answers(window, [row for row in rows if row.at > window.until]),
        _answers(window, [row for row in rows if row.at < window.since]),
    )


def _answers(window: _Window, rows: list[Evidence]) -> tuple[tuple[After, ...], ...]:
    """The test answers in these rows, by competence."""
    told = [entry for row in rows if row.kind == Evidence.Kind.SITTING for entry in row.entries]
    return tuple(
        tuple(After(e["a"], tuple(e["b"]), e["c"], e["score"]) for e in told if e["k"] == code) for code in window.codes
    )


def _measured_before(window: _Window, rows: list[Evidence]) -> bool:
    """Whether a test before the class asked about these competences: without a before there is no change to see."""
    tests = [row for row in rows if row.kind in MEASURING and row.at < window.since]
    return any(entry["k"] in window.codes for row in tests for entry in row.entries)


def _taught_since(window: _Window, rows: list[Evidence]) -> bool:
    """Whether a class on these competences has entered the ledger since this one began."""
    later = [row for row in rows if row.kind == Evidence.Kind.CLASS and row.at >= window.since]
    return any(entry["k"] in window.codes for row in later for entry in row.entries)


def _learners(window: _Window, people: Iterable[Person], *, untaught: bool = False) -> list[Learner]:
    """Those who were tested before; with `untaught`, without those who took a class on these competences since."""
    made = []
    for person in people:
        rows = _rows(person)
        if _measured_before(window, rows) and not (untaught and _taught_since(window, rows)):
            made.append(_learner(window, person, rows))
    return made


def _way(frame: folding.Frame, learners: list[Learner], bands: list[tuple[int, int, int]]) -> float:
    """Mean missing logits that the class could have closed, over people and competences."""
    ways = [
        missing_logits(mean, var, frame.cuts[k], low, high)
        for one in learners
        for (mean, var), (k, low, high) in zip(one.before, bands, strict=True)
    ]
    return float(np.mean(ways)) if ways else 0.0


def _band_width(frame: folding.Frame, bands: list[tuple[int, int, int]]) -> float:
    """Mean width in logits of the levels that a course covers: turns a shift in logits into levels."""
    widths: list[float] = []
    for k, low, high in bands:
        ladder = np.concatenate([[frame.cuts[k][0] - FIRST_WIDTH], frame.cuts[k]])
        widths += np.diff(ladder)[low:high].tolist()
    return float(np.mean(widths)) if widths else 1.0


def measure_effect(
    *, actor: User | None, framework: Framework, training_class: TrainingClass, comparison: Iterable[Person],
    at: datetime,
) -> ClassEffect:  # fmt: skip
    """Keep the effect of a class with its 90% interval and propose it to the plan (`services.confirm_effect`).

    Only people who were tested on these competences both before and after count. `comparison`: people who did not take
    the class; those who have taken another class on these competences since are left out. Raises Refused ("cannot tell
    yet") when fewer than five of the class count.
    """
    covers = list(training_class.course.covers.select_related("competence"))
    window = _window(framework, training_class, [c.competence.code for c in covers])
    done = training_class.enrolments.filter(status=Enrolment.Status.COMPLETED).select_related("person__position")
    trained = _learners(window, [row.person for row in done])
    others = _learners(window, comparison, untaught=True)
    if len([one for one in others if any(one.answers)]) < LEAST_PEOPLE:
        others = []
    found = class_effect(trained, others)
    if found is None or found.net.people < LEAST_PEOPLE:
        raise Refused(_("Cannot tell yet: fewer than five people of this class were tested both before and after it."))
    bands = [(window.frame.index(c.competence.code), c.from_level, c.to_level) for c in covers]
    way = _way(window.frame, [one for one in trained if any(one.answers)], bands)
    return _keep(actor, training_class, found, (_band_width(window.frame, bands), way), at)


def weight_of(people: int, share_error: float) -> int:
    """How many people a measured share counts as beside the catalogue's assumption, at least 1, at most `people`.

    The assumption counts as 60 people and is believed to be right within a standard deviation of 0.15; weights go by
    precision (inverse variance), so that a share measured roughly moves it little however large the class was.
    """
    return max(1, min(people, round(PRIOR_PEOPLE * (PRIOR_SHARE_SD / share_error) ** 2)))


def _keep(
    actor: User | None, training_class: TrainingClass, effect: Effect, scale: tuple[float, float],
    at: datetime,
) -> ClassEffect:  # fmt: skip
    """Write the effect in levels, put the share forward; `scale`: logits a level, logits that were missing."""
    width, way = scale
    found, course = effect.net, training_class.course
    share = found.shift / way if way > LEAST_WAY else None
    fields = {
        "course": course, "people": found.people, "comparison": effect.comparison,
        "shift": found.shift / width, "standard_error": found.standard_error / width, "share": share,
        "low": found.low / width, "high": found.high / width, "trained": effect.trained / width,
        "untrained": None if effect.untrained is None else effect.untrained / width,
        "naive": None if effect.naive is None else effect.naive / width,
        "method": WITH_COMPARISON if effect.comparison else WITHOUT, "measured_at": at,
    }  # fmt: skip
    with act(actor, "training.measure_effect", training_class, at=at, people=found.people, shift=found.shift):
        row, _made = ClassEffect.objects.update_or_create(training_class=training_class, defaults=fields)
        if share is not None:
            weight = weight_of(found.people, found.standard_error / way)
            services.propose_effect(
                actor=actor, training_class=training_class, at=at, verdict=queries.verdict_of(course),
                share=services.Share(share, found.low / way, found.high / way, weight),
            )  # fmt: skip
    return row
