"""Long work of this room: reading and applying large staff files."""

from typing import Any

from nanglucso.core.clock import now
from nanglucso.core.jobs import Progress, job
from nanglucso.workforce.people import importing, services
from nanglucso.workforce.people.models import StaffImport


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
