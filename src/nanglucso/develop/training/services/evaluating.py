"""A learner fills in a form about a class: that it was done is kept with the person, the answers are not."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.days import local_day
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.develop.training.models import EvaluationAnswer, EvaluationGiven, TrainingClass
from nanglucso.develop.training.questionnaires import Questionnaire, asked_for, rules
from nanglucso.develop.training.signup import State
from nanglucso.workforce.people.models import Person

ATTENDED = (State.COMPLETED, State.PARTLY)


def evaluate(
    *, actor: User | None, training_class: TrainingClass, person: Person, form: str, answers: Mapping[str, int],
    at: datetime,
) -> None:  # fmt: skip
    """Give one's view once. Raises Refused when the form is not open, not for this person, given, or incomplete.

    The answer carries no person and no moment, and its key no order; the log says that a form was given, not what.
    """
    asked = _open_form(training_class, form, at)
    if not training_class.enrolments.filter(person=person, status__in=ATTENDED).exists():
        raise Refused(_("Only who attended the class evaluates it."))
    given = _checked(asked, answers)
    with act(actor, "training.evaluate", training_class, at=at, person_id=person.pk, form=form):
        _row, made = EvaluationGiven.objects.get_or_create(training_class=training_class, person=person, form=form)
        if not made:
            raise Refused(_("You have given your view on this class already."))
        EvaluationAnswer.objects.create(training_class=training_class, form=form, version=asked.version, answers=given)


def _open_form(training_class: TrainingClass, form: str, at: datetime) -> Questionnaire:
    closed = training_class.closed_at
    if training_class.status != TrainingClass.Status.DONE or closed is None:
        raise Refused(_("The class is evaluated after it has ended."))
    asked = asked_for(form, local_day(closed))
    if asked is None or not asked.is_open(closed, at):
        raise Refused(_("This form is not open now; it was open for some weeks after the class."))
    return asked


def _checked(asked: Questionnaire, answers: Mapping[str, int]) -> dict[str, int]:
    values = {int(one.code) for one in rules().scale}
    missing = [n for n, question in enumerate(asked.questions, 1) if answers.get(question.id) not in values]
    if missing:
        told = {"numbers": ", ".join(map(str, missing))}
        raise Refused(_("Answer every sentence; still open: %(numbers)s.") % told)
    return {question.id: int(answers[question.id]) for question in asked.questions}
