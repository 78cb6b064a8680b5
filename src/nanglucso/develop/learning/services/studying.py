"""Beginning a lesson, signs of life, and the one place where a lesson becomes finished."""

import uuid
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.db import write_turn
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.develop.learning import timing
from nanglucso.develop.learning.clocks import lock_signs
from nanglucso.develop.learning.lessonfile import PARTS
from nanglucso.develop.learning.models import Lesson, Study
from nanglucso.develop.learning.passing import complete
from nanglucso.workforce.people.models import Person


def begin(*, actor: User | None, person: Person, lesson: Lesson, at: datetime) -> Study:
    """The person's study of the lesson: the one under way, even of an older version, or of the version in use.

    Raises Refused when no version is in use.
    """
    held = Study.objects.filter(person=person, version__lesson=lesson).select_related("version__lesson")
    going = held.filter(finished_at=None).first() or held.filter(version=lesson.live_id).first()
    if going is not None:
        return going
    if lesson.live is None:
        raise Refused(_("This lesson is not in use. Choose another one from the list."))
    with act(actor, "learning.begin", lesson, at=at, person_id=person.pk, version=lesson.live.number):
        told = {"began_at": at, "seen_at": at, "opened": [1]}
        return Study.objects.get_or_create(person=person, version=lesson.live, defaults=told)[0]


def locked(study_id: uuid.UUID, person_id: int) -> tuple[Study, datetime]:
    """The study and the person's last sign of life anywhere; inside a write turn.

    Raises Study.DoesNotExist for somebody else's.
    """
    signs = lock_signs(person_id)
    study = next((row for row in signs.studies if row.pk == study_id), None)
    if study is None or signs.last is None:
        raise Study.DoesNotExist
    return study, signs.last


def count_time(study: Study, last: datetime, at: datetime) -> None:
    """Add the time since the last sign of life to the part that was shown; the caller saves."""
    part = str(study.part)
    worth = timing.credit(last, at)
    study.spent = {**study.spent, part: round(study.spent.get(part, 0.0) + worth, 1)}
    study.seen_at = max(study.seen_at, at)


def beat(*, study_id: uuid.UUID, person_id: int, part: int, at: datetime) -> Study:
    """A sign of life from the page that shows `part`. Raises Study.DoesNotExist, and Refused for a part unknown.

    Not an act of its own in the log: the sum of the time stands in the study, its finish in the log.
    """
    if not 1 <= part <= PARTS:
        raise Refused(_("A lesson has five parts."))
    with write_turn():
        study, last = locked(study_id, person_id)
        if study.finished_at:
            return study
        count_time(study, last, at)
        study.part = part
        study.opened = sorted({*study.opened, part})
        study.save(update_fields=["spent", "seen_at", "part", "opened"])
        return settle(study, at)


def settle(study: Study, at: datetime) -> Study:
    """Finish the study when time, parts and questions are enough; inside the caller's write turn."""
    if study.finished_at or not complete(study):
        return study
    told = {"lesson": study.version.lesson.code, "seconds": round(study.seconds)}
    with act(study.person.user, "learning.finish", study, at=at, person_id=study.person_id, **told):
        study.finished_at = at
        study.save(update_fields=["finished_at"])
    return study
