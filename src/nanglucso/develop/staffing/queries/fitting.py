"""Beliefs and requirements as arrays, the fit computed from them, and one pair of person and position told in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from math import ceil
from typing import Any, cast

import numpy as np
from django.db.models import QuerySet

from nanglucso.core.content import read_yaml, root
from nanglucso.engines import levels, matching
from nanglucso.measure.profiles import folding
from nanglucso.measure.profiles.folding import Floats, Frame
from nanglucso.measure.profiles.queries import beliefs
from nanglucso.measure.profiles.reading import BeliefTable, Posts, posts
from nanglucso.workforce.framework.models import Framework
from nanglucso.workforce.people.models import Person, Position

_ORDER = (levels.NOT_MET, levels.NOT_YET_KNOWN, levels.MET)
_UNSURE = (round(100 * (1 - levels.SURE)) + 1, round(100 * levels.SURE) - 1)


@lru_cache(maxsize=1)
def figures() -> dict[str, float]:
    """Planning figures: tiet_per_level, tiet_per_year, floor."""
    told = cast(dict[str, Any], read_yaml(root() / "staffing.yaml"))
    return {name: float(told[name]) for name in ("tiet_per_level", "tiet_per_year", "floor")}


@dataclass(frozen=True)
class Candidate:
    """One person for one position: fit 0..1; codes of competences met, missing with levels, not yet known.

    `must`: codes of must-haves among the missing. `tiet`: expected hours to close what is open, `years` at the yearly
    number of hours.
    """

    person: int
    fit: float
    met: tuple[str, ...]
    missing: tuple[tuple[str, float], ...]
    unknown: tuple[str, ...]
    must: tuple[str, ...]
    tiet: int
    years: float
    measured: bool

    def told(self) -> dict[str, Any]:
        """What a record keeps of it."""
        return {
            "person": self.person, "fit": round(self.fit, 4), "met": list(self.met), "tiet": self.tiet,
            "missing": [[code, round(level, 1)] for code, level in self.missing], "unknown": list(self.unknown),
            "must": list(self.must), "measured": self.measured,
        }  # fmt: skip


@dataclass(frozen=True)
class Part:
    """One requirement beside one person's belief: level numbers `required` and `now` (of the mean), the word for it.

    `chance` that it is met, `open` expected levels missing, `tiet` hours to close them, `weight` in the position.
    """

    code: str
    word: str
    required: int
    now: int
    chance: float
    open: float
    tiet: int
    weight: float
    must: bool

    @property
    def percent(self) -> int:
        """The chance; never rounded onto a threshold that the word says was not reached."""
        shown = round(100 * self.chance)
        return min(max(shown, _UNSURE[0]), _UNSURE[1]) if self.word == levels.NOT_YET_KNOWN else shown


@dataclass(frozen=True, eq=False)
class FitTable:
    """N people and M positions: `fit` (N, M); `column` {position id: m}; rows in the order of `table.ids`."""

    frame: Frame
    table: BeliefTable
    held: Posts
    column: dict[int, int]
    fit: Floats

    def parts(self, row: int, position_id: int) -> list[Part]:
        """One pair, requirement by requirement: missing first, then not yet known, then met; heavy ones first."""
        m = self.column[position_id]
        mean, var, level = self.table.mean[row], self.table.var[row], self.held.required[m]
        chance = levels.p_met(mean, var, self.frame.cuts, level)
        told, now = levels.words(chance, level), levels.level_of(mean, self.frame.cuts)
        open_ = levels.missing_levels(mean[None], var[None], self.frame.cuts, level[None])[0]
        hours, weight, must = figures()["tiet_per_level"], self.held.weight[m], self.held.core[m]
        found = [
            Part(
                self.frame.codes[k], str(told[k]), int(level[k]), int(now[k]), float(chance[k]), float(open_[k]),
                0 if told[k] == levels.MET else ceil(float(open_[k]) * hours), float(weight[k]), bool(must[k]),
            )
            for k in np.flatnonzero(level > 0)
        ]  # fmt: skip
        return sorted(found, key=lambda part: (_ORDER.index(part.word), -part.weight, part.code))

    def candidate(self, row: int, position_id: int) -> Candidate:
        """One pair in words."""
        m = self.column[position_id]
        mean, var, level = self.table.mean[row], self.table.var[row], self.held.required[m]
        told = levels.words(levels.p_met(mean, var, self.frame.cuts, level), level)
        open_ = levels.missing_levels(mean[None], var[None], self.frame.cuts, level[None])[0]
        codes = np.array(self.frame.codes)
        short = np.flatnonzero(told == levels.NOT_MET)
        tiet = ceil(float(open_[told != levels.MET].sum()) * figures()["tiet_per_level"])
        return Candidate(
            int(self.table.ids[row]), float(self.fit[row, m]), tuple(codes[told == levels.MET].tolist()),
            tuple((str(codes[k]), float(open_[k])) for k in short),
            tuple(codes[told == levels.NOT_YET_KNOWN].tolist()),
            tuple(str(codes[k]) for k in short if self.held.core[m][k]), tiet, tiet / figures()["tiet_per_year"],
            bool(self.table.measured[row]),
        )  # fmt: skip


def fit_table(
    framework: Framework, people: QuerySet[Person], positions: Sequence[Position], *, at: datetime
) -> FitTable:
    """Fit of these people (in their order) to these positions on a day; a fixed number of statements."""
    frame = folding.frame(framework)
    table = beliefs(frame, people, at=at)
    held, _stamp = posts(frame, np.array([position.pk for position in positions] or [0], np.int64))
    fit = matching.fits(table.mean, table.var, frame.cuts, held.required, held.weight, held.core)
    return FitTable(frame, table, held, {int(pk): m for m, pk in enumerate(held.ids)}, fit)
