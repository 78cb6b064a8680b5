"""Whether a study has what it needs to be finished, and when its questions open again."""

from datetime import datetime, timedelta

from nanglucso.develop.learning import timing
from nanglucso.develop.learning.lessonfile import PARTS
from nanglucso.develop.learning.models import Study
from nanglucso.develop.learning.questions import ENOUGH, WANTED


def rights(study: Study) -> int:
    """Questions answered rightly in the best round."""
    found: dict[int, int] = {}
    for row in study.answers.all():
        found[row.round] = found.get(row.round, 0) + row.right
    return max(found.values(), default=0)


def complete(study: Study) -> bool:
    """Enough time that the server saw go by, every part opened, two of three questions right in one round."""
    spent = study.seconds >= timing.needed(study.version.minutes)
    return spent and len(study.opened) == PARTS and rights(study) >= ENOUGH


def may_repeat_at(study: Study) -> datetime | None:
    """When the questions may be asked anew: after a minute of reading; None = the round is not over or was passed."""
    own = [row for row in study.answers.all() if row.round == study.round]
    if len(own) < WANTED or sum(row.right for row in own) >= ENOUGH or study.round_ended_at is None:
        return None
    return study.round_ended_at + timedelta(seconds=timing.PAUSE)
