"""From the request for a review to the reasoned answer. Nobody decides their own case or about their own item."""

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.days import local_day
from nanglucso.core.models import Role, User
from nanglucso.core.refusals import Refused
from nanglucso.kit.dates import format_date
from nanglucso.measure.assessments.models import LabSitting, Sitting
from nanglucso.measure.quality.models import Appeal, Correction
from nanglucso.measure.quality.rules import terms
from nanglucso.measure.quality.services.corrections import prepare
from nanglucso.workforce.people.models import Person

ENDED = (Sitting.Status.SUBMITTED, Sitting.Status.EXPIRED, Sitting.Status.SCORED)


def file_appeal(
    *, actor: User, person: Person, sitting: Sitting, step: int | None, reason: str, at: datetime
) -> Appeal:
    """Ask for a review of answer number `step` (from 1) of one's own test, or with None of the whole result.

    Refused for another person's test, before its end, after the term, a second time, or without a reason.
    """
    _may_ask(actor, person, sitting, at)
    _says_why(reason)
    answer = None if step is None else sitting.answers.filter(seq=step - 1).first()
    if step is not None and answer is None:
        raise Refused(_("There is no answer with this number in the test."), field="step")
    version = answer.item_version if answer else None
    return _filed(actor, person, reason, at, {"sitting": sitting, "item_version": version}, step)


def file_lab_appeal(
    *, actor: User, person: Person, lab: LabSitting, competence: str, reason: str, at: datetime
) -> Appeal:
    """Ask for a review of one competence's result in one's own practice task, or with "" of the whole task.

    Refused like `file_appeal`, and for a task that left no result or was set aside.
    """
    _may_ask(actor, person, lab, at)
    _says_why(reason)
    if not lab.graded:
        raise Refused(_("Nothing was done in this task, so there is no result to review."))
    if competence and competence not in {entry["k"] for entry in lab.graded}:
        raise Refused(_("This practice task does not measure that competence."), field="competence")
    return _filed(actor, person, reason, at, {"lab": lab, "competence": competence})


def _may_ask(actor: User, person: Person, taken: Sitting | LabSitting, at: datetime) -> None:
    if taken.person_id != person.pk or person.user_id != actor.pk:
        raise Refused(_("Only the person who took the test can ask for its review."))
    if taken.status not in ENDED or taken.finished_at is None:
        raise Refused(_("A review can be asked for once the test has ended."))
    last = taken.finished_at + terms().to_file
    if at > last:
        text = _("The term for a review ended on %(day)s.")
        raise Refused(text % {"day": format_date(local_day(last))})


def _says_why(reason: str) -> None:
    if len(reason.strip()) < 10:
        raise Refused(_("Please say in a sentence what seems wrong: the reviewer begins with it."), field="reason")


def _filed(
    actor: User, person: Person, reason: str, at: datetime, about: dict[str, Any], step: int | None = None
) -> Appeal:
    with act(actor, "quality.file_appeal", at=at, person_id=person.pk) as this:
        if Appeal.objects.filter(**about).exists():
            raise Refused(_("A review of this has been asked for already; its state is below."))
        this.subject = row = Appeal.objects.create(
            person=person, step=step, reason=reason.strip(), filed_at=at, due_at=at + terms().to_answer, **about
        )
    return row


def assign_reviewer(*, actor: User, appeal: Appeal, reviewer: User, at: datetime) -> None:
    """Give a case to a reviewer: an item author or training officer, neither its person nor the author of its item."""
    if appeal.status not in (Appeal.Status.RECEIVED, Appeal.Status.REVIEW):
        raise Refused(_("This case has been decided; nothing was changed."))
    _independent(appeal, reviewer)
    grants = reviewer.grants.filter(Q(ended_at=None) | Q(ended_at__gt=at), role__in=(Role.AUTHOR, Role.TRAINING))
    if not grants.exists():
        raise Refused(_("A reviewer must be an item author or a training officer."), field="reviewer")
    with act(actor, "quality.assign_reviewer", appeal, at=at, person_id=appeal.person_id, reviewer=reviewer.pk):
        appeal.reviewer, appeal.status = reviewer, Appeal.Status.REVIEW
        appeal.save(update_fields=["reviewer", "status"])


def _independent(appeal: Appeal, user: User) -> None:
    if appeal.person.user_id == user.pk:
        raise Refused(_("Nobody reviews their own case."), field="reviewer")
    if appeal.item_version and appeal.item_version.author_id == user.pk:
        raise Refused(_("The author of an item does not review an appeal against it."), field="reviewer")


def decide(*, actor: User, appeal: Appeal, remedy: str, answer: str, at: datetime) -> Correction | None:
    """Uphold with a remedy, or let the result stand with "" ; the person reads `answer`.

    An upheld case prepares a correction, which a third person then approves.
    """
    if appeal.status != Appeal.Status.REVIEW or appeal.reviewer_id != actor.pk:
        raise Refused(_("Only the reviewer of an open case decides it."))
    _independent(appeal, actor)
    if len(answer.strip()) < 20:
        raise Refused(_("Please give the person the reasons in full sentences."), field="answer")
    if remedy and remedy not in Appeal.Remedy.values:
        raise Refused(_("There is no such remedy."), field="remedy")
    if remedy == Appeal.Remedy.NEUTRALISE and appeal.item_version is None and appeal.lab is None:
        raise Refused(_("This case is about the whole result, not about one item."), field="remedy")
    made = None
    with act(actor, "quality.decide_appeal", appeal, at=at, person_id=appeal.person_id, remedy=remedy):
        appeal.status = Appeal.Status.UPHELD if remedy else Appeal.Status.REJECTED
        appeal.remedy, appeal.answer, appeal.decided_at = remedy, answer.strip(), at
        appeal.save(update_fields=["status", "remedy", "answer", "decided_at"])
        if remedy:
            about = _target(appeal, remedy)
            made = prepare(actor=actor, kind=remedy, reason=answer, appeal=appeal, at=at, **about)
    return made


def _target(appeal: Appeal, remedy: str) -> dict[str, Any]:
    """What a correction is to take out: the item or task for everybody, or this person's test or task."""
    if remedy == Appeal.Remedy.VOID:
        return {"lab": appeal.lab} if appeal.lab else {"sitting": appeal.sitting}
    if appeal.lab:
        return {"lab_version": appeal.lab.version, "competence": appeal.competence}
    return {"item_version": appeal.item_version}


def note_read(*, actor: User, appeal: Appeal, at: datetime) -> None:
    """Leave a trace that somebody other than the person read a case."""
    with act(actor, "quality.open_appeal", appeal, at=at, person_id=appeal.person_id):
        pass


def note_flags(*, actor: User, campaign: str, shown: int, at: datetime) -> None:
    """Leave a trace that somebody looked at unusual sittings."""
    with act(actor, "quality.open_flags", at=at, campaign=campaign, shown=shown):
        pass
