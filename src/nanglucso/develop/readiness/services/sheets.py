"""Verbs of sheets of many units: read, apply all of it or nothing, take back."""

import hashlib
import tempfile
from datetime import date, datetime
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as translated
from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.days import local_day
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.develop.readiness import reading
from nanglucso.develop.readiness.models import FactSheet
from nanglucso.develop.readiness.queries import held_on
from nanglucso.develop.readiness.questionnaire import current, kept, questionnaires
from nanglucso.develop.readiness.services.filling import record
from nanglucso.workforce.people.models import Unit

MOST_BYTES = 10 * 2**20
Status = FactSheet.Status


def read_sheet(*, actor: User | None, stream: IO[bytes], name: str, day: date, at: datetime) -> FactSheet:
    """Read a file of figures counted on `day` and keep what applying it would do. Raises Refused for the whole file."""
    if day > local_day(at):
        raise Refused(_("The figures are of a day to come: write the day on which they were counted."), field="day")
    data = stream.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise Refused(
            _("The file is larger than %(limit)s MB: split it.") % {"limit": MOST_BYTES // 2**20}, field="file"
        )
    asked = current(day)
    with tempfile.NamedTemporaryFile(suffix=Path(name).suffix[:8]) as file:
        file.write(data)
        file.flush()
        try:
            plan = reading.read(Path(file.name), asked, name=name, day=day)
        except ValueError as fault:  # BadFile, BadStaffFile
            template, told = getattr(fault, "template", str(fault)), getattr(fault, "params", {})
            raise Refused(translated(template) % told, field="file") from fault
    with act(actor, "readiness.read_sheet", at=at, file=name[:200], rows=len(plan["rows"])) as this:
        row = FactSheet.objects.create(
            file_name=Path(name).name[:200], sha256=hashlib.sha256(data).hexdigest(), version=asked.version, day=day,
            plan=plan, read_by=actor, read_at=at,
        )  # fmt: skip
        this.subject = row
    return row


def apply_sheet(*, actor: User | None, row: FactSheet, at: datetime) -> int:
    """Every readable row becomes its unit's figures, in one transaction; returns how many. Refused when applied.

    What a row leaves blank stands as the unit said it before. A unit that has closed since the reading stops the whole
    sheet, so that nothing is half applied.
    """
    with act(actor, "readiness.apply_sheet", row, at=at) as this:
        row = FactSheet.objects.select_for_update().get(pk=row.pk)
        if row.status != Status.READ:
            raise Refused(_("This sheet has been applied already."))
        units = Unit.objects.filter(until=None).in_bulk([told["unit"] for told in row.plan["rows"]])
        gone = next((told for told in row.plan["rows"] if told["unit"] not in units), None)
        if gone:
            text = _("“%(name)s” has closed since the sheet was read: read it again.")
            raise Refused(text % {"name": gone["name"]})
        asked, before = questionnaires()[row.version], held_on(row.day, units)
        for told in row.plan["rows"]:
            held = before.get(told["unit"])
            answers = kept(asked, held.facts.answers if held else {}, told["answers"])
            unit = units[told["unit"]]
            record(actor=actor, unit=unit, version=row.version, answers=answers, day=row.day, at=at, sheet=row)
        row.status, row.applied_at = Status.APPLIED, at
        row.save(update_fields=["status", "applied_at"])
        this.note(units=len(row.plan["rows"]))
    return len(row.plan["rows"])


def undo_sheet(*, actor: User | None, row: FactSheet, at: datetime) -> int:
    """Take the sheet's rows back: what each unit said before counts again, newer figures stay; returns how many."""
    with act(actor, "readiness.undo_sheet", row, at=at) as this:
        row = FactSheet.objects.select_for_update().get(pk=row.pk)
        if row.status != Status.APPLIED:
            raise Refused(_("Only an applied sheet can be undone."))
        taken = row.facts.filter(withdrawn_at=None).update(withdrawn_at=at)
        row.status, row.undone_at = Status.UNDONE, at
        row.save(update_fields=["status", "undone_at"])
        this.note(units=taken)
    return taken
