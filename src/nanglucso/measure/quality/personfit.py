"""Sittings to look at: answered too fast, or in a pattern that the person's estimate does not explain.

Person fit: standardised log-likelihood l_z of the answers at the person's estimate (Drasgow, Levine & Williams 1985),
for scores of any number of steps. In adaptive tests it is not exactly standard normal, so it only says "look here".
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from nanglucso.core.scope import Scope
from nanglucso.engines import irt
from nanglucso.measure.assessments.models import Answer, Sitting
from nanglucso.measure.bank.models import ItemVersion
from nanglucso.measure.profiles import folding
from nanglucso.measure.profiles.models import Belief
from nanglucso.workforce.framework.queries import FrameArrays

QUICK_SHARE, FAST_SECONDS, STRANGE, LEAST = 0.2, 4.0, -2.5, 8
CHUNK = 2000


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
    """Sittings of one campaign in these units whose speed or pattern stands out, the most unusual first.

    Read CHUNK sittings at a time, so that a campaign of 60,000 needs no more memory than one of 2,000.
    """
    held = Sitting.objects.filter(scope.units("person__unit__path"), campaign=campaign_id)
    held = held.exclude(status=Sitting.Status.VOIDED).exclude(person=scope.person_id or 0)
    whose = dict(held.values_list("pk", "person_id"))
    told: dict[Any, tuple[float, float, int]] = {}
    known: dict[int, ItemVersion] = {}
    ids = list(whose)
    for start in range(0, len(ids), CHUNK):
        told |= _judged({pk: whose[pk] for pk in ids[start : start + CHUNK]}, frame, known)
    sittings = Sitting.objects.select_related("person__unit", "campaign").in_bulk(told)
    found = [Flag(sittings[pk], *figures) for pk, figures in told.items()]
    return sorted(found, key=lambda flag: (flag.fit, -flag.quick))


def _judged(
    whose: dict[Any, int], frame: FrameArrays, known: dict[int, ItemVersion]
) -> dict[Any, tuple[float, float, int]]:
    """(share of quick answers, fit, answers) of those of these sittings that stand out; `known` gathers the items."""
    stored = Belief.objects.filter(person__in=list(whose.values())).values_list("person_id", "mean")
    means = {pk: folding.unpack(mean, (frame.size,)) for pk, mean in stored}
    kept = [pk for pk, person in whose.items() if person in means]
    place = {pk: n for n, pk in enumerate(kept)}
    rows = Answer.objects.filter(sitting__in=kept, score__isnull=False)
    told = [
        (place[pk], version, score or 0, ms)
        for pk, version, score, ms in rows.values_list("sitting_id", "item_version_id", "score", "shown_ms")
    ]
    if not told:
        return {}
    at, item, score, ms = np.array(told, np.int64).T
    missing = set(item.tolist()) - set(known)
    known |= ItemVersion.objects.select_related("item__competence").in_bulk(missing)
    strange = fits(np.stack([means[whose[pk]] for pk in kept]), at, item, score, known)
    n, timed = (np.bincount(at[part], minlength=len(kept)) for part in (ms >= 0, ms > 0))
    hasty = np.bincount(at[(ms > 0) & (ms < 1000 * FAST_SECONDS)], minlength=len(kept))
    quick = hasty / np.maximum(1, timed)
    stands_out = (n >= LEAST) & ((quick >= QUICK_SHARE) | (strange <= STRANGE))
    return {kept[i]: (float(quick[i]), float(strange[i]), int(n[i])) for i in np.flatnonzero(stands_out)}


def fits(
    mean: np.ndarray, at: np.ndarray, item: np.ndarray, score: np.ndarray, known: dict[int, ItemVersion]
) -> np.ndarray:
    """l_z = (l - E l) / sd(l) of each of N sittings at its person's estimate; strongly negative = an unusual pattern.

    mean (N, K) logits; M answers: at (M,) sitting 0 .. N - 1, item (M,) keys of `known`, score (M,).
    """
    seen, expected, variance = np.zeros((3, len(mean)))
    for pk in np.unique(item):
        version, mine = known[int(pk)], item == pk
        who = at[mine]
        theta = mean[who, version.item.competence.index]
        p = np.clip(irt.categories(theta, version.a, np.array([version.b]), version.c), 1e-9, 1)
        logs = np.log(p)
        level = (p * logs).sum(1)
        np.add.at(seen, who, logs[np.arange(len(who)), score[mine]])
        np.add.at(expected, who, level)
        np.add.at(variance, who, (p * logs**2).sum(1) - level**2)
    return (seen - expected) / np.sqrt(np.maximum(variance, 1e-9))
