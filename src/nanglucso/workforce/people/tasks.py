"""Long work of this room: reading and applying large staff files."""

from typing import Any

from django.urls import reverse

from nanglucso.core.clock import now
from nanglucso.core.jobs import Progress, job
from nanglucso.workforce.people import importing, services
from nanglucso.workforce.people.models import Disposal, Reorganisation, StaffImport


@job("people.read_import")
def read_import(progress: Progress, *, import_id: int) -> dict[str, Any]:
    """Read an uploaded file and keep the preview."""
    row = StaffImport.objects.get(pk=import_id)
    progress.step(0.1, "read")
    importing.read_import(actor=row.created_by, row=row, at=now())
    return {"import": import_id}


@job("people.apply_import")
def apply_import(progress: Progress, *, import_id: int) -> dict[str, Any]:
    """Apply a large import."""
    row = StaffImport.objects.get(pk=import_id)
    actor = row.job.created_by if row.job else row.created_by
    done = row
    if row.status != StaffImport.Status.APPLIED:  # a worker that died just behind the commit is started again
        done = services.apply_import(actor=actor, row=row, at=now(), tell=lambda share: progress.step(share * 0.95, ""))
    return {"import": import_id, "created": done.summary["created"], "updated": done.summary["updated"]}


@job("people.undo_import")
def undo_import(progress: Progress, *, import_id: int) -> dict[str, Any]:
    """Take a large import back."""
    row = StaffImport.objects.get(pk=import_id)
    actor = row.job.created_by if row.job else row.created_by
    done = row
    if row.status != StaffImport.Status.UNDONE:
        done = services.undo_import(actor=actor, row=row, at=now(), tell=lambda share: progress.step(share * 0.95, ""))
    return {"import": import_id, "removed": done.summary["removed"], "restored": done.summary["restored"]}


@job("people.dispose")
def dispose(progress: Progress, *, disposal_id: int) -> dict[str, Any]:
    """Carry out an approved list of what has reached its term."""
    row = Disposal.objects.get(pk=disposal_id)
    if row.status == Disposal.Status.APPROVED:
        row = services.carry_out(actor=row.decided_by, row=row, at=now(), tell=lambda share: progress.step(share, ""))
    return {"disposal": disposal_id, **row.result}


@job("people.apply_reorganisation")
def apply_reorganisation(progress: Progress, *, reorganisation_id: int, mark: str) -> dict[str, Any]:
    """Put an approved reorganisation of many people into effect, all of it or nothing."""
    row = Reorganisation.objects.get(pk=reorganisation_id)
    if row.status == Reorganisation.Status.APPROVED:  # a worker that died just behind the commit is started again
        progress.step(0.02, "")
        row = services.apply_approved(
            actor=row.reviewed_by, row=row, mark=mark, at=now(), tell=lambda share: progress.step(share, "")
        )
    return {"reorganisation": row.pk, "status": row.status, "url": reverse("people:reorganisation", args=[row.pk])}
