"""Nouns of appeals and corrections; every list is cut by the viewer's units."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from nanglucso.core.models import Role, User
from nanglucso.core.scope import Scope
from nanglucso.measure.assessments.models import Answer, LabSitting, LateAnswer, Sitting
from nanglucso.measure.profiles import folding
from nanglucso.measure.quality.models import Appeal, Correction, CorrectionLine
from nanglucso.measure.quality.rules import terms
from nanglucso.workforce.framework.models import Framework
from nanglucso.workforce.people.models import Person

ABOUT = ("sitting__campaign", "lab__campaign", "lab__version__lab", "lab__run__version")


def own_appeals(person: Person) -> QuerySet[Appeal]:
    """A person's own cases, newest first."""
    rows = Appeal.objects.filter(person=person).select_related(*ABOUT, "item_version__item")
    return rows.order_by("-filed_at")


def appeals(scope: Scope, user: User, *, sees_units: bool) -> QuerySet[Appeal]:
    """Cases of the people in the viewer's units (for who runs appeals) and those assigned to the viewer; not one's own.

    The viewer's own cases stand on their own page, so that nobody sees a reviewer's side of their case.
    """
    rows = Appeal.objects.exclude(person__user=user)
    # An empty Q in an OR is dropped, so "everything" must not be ORed with anything.
    if not (sees_units and scope.everything):
        mine = Q(reviewer=user)
        rows = rows.filter(mine | scope.units("person__unit__path") if sees_units else mine)
    return rows.select_related("person__unit", *ABOUT, "item_version__item__competence", "reviewer")


def waiting(access: Any, user: User) -> QuerySet[Appeal]:
    """Cases that wait for this viewer: without a reviewer in their units, or in their review."""
    rows = appeals(access.scope, user, sees_units=access.may("appeals.assign"))
    unassigned = Q(status=Appeal.Status.RECEIVED) if access.may("appeals.assign") else Q(pk__in=[])
    return rows.filter(unassigned | Q(status=Appeal.Status.REVIEW, reviewer=user))


@dataclass(frozen=True)
class Clock:
    """Days until the answer is due; negative = late."""

    due_at: datetime
    days: int

    @property
    def late(self) -> bool:
        return self.days < 0

    @property
    def over(self) -> int:
        return -self.days


def clock(appeal: Appeal, at: datetime) -> Clock | None:
    """The clock of an open case."""
    return Clock(appeal.due_at, (appeal.due_at - at).days) if appeal.is_open else None


def reviewers(appeal: Appeal, at: datetime) -> QuerySet[User]:
    """Who may review a case: item authors and training officers, but its person and the author of its item."""
    open_ = Q(grants__ended_at=None) | Q(grants__ended_at__gt=at)
    rows = User.objects.filter(open_, grants__role__in=(Role.AUTHOR, Role.TRAINING), is_active=True)
    barred = (appeal.person.user_id, appeal.item_version.author_id if appeal.item_version else None)
    return rows.exclude(pk__in=[pk for pk in barred if pk]).distinct().order_by("full_name", "username")


@dataclass(frozen=True)
class Given:
    """An answer of one's own finished test, without the key: its number, the question, whether it is under review."""

    number: int
    stem: str
    code: str
    appealed: bool


def answers_given(sitting: Sitting) -> list[Given]:
    """The questions that a person met, for choosing what to appeal against."""
    asked = set(sitting.appeals.values_list("item_version_id", flat=True))
    rows = Answer.objects.filter(sitting=sitting).order_by("seq")
    found = rows.values_list("seq", "item_version__body", "item_version__item__competence__code", "item_version_id")
    return [Given(seq + 1, str(body["stem"]), code, version in asked) for seq, body, code, version in found]


def results_of_lab(lab: LabSitting) -> list[tuple[str, str]]:
    """(code, name) of the competences that a practice task gave a result on and that are not under review yet."""
    asked = set(lab.appeals.values_list("competence", flat=True))
    codes = {entry["k"] for entry in lab.graded} - asked
    rows = lab.campaign.framework.competences.filter(code__in=codes).order_by("index")
    return [(one.code, f"{one.code} {one.name}") for one in rows]


def last_day(sitting: Sitting | LabSitting) -> datetime | None:
    """Until when a review of the test can be asked for."""
    return sitting.finished_at + terms().to_file if sitting.finished_at else None


def answer_in_question(appeal: Appeal) -> Answer | None:
    """The answer that a case is about."""
    if appeal.step is None:
        return None
    return Answer.objects.filter(sitting=appeal.sitting_id, seq=appeal.step - 1).first()


def choice_words(appeal: Appeal, answer: Answer) -> str:
    """What was answered, in the words or letters of the item."""
    body, choice = appeal.item_version.body if appeal.item_version else {}, answer.choice
    if "file" in body:
        return gettext("a file")
    said = {row["key"]: row["text"] for part in ("steps", "left", "right") for row in body.get(part, [])}
    if isinstance(choice, dict):
        return "; ".join(f"{said.get(k, k)} → {said.get(v, v)}" for k, v in choice.items())
    if isinstance(choice, list):
        return (" → " if "steps" in body else ", ").join(str(said.get(one, one)) for one in choice)
    return str(choice)


def corrections() -> QuerySet[Correction]:
    """Every correction, newest first; for roles over the whole city."""
    rows = Correction.objects.select_related("item_version__item", "sitting__campaign", "prepared_by", "approved_by")
    return rows.select_related(
        "sitting__person__unit",
        "appeal",
        "job",
        "late",
        "undone_by",
        "lab__person",
        "lab__campaign",
        "lab__version__lab",
        "lab_version__lab",
    )


def late_answers(scope: Scope) -> QuerySet[LateAnswer]:
    """Answers that came after deadline and grace, of people in these units and not one's own; unjudged first."""
    rows = LateAnswer.objects.filter(scope.units("sitting__person__unit__path"))
    rows = rows.exclude(sitting__person=scope.person_id or 0)
    return rows.select_related("sitting__person__unit", "sitting__campaign", "judgement__judged_by").order_by(
        "judgement__at", "-at"
    )


@dataclass(frozen=True)
class Change:
    """One competence of one person that changes: level names and words before and after."""

    code: str
    name: str
    before: str
    after: str
    word_before: str
    word_after: str

    @property
    def word_changes(self) -> bool:
        return self.word_before != self.word_after


@dataclass(frozen=True)
class Concerned:
    """One person of a correction; `shift` = largest change of a mean in logits."""

    line: CorrectionLine
    changes: list[Change]


def concerned(correction: Correction, framework: Framework, *, changed: bool) -> QuerySet[CorrectionLine]:
    """Lines of a correction, those who change first by name."""
    rows = correction.lines.select_related("person__unit", "person__position").order_by("person__sort_key", "pk")
    return rows.exclude(changes=[]) if changed else rows


def spelled(lines: Any, framework: Framework) -> list[Concerned]:
    """The changes of lines with the names of levels."""
    frame, names = folding.frame(framework), {row.code: row.short for row in framework.competences.all()}

    def change(one: dict[str, Any]) -> Change:
        low, high = one["level"]
        return Change(one["k"], names.get(one["k"], ""), frame.label(low), frame.label(high), *one["word"])

    return [Concerned(line, [change(one) for one in line.changes]) for line in lines]
