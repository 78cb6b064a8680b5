"""How items were really answered: observed shares by ability beside the model."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np

from nanglucso.measure.assessments.models import Answer, Campaign, Sitting
from nanglucso.measure.bank import curves
from nanglucso.measure.bank.models import ItemVersion
from nanglucso.measure.profiles import folding
from nanglucso.measure.profiles.models import Belief
from nanglucso.workforce.framework.queries import FrameArrays

GROUP, MOST_GROUPS, CHOICES = 20, 5, 30


@dataclass(frozen=True)
class Band:
    """People of one ability group: mean ability in logits, n, observed and expected share with the full score."""

    ability: float
    n: int
    observed: float
    expected: float


@dataclass(frozen=True)
class Behaviour:
    """One item version as it was answered. `choices`: (option, weaker half, stronger half), empty = too few answers."""

    version: ItemVersion
    answers: int
    exposure: float
    bands: list[Band]
    choices: list[tuple[str, float, float]]

    @property
    def enough(self) -> bool:
        return bool(self.bands)


def behaviour(version: ItemVersion, frame: FrameArrays) -> Behaviour:
    """What the answers show; ability = the person's whole profile today, this answer included."""
    k, top = version.item.competence.index, len(version.b)
    rows = Answer.real.filter(item_version=version, late=False, score__isnull=False).exclude(
        sitting__status=Sitting.Status.VOIDED
    )
    found = [
        (pk, score or 0, choice) for pk, score, choice in rows.values_list("sitting__person_id", "score", "choice")
    ]
    means = {
        pk: float(folding.unpack(mean, (frame.size,))[k])
        for pk, mean in Belief.objects.filter(person__in=[row[0] for row in found]).values_list("person_id", "mean")
    }
    told = sorted(((means[pk], score, choice) for pk, score, choice in found if pk in means), key=lambda row: row[0])
    return Behaviour(
        version, len(found), len(found) / max(1, _sat(version)), _bands(version, told, top), _choices(version, told)
    )


def _sat(version: ItemVersion) -> int:
    """Tests that were begun in campaigns whose bank holds this version."""
    held = [pk for pk, items in Campaign.objects.values_list("pk", "items") if version.pk in items]
    return Sitting.objects.filter(campaign__in=held).exclude(started_at=None).count()


def _bands(version: ItemVersion, told: list[tuple[float, int, Any]], top: int) -> list[Band]:
    groups = min(MOST_GROUPS, len(told) // GROUP)
    if groups < 2:
        return []
    return [
        Band(
            float(np.mean([row[0] for row in part])),
            len(part),
            sum(row[1] == top for row in part) / len(part),
            float(np.mean([curves.share_at(version, row[0]) for row in part])),
        )
        for part in ([told[i] for i in chunk] for chunk in np.array_split(np.arange(len(told)), groups))
    ]


def _choices(version: ItemVersion, told: list[tuple[float, int, Any]]) -> list[tuple[str, float, float]]:
    options = version.body.get("options", [])
    if len(told) < CHOICES or not options:
        return []
    half = len(told) // 2
    parts = []
    for part in (told[:half], told[half:]):
        picked = Counter(key for row in part for key in (row[2] if isinstance(row[2], list) else [row[2]]))
        parts.append({o["key"]: picked[o["key"]] / len(part) for o in options})
    return [(o["text"], parts[0][o["key"]], parts[1][o["key"]]) for o in options]
