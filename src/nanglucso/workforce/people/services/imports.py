"""Staff imports: begin, keep what was read, apply, undo, drop."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.days import local_day
from nanglucso.core.jobs import enqueue
from nanglucso.core.models import StoredFile, User
from nanglucso.core.refusals import Refused
from nanglucso.workforce.people.models import StaffImport
from nanglucso.workforce.people.services.applying import Written, prepare, write_plan
from nanglucso.workforce.people.services.changes import ImportPlan, pack, pack_json, unpack, unpack_json
from nanglucso.workforce.people.services.drafting import draft_levels, drop_draft
from nanglucso.workforce.people.services.listing import take_list_back, write_list
from nanglucso.workforce.people.services.undoing import take_back

UNDO_DAYS = 14
LATER_FROM = 3000
_Status = StaffImport.Status
_ALREADY = _("This import has already been applied or dropped.")
_AT_ONCE = _("Someone changed the staff list at the same moment; nothing was applied: try again.")


def _silent(share: float) -> None:
    """Nobody is waiting for the progress."""


def start_import(
    *,
    actor: User | None,
    at: datetime,
    file: StoredFile | None = None,
    file_name: str = "",
    kind: str = StaffImport.Kind.STAFF,
    later: bool = False,
) -> StaffImport:
    """Open an import for a kept file; with `later` a worker reads it."""
    with act(actor, "people.start_import", at=at, file=file.name if file else file_name) as this:
        row = StaffImport.objects.create(
            file=file,
            kind=kind,
            file_name=(file.name if file else file_name)[:200],
            status=_Status.READING,
            created_by=actor,
            created_at=at,
        )
        this.subject = row
        if later:
            row.job = enqueue("people.read_import", actor=actor, at=at, import_id=row.pk)
            row.save(update_fields=["job"])
    return row


def keep_plan(
    *,
    actor: User | None,
    row: StaffImport,
    plan: ImportPlan,
    shape: str,
    mapping: Mapping[str, Any],
    preview: Mapping[str, Any],
    at: datetime,
) -> StaffImport:
    """Keep what was read, so that it can be looked through and applied later."""
    with act(actor, "people.read_import", row, at=at, **plan.counts()):
        row.status = _Status.READ
        row.shape, row.mapping, row.preview = shape, dict(mapping), dict(preview)
        row.summary, row.plan = plan.counts(), pack(plan)
        row.save()
    return row


def reject_import(
    *, actor: User | None, row: StaffImport, template: str, params: Mapping[str, str], at: datetime
) -> None:
    """Mark the import as unreadable; `template` filled in with `params` is the sentence that says why."""
    with act(actor, "people.reject_import", row, at=at):
        row.status = _Status.UNREADABLE
        row.summary = {"template": template, "params": dict(params)}
        row.save(update_fields=["status", "summary"])


def answer_import(*, actor: User | None, row: StaffImport, mapping: Mapping[str, Any], at: datetime) -> StaffImport:
    """Take a person's column matching and choices of units and positions; the file must then be read again."""
    if row.status not in (_Status.READ, _Status.UNREADABLE):
        raise Refused(_("Only an import that has not been applied can be matched again."))
    with act(actor, "people.answer_import", row, at=at):
        row.mapping = dict(mapping)
        row.save(update_fields=["mapping"])
    return row


def apply_import(
    *,
    actor: User | None,
    at: datetime,
    row: StaffImport | None = None,
    plan: ImportPlan | None = None,
    file_name: str = "",
    kind: str = StaffImport.Kind.STAFF,
    made_up: bool = False,
    tell: Callable[[float], None] = _silent,
) -> StaffImport:
    """Apply a read import, or a plan made by `importing.plan_changes`, in one transaction: all of it or nothing.

    Nobody whose stored values changed since the preview is overwritten: such rows are left and listed in
    `summary["conflicts"]`. Required levels become a draft that another person approves. Raises
    `Refused` when the import was already applied or dropped.
    """
    if row is None and plan is None:
        raise TypeError("apply_import needs an import or a plan")
    if row and row.status != _Status.READ:
        raise Refused(_ALREADY)
    kept = bytes(row.plan) if row and plan is None else None
    plan = plan or unpack(kept or b"")
    staff, day = (row.kind if row else kind) == StaffImport.Kind.STAFF, local_day(at)
    # Made ready here and not inside the act: on SQLite nobody else can write while people are being written.
    ready = prepare(plan if staff else ImportPlan(), day=day, tell=lambda share: tell(share / 2), made_up=made_up)
    without_rows = pack(replace(plan, new=[], changed=[]))
    try:
        with act(actor, "people.apply_import", row, at=at) as this:
            row = _locked(row, kept) if row else _unread(actor, file_name, kind, plan, at)
            this.subject = row
            row.status, row.applied_at = _Status.APPLIED, at
            later = partial(_second_half, tell)
            if staff:
                done = write_plan(ready, day=day, tell=later)
            elif row.kind == StaffImport.Kind.REQUIREMENTS:
                done = draft_levels(actor=actor, plan=plan, row=row, at=at)
            else:
                done = write_list(row.kind, plan)
            row.inverse, row.plan = pack_json(done.inverse), without_rows
            row.summary = {**row.summary, **_told(done)}
            row.save()
            this.note(created=done.created, changed=done.changed, conflicts=len(done.conflicts))
    except IntegrityError as error:
        raise Refused(_AT_ONCE) from error
    return row


def _second_half(tell: Callable[[float], None], share: float) -> None:
    tell((1 + share) / 2)


def _locked(row: StaffImport, kept: bytes | None) -> StaffImport:
    """The import, locked and still as it was looked through; `kept`: its plan as it was then."""
    row = StaffImport.objects.select_for_update().get(pk=row.pk)
    if row.status != _Status.READ:
        raise Refused(_ALREADY)
    if kept is not None and bytes(row.plan) != kept:
        raise Refused(_("The file was read again in the meantime: look through the changes once more."))
    return row


def _unread(actor: User | None, file_name: str, kind: str, plan: ImportPlan, at: datetime) -> StaffImport:
    """The row of an import whose plan was made without the pages."""
    told = {"file_name": file_name, "kind": kind, "status": _Status.READ, "summary": plan.counts()}
    return StaffImport.objects.create(**told, created_by=actor, created_at=at)


def _told(done: Written) -> dict[str, Any]:
    return {"created": done.created, "updated": done.changed, "conflicts": done.conflicts}


def read_later(*, actor: User | None, row: StaffImport, at: datetime) -> StaffImport:
    """Queue the reading of a large file again, after new answers."""
    with act(actor, "people.queue_import", row, at=at):
        row.status = _Status.READING
        row.job = enqueue("people.read_import", actor=actor, at=at, import_id=row.pk)
        row.save(update_fields=["status", "job"])
    return row


def apply_later(*, actor: User | None, row: StaffImport, at: datetime) -> StaffImport:
    """Queue the application of a large import."""
    if row.status != _Status.READ:
        raise Refused(_ALREADY)
    if row.job and row.job.is_open:
        raise Refused(_("This import is already being worked on."))
    with act(actor, "people.queue_import", row, at=at):
        row.job = enqueue("people.apply_import", actor=actor, at=at, import_id=row.pk)
        row.save(update_fields=["job"])
    return row


def can_undo(row: StaffImport, at: datetime) -> bool:
    """Whether the import is the last one applied, not undone, and younger than fourteen days."""
    if row.status != _Status.APPLIED or row.applied_at is None or not row.inverse:
        return False
    if at - row.applied_at > timedelta(days=UNDO_DAYS):
        return False
    later = StaffImport.objects.filter(status=_Status.APPLIED, applied_at__gt=row.applied_at)
    return not later.exists()


def undo_later(*, actor: User | None, row: StaffImport, at: datetime) -> StaffImport:
    """Queue the undoing of a large import."""
    if not can_undo(row, at):
        raise Refused(_("Only the last applied import can be undone, within %(days)s days.") % {"days": UNDO_DAYS})
    if row.job and row.job.is_open:
        raise Refused(_("This import is already being worked on."))
    with act(actor, "people.queue_import", row, at=at):
        row.job = enqueue("people.undo_import", actor=actor, at=at, import_id=row.pk)
        row.save(update_fields=["job"])
    return row


def undo_import(
    *, actor: User | None, row: StaffImport, at: datetime, tell: Callable[[float], None] = _silent
) -> StaffImport:
    """Take back the last applied import.

    People changed again since keep their newer values; added people who already have results or an account stay as
    "has left". Both are listed in `summary["kept"]`. Raises `Refused` for an older import or after fourteen days.
    """
    with act(actor, "people.undo_import", row, at=at) as this:
        row = StaffImport.objects.select_for_update().get(pk=row.pk)
        if not can_undo(row, at):
            raise Refused(_("Only the last applied import can be undone, within %(days)s days.") % {"days": UNDO_DAYS})
        inverse = unpack_json(row.inverse)
        if row.kind == StaffImport.Kind.STAFF:
            done = take_back(inverse, tell=tell)
        elif row.kind == StaffImport.Kind.REQUIREMENTS:
            done = drop_draft(actor=actor, row=row, at=at)
        else:
            done = take_list_back(row.kind, inverse)
        row.status, row.undone_at = _Status.UNDONE, at
        row.summary = {**row.summary, "removed": done.created, "restored": done.changed, "kept": done.conflicts}
        row.save()
        this.note(removed=done.created, restored=done.changed, kept=len(done.conflicts))
    return row


def drop_import(*, actor: User | None, row: StaffImport, at: datetime) -> None:
    """Throw away an import that was never applied. Raises `Refused` otherwise."""
    if row.status not in (_Status.READ, _Status.UNREADABLE, _Status.READING):
        raise Refused(_("Only an import that has not been applied can be dropped."))
    if row.job and row.job.is_open:
        raise Refused(_("This import is already being worked on."))
    with act(actor, "people.drop_import", row, at=at):
        row.status, row.plan, row.preview = _Status.DROPPED, b"", {}
        row.save(update_fields=["status", "plan", "preview"])


def note_export(*, actor: User | None, rows: int, asked: str, at: datetime) -> None:
    """Leave a trace of people's data leaving the product."""
    with act(actor, "people.export", at=at, rows=rows, asked=asked):
        pass
