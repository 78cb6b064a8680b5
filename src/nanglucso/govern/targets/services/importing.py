"""Files of the named systems: read and kept with what applying would do, applied as a whole, taken back."""

from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

from django.utils.translation import gettext as _

from nanglucso.core.acts import act
from nanglucso.core.days import local_day
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.govern.targets import periods, reading
from nanglucso.govern.targets.models import FigureImport, Observation
from nanglucso.govern.targets.services.counting import recount
from nanglucso.govern.targets.shipped import systems
from nanglucso.workforce.people import uploads
from nanglucso.workforce.people.models import Unit

Status = FigureImport.Status
KIND = "target-figures"


def read_figures(
    *, actor: User | None, system: str, stream: IO[bytes], name: str, content_type: str, at: datetime
) -> FigureImport:
    """Keep a file and what applying it would do. Raises `Refused` with what is wrong with the file as a whole."""
    told = systems().get(system)
    if told is None:
        raise Refused(_("Choose the system that the file is from."), field="system")
    with act(actor, "targets.read_figures", at=at, file=name, system=system) as this:
        kept = uploads.store(actor=actor, stream=stream, name=name, content_type=content_type, at=at, kind=KIND)
        try:
            plan = reading.read(uploads.path_of(kept), name=name, system=told, day=local_day(at))
        except ValueError as fault:  # BadFile, BadStaffFile
            uploads.path_of(kept).unlink(missing_ok=True)
            template, params = getattr(fault, "template", str(fault)), getattr(fault, "params", {})
            raise Refused(_(template) % params, field="file") from fault
        if plan["left"]:
            uploads.path_of(kept).unlink(missing_ok=True)
            text = _("The list has more than %(limit)s rows: split it.")
            raise Refused(text % {"limit": reading.MOST_ROWS}, field="file")
        this.subject = FigureImport.objects.create(system=system, file=kept, plan=plan, read_by=actor, read_at=at)
        this.note(rows=len(plan["rows"]), problems=len(plan["problems"]))
    return this.subject


def _locked(row: FigureImport, status: str, text: str) -> FigureImport:
    row = FigureImport.objects.select_for_update().get(pk=row.pk)
    if row.status != status:
        raise Refused(text)
    return row


def apply_figures(*, actor: User | None, row: FigureImport, at: datetime) -> int:
    """Write down every readable figure, all or none; a figure that stood before is kept and ends. Raises Refused."""
    with act(actor, "targets.apply_figures", row, at=at) as this:
        row = _locked(row, Status.READ, _("This file has been applied already."))
        told = row.plan["rows"]
        closed = Unit.objects.filter(pk__in={one["unit"] for one in told}).exclude(until=None).first()
        if closed:
            text = _("“%(unit)s” has ended since the file was read: read the file again.")
            raise Refused(text % {"unit": closed.name})
        held = Observation.objects.select_for_update().filter(
            ended_at=None, indicator__in={one["indicator"] for one in told}, unit__in={one["unit"] for one in told}
        )
        wanted = {(one["indicator"], one["unit"], one["period"]) for one in told}
        replaced = [one.pk for one in held if (one.indicator_id, one.unit_id, one.period) in wanted]
        Observation.objects.filter(pk__in=replaced).update(ended_at=at, ended_by=row)
        Observation.objects.bulk_create([_figure(one, row, actor, at) for one in told])
        row.status, row.applied_at = Status.APPLIED, at
        row.save(update_fields=["status", "applied_at"])
        recount((one["indicator"], one["unit"]) for one in told)
        this.note(figures=len(told), replaced=len(replaced))
    return len(told)


def _figure(told: dict[str, Any], row: FigureImport, actor: User | None, at: datetime) -> Observation:
    last: date = periods.of_code(told["period"]).last
    counts = {name: Decimal(told[name]) for name in ("part", "whole") if told.get(name)}
    return Observation(
        indicator_id=told["indicator"], unit_id=told["unit"], period=told["period"], day=last,
        value=Decimal(told["value"]), file=row.file, system=row.system, source=row, entered_by=actor, entered_at=at,
        **counts,
    )  # fmt: skip


def undo_figures(*, actor: User | None, row: FigureImport, at: datetime) -> tuple[int, int]:
    """Take back what the file gave and bring back what it had replaced; (taken back, left because it was replaced
    or taken back since). Raises Refused."""
    with act(actor, "targets.undo_figures", row, at=at) as this:
        row = _locked(row, Status.APPLIED, _("Only an applied file can be undone."))
        given = list(row.observations.select_for_update())
        live = [one for one in given if one.ended_at is None]
        Observation.objects.filter(pk__in=[one.pk for one in live]).update(
            ended_at=at, why_ended=_("The file was undone.")
        )
        gone = {(one.indicator_id, one.unit_id, one.period) for one in live}
        back = [one.pk for one in row.replaced.all() if (one.indicator_id, one.unit_id, one.period) in gone]
        Observation.objects.filter(pk__in=back).update(ended_at=None, ended_by=None)
        row.status, row.undone_at = Status.UNDONE, at
        row.save(update_fields=["status", "undone_at"])
        recount((one.indicator_id, one.unit_id) for one in given)
        this.note(undone=len(live), brought_back=len(back), left=len(given) - len(live))
    return len(live), len(given) - len(live)
