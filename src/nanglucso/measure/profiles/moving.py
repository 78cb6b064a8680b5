"""Beliefs in a move of frameworks: the whole ledger of each person is read in the other framework and folded anew."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from nanglucso.core.refusals import Refused
from nanglucso.engines import levels
from nanglucso.measure.profiles import folding
from nanglucso.measure.profiles.models import Belief, BeliefPoint, Evidence, Prior, new_revision
from nanglucso.workforce.framework.passing import Passage, Step
from nanglucso.workforce.people.models import Requirement
from nanglucso.workforce.people.requiring import carried

CHUNK = 200
SHOWN = 500
Floats = folding.Floats


@dataclass
class Folded:
    """One belief in the other framework, and where it began there."""

    start: Floats
    mean: Floats
    cov: Floats
    points: list[BeliefPoint] = field(default_factory=list)


@dataclass
class Prepared:
    """Every belief worked out; `stamp` tells whether the ledger has grown since."""

    stamp: tuple[int, int]
    rows: dict[int, Folded]
    covariance: Floats | None


class BeliefMover:
    """Beliefs, their points, and the correlations learned where every competence goes over whole."""

    def blocked(self, passage: Passage) -> list[Any]:
        return []

    def preview(self, passage: Passage, *, at: datetime, step: Step) -> dict[str, Any]:
        """Whose words (met, not met, not yet known) would be counted differently, the largest changes first."""
        told, changed, up, down = [], 0, 0, 0
        rows = list(Belief.objects.filter(framework=passage.source).select_related("person").order_by("person_id"))
        needs = _needs(passage)
        for row, made in _fold_all(passage, rows, step, points=False):
            before, after = _words(passage, row, made, needs)
            if before != after:
                changed += 1
                up, down = up + (after[0] > before[0]), down + (after[0] < before[0])
                told.append([row.person_id, *before, *after])
        told.sort(key=lambda one: (-abs(one[1] - one[4]) - abs(one[2] - one[5]), one[0]))
        return {"beliefs": len(rows), "changed": changed, "up": up, "down": down, "people": told[:SHOWN]}

    def prepare(self, passage: Passage, *, at: datetime, step: Step) -> Prepared:
        stamp = _stamp()
        rows = list(Belief.objects.filter(framework=passage.source).order_by("person_id"))
        made = {row.person_id: found for row, found in _fold_all(passage, rows, step, points=True)}
        return Prepared(stamp, made, _covariance(passage))

    def apply(self, passage: Passage, prepared: Prepared, *, at: datetime) -> dict[str, Any]:
        if _stamp() != prepared.stamp:
            raise Refused(_("New results came in while the move was being worked out: start it again."))
        Evidence.objects.filter(framework=None).update(framework=passage.source)
        BeliefPoint.objects.filter(framework=None).update(framework=passage.source)
        prior = _keep_prior(passage, prepared.covariance, at)
        rows = list(Belief.objects.filter(framework=passage.source))
        if {row.person_id for row in rows} != prepared.rows.keys():
            raise Refused(_("New results came in while the move was being worked out: start it again."))
        old = {str(row.person_id): [_listed(row.prior_mean), row.prior_id] for row in rows}
        for row in rows:
            found = prepared.rows[row.person_id]
            row.framework, row.prior_id, row.revision = passage.target, prior, new_revision()
            row.prior_mean = folding.pack(found.start)
            _set(row, found.mean, found.cov)
        Belief.objects.bulk_update(rows, [*_FIELDS, "framework", "prior", "prior_mean"], batch_size=CHUNK)
        points = [point for found in prepared.rows.values() for point in found.points]
        BeliefPoint.objects.bulk_create(points, batch_size=CHUNK)
        return {"begun": old, "prior": prior}

    def undo(self, passage: Passage, inverse: Mapping[str, Any], *, at: datetime) -> None:
        """Fold every belief under the framework before; refused once a result was recorded in the new one."""
        since = Evidence.objects.filter(framework=passage.target).count()
        if since:
            raise Refused(
                _("%(n)s results were recorded in the new framework since; undoing would lose them.") % {"n": since}
            )
        frame = folding.frame(passage.source)
        BeliefPoint.objects.filter(framework=passage.target).delete()
        rows = list(Belief.objects.filter(framework=passage.target))
        for part in _chunks(rows):
            ledger = _ledger(part)
            for row in part:
                start, row.prior_id = (
                    np.array(inverse["begun"][str(row.person_id)][0]),
                    inverse["begun"][str(row.person_id)][1],
                )
                after = folding.fold(folding.under(frame, row.prior_id), start, ledger[row.person_id])
                row.framework, row.revision, row.prior_mean = passage.source, new_revision(), folding.pack(start)
                _set(row, after.mean, after.cov)
        Belief.objects.bulk_update(rows, [*_FIELDS, "framework", "prior", "prior_mean"], batch_size=CHUNK)
        Prior.objects.filter(pk=inverse["prior"]).update(withdrawn_at=at)


_FIELDS = ["mean", "covariance", "variance", "revision"]


def _set(row: Belief, mean: Floats, cov: Floats) -> None:
    row.mean, row.covariance, row.variance = folding.pack(mean), folding.pack(cov), folding.pack(np.diagonal(cov))


def _listed(data: bytes | memoryview) -> list[float]:
    return np.frombuffer(bytes(data), np.float64).tolist()


def _stamp() -> tuple[int, int]:
    return Evidence.objects.count(), Evidence.objects.aggregate(last=Max("pk"))["last"] or 0


def _chunks(rows: Sequence[Belief]) -> Iterator[Sequence[Belief]]:
    return (rows[start : start + CHUNK] for start in range(0, len(rows), CHUNK))


def _ledger(rows: Sequence[Belief]) -> dict[int, list[Evidence]]:
    """The rows that count of each person, as they came in; what was recorded without a framework is of the belief's."""
    found: dict[int, list[Evidence]] = {row.person_id: [] for row in rows}
    of = {row.person_id: row.framework_id for row in rows}
    for one in Evidence.objects.filter(person__in=found).order_by("at", "id"):
        one.framework_id = one.framework_id or of[one.person_id]
        found[one.person_id].append(one)
    return {pk: folding.standing(log) for pk, log in found.items()}


def _fold_all(way: Passage, rows: list[Belief], step: Step, *, points: bool) -> Iterator[tuple[Belief, Folded]]:
    frame, covariance = folding.frame(way.target), _covariance(way)
    frame = frame if covariance is None else folding.framed(frame, covariance)
    done = 0
    for part in _chunks(rows):
        ledger = _ledger(part)
        kept = _pointed(part) if points else {}
        for row in part:
            start = _start(way, row)
            after = folding.fold(frame, start, ledger[row.person_id], way)
            again = _points(way, frame, start, ledger[row.person_id], kept.get(row.person_id, []), row.person_id)
            yield row, Folded(start, after.mean, after.cov, again)
        done += len(part)
        step(done / len(rows))


def _start(way: Passage, row: Belief) -> Floats:
    """Where the belief begins: the family's mean there, weakened by the strength of the link; 0 without a link."""
    there = folding.unpack(row.prior_mean, (len(way.there),))
    start, taken = np.zeros(len(way.here)), np.zeros(len(way.here))
    for pk in way.links:
        best = way.best(pk)
        if best and best[1] > taken[way.here[best[0]].index]:
            k = way.here[best[0]].index
            start[k], taken[k] = best[1] * there[way.there[pk].index], best[1]
    return start


def _covariance(way: Passage) -> Floats | None:
    """The learned correlations in force there, in the order here, when every competence goes over whole."""
    held = folding.prior_in_force(way.source.pk)
    if held is None or not way.same:
        return None
    order = [0] * len(way.here)
    for pk, rows in way.links.items():
        order[way.here[rows[0][0]].index] = way.there[pk].index
    covariance = np.array(Prior.objects.get(pk=held).covariance, float)
    return covariance[np.ix_(order, order)]


def _keep_prior(way: Passage, covariance: Floats | None, at: datetime) -> int | None:
    if covariance is None:
        return None
    held = Prior.objects.get(pk=folding.prior_in_force(way.source.pk) or 0)
    last = Prior.objects.filter(framework=way.target).order_by("-number").values_list("number", flat=True).first()
    row = Prior.objects.create(
        framework=way.target, number=(last or 0) + 1, covariance=covariance.tolist(), source=held.source,
        people=held.people, author=held.author, at=at,
    )  # fmt: skip
    return row.pk


def _pointed(rows: Sequence[Belief]) -> dict[int, list[int]]:
    """The evidence after which each person has a point, as they came in."""
    found: dict[int, list[int]] = {}
    of = {row.person_id: row.framework_id for row in rows}
    points = (
        BeliefPoint.objects.filter(person__in=of).order_by("pk").values_list("person_id", "evidence_id", "framework_id")
    )
    for person, evidence, framework in points:
        if framework in (None, of[person]):
            found.setdefault(person, []).append(evidence)
    return found


def _points(
    way: Passage, frame: folding.Frame, start: Floats, log: Sequence[Evidence], kept: Sequence[int], person: int
) -> list[BeliefPoint]:
    """The trend in the other framework: the belief after each row that still counts, in the order of points."""
    rows, seen, made = {row.pk: row for row in log}, [], []
    for pk in kept:
        if pk in rows:
            seen.append(rows[pk])
            after = folding.fold(frame, start, sorted(seen, key=lambda one: (one.at, one.pk)), way)
            mean, sd = np.round(after.mean, 4).tolist(), np.round(np.sqrt(after.var), 4).tolist()
            point = BeliefPoint(
                framework_id=way.target.pk, person_id=person, evidence_id=pk, at=rows[pk].at, mean=mean, sd=sd
            )
            made.append(point)
    return made


def _needs(way: Passage) -> dict[int, tuple[np.ndarray, np.ndarray]]:
    """Required levels of every position there (K,) and here (K',), by person's position."""
    rows: dict[int, list[Requirement]] = {}
    for row in Requirement.objects.filter(position__framework=way.source).order_by("competence__index"):
        rows.setdefault(row.position_id, []).append(row)
    found = {}
    for pk, needs in rows.items():
        before, after = np.zeros(len(way.there), np.int64), np.zeros(len(way.here), np.int64)
        for row in needs:
            before[way.there[row.competence_id].index] = row.level
        for one in carried(way, needs):
            after[way.here[one.competence].index] = one.level
        found[pk] = before, after
    return found


def _words(
    way: Passage, row: Belief, made: Folded, needs: Mapping[int, tuple[np.ndarray, np.ndarray]]
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """(met, not met, not yet known) before and after."""
    held = needs.get(row.person.position_id or 0)
    if held is None:
        return (0, 0, 0), (0, 0, 0)
    k = len(way.there)
    sides = (
        (folding.frame(way.source), folding.unpack(row.mean, (k,)), folding.unpack(row.variance, (k,)), held[0]),
        (folding.frame(way.target), made.mean, np.diagonal(made.cov), held[1]),
    )
    found = []
    for frame, mean, var, need in sides:
        said = levels.words(levels.p_met(mean, var, frame.cuts, need), need)
        found.append(tuple(int((said == word).sum()) for word in (levels.MET, levels.NOT_MET, levels.NOT_YET_KNOWN)))
    return found[0], found[1]
