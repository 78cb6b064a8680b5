"""Classical statistics of a campaign's questions, as test reports elsewhere give them (`engines.quizstats`)."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from nanglucso.engines.quizstats import QuizStatistics, question_statistics, quiz_statistics
from nanglucso.measure.bank.models import ItemVersion
from nanglucso.measure.bank.scoring import STEPS
from nanglucso.measure.quality.calibrating import answers_of

ENOUGH = 200
LEAST = 10  # under it a correlation says nothing at all and is left out
WEAK, GOOD = 0.2, 0.3  # Ebel (1965) for the discrimination of a fixed form


@dataclass(frozen=True)
class Line:
    """One question: figures as shares, None where undefined; `word` says what the discrimination means."""

    version: ItemVersion
    n: int
    facility: float | None
    sd: float | None
    discrimination: float | None
    efficiency: float | None
    word: str

    @property
    def few(self) -> bool:
        return self.n < ENOUGH


@dataclass(frozen=True)
class Statistics:
    """All questions of a campaign; `whole` only where everybody met the same questions."""

    lines: list[Line]
    people: int
    answers: int
    whole: QuizStatistics | None


def statistics_of(code: str) -> Statistics | None:
    """Figures of one campaign, or None while nobody has answered."""
    rows = list(answers_of([code]).exclude(score=None).values_list("sitting__person_id", "item_version_id", "score"))
    if not rows:
        return None
    ids = sorted({row[1] for row in rows})
    found = ItemVersion.objects.select_related("item__competence").in_bulk(ids)
    place = {pk: j for j, pk in enumerate(ids)}
    most = np.array([STEPS[found[pk].item.type] for pk in ids], float)
    person, question, points = np.array([(p, place[v], s) for p, v, s in rows], np.int64).T
    seen = question_statistics(person, question, points, most)
    whole = _whole(rows, place, most)
    lines = []
    for pk, j in place.items():
        n, figures = int(seen.n[j]), (seen.facility[j], seen.sd[j], seen.discrimination[j], seen.efficiency[j])
        facility, sd, discrimination, efficiency = map(_known, figures)
        if n < LEAST:
            discrimination = efficiency = None
        word = _word(discrimination, n, whole is not None)
        lines.append(Line(found[pk], n, facility, sd, discrimination, efficiency, word))
    return Statistics(lines, len(set(person.tolist())), len(rows), whole)


def _known(value: Any) -> float | None:
    return float(value) if np.isfinite(value) else None


def _whole(rows: list[Any], place: dict[int, int], most: Any) -> QuizStatistics | None:
    met: dict[int, dict[int, int]] = defaultdict(dict)
    for person, version, score in rows:
        met[person][place[version]] = score
    if len(met) < 2 or any(len(one) != len(place) for one in met.values()):
        return None
    table = [[one[j] for j in range(len(place))] for one in met.values()]
    return quiz_statistics(table, most)


def _word(discrimination: float | None, n: int, fixed: bool) -> str:
    if n < ENOUGH:
        return _("too few answers to judge")
    if discrimination is None:
        return _("cannot be worked out")
    if discrimination < 0:
        return _("negative: check the key")
    if not fixed:
        return _("see item health for a verdict")
    return _("weak") if discrimination < WEAK else _("good") if discrimination >= GOOD else _("fair")
