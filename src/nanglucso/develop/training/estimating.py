"""From the ledger to the effect of a class: who counts, what stands before it and what after, in logits and levels."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from django.utils.translation import gettext_lazy as _

from nanglucso.core.refusals import Refused
from nanglucso.develop.training.models import Enrolment, TrainingClass
from nanglucso.engines.effect import After, Learner
from nanglucso.engines.effect_regression import Effect, class_effect
from nanglucso.engines.levels import FIRST_WIDTH, missing_logits
from nanglucso.measure.assessments.models import Campaign
from nanglucso.measure.profiles import folding
from nanglucso.measure.profiles.models import Evidence
from nanglucso.measure.profiles.queries import prior_mean
from nanglucso.workforce.framework.models import Framework
from nanglucso.workforce.people.models import Person

LEAST_PEOPLE = 5
MEASURING = (Evidence.Kind.SITTING, Evidence.Kind.OUTSIDE)
WITH_COMPARISON = "regression on the belief before, marginal likelihood"
WITHOUT = "before and after, marginal likelihood"


@dataclass(frozen=True)
class Window:
    """What counts as before (earlier than `since`) and as after a class, on which competences.

    After: later than `until`, earlier than `end` where there is one; with `only` the tests of these sittings alone,
    also as corrections have rewritten them. `own`: source of the evidence that the class itself has left.
    """

    frame: folding.Frame
    codes: list[str]
    since: datetime
    until: datetime
    own: str
    end: datetime | None = None
    only: frozenset[str] | None = None

    def is_after(self, row: Evidence) -> bool:
        """Whether a row of the ledger says what came after."""
        if self.only is not None:
            return ":".join(row.source.split("#")[0].split(":")[:2]) in self.only
        return row.at > self.until and (self.end is None or row.at < self.end)

    def teaches(self, row: Evidence) -> bool:
        """Whether a row is another class on these competences, since this one began."""
        other = row.kind == Evidence.Kind.CLASS and row.source != self.own and row.at >= self.since
        return other and (self.end is None or row.at < self.end) and any(e["k"] in self.codes for e in row.entries)


@dataclass(frozen=True)
class Estimate:
    """An effect in logits; `width`: logits a level; `way`: logits that were missing, a mean over people."""

    effect: Effect
    width: float
    way: float

    def fields(self, at: datetime) -> dict[str, Any]:
        """Columns that `ClassEffect` and `ClassTransfer` share, in levels."""
        net, width = self.effect.net, self.width
        untrained = self.effect.untrained
        return {
            "people": net.people, "comparison": self.effect.comparison, "shift": net.shift / width,
            "standard_error": net.standard_error / width, "low": net.low / width, "high": net.high / width,
            "trained": self.effect.trained / width, "untrained": None if untrained is None else untrained / width,
            "method": WITH_COMPARISON if self.effect.comparison else WITHOUT, "measured_at": at,
        }  # fmt: skip


def window_of(
    framework: Framework, training_class: TrainingClass, *, end: datetime | None = None, only: Campaign | None = None
) -> Window:  # fmt: skip
    """The window of a class that has ended: up to `end`, or the tests of one campaign alone. Raises Refused."""
    times = list(training_class.sessions.values_list("starts_at", "ends_at"))
    if training_class.status != TrainingClass.Status.DONE or not times:
        raise Refused(_("The effect is measured after the class has ended."))
    sources = None if only is None else frozenset(f"sitting:{pk}" for pk in only.sittings.values_list("pk", flat=True))
    codes = [c.competence.code for c in training_class.course.covers.select_related("competence")]
    since, until = min(start for start, _end in times), max(end for _start, end in times)
    return Window(
        folding.frame_in_force(framework), codes, since, until,
        f"class:{training_class.pk}", end, sources,
    )  # fmt: skip


def _learner(window: Window, person: Person, rows: list[Evidence]) -> Learner:
    """The belief right before the class, the test answers given after it, and those before for the naive figure."""
    frame, early = window.frame, [row for row in rows if row.at < window.since]
    before = folding.fold(frame, prior_mean(frame, person), early)
    index = [frame.index(code) for code in window.codes]
    return Learner(
        tuple((float(before.mean[k]), float(before.cov[k, k])) for k in index),
        _answers(window, [row for row in rows if window.is_after(row)]),
        _answers(window, early),
    )


def _answers(window: Window, rows: list[Evidence]) -> tuple[tuple[After, ...], ...]:
    """The test answers in these rows, by competence."""
    told = [entry for row in rows if row.kind == Evidence.Kind.SITTING for entry in row.entries]
    return tuple(
        tuple(After(e["a"], tuple(e["b"]), e["c"], e["score"]) for e in told if e["k"] == code) for code in window.codes
    )


def _measured_before(window: Window, rows: list[Evidence]) -> bool:
    """Whether a test before the class asked about these competences: without a before there is no change to see."""
    tests = [row for row in rows if row.kind in MEASURING and row.at < window.since]
    return any(entry["k"] in window.codes for row in tests for entry in row.entries)


def _learners(window: Window, people: Iterable[Person], *, untaught: bool) -> list[Learner]:
    """Those who were tested before; with `untaught`, without those who took another class on these competences."""
    made = []
    for person in people:
        rows = folding.standing(list(Evidence.objects.filter(person=person)))
        if _measured_before(window, rows) and not (untaught and any(map(window.teaches, rows))):
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


def band_width(frame: folding.Frame, bands: list[tuple[int, int, int]]) -> float:
    """Mean width in logits of the levels that a course covers: turns a shift in logits into levels."""
    widths: list[float] = []
    for k, low, high in bands:
        ladder = np.concatenate([[frame.cuts[k][0] - FIRST_WIDTH], frame.cuts[k]])
        widths += np.diff(ladder)[low:high].tolist()
    return float(np.mean(widths)) if widths else 1.0


def estimate(
    window: Window, training_class: TrainingClass, comparison: Iterable[Person], *, least: int = LEAST_PEOPLE,
    untaught: bool = False,
) -> Estimate | None:  # fmt: skip
    """The effect of a class on those who completed it, None when fewer than `least` count.

    Only people who were tested on these competences both before and after count. `comparison`: people who did not take
    the class; fewer than five of them who answered make no group. Those of it who took another class on these
    competences are left out, with `untaught` those of the class too.
    """
    done = training_class.enrolments.filter(status=Enrolment.Status.COMPLETED).select_related("person__position")
    trained = _learners(window, [row.person for row in done], untaught=untaught)
    others = _learners(window, comparison, untaught=True)
    if len([one for one in others if any(one.answers)]) < LEAST_PEOPLE:
        others = []
    found = class_effect(trained, others)
    if found is None or found.net.people < least:
        return None
    covers = training_class.course.covers.select_related("competence")
    bands = [(window.frame.index(c.competence.code), c.from_level, c.to_level) for c in covers]
    way = _way(window.frame, [one for one in trained if any(one.answers)], bands)
    return Estimate(found, band_width(window.frame, bands), way)
