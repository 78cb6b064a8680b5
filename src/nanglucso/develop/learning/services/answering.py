"""The exercise and the questions."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.db import write_turn
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.develop.learning import grading
from nanglucso.develop.learning.lessons import lesson_of, option_order
from nanglucso.develop.learning.models import CheckAnswer, Study
from nanglucso.develop.learning.passing import may_repeat_at
from nanglucso.develop.learning.questions import WANTED
from nanglucso.develop.learning.services.studying import count_time, locked, settle


def try_exercise(*, study_id: uuid.UUID, person_id: int, given: Sequence[str], at: datetime) -> Study:
    """Keep a try of the exercise and how many rows were right. Raises Study.DoesNotExist, and Refused for a try that
    leaves a row open.
    """
    with write_turn():
        study, last = locked(study_id, person_id)
        exercise = lesson_of(study.version).exercise
        try:
            told = grading.grade(exercise, given) if exercise else []
        except grading.BadTry:
            raise Refused(_("Fill in every row first; then the feedback comes.")) from None
        if study.finished_at is None:
            count_time(study, last, at)
        study.tries += 1
        study.tried = {"given": list(given), "right": sum(one.right for one in told), "rows": len(told)}
        study.save(update_fields=["tries", "tried", "spent", "seen_at"])
        return settle(study, at)


def answer(
    *, actor: User | None, study_id: uuid.UUID, person_id: int, round: int, question: int, shown: int, at: datetime
) -> Study:
    """Keep the first answer to a question of the round; a second one changes nothing.

    `shown`: the place of the option on the page. Raises Study.DoesNotExist, and Refused for a question or option that
    is not there or a round that is not the present one.
    """
    with write_turn():
        study, last = locked(study_id, person_id)
        asked = lesson_of(study.version).questions
        if study.answers.filter(round=round, question=question).exists():
            return study
        if round != study.round or not 1 <= question <= len(asked):
            raise Refused(_("This question is not open any more. Load the page anew."))
        order = option_order(study, question, len(asked[question - 1].options))
        if not 0 <= shown < len(order):
            raise Refused(_("Choose one of the options first."))
        choice = order[shown]
        right = asked[question - 1].options[choice].right
        told = {"lesson": study.version.lesson.code, "question": question, "round": round}
        with act(actor, "learning.answer", study, at=at, person_id=person_id, **told):
            CheckAnswer.objects.create(study=study, round=round, question=question, choice=choice, right=right, at=at)
            if study.finished_at is None:
                count_time(study, last, at)
            if study.answers.filter(round=round).count() == WANTED:
                study.round_ended_at = at
            study.save(update_fields=["spent", "seen_at", "round_ended_at"])
        return settle(study, at)


def again(*, actor: User | None, study_id: uuid.UUID, person_id: int, at: datetime) -> Study:
    """Ask the three questions anew, shuffled. Raises Refused before the minute of reading has passed."""
    with write_turn():
        study, _last = locked(study_id, person_id)
        free = may_repeat_at(study)
        if free is None:
            return study
        if at < free:
            raise Refused(_("Read part 2 again first; the questions open again one minute after the last answer."))
        with act(actor, "learning.again", study, at=at, person_id=person_id, round=study.round + 1):
            study.round += 1
            study.round_ended_at = None
            study.save(update_fields=["round", "round_ended_at"])
    return study
