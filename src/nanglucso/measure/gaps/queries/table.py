"""The gap as arrays: required minus believed, for any set of people, in a fixed number of statements."""

from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from hashlib import blake2b
from threading import Lock

import numpy as np
from django.db.models import QuerySet

from nanglucso.core.db import raw_chunks
from nanglucso.core.scope import Scope
from nanglucso.engines import levels
from nanglucso.measure.gaps.queries.tallying import MET, NOT_MET, UNKNOWN, Counts, tally
from nanglucso.measure.profiles import folding, reading
from nanglucso.workforce.framework.models import Framework
from nanglucso.workforce.people.models import Person

__all__ = ["CORE", "MET", "NICE", "NOT_MET", "UNKNOWN", "GapTable", "active_people", "gap_table"]
CORE, NICE = "core", "nice"
MOST_KEPT = 2
BLOCK = 1 << 14


@dataclass(frozen=True, eq=False)
class GapTable:
    """The gap of N people in K competences; `place` (N,) is each person's row in `posts`, codes (N, K) of the words.

    required (N, K) levels, 0 = nothing; state (N, K) met | not_met | not_yet_known | ""; missing (N, K) expected
    missing levels; weight (N, K); measured (N,) by a test; mean, var (N, K) in logits.
    """

    frame: folding.Frame
    ids: np.ndarray
    unit: np.ndarray
    position: np.ndarray
    measured: np.ndarray
    posts: reading.Posts
    place: np.ndarray
    codes: np.ndarray
    mean: np.ndarray
    var: np.ndarray

    @cached_property
    def required(self) -> np.ndarray:
        return np.asarray(self.posts.required[self.place])

    @cached_property
    def weight(self) -> np.ndarray:
        return np.asarray(self.posts.weight[self.place])

    @cached_property
    def core(self) -> np.ndarray:
        return np.asarray(self.posts.core[self.place])

    @cached_property
    def state(self) -> np.ndarray:
        return np.array(levels.CODES)[self.codes]

    @cached_property
    def missing(self) -> np.ndarray:
        return levels.missing_levels(self.mean, self.var, self.frame.cuts, self.required)

    @cached_property
    def level_shares(self) -> np.ndarray:
        """Share of requirements whose person is expected at each level 0..L; (L + 1,)."""
        total = self.level_sums(np.zeros(len(self.ids), np.int64), 1)[0]
        return np.asarray(total / max(1, np.count_nonzero(self.codes)))

    def level_sums(self, group: np.ndarray, n: int) -> np.ndarray:
        """How many requirements are expected at each level, by group (N,) of people; (n, L + 1)."""
        place, k = np.nonzero(self.codes)
        size = self.frame.levels + 1
        total, step = np.zeros(n * size), np.arange(size)
        for start in range(0, len(place), BLOCK):
            at = (place[start : start + BLOCK], k[start : start + BLOCK])
            one = self.mean[at][:, None], self.var[at][:, None], self.frame.cuts[at[1]][:, None]
            cell = group[at[0]][:, None] * size + step
            total += np.bincount(cell.ravel(), levels.level_chances(*one)[:, 0].ravel(), n * size)
        return total.reshape(n, size)

    @property
    def urgent_people(self) -> np.ndarray:
        """Of whom a must-have requirement is not met (N,)."""
        return np.asarray(((self.codes == levels.CODES.index(NOT_MET)) & self.core).any(1))

    @property
    def urgent(self) -> int:
        return int(self.urgent_people.sum())

    def rows(self, mask: np.ndarray) -> Counts:
        """Counts over the people of a mask (N,)."""
        return tally(self, np.where(mask, 0, 1), 2).counts(0)

    def only(self, need: str) -> "GapTable":
        """Must-have requirements only (`core`), the others only (`nice`), or everything."""
        if need not in (CORE, NICE):
            return self
        kept = self.posts.core if need == CORE else ~self.posts.core
        mask = kept[self.place]
        made = replace(self, posts=replace(self.posts, required=self.posts.required * kept), codes=self.codes * mask)
        made.__dict__["missing"] = self.missing * mask
        return made

    def asking(self, required: np.ndarray) -> "GapTable":
        """The same people if their positions required these levels (P, K) instead; nothing is stored."""
        made = replace(self, posts=replace(self.posts, required=required), codes=self.codes.copy())
        missing = self.missing.copy()
        for k in np.flatnonzero((required != self.posts.required).any(0)):
            who = np.flatnonzero((required != self.posts.required)[self.place, k])
            asked = (self.mean[who, k, None], self.var[who, k, None], self.frame.cuts[k : k + 1])
            level = required[self.place[who], k][:, None]
            made.codes[who, k] = levels.codes(*asked, level)[:, 0]
            missing[who, k] = levels.missing_levels(*asked, level)[:, 0]
        made.__dict__["missing"] = missing
        return made


def active_people(scope: Scope) -> QuerySet[Person]:
    """Active staff inside a scope, in name order."""
    return (
        Person.objects.filter(scope.units("unit__path"), active=True).exclude(position=None).order_by("sort_key", "pk")
    )


def gap_table(framework: Framework, people: QuerySet[Person], *, at: datetime | None = None) -> GapTable:
    """The gap of these people, in their order. Tables of many people are kept by everything they are made of."""
    frame = folding.frame(framework)
    chunks = raw_chunks(people.values_list("pk", "unit_id", "position_id"))
    parts = [np.array([row[:3] for row in chunk], float) for chunk in chunks]
    rows = np.nan_to_num(np.concatenate([np.zeros((0, 3)), *parts])).astype(np.int64)
    posts, stamp = reading.posts(frame, rows[:, 2], stamped=len(rows) > reading.FEW)
    if len(rows) <= reading.FEW:
        return table_of_rows(frame, rows, posts, at)
    day = at.astimezone(UTC).date() if at else None
    key = blake2b(repr((framework.pk, day, stamp)).encode())
    made_of = (posts.required, posts.weight, posts.core, posts.family, posts.start, frame.cuts, frame.prior_cov)
    for part in (rows, *made_of):
        key.update(np.ascontiguousarray(part).tobytes())
    return _KEPT.get(key.digest()) or _KEPT.put(key.digest(), table_of_rows(frame, rows, posts, at))


def table_of_rows(frame: folding.Frame, rows: np.ndarray, posts: reading.Posts, at: datetime | None) -> GapTable:
    """The gap of the people of rows (N, 3) person, unit, position; one statement."""
    place = np.searchsorted(posts.ids, rows[:, 2])
    ids, unit, position = np.ascontiguousarray(rows.T)
    table = reading.believed(frame, ids, posts.start[place], at=at)
    codes = np.empty(table.mean.shape, np.uint8)
    for start in range(0, len(ids), BLOCK):
        part = slice(start, start + BLOCK)
        codes[part] = levels.codes(table.mean[part], table.var[part], frame.cuts, posts.required[place[part]])
    return GapTable(frame, ids, unit, position, table.measured, posts, place, codes, table.mean, table.var)


class _Kept:
    """The last few large tables of this process. The key holds every input, so an old table is never given out."""

    def __init__(self) -> None:
        self.lock, self.tables = Lock(), OrderedDict[bytes, GapTable]()

    def get(self, key: bytes) -> GapTable | None:
        with self.lock:
            if key in self.tables:
                self.tables.move_to_end(key)
            return self.tables.get(key)

    def put(self, key: bytes, table: GapTable) -> GapTable:
        with self.lock:
            self.tables[key] = table
            while len(self.tables) > MOST_KEPT:
                self.tables.popitem(last=False)
        return table


_KEPT = _Kept()
