"""The protected tables of a release: counts by unit, small ones and what would give them away kept back (adr/0025)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from nanglucso.core.days import local_day
from nanglucso.core.scope import EVERYTHING
from nanglucso.develop.hours.queries import listing
from nanglucso.engines.suppression import protect_again
from nanglucso.govern.exchange.exchangerules import rules
from nanglucso.govern.exchange.remembering import Memory, memory
from nanglucso.measure.gaps.queries import SMALL_GROUP, Place, tree, unit_sums, unit_tally
from nanglucso.measure.gaps.queries.units import belonging
from nanglucso.workforce.framework.models import Framework
from nanglucso.workforce.people.models import Unit

Row = dict[str, Any]


def parents(places: Sequence[Place]) -> np.ndarray:
    """Place of the unit above each (U,), -1 for the top; units stand in tree order."""
    at = {one.path: number for number, one in enumerate(places)}
    return np.array([at.get(one.path[: -Unit.steplen], -1) for one in places], np.int64)


def veiled(
    counts: np.ndarray, parent: np.ndarray, kept: np.ndarray | None = None, known: np.ndarray | None = None
) -> tuple[np.ndarray, bool]:
    """What is kept back of states (U, C) and of their total, bool (U, C + 1), the total last; whether it suffices.

    The total is protected for itself; a unit whose total is kept back shows nothing. States are protected against
    somebody who knows every total. `kept`, `known` (U, C + 1): what earlier releases keep back, and what they show
    that is the same now.
    """
    told: dict[str, Any] = {"least": SMALL_GROUP, "width": int(rules()["protection"]["width"])}
    width = counts.shape[1]
    kept = np.zeros((len(counts), width + 1), bool) if kept is None else kept
    sums, seen = (None, None) if known is None else (known[:, width:], known[:, :width])
    whole, well = protect_again(
        counts.sum(1, keepdims=True), parent, totals=False, start=kept[:, width:], known=sums, **told
    )
    start = np.repeat(whole, width, 1) | kept[:, :width]
    states, safe = protect_again(counts, parent, start=start, known=seen, **told)
    return np.concatenate([states, whole], 1), well and safe


@dataclass(frozen=True)
class Sheet:
    """The units of a release in tree order, with their codes, the unit above each, and the moment."""

    places: Sequence[Place]
    codes: Sequence[str]
    parent: np.ndarray
    at: datetime

    def told(self, counts: np.ndarray, words: Sequence[str], before: Memory, **same: Any) -> list[Row]:
        """One dict a unit: hidden counts are None, and a total is shown as the sum that it is.

        Where the counts cannot be told without giving away what an earlier release keeps back, that one is repeated.
        """
        whole, names = np.concatenate([counts, counts.sum(1, keepdims=True)], 1), (*words, "required")
        keys = [tuple({"unit": code, **same}[name] for name in before.by) for code in self.codes]
        if before.tables:
            hidden, safe = veiled(counts, self.parent, before.kept(keys, names), before.known(keys, names, whole))
            old = [] if safe else before.again(**same)
            if old:
                return old
        else:
            hidden, _safe = veiled(counts, self.parent)
        day = local_day(self.at).isoformat()
        return [
            {"unit": code, **same, "as_of": day}
            | {word: None if hidden[u, c] else int(whole[u, c]) for c, word in enumerate(names)}
            for u, code in enumerate(self.codes)
        ]


def gap_rows(framework: Framework, sheet: Sheet) -> list[Row]:
    """Met, not met, not yet known of every unit and competence."""
    tally = unit_tally(unit_sums(framework, EVERYTHING, at=sheet.at), [one.path for one in sheet.places])
    counted = [tally.counts(u) for u in range(len(sheet.places))]
    before, made = memory("gaps", ("unit", "competence"), sheet.at), list[Row]()
    for k, name in enumerate(framework.competences.order_by("index").values_list("code", flat=True)):
        states = np.array([[c.met[k], c.not_met[k], c.unknown[k]] for c in counted], np.int64)
        made += sheet.told(states, ("met", "not_met", "not_yet_known"), before, competence=name)
    return made


def hour_rows(sheet: Sheet) -> list[Row]:
    """People with a yearly duty who reached it and who did not."""
    year = local_day(sheet.at).year
    people = [one for one in listing(EVERYTHING, year, sheet.at) if one.owed is not None]
    states = np.array([[one.missing == 0, one.missing > 0] for one in people], np.int64).reshape(-1, 2)
    inside = belonging([one.path for one in people], [one.path for one in sheet.places]).astype(np.int64)
    before = memory("hours", ("unit", "year"), sheet.at)
    return sheet.told(inside @ states, ("met", "not_met"), before, year=year)


def tables(framework: Framework, *, at: datetime) -> dict[str, list[Row]]:
    """{code: rows} of a release as it would be made at a moment."""
    places = tree(EVERYTHING).places
    if not places:
        return {"gaps": [], "hours": []}
    known = dict(Unit.objects.values_list("pk", "code"))
    sheet = Sheet(places, [known[one.pk] for one in places], parents(places), at)
    return {"gaps": gap_rows(framework, sheet), "hours": hour_rows(sheet)}
