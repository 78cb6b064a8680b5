"""What a correction leaves of a ledger row, and what that does to its person. Nothing is written here."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nanglucso.engines import belief as engine
from nanglucso.engines import levels
from nanglucso.measure.assessments import delivery
from nanglucso.measure.assessments.models import Answer, LabSitting, LateAnswer, Sitting
from nanglucso.measure.bank.models import ItemVersion
from nanglucso.measure.bank.scoring import score
from nanglucso.measure.profiles import folding
from nanglucso.measure.profiles.models import Belief, Evidence
from nanglucso.measure.profiles.queries import required_levels
from nanglucso.measure.quality import labparts
from nanglucso.measure.quality.models import Correction, CorrectionLine
from nanglucso.workforce.people.models import Person

Entries = list[dict[str, Any]]
CHUNK = 50


def standing_sittings(people: Sequence[int]) -> list[Evidence]:
    """Ledger rows of tests that count now, of these people."""
    rows = Evidence.objects.filter(person__in=people, kind=Evidence.Kind.SITTING, voids=None, voided_by=None)
    return list(rows.select_related("person").order_by("at", "id"))


def of_sitting(sitting: Sitting) -> Evidence | None:
    """The ledger row in which a test counts now: the first one or what a correction put in its place."""
    return next((row for row in all_of_sitting(sitting) if ":file:" not in row.source), None)


def all_of_sitting(sitting: Sitting) -> list[Evidence]:
    """The same with the rows of its files, which people rated later."""
    mark = f"sitting:{sitting.pk}"
    return [row for row in standing_sittings([sitting.person_id]) if row.source.startswith(mark)]


def of_lab(lab: LabSitting) -> Evidence | None:
    """The ledger row in which a practice task counts now."""
    rows = Evidence.objects.filter(person=lab.person_id, kind=Evidence.Kind.PRACTICE, voids=None, voided_by=None)
    return rows.filter(source__startswith=f"lab:{lab.pk}").select_related("person").first()


def late_version(late: LateAnswer) -> ItemVersion | None:
    """The item that a late answer is about; for an old row that does not say, its draw made again, or None."""
    if late.item_version_id:
        return ItemVersion.objects.select_related("item__competence").get(pk=late.item_version_id)
    sitting = late.sitting
    if sitting.start is None or late.seq != len(sitting.state["asked"]):
        return None
    return delivery.next_turn(delivery.desk(sitting.campaign), sitting.pk, sitting.start, sitting.state).version


def late_entry(late: LateAnswer) -> dict[str, Any]:
    """The late answer as a ledger entry. Raises LookupError when its item is unknown, BadChoice for a wrong shape."""
    version = late_version(late)
    if version is None:
        raise LookupError("the item of this answer is not known")
    points = score(version.item.type, version.body, version.key, late.choice)
    code = version.item.competence.code
    return {"k": code, "item": version.pk, "a": version.a, "b": version.b, "c": version.c, "score": points}


def rows_concerned(correction: Correction) -> list[Evidence]:
    """The ledger rows that a correction replaces, person by person."""
    if correction.lab_version_id:
        return labparts.rows_concerned(correction)
    if correction.kind == Correction.Kind.NEUTRALISE:
        version = correction.item_version_id
        met = Answer.real.filter(item_version=version).values_list("sitting__person", flat=True).distinct()
        people = list(met)
        found: list[Evidence] = []
        for start in range(0, len(people), 500):
            rows = standing_sittings(people[start : start + 500])
            found += [row for row in rows if any(entry.get("item") == version for entry in row.entries)]
        return sorted(found, key=lambda row: row.pk)
    if correction.kind == Correction.Kind.VOID and correction.sitting:
        return all_of_sitting(correction.sitting)
    row = of_sitting(correction.sitting) if correction.sitting else of_lab(correction.lab) if correction.lab else None
    return [row] if row else []


def rewritten(correction: Correction, row: Evidence) -> Entries:
    """What stands in place of a row's entries; empty = nothing."""
    if correction.lab_version_id:
        return [entry for entry in row.entries if not labparts.meant(correction, entry)]
    if correction.kind == Correction.Kind.NEUTRALISE:
        return [entry for entry in row.entries if entry.get("item") != correction.item_version_id]
    if correction.kind == Correction.Kind.LATE and correction.late:
        return [*row.entries, late_entry(correction.late)]
    return []


@dataclass(frozen=True)
class Effect:
    """What a correction does to one person: see `CorrectionLine`."""

    changes: list[dict[str, Any]]
    shift: float
    counted: int


def previewed(correction: Correction, rows: Sequence[Evidence]) -> Iterator[list[CorrectionLine]]:
    """Lines not yet saved, in chunks, so that progress can be told between them."""
    assert rows
    framework = Belief.objects.filter(person=rows[0].person).select_related("framework").get().framework
    frame = folding.frame(framework)
    for start in range(0, len(rows), CHUNK):
        part = rows[start : start + CHUNK]
        effects = _effects(frame, correction, part)
        yield [
            CorrectionLine(
                correction=correction, person=row.person, evidence=row, entries=rewritten(correction, row),
                changes=effects[row.person_id].changes, shift=effects[row.person_id].shift,
                counted=effects[row.person_id].counted,
            )
            for row in part
        ]  # fmt: skip


def _effects(frame: folding.Frame, correction: Correction, rows: Sequence[Evidence]) -> dict[int, Effect]:
    people = {row.person_id: row.person for row in rows}
    ledger: dict[int, list[Evidence]] = {pk: [] for pk in people}
    for one in Evidence.objects.filter(person__in=people).order_by("at", "id"):
        ledger[one.person_id].append(one)
    kept = {row.person_id: row for row in Belief.objects.filter(person__in=people)}
    ids = list(Person.objects.filter(pk__in=people).order_by("pk").values_list("pk", flat=True))
    need, _w, _core = required_levels(frame, Person.objects.filter(pk__in=people).order_by("pk"))
    required = dict(zip(ids, need, strict=True))
    changed = {row.pk: rewritten(correction, row) for row in rows}
    return {pk: _effect(frame, kept[pk], ledger[pk], changed, required[pk]) for pk in people}


def _effect(
    frame: folding.Frame, kept: Belief, ledger: list[Evidence], changed: dict[int, Entries], need: np.ndarray
) -> Effect:
    counted = folding.standing(ledger)
    after_rows = [_in_place(row, changed[row.pk]) if row.pk in changed else row for row in counted]
    start = folding.unpack(kept.prior_mean, (frame.size,))
    after = folding.fold(folding.under(frame, kept.prior_id), start, [row for row in after_rows if row.entries])
    before = folding.of_row(kept, frame.size)
    changes = changed_words(frame, before, after, need)
    return Effect(changes, float(np.abs(after.mean - before.mean).max()), len(counted))


def changed_words(
    frame: folding.Frame, before: engine.Belief, after: engine.Belief, need: np.ndarray
) -> list[dict[str, Any]]:
    """Competences whose level or word differs between two beliefs, as in `CorrectionLine.changes`; need (K,)."""
    words = [_words(frame, one.mean, one.var, need) for one in (before, after)]
    reached = [levels.level_of(one.mean, frame.cuts) for one in (before, after)]
    return [
        {
            "k": frame.codes[k],
            "level": [int(reached[0][k]), int(reached[1][k])],
            "word": [str(words[0][k]), str(words[1][k])],
        }
        for k in range(frame.size)
        if reached[0][k] != reached[1][k] or words[0][k] != words[1][k]
    ]


def _in_place(row: Evidence, entries: Entries) -> Evidence:
    """A copy of a row that was never saved, with other entries and the same moment."""
    return Evidence(
        person_id=row.person_id, kind=row.kind, at=row.at, source=row.source, entries=entries,
        framework_id=row.framework_id,
    )  # fmt: skip


def _words(frame: folding.Frame, mean: np.ndarray, var: np.ndarray, need: np.ndarray) -> np.ndarray:
    return levels.words(levels.p_met(mean, var, frame.cuts, need), need)


def summary(lines: Sequence[CorrectionLine]) -> dict[str, int]:
    """Counts of the preview: people concerned, those whose level or word changes, levels up and down."""
    people = {line.person_id for line in lines}
    changed = {line.person_id for line in lines if line.changes}
    steps = [change["level"][1] - change["level"][0] for line in lines for change in line.changes]
    return {
        "people": len(people),
        "changed": len(changed),
        "up": sum(step > 0 for step in steps),
        "down": sum(step < 0 for step in steps),
    }
