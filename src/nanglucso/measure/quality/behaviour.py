"""How items were really answered: observed shares by ability beside the model, and sittings to look at.

Person fit: standardised log-likelihood l_z of the answers at the person's estimate (Drasgow, Levine & Williams 1985),
for scores of any number of steps. In adaptive tests it is not exactly standard normal, so it only says "look here".
"""

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np

from nanglucso.core.scope import Scope
from nanglucso.engines import irt
from nanglucso.measure.assessments.models import Answer, Campaign, Sitting
from nanglucso.measure.bank import curves
from nanglucso.measure.bank.models import ItemVersion
from nanglucso.measure.profiles import folding
from nanglucso.measure.profiles.models import Belief
from nanglucso.workforce.framework.queries import FrameArrays

GROUP, MOST_GROUPS, CHOICES = 20, 5, 30
QUICK_SHARE, FAST_SECONDS, STRANGE, LEAST = 0.2, 4.0, -2.5, 8


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
    rows = Answer.objects.filter(item_version=version, late=False, score__isnull=False).exclude(
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


@dataclass(frozen=True)
class Flag:
    """A sitting that a human may look at; never a verdict. `quick`: share of answers under 4 s; `fit`: l_z."""

    sitting: Sitting
    quick: float
    fit: float
    answers: int

    @property
    def too_fast(self) -> bool:
        return self.quick >= QUICK_SHARE

    @property
    def unusual(self) -> bool:
        return self.fit <= STRANGE


def flags(scope: Scope, frame: FrameArrays, campaign_id: int) -> list[Flag]:
    """Sittings of one campaign in these units whose speed or pattern stands out, the most unusual first."""
    rows = Answer.objects.filter(sitting__campaign=campaign_id, score__isnull=False).filter(
        scope.units("sitting__person__unit__path")
    )
    rows = rows.exclude(sitting__status=Sitting.Status.VOIDED).exclude(sitting__person=scope.person_id or 0)
    by_sitting: dict[Any, list[tuple[int, int, int]]] = {}
    for pk, version, score, ms in rows.values_list("sitting_id", "item_version_id", "score", "shown_ms"):
        by_sitting.setdefault(pk, []).append((version, score or 0, ms))
    met = {row[0] for told in by_sitting.values() for row in told}
    versions = ItemVersion.objects.select_related("item__competence").in_bulk(met)
    sittings = Sitting.objects.select_related("person__unit", "campaign").in_bulk(by_sitting)
    beliefs = dict(
        Belief.objects.filter(person__in=[s.person_id for s in sittings.values()]).values_list("person_id", "mean")
    )
    judged = [
        _flag(sittings[pk], folding.unpack(beliefs[sittings[pk].person_id], (frame.size,)), told, versions)
        for pk, told in by_sitting.items()
        if len(told) >= LEAST and sittings[pk].person_id in beliefs
    ]
    found = [flag for flag in judged if flag.too_fast or flag.unusual]
    return sorted(found, key=lambda flag: (flag.fit, -flag.quick))


def _flag(
    sitting: Sitting, mean: np.ndarray, told: list[tuple[int, int, int]], versions: dict[int, ItemVersion]
) -> Flag:
    timed = [ms for _v, _s, ms in told if ms]
    quick = sum(ms < 1000 * FAST_SECONDS for ms in timed) / len(timed) if timed else 0.0
    return Flag(sitting, quick, fit(mean, [(versions[v], score) for v, score, _ in told]), len(told))


def fit(mean: np.ndarray, told: list[tuple[ItemVersion, int]]) -> float:
    """l_z = (l - E l) / sd(l) of scores at the estimate `mean` (K,); strongly negative = an unusual pattern."""
    seen = expected = variance = 0.0
    for version, score in told:
        x = np.array([mean[version.item.competence.index]])
        p = np.clip(irt.categories(x, version.a, np.array([version.b]), version.c)[0], 1e-9, 1)
        logs = np.log(p)
        level = float(p @ logs)
        seen, expected = seen + float(logs[score]), expected + level
        variance += float(p @ logs**2) - level**2
    return (seen - expected) / float(np.sqrt(max(variance, 1e-9)))
