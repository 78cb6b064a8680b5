"""Prepare, preview, approve, apply, undo. The ledger only grows: a row is voided and another put in its place."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.jobs import enqueue
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.measure.assessments.models import LabSitting, LateAnswer, Sitting
from nanglucso.measure.bank.models import Item, ItemVersion, LabVersion
from nanglucso.measure.profiles.models import Belief, BeliefPoint, Evidence
from nanglucso.measure.profiles.services import fold_people
from nanglucso.measure.quality import labparts, rewriting
from nanglucso.measure.quality.models import Appeal, Correction, CorrectionLine

Step = Callable[[float], None]
Status = Correction.Status
CHUNK = 20


def prepare(
    *, actor: User | None, kind: str, reason: str, at: datetime, item_version: ItemVersion | None = None,
    sitting: Sitting | None = None, late: LateAnswer | None = None, appeal: Appeal | None = None,
    lab: LabSitting | None = None, lab_version: LabVersion | None = None, competence: str = "",
) -> Correction:  # fmt: skip
    """Begin a correction: a job works out what it would change. One of the same that is under way is given back.

    Refused without a reason, and for what counts nowhere any more.
    """
    if len(reason.strip()) < 10:
        raise Refused(_("Please say why: everybody concerned may ask."), field="reason")
    open_ = (Status.PREPARING, Status.READY, Status.APPLYING, Status.UNDOING)
    about: dict[str, Any] = {
        "item_version": item_version, "sitting": sitting, "late": late, "lab": lab, "lab_version": lab_version,
    }  # fmt: skip
    same = Correction.objects.filter(kind=kind, competence=competence, **about)
    found = same.filter(status__in=open_).first()
    if found:
        if appeal and not found.appeal:
            Correction.objects.filter(pk=found.pk).update(appeal=appeal)
        return found
    _something_counts(item_version, sitting, lab, lab_version, competence)
    with act(actor, "quality.prepare_correction", at=at, kind=kind, reason=reason.strip()) as this:
        this.subject = row = Correction.objects.create(
            kind=kind, competence=competence, appeal=appeal, reason=reason.strip(), prepared_by=actor, prepared_at=at,
            **about,
        )  # fmt: skip
        row.job = enqueue("quality.preview", actor=actor, at=at, correction_id=str(row.pk))
        row.save(update_fields=["job"])
    return row


def _something_counts(
    item: ItemVersion | None, sitting: Sitting | None, lab: LabSitting | None, task: LabVersion | None, competence: str
) -> None:
    if item and not item.counted:
        raise Refused(_("This version does not count any more; there is nothing to correct."))
    if sitting and sitting.status == Sitting.Status.VOIDED:
        raise Refused(_("This sitting is void already."))
    if lab and rewriting.of_lab(lab) is None:
        raise Refused(_("This practice task counts nowhere; there is nothing to set aside."))
    if task and competence and competence not in task.body["score"]:
        raise Refused(_("This practice task does not measure that competence."), field="competence")
    if task and labparts.nothing_left(task, competence):
        raise Refused(_("This does not count any more; there is nothing to correct."))


def make_preview(*, correction: Correction, at: datetime, step: Step = lambda share: None) -> Correction:
    """Work out every belief concerned before anything is changed; `step` hears the share done (0..1)."""
    rows = rewriting.rows_concerned(correction)
    made: list[CorrectionLine] = []
    if rows:
        for part in rewriting.previewed(correction, rows):
            made += part
            step(len(made) / len(rows))
    with act(correction.prepared_by, "quality.preview_correction", correction, at=at) as this:
        correction.lines.all().delete()
        CorrectionLine.objects.bulk_create(made, batch_size=500)
        correction.summary = rewriting.summary(made)
        correction.status = Status.READY
        correction.save(update_fields=["summary", "status"])
        this.note(**correction.summary)
    return correction


def approve(*, actor: User, correction: Correction, at: datetime) -> Correction:
    """A second person lets a previewed correction be applied by a job.

    Refused to who prepared it, to the item's author and to everybody whose profile it changes; refused when the
    profiles moved since the preview (it must then be made again).
    """
    if correction.status != Status.READY:
        raise Refused(_("Only a previewed correction can be approved."))
    _second_person(actor, correction)
    if _stale(correction):
        again(actor=actor, correction=correction, at=at)
        raise Stale(_("New results came in since the preview; it is being made again."))
    with act(actor, "quality.start_correction", correction, at=at, **correction.summary):
        correction.status, correction.approved_by = Status.APPLYING, actor
        correction.job = enqueue("quality.apply", actor=actor, at=at, correction_id=str(correction.pk))
        correction.save(update_fields=["status", "approved_by", "job"])
        # From here on no new sitting is scored with the item, so that nobody slips through between the chunks.
        if correction.lab_version:
            labparts.set_aside(correction)
        if correction.kind == Correction.Kind.NEUTRALISE and correction.item_version:
            ItemVersion.objects.filter(pk=correction.item_version.pk).update(counted=False)
            Item.objects.filter(pk=correction.item_version.item_id, status=Item.Status.LIVE).update(
                status=Item.Status.REVIEW
            )
    return correction


class Stale(Refused):
    """The preview no longer fits; a new one is being made."""


def again(*, actor: User | None, correction: Correction, at: datetime) -> None:
    """Make the preview again."""
    with act(actor, "quality.prepare_correction", correction, at=at, again=True):
        correction.status = Status.PREPARING
        correction.job = enqueue("quality.preview", actor=actor, at=at, correction_id=str(correction.pk))
        correction.save(update_fields=["status", "job"])


def _second_person(actor: User, correction: Correction) -> None:
    if actor.pk == correction.prepared_by_id:
        raise Refused(_("Who prepared a correction does not approve it; another training officer does."))
    if correction.item_version and correction.item_version.author_id == actor.pk:
        raise Refused(_("The author of an item does not approve its correction."))
    if correction.lines.filter(person__user=actor).exists():
        raise Refused(_("This correction changes your own result; another training officer approves it."))


def _stale(correction: Correction) -> bool:
    lines = {line.evidence_id: line for line in correction.lines.all()}
    if set(lines) != {row.pk for row in rewriting.rows_concerned(correction)}:
        return True
    now = dict(
        Belief.objects.filter(person__in=[line.person_id for line in lines.values()]).values_list(
            "person_id", "evidence_count"
        )
    )
    return any(now[line.person_id] != line.counted for line in lines.values())


def apply_lines(*, correction: Correction, undo: bool, at: datetime, step: Step = lambda share: None) -> int:
    """Replace the rows (or put them back) in short transactions; one that was cut off goes on where it stopped."""
    if not undo:
        _take_in_missed(correction)
    todo = list(
        correction.lines.filter(done=undo).select_related("person", "evidence", "replacement").order_by("person", "id")
    )
    for start in range(0, len(todo), CHUNK):
        part = todo[start : start + CHUNK]
        _replace(correction, part, undo, at)
        step((start + len(part)) / len(todo))
    return len(todo)


def _take_in_missed(correction: Correction) -> None:
    """Rows that were scored in the moment of the approval, before the item ceased to count."""
    known = set(correction.lines.values_list("evidence_id", flat=True)) | set(
        correction.lines.exclude(replacement=None).values_list("replacement_id", flat=True)
    )
    missed = [row for row in rewriting.rows_concerned(correction) if row.pk not in known]
    if missed and correction.kind == Correction.Kind.NEUTRALISE:
        for part in rewriting.previewed(correction, missed):
            CorrectionLine.objects.bulk_create(part)


def _replace(correction: Correction, lines: Sequence[CorrectionLine], undo: bool, at: datetime) -> None:
    actor = correction.undone_by if undo else correction.approved_by
    verb = "quality.restore_profile" if undo else "quality.correct_profile"
    put = _put_back if undo else _put_in_place
    with act(actor, f"{verb}s", correction, at=at, people=len(lines)):
        made = []
        for line in lines:
            told: dict[str, Any] = {"changes": line.changes, "correction": str(correction.pk)}
            with act(actor, verb, line.person, at=at, person_id=line.person_id, **told):
                made += put(correction, line, actor, at)
        framework = Belief.objects.select_related("framework").get(person=lines[0].person).framework
        fold_people(framework=framework, people=[line.person for line in lines], at=at, caused_by=made)
        # The trend shows the corrected value on the day of the correction.
        BeliefPoint.objects.filter(evidence__in=made).update(at=at)


def _void(row: Evidence, reason: str, actor: User | None, at: datetime) -> None:
    Evidence.objects.create(
        person=row.person, kind=row.kind, at=at, source=f"void:{row.pk}", label=reason[:200], entries=[], voids=row,
        recorded_by=actor, framework_id=row.framework_id,
    )  # fmt: skip


def _copy(row: Evidence, entries: list[dict[str, Any]], mark: str, actor: User | None) -> Evidence:
    """A row that takes another's place: the same moment, so that the fold sees it where the old one stood."""
    stem = row.source.split("#")[0]
    return Evidence.objects.create(
        person=row.person, kind=row.kind, at=row.at, source=f"{stem}#{mark}", label=row.label, entries=entries,
        recorded_by=actor, framework_id=row.framework_id,
    )  # fmt: skip


def _put_in_place(correction: Correction, line: CorrectionLine, actor: User | None, at: datetime) -> list[Evidence]:
    _void(line.evidence, correction.reason, actor, at)
    # 80 letters hold "sitting:<36>#<mark>": 8 hexadecimal letters tell corrections of one row apart.
    if line.entries:
        line.replacement = _copy(line.evidence, line.entries, f"{correction.pk.hex[:8]}", actor)
    line.done = True
    line.save(update_fields=["replacement", "done"])
    return [line.replacement] if line.replacement else []


def _put_back(correction: Correction, line: CorrectionLine, actor: User | None, at: datetime) -> list[Evidence]:
    if line.replacement:
        _void(line.replacement, correction.undo_reason, actor, at)
    line.restored = _copy(line.evidence, line.evidence.entries, f"{correction.pk.hex[:8]}-undo", actor)
    line.done = False
    line.save(update_fields=["restored", "done"])
    return [line.restored]


def finish(*, correction: Correction, undo: bool, at: datetime) -> Correction:
    """Close an applied or undone correction: the sitting's state, the appeal, the item."""
    actor = correction.undone_by if undo else correction.approved_by
    with act(actor, "quality.finish_correction", correction, at=at, undone=undo):
        correction.status = Status.UNDONE if undo else Status.APPLIED
        correction.applied_at = correction.applied_at if undo else at
        correction.undone_at = at if undo else None
        correction.save(update_fields=["status", "applied_at", "undone_at"])
        if correction.kind == Correction.Kind.VOID and correction.sitting:
            state = Sitting.Status.SCORED if undo else Sitting.Status.VOIDED
            Sitting.objects.filter(pk=correction.sitting.pk).update(status=state)
        if correction.lab:
            state = Sitting.Status.SCORED if undo else Sitting.Status.VOIDED
            LabSitting.objects.filter(pk=correction.lab.pk).update(status=state)
        if undo and correction.lab_version:
            labparts.put_back(correction)
        if undo and correction.kind == Correction.Kind.NEUTRALISE and correction.item_version:
            ItemVersion.objects.filter(pk=correction.item_version.pk).update(counted=True)
        if not undo:
            _close_appeals(correction)
    return correction


def _close_appeals(correction: Correction) -> None:
    if correction.lab_version:
        rows = Appeal.objects.filter(lab__version=correction.lab_version, remedy=Appeal.Remedy.NEUTRALISE)
        rows = rows.filter(competence=correction.competence) if correction.competence else rows
    elif correction.kind == Correction.Kind.NEUTRALISE:
        rows = Appeal.objects.filter(item_version=correction.item_version, remedy=Appeal.Remedy.NEUTRALISE)
    else:
        rows = Appeal.objects.filter(corrections=correction)
    rows.filter(status=Appeal.Status.UPHELD).update(status=Appeal.Status.APPLIED)


def request_undo(*, actor: User, correction: Correction, reason: str, at: datetime) -> Correction:
    """Undo an applied correction by a job: every row stands again as it was. Refused under a later correction."""
    if correction.status != Status.APPLIED:
        raise Refused(_("Only an applied correction can be undone."))
    if len(reason.strip()) < 10:
        raise Refused(_("Please say why: everybody concerned may ask."), field="reason")
    if correction.lines.filter(person__user=actor).exists():
        raise Refused(_("This correction changes your own result; another training officer approves it."))
    if correction.lines.filter(replacement__voided_by__isnull=False).exists():
        raise Refused(_("A later correction changed the same results; undo that one first."))
    with act(actor, "quality.undo_correction", correction, at=at, reason=reason.strip()):
        correction.status, correction.undone_by, correction.undo_reason = Status.UNDOING, actor, reason.strip()
        correction.job = enqueue("quality.undo", actor=actor, at=at, correction_id=str(correction.pk))
        correction.save(update_fields=["status", "undone_by", "undo_reason", "job"])
    return correction


def drop(*, actor: User, correction: Correction, at: datetime) -> None:
    """Give up a correction that was not approved; an appeal behind it goes back to its reviewer."""
    if correction.status not in (Status.READY, Status.PREPARING):
        raise Refused(_("Only a correction that was not approved can be dropped."))
    with act(actor, "quality.drop_correction", correction, at=at):
        correction.status = Status.DROPPED
        correction.save(update_fields=["status"])
        if correction.appeal:
            rows = Appeal.objects.filter(pk=correction.appeal.pk, status=Appeal.Status.UPHELD)
            rows.update(status=Appeal.Status.REVIEW)


def go_on(*, actor: User, correction: Correction, at: datetime) -> None:
    """Queue again the work of a correction whose job was stopped or failed; what is done stays done."""
    kinds = {Status.PREPARING: "quality.preview", Status.APPLYING: "quality.apply", Status.UNDOING: "quality.undo"}
    kind = kinds.get(Status(correction.status))
    if kind is None or (correction.job and correction.job.is_open):
        raise Refused(_("This correction is not interrupted."))
    with act(actor, "quality.go_on", correction, at=at, work=kind):
        correction.job = enqueue(kind, actor=actor, at=at, correction_id=str(correction.pk))
        correction.save(update_fields=["job"])
