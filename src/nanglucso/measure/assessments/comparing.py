"""Where what people say and what the test shows are far apart: a suggestion in words, never a decision."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from django.utils.translation import gettext as _

from nanglucso.core.scope import Scope
from nanglucso.engines.levels import p_met
from nanglucso.measure.assessments.models import Rating
from nanglucso.measure.profiles import folding
from nanglucso.measure.profiles.models import Belief
from nanglucso.workforce.framework.models import Framework
from nanglucso.workforce.people.models import Person

# A rated level is contradicted when the tested person reaches it with at most this chance; the word "not met" uses it.
UNLIKELY = 0.10
LEAST = {"self": 3, "manager": 2}


@dataclass(frozen=True)
class Difference:
    """One person and one rating that the test contradicts in `short` competences.

    Each as (code, name, name of the rated level, name of the level at the mean of the belief).
    """

    person: Person
    kind: str
    rated_at: datetime
    rater: str
    short: list[tuple[str, str, str, str]]

    @property
    def suggestion(self) -> str:
        if self.kind == Rating.Kind.SELF:
            return _("Suggested: talk it over; the self-review is far above the test result.")
        return _("Suggested: look again; the test result is far below the rating by the head of unit.")


def differences(framework: Framework, scope: Scope, kind: str = "") -> list[Difference]:
    """Differences of the people in the scope, most competences first; three queries whatever the number of people.

    For each rated level r of competence k: contradicted when P(theta_k >= cut_r) <= `UNLIKELY` under the belief of
    somebody who sat a test. The belief holds the rating too, with its small weight, so this errs towards silence.
    Listed from `LEAST` contradicted competences on. Oneself is never listed.
    """
    frame = folding.frame(framework)
    people = Person.objects.filter(scope.units("unit__path"), active=True).exclude(pk=scope.person_id or 0)
    beliefs = {
        row.person_id: row
        for row in Belief.objects.filter(framework=framework, measured=True, person__in=people).only(
            "person_id", "mean", "variance"
        )
    }
    newest = _newest(beliefs, kind)
    names = {row.code: row.short for row in framework.competences.all()}
    found = [_compared(frame, beliefs[row.person_id], row, names) for row in newest]
    return sorted((one for one in found if one), key=lambda one: (-len(one.short), one.person.sort_key, one.kind))


def _newest(beliefs: dict[int, Belief], kind: str) -> list[Rating]:
    """The newest rating of each kind of each of these people."""
    rows = Rating.objects.filter(person__in=beliefs).select_related("person__unit", "person__position", "rater")
    kept: dict[tuple[int, str], Rating] = {}
    for row in (rows.filter(kind=kind) if kind else rows).order_by("at", "pk"):
        kept[row.person_id, row.kind] = row
    return list(kept.values())


def _compared(frame: folding.Frame, belief: Belief, row: Rating, names: dict[str, str]) -> Difference | None:
    mean, var = (folding.unpack(data, (1, frame.size)) for data in (belief.mean, belief.variance))
    rated = np.array([[int(row.levels.get(code, 0)) for code in frame.codes]])
    reached = (mean[0][:, None] >= frame.cuts).sum(axis=1)
    chance = p_met(mean, var, frame.cuts, rated)[0]
    short = [
        (code, names.get(code, code), frame.label(int(rated[0, k])), frame.label(int(reached[k])))
        for k, code in enumerate(frame.codes)
        if rated[0, k] > 0 and chance[k] <= UNLIKELY
    ]
    if len(short) < LEAST[row.kind]:
        return None
    return Difference(row.person, row.kind, row.at, str(row.rater or ""), short)
