"""Verbs of registers of legal texts: keep what was read, apply it, take it back."""

import hashlib
import tempfile
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext as _

from nanglucso.core.acts import act
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.govern.outreach import importing
from nanglucso.govern.outreach.models import LawDocument, RegisterImport
from nanglucso.govern.outreach.numbers import folded, key_of

MOST_BYTES = 10 * 2**20
Status = RegisterImport.Status


def read_register(
    *, actor: User | None, stream: IO[bytes], name: str, at: datetime, notes: Mapping[str, str] | None = None
) -> RegisterImport:
    """Read a file and keep what applying it would do. Raises `Refused` with what is wrong with the file as a whole."""
    data = stream.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise Refused(
            _("The file is larger than %(limit)s MB: split it.") % {"limit": MOST_BYTES // 2**20}, field="file"
        )
    with tempfile.NamedTemporaryFile(suffix=Path(name).suffix[:8]) as file:
        file.write(data)
        file.flush()
        try:
            plan = importing.read(Path(file.name), name=name, notes=notes or {})
        except ValueError as fault:  # BadFile, BadStaffFile
            template, told = getattr(fault, "template", str(fault)), getattr(fault, "params", {})
            raise Refused(_(template) % told, field="file") from fault
    if plan.pop("left"):
        text = _("The list has more than %(limit)s rows: split it.")
        raise Refused(text % {"limit": importing.MOST_ROWS}, field="file")
    with act(actor, "outreach.read_register", at=at, file=name) as this:
        this.subject = RegisterImport.objects.create(
            file_name=Path(name).name[:200],
            sha256=hashlib.sha256(data).hexdigest(),
            plan=plan,
            read_by=actor,
            read_at=at,
        )
        this.note(rows=len(plan["rows"]), problems=len(plan["problems"]))
    return this.subject


def _put(row: LawDocument, fields: dict[str, Any]) -> None:
    """Set fields from their JSON; a day takes the place of words for it, and the other way round."""
    for name, value in fields.items():
        setattr(row, name, date.fromisoformat(value) if name in importing.DAYS and value else value)
    row.fold = folded(row)


def apply_register(*, actor: User | None, row: RegisterImport, at: datetime) -> tuple[int, int]:
    """Enter what is new, change what differs; (entered, changed). All or nothing. Raises `Refused`.

    A row whose document was entered by somebody else meanwhile changes that document.
    """
    with act(actor, "outreach.apply_register", row, at=at, file=row.file_name) as this:
        row = RegisterImport.objects.select_for_update().get(pk=row.pk)
        if row.status != Status.READ:
            raise Refused(_("This list has been applied already."))
        held = {one.key: one for one in LawDocument.objects.select_for_update()}
        inverse = [_apply_one(told, held, actor, at) for told in row.plan["rows"]]
        row.status, row.applied_at, row.inverse = Status.APPLIED, at, inverse
        row.save(update_fields=["status", "applied_at", "inverse"])
        made = sum(one["made"] for one in inverse)
        this.note(entered=made, changed=len(inverse) - made)
    return made, len(inverse) - made


def _apply_one(told: dict[str, Any], held: dict[str, LawDocument], actor: User | None, at: datetime) -> dict[str, Any]:
    """One row written; what undoes it: {doc, made, before, after}."""
    key = key_of(told["fields"]["number"])
    old = held.get(key)
    document = old or LawDocument(key=key, added_by=actor, added_at=at)
    after = told["fields"] if old is None else {name: pair[1] for name, pair in told["changes"].items()}
    before = {name: importing.plain(document, name) for name in after}
    _put(document, after)
    document.save()
    return {"doc": document.pk, "made": old is None, "before": before, "after": after}


def undo_register(*, actor: User | None, row: RegisterImport, at: datetime) -> tuple[int, int]:
    """Take an applied register back; (undone, left because used or changed since). Raises `Refused`."""
    with act(actor, "outreach.undo_register", row, at=at, file=row.file_name) as this:
        row = RegisterImport.objects.select_for_update().get(pk=row.pk)
        if row.status != Status.APPLIED:
            raise Refused(_("Only a list that was applied can be undone."))
        documents = LawDocument.objects.select_for_update().in_bulk([told["doc"] for told in row.inverse])
        done = sum(_undo_one(told, documents.get(told["doc"])) for told in row.inverse)
        row.status, row.undone_at = Status.UNDONE, at
        row.save(update_fields=["status", "undone_at"])
        this.note(undone=done, left=len(row.inverse) - done)
    return done, len(row.inverse) - done


def _undo_one(told: dict[str, Any], document: LawDocument | None) -> bool:
    """Whether it could be taken back: nothing hangs on it, nobody changed it since."""
    if document is None or any(importing.plain(document, name) != value for name, value in told["after"].items()):
        return False
    if not told["made"]:
        _put(document, told["before"])
        document.save()
        return True
    used = document.versions.exists() or document.superseded_by.exists() or document.supersedes.exists()
    if used or document.file_id:
        return False
    document.delete()
    return True
