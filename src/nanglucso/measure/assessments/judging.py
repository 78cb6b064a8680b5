"""Files rated by people: two who do not see each other, a third where they differ; then it is evidence.

Two equal categories are the score; otherwise a third person rates and the middle one of three counts.
"""

from dataclasses import dataclass
from datetime import datetime
from statistics import median_low

from django.db.models import Count, F, Max, Min, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.core.scope import Scope
from nanglucso.measure.assessments.models import Answer, FileRating, Sitting
from nanglucso.measure.bank.models import Item
from nanglucso.measure.bank.scoring import STEPS
from nanglucso.measure.profiles.models import Evidence
from nanglucso.measure.profiles.services import NewEvidence, record

RATERS = 2


@dataclass(frozen=True)
class Waiting:
    """A file that waits for this rater: no name, no other rating."""

    answer: Answer
    given: int

    @property
    def mark(self) -> str:
        """Short name of the work, the same for every rater."""
        return str(self.answer.choice["file"])[:8]


def settled(scores: list[int]) -> int | None:
    """The category that counts, None while ratings are missing."""
    if len(scores) < RATERS:
        return None
    if len(scores) == RATERS:
        return scores[0] if scores[0] == scores[1] else None
    return median_low(scores)


def files(scope: Scope) -> QuerySet[Answer]:
    """Files of people of the scope, of tests that are not void, oldest first."""
    rows = Answer.objects.filter(scope.units("sitting__person__unit__path"), item_version__item__type=Item.Type.FILE)
    rows = rows.exclude(sitting__status=Sitting.Status.VOIDED).annotate(given=Count("file_ratings"))
    return rows.select_related("item_version__item__competence", "sitting__person").order_by("at", "pk")


def open_to(user: User, scope: Scope) -> QuerySet[Answer]:
    """Files that this user may still rate: not their own, not rated by them, not settled."""
    rows = files(scope).exclude(sitting__person__user=user).exclude(file_ratings__rater=user)
    rows = rows.annotate(lowest=Min("file_ratings__score"), highest=Max("file_ratings__score"))
    differ = Q(given=RATERS) & ~Q(lowest=F("highest"))
    return rows.filter(Q(given__lt=RATERS) | differ)


def waiting(user: User, scope: Scope) -> list[Waiting]:
    """What the rater's desk shows."""
    return [Waiting(row, row.given) for row in open_to(user, scope)]  # type: ignore[attr-defined]


def rate(*, actor: User, answer: Answer, score: int, note: str, at: datetime) -> FileRating:
    """Put a file into a category 0 .. steps. The rating that settles it puts the evidence into the ledger."""
    if answer.sitting.person.user_id == actor.pk:
        raise Refused(_("Nobody rates their own work."))
    if not 0 <= score <= STEPS[Item.Type.FILE]:
        raise Refused(_("Please choose one of the categories."), field="score")
    with act(actor, "assessments.rate_file", answer, at=at, person_id=answer.sitting.person_id, score=score) as this:
        # The lock makes two raters at the same moment see each other's row.
        Answer.objects.select_for_update().get(pk=answer.pk)
        before = list(FileRating.objects.filter(answer=answer))
        if any(row.rater_id == actor.pk for row in before):
            raise Refused(_("You have rated this file already."))
        if settled([row.score for row in before]) is not None:
            raise Refused(_("This file has been rated by enough people."))
        row = FileRating.objects.create(answer=answer, rater=actor, score=score, note=note.strip()[:500], at=at)
        final = settled([*(one.score for one in before), score])
        this.note(settled=final is not None)
        if final is not None:
            _count(actor, answer, final, at)
    return row


def _count(actor: User, answer: Answer, score: int, at: datetime) -> None:
    version, sitting = answer.item_version, answer.sitting
    if not version.counted:
        return
    entry = {
        "k": version.item.competence.code, "item": version.pk, "a": version.a, "b": version.b, "c": version.c,
        "score": score,
    }  # fmt: skip
    source = f"sitting:{sitting.pk}:file:{answer.seq}"
    label = f"{sitting.campaign} · {version.item.code}"
    evidence = NewEvidence(sitting.person, Evidence.Kind.SITTING, source, [entry], label)
    record(actor=actor, framework=sitting.campaign.framework, evidence=evidence, at=at)


def pending(sitting: Sitting) -> int:
    """Files of a test that people have still to rate."""
    rows = sitting.answers.filter(item_version__item__type=Item.Type.FILE).prefetch_related("file_ratings")
    return sum(settled([one.score for one in row.file_ratings.all()]) is None for row in rows)


def note_file_read(*, actor: User, answer: Answer, at: datetime) -> None:
    """Leave a trace that somebody opened a file that was handed in."""
    with act(actor, "assessments.open_file", answer, at=at, person_id=answer.sitting.person_id):
        pass
