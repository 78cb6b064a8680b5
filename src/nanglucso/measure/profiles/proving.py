"""Is every stored belief what its log gives? Read only; `nanglucso check --deep` asks."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from nanglucso.measure.profiles import folding
from nanglucso.measure.profiles.models import Belief, Evidence

TOLERANCE = 1e-9
BATCH = 200


@dataclass(frozen=True)
class Stray:
    """A belief that its log does not give; `by` = largest difference in any mean, covariance or variance (logits)."""

    person_id: int
    who: str
    by: float


def strayed(tolerance: float = TOLERANCE) -> Iterator[Stray]:
    """Fold every person's log again and yield the beliefs that differ by more than `tolerance`, in person order.

    A number that is not finite, or a stored array of another size, differs by infinity.
    """
    rows = Belief.objects.select_related("person").order_by("person_id")
    batch: list[Belief] = []
    for row in rows.iterator(chunk_size=BATCH):
        batch.append(row)
        if len(batch) == BATCH:
            yield from _checked(batch, tolerance)
            batch = []
    yield from _checked(batch, tolerance)


def _checked(batch: list[Belief], tolerance: float) -> Iterator[Stray]:
    ledger: dict[int, list[Evidence]] = {row.person_id: [] for row in batch}
    for one in Evidence.objects.filter(person__in=ledger).order_by("at", "id"):
        ledger[one.person_id].append(one)
    for row in batch:
        by = _difference(row, ledger[row.person_id])
        if not by <= tolerance:
            yield Stray(row.person_id, f"{row.person} ({row.person.staff_code or row.person_id})", by)


def _difference(row: Belief, log: list[Evidence]) -> float:
    frame = folding.under(folding.frame_by_id(row.framework_id), row.prior_id)
    k = frame.size
    try:
        start, mean = folding.unpack(row.prior_mean, (k,)), folding.unpack(row.mean, (k,))
        cov, var = folding.unpack(row.covariance, (k, k)), folding.unpack(row.variance, (k,))
    except ValueError:
        return float("inf")
    again = folding.fold(frame, start, folding.standing(log))
    pairs = ((mean, again.mean), (cov, again.cov), (var, again.var))
    worst = max(float(np.max(np.abs(stored - fresh))) for stored, fresh in pairs)
    return worst if np.isfinite(worst) else float("inf")
