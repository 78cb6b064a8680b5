"""From ledger rows to the engine's evidence and back: the one place that knows both shapes."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nanglucso.engines import belief as engine
from nanglucso.engines.score import refold
from nanglucso.measure.profiles.models import Belief, Evidence, Prior
from nanglucso.measure.profiles.translating import Reading, readings
from nanglucso.workforce.framework.models import Framework
from nanglucso.workforce.framework.passing import Passage
from nanglucso.workforce.framework.queries import FrameArrays as Frame
from nanglucso.workforce.framework.queries import frame as framework_frame

Floats = NDArray[np.float64]
DAY = 86_400.0


@lru_cache(maxsize=8)
def frame_by_id(framework_id: int) -> Frame:
    """The framework's arrays by its primary key; a published framework does not change, so they are kept."""
    return framework_frame(Framework.objects.get(pk=framework_id))


def frame(framework: Framework) -> Frame:
    """The framework's arrays, kept."""
    return frame_by_id(framework.pk)


def under(frame: Frame, prior_id: int | None) -> Frame:
    """The same arrays with the covariance of that version of the prior; None = the framework's own."""
    return frame if prior_id is None else _under(frame.framework_id, prior_id)


@lru_cache(maxsize=8)
def _under(framework_id: int, prior_id: int) -> Frame:
    covariance = np.array(Prior.objects.get(pk=prior_id, framework=framework_id).covariance, float)
    return framed(frame_by_id(framework_id), covariance)


def framed(frame: Frame, covariance: Floats) -> Frame:
    """The same arrays with another prior covariance (K, K)."""
    return replace(frame, prior_cov=covariance)


def prior_in_force(framework_id: int) -> int | None:
    """The version that new beliefs begin with; None = the framework's own assumption."""
    rows = Prior.objects.filter(framework=framework_id, withdrawn_at=None).order_by("-number")
    return rows.values_list("pk", flat=True).first()


def frame_in_force(framework: Framework) -> Frame:
    """The framework's arrays with the prior in force."""
    return under(frame(framework), prior_in_force(framework.pk))


def forget_frames() -> None:
    """Drop what is kept (a draft framework was edited, or a test has a new database)."""
    frame_by_id.cache_clear()
    _under.cache_clear()


def days(at: datetime) -> float:
    """Days since the epoch, the engine's clock."""
    return at.astimezone(UTC).timestamp() / DAY


def pack(values: Floats) -> bytes:
    return np.ascontiguousarray(values, np.float64).tobytes()


def unpack(data: bytes | memoryview, shape: tuple[int, ...]) -> Floats:
    return np.frombuffer(bytes(data), np.float64).reshape(shape)


def of_row(row: Belief, size: int) -> engine.Belief:
    """The stored belief as the engine's."""
    return engine.Belief(unpack(row.mean, (size,)), unpack(row.covariance, (size, size)))


def to_engine(frame: Frame, row: Evidence, steps: Sequence[Reading] = ()) -> list[engine.Evidence]:
    """A ledger row as engine evidence; entries on competences that the framework lacks are left out.

    `steps`: how a row of another framework reads in this one.
    """
    at, known, told = days(row.at), set(frame.codes), list(row.entries)
    for step in steps:
        told = step.entries(row.kind, told)
    entries: list[dict[str, Any]] = [entry for entry in told if entry["k"] in known]
    if row.kind in (Evidence.Kind.SITTING, Evidence.Kind.OUTSIDE, Evidence.Kind.PRACTICE):
        # A practice task is one graded response a competence: the category under the task's own a and b.
        return [engine.ItemAnswer(at, frame.index(e["k"]), e["a"], tuple(e["b"]), e["c"], e["score"]) for e in entries]
    if row.kind == Evidence.Kind.CLASS:
        # One effect a class: the entries share it.
        covers = tuple((frame.index(e["k"]), e["from"], e["to"]) for e in entries)
        return [engine.ClassEffect(at, entries[0]["eff"], covers)] if entries else []
    if row.kind == Evidence.Kind.CERTIFICATE:
        reached = tuple((frame.index(e["k"]), int(e["level"])) for e in entries)
        return [engine.Certificate(at, row.source, reached)] if reached else []
    ratings = tuple((frame.index(e["k"]), int(e["rating"])) for e in entries)
    if not ratings:
        return []
    if row.kind == Evidence.Kind.SELF:
        return [engine.SelfRating(at, ratings)]
    # One bias per rater, shared by everything that this rater says of the person.
    return [engine.ManagerRating(at, f"rater:{row.recorded_by_id}", ratings)]


def fold(frame: Frame, prior_mean: Floats, rows: Iterable[Evidence], then: Passage | None = None) -> engine.Belief:
    """The belief after these ledger rows, in any order; void rows must be left out by the caller.

    `frame` carries the prior covariance: `under(frame, belief.prior_id)` for somebody who has a belief. Rows of another
    framework are read by the crosswalks that the house moved by; `then` = one that is only tried.
    """
    counted = list(rows)
    others = {row.framework_id for row in counted} - {None, frame.framework_id}
    steps = {pk: readings(pk, frame.framework_id, then) for pk in others if pk is not None}
    log = [piece for row in counted for piece in to_engine(frame, row, steps.get(row.framework_id or 0, ()))]
    return refold(engine.Belief(prior_mean, frame.prior_cov), log, engine.Rules(frame.cuts))


def standing(rows: Sequence[Evidence]) -> list[Evidence]:
    """The rows that count: neither voided nor voiding."""
    gone = {row.voids_id for row in rows if row.voids_id}
    return [row for row in rows if row.pk not in gone and not row.voids_id]
