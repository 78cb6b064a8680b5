"""Lessons for tests: the fixtures in use, a person who has begun one, answers on demand."""

from datetime import timedelta
from pathlib import Path

from nanglucso.develop.learning import services
from nanglucso.develop.learning.lessons import lesson_of, option_order
from nanglucso.develop.learning.models import Lesson, Study
from tests import make

FOLDER = Path(__file__).resolve().parents[1] / "fixtures" / "lessons"
CODE = "BH-3.3-TC-01"


def text(code: str = CODE) -> str:
    """The file of a fixture."""
    return next(FOLDER.glob(f"{code.removeprefix('BH-')}-*.md")).read_text(encoding="utf-8")


def lesson(code: str = CODE) -> Lesson:
    """A lesson in use."""
    if not Lesson.objects.filter(code=code).exclude(live=None).exists():
        services.load_lessons(at=make.AT, folder=FOLDER)
    return Lesson.objects.select_related("live").get(code=code)


def begun(person, code: str = CODE) -> Study:
    """The person's study, begun at the anchor."""
    return services.begin(actor=person.user, person=person, lesson=lesson(code), at=make.AT)


def sign(study: Study, part: int, seconds: float) -> Study:
    """A sign of life so many seconds after the anchor."""
    moment = make.AT + timedelta(seconds=seconds)
    return services.beat(study_id=study.pk, person_id=study.person_id, part=part, at=moment)


def reply(study: Study, question: int, right: bool, seconds: float) -> Study:
    """An answer, right or wrong."""
    study.refresh_from_db()
    asked = lesson_of(study.version).questions[question - 1]
    order = option_order(study, question, len(asked.options))
    shown = next(n for n, place in enumerate(order) if (place == asked.key) == right)
    return services.answer(
        actor=study.person.user, study_id=study.pk, person_id=study.person_id, round=study.round, question=question,
        shown=shown, at=make.AT + timedelta(seconds=seconds),
    )  # fmt: skip


def finished(person, code: str = CODE) -> Study:
    """A study that was read for five minutes and answered rightly."""
    study = begun(person, code)
    for n in range(20):
        sign(study, min(5, n // 4 + 1), 15 * (n + 1))
    for question in (1, 2, 3):
        study = reply(study, question, True, 310 + question)
    assert study.finished_at is not None
    return study
