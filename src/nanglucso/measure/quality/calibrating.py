"""From answers of chosen campaigns to the calibration engine and back. Nothing is written here."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models import QuerySet

from nanglucso.engines import calibration as engine
from nanglucso.engines import levels
from nanglucso.measure.assessments.models import Answer, Sitting
from nanglucso.measure.bank.models import ItemVersion
from nanglucso.measure.profiles import folding
from nanglucso.measure.profiles.models import Belief, Evidence
from nanglucso.measure.profiles.queries import required_levels
from nanglucso.measure.quality.models import CalibrationLine, CalibrationRun
from nanglucso.workforce.framework.models import Framework
from nanglucso.workforce.people.models import Person

CHUNK = 200


@dataclass(frozen=True)
class Rules:
    """Prior spread of b (logits) and of log a; `least` answers before new parameters of an item may be used.

    An item whose b moves by more than `bound_b` logits, or whose a by more than the factor `bound_a`, is named.
    """

    sd_b: float
    sd_log_a: float
    least: int
    bound_b: float = 0.5
    bound_a: float = 1.5


def answers_of(campaigns: Sequence[str]) -> QuerySet[Answer]:
    """Answers that may count: of sittings that are not void, in time, to versions that are not neutralised."""
    return countable(Answer.real.filter(sitting__campaign__code__in=campaigns))


def countable(rows: QuerySet[Answer]) -> QuerySet[Answer]:
    """Those of these answers that may count, as in `answers_of`."""
    rows = rows.filter(item_version__counted=True, late=False, score__isnull=False)
    return rows.exclude(sitting__status=Sitting.Status.VOIDED)


def specs(versions: Sequence[ItemVersion], rules: Rules) -> list[engine.ItemSpec]:
    """The present parameters as priors; guessing is kept."""
    return [
        engine.ItemSpec(
            b=tuple(v.b), competence=v.item.competence.index, model="2pl" if len(v.b) == 1 else "grm", a=v.a, c=v.c,
            sd_log_a=rules.sd_log_a, sd_b=rules.sd_b,
        )
        for v in versions
    ]  # fmt: skip


def run(framework: Framework, made: CalibrationRun) -> tuple[list[CalibrationLine], dict[str, Any]]:
    """Lines not yet saved, and the counts of the run. Raises LookupError when there is no answer."""
    rules = Rules(**made.rules)
    rows = list(answers_of(made.campaigns).values_list("sitting__person_id", "item_version_id", "score"))
    if not rows:
        raise LookupError("these campaigns have no answers")
    found = ItemVersion.objects.select_related("item__competence").filter(item__competence__framework=framework)
    versions = list(found.filter(pk__in={row[1] for row in rows}).order_by("pk"))
    place = {v.pk: j for j, v in enumerate(versions)}
    rows = [row for row in rows if row[1] in place]
    table = np.array([(person, place[pk], score) for person, pk, score in rows], np.int64)
    frame = folding.frame_in_force(framework)
    answers = engine.Answers(table[:, 0], table[:, 1], table[:, 2])
    got = engine.calibrate(answers, specs(versions, rules), engine.Population.of(frame.prior_cov))
    lines = [_line(made, v, got, j, rules) for j, v in enumerate(versions)]
    counts = {
        "answers": len(rows), "people": len({row[0] for row in rows}), "items": len(lines),
        "enough": sum(line.enough for line in lines), "converged": bool(got.converged),
    }  # fmt: skip
    return lines, counts


def _line(
    made: CalibrationRun, version: ItemVersion, got: engine.CalibrationResult, j: int, rules: Rules
) -> CalibrationLine:
    steps = len(version.b)
    return CalibrationLine(
        run=made, version=version, n=int(got.n[j]), enough=bool(got.n[j] >= rules.least),
        a=round(float(got.a[j]), 4), b=[round(float(x), 4) for x in got.b[j][:steps]],
        se_a=round(float(got.se_a[j]), 4), se_b=[round(float(x), 4) for x in got.se_b[j][:steps]],
    )  # fmt: skip


@dataclass(frozen=True)
class Move:
    """An item that moves beyond the bounds: the step of b that moves most, that move in standard errors, and a'/a."""

    line: CalibrationLine
    shift: float
    z: float
    ratio: float


def moved(run: CalibrationRun) -> list[Move]:
    """Items with enough answers that a run would move beyond its bounds, the farthest first."""
    rules, found = Rules(**run.rules), []
    for line in run.lines.filter(enough=True).select_related("version__item__competence"):
        shifts = [new - old for new, old in zip(line.b, line.version.b, strict=True)]
        step = max(range(len(shifts)), key=lambda n: abs(shifts[n]))
        ratio = line.a / line.version.a
        if abs(shifts[step]) > rules.bound_b or max(ratio, 1 / ratio) > rules.bound_a:
            error = line.se_b[step]
            found.append(Move(line, shifts[step], shifts[step] / error if error else 0.0, ratio))
    return sorted(found, key=lambda one: -abs(one.shift))


def would_change(framework: Framework, lines: Sequence[CalibrationLine]) -> dict[str, int]:
    """Over everybody measured, whatever campaign they sat in: {"beliefs": how many they are, "changed": whose level or
    word would change if their old tests were read with the new parameters}."""
    people = list(Belief.objects.filter(framework=framework, measured=True).values_list("person_id", flat=True))
    counts = {"beliefs": len(people), "changed": 0}
    fresh = {line.version_id: line for line in lines if line.enough}
    if not fresh:
        return counts
    frame = folding.frame(framework)
    for start in range(0, len(people), CHUNK):
        counts["changed"] += _changed(frame, people[start : start + CHUNK], fresh)
    return counts


def _changed(frame: folding.Frame, ids: list[int], fresh: dict[int, CalibrationLine]) -> int:
    ledger: dict[int, list[Evidence]] = {pk: [] for pk in ids}
    for row in Evidence.objects.filter(person__in=ids).order_by("at", "id"):
        ledger[row.person_id].append(row)
    people = Person.objects.filter(pk__in=ids).order_by("pk")
    need = dict(zip(people.values_list("pk", flat=True), required_levels(frame, people)[0], strict=True))
    changed = 0
    for belief in Belief.objects.filter(person__in=ids):
        rows = folding.standing(ledger[belief.person_id])
        for row in rows:
            row.entries = [_anew(entry, fresh) for entry in row.entries]
        start = folding.unpack(belief.prior_mean, (frame.size,))
        after = folding.fold(folding.under(frame, belief.prior_id), start, rows)
        before, asked = folding.of_row(belief, frame.size), need[belief.person_id]
        words = [levels.words(levels.p_met(x.mean, x.var, frame.cuts, asked), asked) for x in (before, after)]
        reached = [levels.level_of(x.mean, frame.cuts) for x in (before, after)]
        changed += bool((words[0] != words[1]).any() or (reached[0] != reached[1]).any())
    return changed


def _anew(entry: dict[str, Any], fresh: dict[int, CalibrationLine]) -> dict[str, Any]:
    line = fresh.get(entry.get("item", 0))
    return {**entry, "a": line.a, "b": line.b} if line else entry
