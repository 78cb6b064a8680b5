"""Beliefs and requirements of many people as arrays: a fixed number of statements, and no object a person."""

from dataclasses import dataclass
from datetime import UTC, datetime
from json import loads
from typing import Any

import numpy as np
from django.db.models import Count, FilteredRelation, IntegerField, Max, Min, Q, QuerySet, Subquery, Sum, TextField
from django.db.models.functions import Cast, Coalesce

from nanglucso.core.db import among, packed, raw_chunks, raw_rows
from nanglucso.measure.profiles.folding import Floats, Frame
from nanglucso.measure.profiles.models import Belief, FamilyPrior
from nanglucso.workforce.people.models import Person, Position

FADE_A_YEAR = 0.04
DAYS_A_YEAR = 365.25
FEW = 1_000
SHIFT = 1 << 31  # a unit and a position as one number: half of the digits that a database writes out
NOBODY = np.iinfo(np.int64).max
MOST = 0.25  # of all beliefs: above it the whole index is read, which is then quicker than asking by name


@dataclass(frozen=True, eq=False)
class BeliefTable:
    """Beliefs of N people: ids (N,), mean and var (N, K) in logits, measured (N,) by a test (else prior or ratings)."""

    ids: np.ndarray
    mean: Floats
    var: Floats
    measured: np.ndarray


@dataclass(frozen=True, eq=False)
class Posts:
    """P positions: ids (P,) ascending, family (P,), required level (P, K) 0 = nothing, weight and must-have (P, K).

    start (P, K): where somebody of the position who was never measured begins.
    """

    ids: np.ndarray
    family: np.ndarray
    required: np.ndarray
    weight: Floats
    core: np.ndarray
    start: Floats


Stamp = tuple[int, int]


def posts(frame: Frame, position_ids: np.ndarray, *, stamped: bool = False) -> tuple[Posts, Stamp]:
    """What these positions (any order, any number of times) require, and the stamp of all beliefs; one statement.

    The stamp, count and sum of revisions, changes whenever a belief of the framework is folded, made or taken away. It
    is taken over all beliefs, so only whoever asks for it (`stamped`) pays for it.
    """
    wanted = np.unique(position_ids)
    k, shape = {pk: k for k, pk in enumerate(frame.ids)}, (len(wanted), frame.size)
    whole, reals, ticks = np.zeros(shape, np.int64), np.zeros(shape), np.zeros(shape, bool)
    made, stamp = Posts(wanted, np.zeros(len(wanted), np.int64), whole, reals, ticks, np.zeros(shape)), (0, 0)
    for pk, family, competence, level, weight, core, of, mean, n, total in _post_rows(frame, wanted, stamped):
        p, stamp = int(np.searchsorted(wanted, pk)), (n or 0, int(total or 0))
        if of == frame.framework_id and made.family[p] != family:
            made.start[p] = loads(mean) if isinstance(mean, str) else mean
        made.family[p] = family
        if competence in k:
            at = p, k[competence]
            made.required[at], made.weight[at], made.core[at] = level, weight, bool(core)
    return made, stamp


def _post_rows(frame: Frame, wanted: np.ndarray, stamped: bool) -> list[tuple[Any, ...]]:
    all_ = Belief.objects.filter(framework_id=frame.framework_id).order_by().values("framework")
    if not stamped:
        all_ = all_.none()
    found = Position.objects.filter(pk__in=wanted.tolist()).order_by("pk")
    found = found.annotate(
        beliefs=Subquery(all_.annotate(n=Count("pk")).values("n")),
        revisions=Subquery(all_.annotate(total=Sum("revision")).values("total")),
    )
    needs = [f"requirements__{name}" for name in ("competence_id", "level", "weight", "must_have")]
    more = ("family__prior__framework_id", "family__prior__mean", "beliefs", "revisions")
    return raw_rows(found.values_list("pk", "family_id", *needs, *more))


def revisions(frame: Frame, people: QuerySet[Person], *, everybody: bool = False) -> np.ndarray:
    """(N, 4) unit, person, position (0 = none) and revision of the belief (0 = never measured), in no order.

    Beliefs are folded under a new revision, so that these four say whether anything about a person has changed. For
    `everybody` both tables are read and joined here, which takes half of the time; else those of the people alone.
    """
    if not everybody:
        mine = Q(belief__framework=frame.framework_id)
        found = people.annotate(own=FilteredRelation("belief", condition=mine))
        return packed((found, ("unit_id", "pk", "position_id", "own__revision")))[0]
    place = Coalesce("unit_id", 0) * SHIFT + Coalesce("position_id", 0)
    beliefs = Belief.objects.filter(framework=frame.framework_id)
    who, held = packed((people.annotate(place=place), ("pk", "place")), (beliefs, ("person_id", "revision")))
    unit, position = np.divmod(who[:, 1], SHIFT)
    held = np.vstack([held[np.argsort(held[:, 0])], [[NOBODY, 0]]])
    at = np.searchsorted(held[:, 0], who[:, 0])
    revision = np.where(held[at, 0] == who[:, 0], held[at, 1], 0)
    return np.column_stack([unit, who[:, 0], position, revision])


def days_passed(at: datetime | None, since: datetime) -> int:
    """Whole days of the calendar (UTC) from `since` to `at`, never negative."""
    return max(0, (at.astimezone(UTC).date() - since.astimezone(UTC).date()).days) if at else 0


def faded(var: Floats, prior: Floats, days: Any) -> Floats:
    """Skills fade: variance grows, never beyond the larger of the prior's and its own. `days` a number or (N, 1)."""
    grown = var + FADE_A_YEAR * (days / DAYS_A_YEAR) * prior
    return np.minimum(np.maximum(var, prior), grown)


def priors(frame: Frame, family: np.ndarray) -> Floats:
    """Where people of these position families (N,) begin, (N, K): the family's learned mean where there is one."""
    learned = FamilyPrior.objects.filter(framework_id=frame.framework_id).values_list("family_id", "mean")
    names, place = np.unique(family, return_inverse=True)
    known = dict(learned)
    start = np.array([known.get(int(pk), np.zeros(frame.size)) for pk in names], float).reshape(-1, frame.size)
    return start[place]


def believed(frame: Frame, ids: np.ndarray, start: Floats, *, at: datetime | None = None) -> BeliefTable:
    """Beliefs of the people ids (N,) in that order, faded to `at`; start (N, K): the mean of the never measured.

    Up to `FEW` people, and up to `MOST` of all, are asked for by name; else the whole index is read.
    """
    found = Belief.objects.filter(framework_id=frame.framework_id)
    if len(ids) <= FEW:
        found = found.filter(person_id__in=ids.tolist())
    elif len(ids) <= MOST * _numbered():
        found = found.filter(person_id__in=among(ids))
    diagonal, order = np.diagonal(frame.prior_cov), np.argsort(ids)
    table = BeliefTable(ids, np.array(start), np.tile(diagonal, (len(ids), 1)), np.zeros(len(ids), bool))
    if not len(ids):
        return table
    # Cast, because the SQLite driver would parse every moment of a column that says it holds one.
    plain = found.annotate(was=Cast("measured", IntegerField()), since=Cast("as_of", TextField()))
    for rows in raw_chunks(plain.values_list("person_id", "was", "since", "mean", "variance")):
        owner, was, as_of, means, variances = zip(*rows, strict=True)
        place = np.searchsorted(ids, np.array(owner), sorter=order).clip(max=len(ids) - 1)
        mine = ids[order[place]] == np.array(owner)
        here = order[place[mine]]
        table.mean[here], table.measured[here] = _floats(means, frame.size)[mine], np.array(was, bool)[mine]
        kept = _floats(variances, frame.size)[mine]
        table.var[here] = faded(kept, diagonal, _days(as_of, at)[mine, None]) if at else kept
    return table


def _numbered() -> int:
    """At most how many beliefs there are: by their first and last number, since counting them reads them all."""
    ends = Belief.objects.aggregate(first=Min("pk"), last=Max("pk"))
    return 0 if ends["first"] is None else int(ends["last"] - ends["first"] + 1)


def _floats(packed: tuple[bytes, ...], size: int) -> Floats:
    return np.frombuffer(b"".join(packed), np.float64).reshape(-1, size)


def _days(as_of: tuple[str, ...], at: datetime) -> np.ndarray:
    """Whole days of the calendar since each moment; both databases keep moments in UTC."""
    since = np.array([moment[:10] for moment in as_of], "datetime64[D]")
    passed = np.datetime64(at.astimezone(UTC).date()) - since
    return np.maximum(passed.astype(np.int64), 0)
