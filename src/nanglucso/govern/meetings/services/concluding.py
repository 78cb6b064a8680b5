"""Conclusions that are tasks: given with unit, owner and day, reported with proof, closed or sent back."""

import hashlib
import uuid
from datetime import date, datetime
from pathlib import Path
from typing import IO

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.days import local_day
from nanglucso.core.models import StoredFile, User
from nanglucso.core.refusals import Refused
from nanglucso.govern.meetings.models import AgendaItem, Conclusion, ConclusionReport, Meeting
from nanglucso.kit.faults import BadFile
from nanglucso.kit.filekinds import KINDS, kind_of
from nanglucso.workforce.people.models import Person

FOLDER, KIND, MOST_MB = "meeting-proofs", "meeting-proof", 10


def add_conclusion(
    *, actor: User | None, meeting: Meeting, item: AgendaItem | None, text: str, owner: Person, due_on: date,
    at: datetime,
) -> Conclusion:  # fmt: skip
    """A conclusion has an owner of an invited unit and a day from today on, or it is not one."""
    if meeting.status not in (Meeting.Status.RUNNING, Meeting.Status.CLOSED) or hasattr(meeting, "archive"):
        raise Refused(_("Conclusions are written from the opening of the meeting until it is archived."))
    if due_on < local_day(at):
        raise Refused(_("The day is past: choose one from today on."), field="due_on")
    if owner.unit is None:
        raise Refused(_("%(name)s belongs to no unit.") % {"name": owner.full_name}, field="owner")
    with act(actor, "meetings.conclude", meeting, at=at, person_id=owner.pk, due=due_on.isoformat()):
        number = 1 + max(meeting.conclusions.values_list("number", flat=True), default=0)
        return meeting.conclusions.create(
            item=item, number=number, text=text.strip(), unit=owner.unit, owner=owner, due_on=due_on, made_at=at
        )


def may_drop(task: Conclusion) -> bool:
    """Whether a conclusion can still be taken out: neither kept in approved minutes nor reported on."""
    minutes = getattr(task.meeting, "minutes", None)
    return not ((minutes and minutes.approved_at) or task.reports.exists())


def drop_conclusion(*, actor: User | None, task: Conclusion, at: datetime) -> None:
    """Take a conclusion out before the minutes are approved."""
    if not may_drop(task):
        raise Refused(_("The minutes are approved or the task is reported on: it stays."))
    with act(actor, "meetings.drop_conclusion", task.meeting, at=at, person_id=task.owner_id, text=task.text):
        task.delete()


def report_task(
    *, actor: User | None, task: Conclusion, text: str, file: IO[bytes] | None, name: str, at: datetime
) -> ConclusionReport:
    """The owner says that it is done and hands in what proves it: words always, a file if there is one."""
    if task.status != Conclusion.Status.OPEN:
        raise Refused(_("This task is reported or closed already."))
    if not text.strip():
        raise Refused(_("Write what was done: number and day of the document, or what can be seen."), field="text")
    with act(actor, "meetings.report_task", task.meeting, at=at, person_id=task.owner_id, number=task.number):
        proof = _proof(actor, file, name, at) if file else None
        task.status = Conclusion.Status.REPORTED
        task.save(update_fields=["status"])
        return task.reports.create(text=text.strip(), proof=proof, by=task.owner, at=at)


def _proof(actor: User | None, file: IO[bytes], name: str, at: datetime) -> StoredFile:
    data, short, key = file.read(MOST_MB * 2**20 + 1), Path(name).name[-120:] or "tep", uuid.uuid4()
    if len(data) > MOST_MB * 2**20:
        told = {"name": short, "limit": MOST_MB}
        raise Refused(_("The file %(name)s is larger than %(limit)s MB: make it smaller.") % told, field="file")
    folder = Path(settings.MEDIA_ROOT) / FOLDER
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / key.hex
    path.write_bytes(data)
    try:
        kind = kind_of(path, short)
    except BadFile as error:
        path.unlink()
        raise Refused(_(error.template) % error.params, field="file") from error
    return StoredFile.objects.create(
        id=key, kind=KIND, name=short, content_type=KINDS[kind], size=len(data), path=f"{FOLDER}/{key.hex}",
        sha256=hashlib.sha256(data).hexdigest(), created_by=actor, created_at=at,
    )  # fmt: skip


def close_task(*, actor: User | None, task: Conclusion, at: datetime) -> None:
    """Chair or secretary find it done."""
    if task.status != Conclusion.Status.REPORTED:
        raise Refused(_("Only a task that its owner reported as done can be closed."))
    with act(actor, "meetings.close_task", task.meeting, at=at, person_id=task.owner_id, number=task.number):
        task.status, task.closed_at, task.closed_by = Conclusion.Status.DONE, at, actor
        task.save(update_fields=["status", "closed_at", "closed_by"])


def return_task(*, actor: User | None, task: Conclusion, reason: str, at: datetime) -> None:
    """Send the report back with the reason; the task is open again, its day stays."""
    if task.status != Conclusion.Status.REPORTED:
        raise Refused(_("Only a task that its owner reported as done can be sent back."))
    if not reason.strip():
        raise Refused(_("Write what is missing."), field="reason")
    with act(actor, "meetings.return_task", task.meeting, at=at, person_id=task.owner_id, number=task.number):
        report = task.reports.all()[0]
        report.returned_at, report.returned_reason = at, reason.strip()
        report.save(update_fields=["returned_at", "returned_reason"])
        task.status = Conclusion.Status.OPEN
        task.save(update_fields=["status"])
