"""Beliefs and requirements of many people as arrays: a fixed number of statements, and no object a person."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
from django.db.models import Count, Sum

from nanglucso.core.db import raw_rows
from nanglucso.measure.profiles.folding import Floats, Frame
from nanglucso.measure.profiles.models import Belief, FamilyPrior
from nanglucso.workforce.people.models import Position

FADE_A_YEAR = 0.04
DAYS_A_YEAR = 365.25
FEW = 1_000


@dataclass(frozen=True, eq=False)
class BeliefTable:
    """Beliefs of N people: ids (N,), mean and var (N, K) in logits, measured (N,) by a test (else prior or ratings)."""

    ids: np.ndarray
    mean: Floats
    var: Floats
    measured: np.ndarray


@dataclass(frozen=True, eq=False)
class Posts:
    """P positions: ids (P,) ascending, family (P,), required level (P, K) 0 = nothing, weight and must-have (P, K)."""

    ids: np.ndarray
    family: np.ndarray
    required: np.ndarray
    weight: Floats
    core: np.ndarray


def posts(frame: Frame, position_ids: np.ndarray) -> Posts:
    """What these positions (any order, any number of times) require; one statement."""
    wanted = np.unique(position_ids)
    found = Position.objects.filter(pk__in=wanted.tolist()).order_by("pk")
    fields = ("pk", "family_id", *(f"requirements__{f}" for f in ("competence_id", "level", "weight", "must_have")))
    index = {pk: k for k, pk in enumerate(frame.ids)}
    shape = (len(wanted), frame.size)
    made = Posts(
        wanted, np.zeros(len(wanted), np.int64), np.zeros(shape, np.int64), np.zeros(shape), np.zeros(shape, bool)
    )
    for pk, family, competence, level, weight, core in raw_rows(found.values_list(*fields)):
        p, k = int(np.searchsorted(wanted, pk)), index.get(competence)
        made.family[p] = family
        if k is not None:
            made.required[p, k], made.weight[p, k], made.core[p, k] = level, weight, bool(core)
    return made


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

    Up to `FEW` people are asked for by name; above that the whole index is read, which is quicker than asking.
    """
    found = Belief.objects.filter(framework_id=frame.framework_id)
    if len(ids) <= FEW:
        found = found.filter(person_id__in=ids.tolist())
    rows = raw_rows(found.values_list("person_id", "measured", "as_of", "mean", "variance"))
    diagonal = np.diagonal(frame.prior_cov)
    mean, var, measured = start.copy(), np.tile(diagonal, (len(ids), 1)), np.zeros(len(ids), bool)
    if rows and len(ids):
        owner, was, as_of, means, variances = zip(*rows, strict=True)
        order = np.argsort(ids)
        place = np.searchsorted(ids, np.array(owner), sorter=order).clip(max=len(ids) - 1)
        mine = ids[order[place]] == np.array(owner)
        here = order[place[mine]]
        mean[here], measured[here] = _floats(means, frame.size)[mine], np.array(was, bool)[mine]
        kept = _floats(variances, frame.size)[mine]
        var[here] = faded(kept, diagonal, _days(as_of, at)[mine, None]) if at else kept
    return BeliefTable(ids, mean, var, measured)


def _floats(packed: tuple[bytes, ...], size: int) -> Floats:
    return np.frombuffer(b"".join(packed), np.float64).reshape(-1, size)


def _days(as_of: tuple[Any, ...], at: datetime) -> np.ndarray:
    """Whole days of the calendar since each moment; both databases keep moments in UTC."""
    since = np.array([str(moment)[:10] for moment in as_of], "datetime64[D]")
    passed = np.datetime64(at.astimezone(UTC).date()) - since
    return np.maximum(passed.astype(np.int64), 0)


def stamp(framework_id: int) -> tuple[int, int]:
    """Changes whenever a belief of the framework is folded, made or taken away."""
    told = Belief.objects.filter(framework_id=framework_id).aggregate(n=Count("pk"), total=Sum("revision"))
    return told["n"], int(told["total"] or 0)
