"""The task at work: the official says it is done, the head confirms in one tap."""

import uuid
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.develop.learning.models import Study
from nanglucso.kit.text import clean

LEAST, LONGEST = 10, 500


def report_task(*, actor: User | None, study: Study, note: str, at: datetime) -> Study:
    """Say in a few words what was done at work. Raises Refused before the lesson is finished, for a note too short or
    too long, and after the head has confirmed.
    """
    note = clean(note)
    if study.finished_at is None:
        raise Refused(_("Finish the lesson first; then report the task."))
    if study.confirmed_at:
        raise Refused(_("The task is confirmed already; nothing was changed."))
    if not LEAST <= len(note) <= LONGEST:
        raise Refused(_("Say in 10 to 500 letters what was done and where the result is."), field="note")
    with act(actor, "learning.report_task", study, at=at, person_id=study.person_id):
        study.task_note, study.task_done_at = note, at
        study.save(update_fields=["task_note", "task_done_at"])
    return study


def confirm_task(*, actor: User, study_id: uuid.UUID, at: datetime) -> Study:
    """The head has seen the result. Raises Refused for one's own task or one that was not reported; a second
    confirmation changes nothing.
    """
    with act(actor, "learning.confirm_task", at=at) as this:
        study = Study.objects.select_for_update().get(pk=study_id)
        this.subject, this.person_id = study, study.person_id
        if study.person.user_id == actor.pk:
            raise Refused(_("Nobody confirms their own task. Another head confirms it."))
        if study.task_done_at is None:
            raise Refused(_("This task was not reported as done."))
        if study.confirmed_at is None:
            study.confirmed_by, study.confirmed_at = actor, at
            study.save(update_fields=["confirmed_by", "confirmed_at"])
    return study
