"""The records of a scope's units without counting everybody anew: a record is kept under a hash of all it is made of.

A key that fits is a record that is right, so nothing has to be told to forget; what does not fit is counted again, one
unit at a time. Kept in the process and, by the worker (`services.keep_sums`), in the database.
"""

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from itertools import pairwise
from threading import Lock

import numpy as np
from django.db.models import Max, Min

from nanglucso.core.db import raw_rows
from nanglucso.core.scope import Scope
from nanglucso.core.watching.pulses import last
from nanglucso.measure.gaps.models import UnitSums
from nanglucso.measure.gaps.queries.sums import Sums, record, sums_of
from nanglucso.measure.gaps.queries.table import active_people, table_of_rows
from nanglucso.measure.profiles import folding, reading
from nanglucso.measure.profiles.folding import Frame
from nanglucso.workforce.framework.models import Framework
from nanglucso.workforce.people.models import Person

LARGE = 150_000  # people (by their numbers) beyond which a map of everybody takes the worker's records unchecked
FRESH = timedelta(hours=2)  # as long as the worker has looked through them within this time
AT_ONCE = 50_000  # people counted together: a table of that many takes about 100 MB
PULSE = "sums"
FORMULA = b"1"  # a change of what a record holds, or of how it is worked out, needs another
MOST_KEPT = 1 << 14
KEY_BYTES = 16


@dataclass(frozen=True, eq=False)
class Asked:
    """Everything that the records of some units are made of: rows (N, 4) as `reading.revisions`, by unit and person.

    units (U,), start (U + 1,) places of each unit's rows, keys (U,).
    """

    frame: Frame
    at: datetime
    posts: reading.Posts
    rows: np.ndarray
    units: np.ndarray
    start: np.ndarray
    keys: list[bytes]


def asked(framework: Framework, scope: Scope, *, at: datetime) -> Asked:
    """What the records of a scope's units are made of today; two statements."""
    frame = folding.frame(framework)
    rows = reading.revisions(frame, active_people(scope), everybody=scope.everything)
    rows = rows[np.lexsort((rows[:, 1], rows[:, 0]))]
    posts, _stamp = reading.posts(frame, rows[:, 2])
    units, first = np.unique(rows[:, 0], return_index=True)
    start = np.append(first, len(rows))
    return Asked(frame, at, posts, rows, units, start, _keys(frame, at, posts, rows, start))


def _keys(frame: Frame, at: datetime, posts: reading.Posts, rows: np.ndarray, start: np.ndarray) -> list[bytes]:
    day, ground = at.astimezone(UTC).date().isoformat().encode(), blake2b(FORMULA, digest_size=KEY_BYTES)
    for part in (
        day,
        repr((frame.framework_id, frame.codes)).encode(),
        frame.cuts.tobytes(),
        frame.prior_cov.tobytes(),
    ):
        ground.update(part)
    of_post = np.array([_of_post(posts, p) for p in range(len(posts.ids))], np.int64)
    told = np.column_stack([rows[:, 1], of_post[np.searchsorted(posts.ids, rows[:, 2])], rows[:, 3]])
    keys = []
    for a, b in pairwise(start.tolist()):
        one = ground.copy()
        one.update(np.ascontiguousarray(told[a:b]).tobytes())
        keys.append(one.digest())
    return keys


def _of_post(posts: reading.Posts, p: int) -> int:
    """63 bits of what a position asks and where its never measured begin."""
    made = blake2b(digest_size=8)
    for part in (posts.required[p], posts.core[p], posts.start[p]):
        made.update(np.ascontiguousarray(part).tobytes())
    return int.from_bytes(made.digest(), "little") >> 1


def counted(what: Asked, places: Iterable[int]) -> Sums:
    """The records of the units at these places, counted person by person."""
    parts = [what.rows[what.start[u] : what.start[u + 1]] for u in places]
    rows = np.concatenate([np.zeros((0, 4), np.int64), *parts])
    return sums_of(table_of_rows(what.frame, rows[:, [1, 0, 2]], what.posts, what.at))


def portions(what: Asked, places: list[int]) -> Iterator[list[int]]:
    """The places in portions of about `AT_ONCE` people, so that a country is not held in memory at once."""
    portion, people = list[int](), 0
    for u in places:
        portion.append(u)
        people += int(what.start[u + 1] - what.start[u])
        if people >= AT_ONCE:
            yield portion
            portion, people = [], 0
    if portion:
        yield portion


def kept(what: Asked, places: list[int]) -> dict[bytes, bytes]:
    """Records of these places that lie in the database under their key; one statement."""
    found = UnitSums.objects.filter(framework_id=what.frame.framework_id)
    if len(places) <= reading.FEW // 2:
        found = found.filter(unit__in=what.units[places].tolist())
    wanted, rows = {what.keys[u] for u in places}, raw_rows(found.values_list("key", "numbers"))
    return {bytes(key): bytes(numbers) for key, numbers in rows if bytes(key) in wanted}


def unit_sums(framework: Framework, scope: Scope, *, at: datetime) -> Sums:
    """The records of a scope's units, the same as `sums_of` of everybody; only what is kept nowhere is counted.

    For everybody of more than `LARGE` people they are the records as the worker looked through them last, `as_of` then.
    """
    return (_unchecked(framework, at) if scope.everything else None) or checked(framework, scope, at=at)


def checked(framework: Framework, scope: Scope, *, at: datetime) -> Sums:
    """`unit_sums` by looking at every person."""
    what = asked(framework, scope, at=at)
    known = _KEPT.get(what.keys)
    missing = [u for u, key in enumerate(what.keys) if key not in known]
    if missing:
        known |= kept(what, missing)
        missing = [u for u in missing if what.keys[u] not in known]
        for portion in portions(what, missing):
            made = counted(what, portion)
            known |= {what.keys[u]: row.tobytes() for u, row in zip(portion, made.rows, strict=True)}
        _KEPT.put(known)
    if scope.everything:
        _KEPT.people = len(what.rows)
    whole = b"".join(known[key] for key in what.keys)
    return Sums(what.frame, what.units, np.frombuffer(whole, record(what.frame)))


def _unchecked(framework: Framework, at: datetime) -> Sums | None:
    """The worker's records of all units as they are; None where everybody can be looked at, or the worker is silent.

    People without a unit have no record and are left out.
    """
    # A process that has looked at everybody knows that they are few; it looks again each time, so it sees them grow.
    if _KEPT.people is not None and 2 * _KEPT.people < LARGE:
        return None
    ends = Person.objects.aggregate(first=Min("pk"), last=Max("pk"))
    if (ends["last"] or 0) - (ends["first"] or 0) < LARGE:
        return None
    pulse = last(PULSE)
    if pulse is None or pulse.told.get("framework") != framework.pk or at - pulse.at > FRESH:
        return None
    rows = raw_rows(UnitSums.objects.filter(framework=framework).order_by("unit").values_list("unit_id", "numbers"))
    frame, units = folding.frame(framework), np.array([unit for unit, _numbers in rows], np.int64)
    numbers = np.frombuffer(b"".join(bytes(one) for _unit, one in rows), record(frame))
    return Sums(frame, units, numbers, as_of=pulse.at)


class _Kept:
    """The records used last by this process."""

    def __init__(self) -> None:
        self.lock, self.records = Lock(), OrderedDict[bytes, bytes]()
        self.people: int | None = None  # how many there were when this process last looked at everybody

    def get(self, keys: list[bytes]) -> dict[bytes, bytes]:
        with self.lock:
            return {key: self.records[key] for key in keys if key in self.records}

    def put(self, found: dict[bytes, bytes]) -> None:
        with self.lock:
            for key, numbers in found.items():
                self.records[key] = numbers
                self.records.move_to_end(key)
            while len(self.records) > MOST_KEPT:
                self.records.popitem(last=False)


_KEPT = _Kept()
