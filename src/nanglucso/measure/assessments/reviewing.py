"""The self-review one competence at a time: every step is saved, so a phone may go dark in between."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.measure.assessments.models import Rating, ReviewDraft
from nanglucso.measure.assessments.services import rate
from nanglucso.workforce.framework.models import Framework
from nanglucso.workforce.people.models import Person


@dataclass(frozen=True)
class Stand:
    """How far a review is: `codes` in order, `levels` {code: level} chosen so far."""

    codes: list[str]
    levels: dict[str, int]

    @property
    def done(self) -> int:
        return sum(code in self.levels for code in self.codes)

    @property
    def next(self) -> int:
        """Number (1..) of the first competence without a level; one beyond the last when all have one."""
        return next((n for n, code in enumerate(self.codes, 1) if code not in self.levels), len(self.codes) + 1)


def stand(framework: Framework, person: Person) -> Stand:
    """The review under way of a person; an untouched one when there is none."""
    codes = list(framework.competences.order_by("index").values_list("code", flat=True))
    draft = ReviewDraft.objects.filter(person=person).first()
    return Stand(codes, draft.levels if draft else {})


def choose(*, actor: User, person: Person, framework: Framework, code: str, level: int, at: datetime) -> dict[str, Any]:
    """Keep the level of one competence in the draft; nothing counts before the review is handed in."""
    if code not in stand(framework, person).codes or not 0 <= level <= framework.levels.count():
        raise Refused(_("There is no such level."), field=code)
    with act(actor, "assessments.review_step", person, at=at, person_id=person.pk, competence=code):
        draft, _new = ReviewDraft.objects.get_or_create(person=person, defaults={"started_at": at, "saved_at": at})
        draft.levels = draft.levels | {code: level}
        draft.saved_at = at
        draft.save(update_fields=["levels", "saved_at"])
    return dict(draft.levels)


def hand_in(*, actor: User, person: Person, framework: Framework, at: datetime) -> Rating:
    """Make the draft the newest self-review. Refused, naming the first that is missing, until every one has a level."""
    now = stand(framework, person)
    if now.done < len(now.codes):
        raise Refused(_("Competence %(code)s has no level yet.") % {"code": now.codes[now.next - 1]})
    levels = {code: now.levels[code] for code in now.codes}
    with act(actor, "assessments.review_hand_in", person, at=at, person_id=person.pk):
        row = rate(actor=actor, person=person, kind=Rating.Kind.SELF, levels=levels, framework=framework, at=at)
        ReviewDraft.objects.filter(person=person).delete()
    return row
