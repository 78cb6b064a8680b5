"""Calibration runs: started, compared, and then accepted or discarded by a person."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.jobs import enqueue
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.measure.bank.models import ItemVersion
from nanglucso.measure.quality import calibrating, healthlist
from nanglucso.measure.quality.models import CalibrationRun, HealthReport
from nanglucso.workforce.framework.models import Framework


def start_calibration(
    *, actor: User, campaigns: Sequence[str], sd_b: float, sd_log_a: float, least: int, at: datetime,
    bound_b: float = 0.5, bound_a: float = 1.5,
) -> CalibrationRun:  # fmt: skip
    """Queue a run over the answers of these campaigns. Refused without any answer."""
    if not calibrating.answers_of(campaigns).exists():
        raise Refused(_("These campaigns have no answers yet."), field="campaigns")
    rules: dict[str, Any] = {"sd_b": sd_b, "sd_log_a": sd_log_a, "least": least, "bound_b": bound_b, "bound_a": bound_a}
    with act(actor, "quality.start_calibration", at=at, campaigns=list(campaigns), **rules) as this:
        this.subject = row = CalibrationRun.objects.create(
            campaigns=list(campaigns), rules=rules, started_by=actor, started_at=at
        )
        row.job = enqueue("quality.calibrate", actor=actor, at=at, run_id=str(row.pk))
        row.save(update_fields=["job"])
    return row


def calibrate(*, run: CalibrationRun, framework: Framework, at: datetime) -> CalibrationRun:
    """Work the parameters out and count who would change; the bank is not touched."""
    lines, summary = calibrating.run(framework, run)
    summary |= calibrating.would_change(framework, lines)
    with act(run.started_by, "quality.calibrated", run, at=at, **summary):
        run.lines.all().delete()
        run.lines.bulk_create(lines, batch_size=500)
        run.summary, run.status = summary, CalibrationRun.Status.READY
        run.save(update_fields=["summary", "status"])
    return run


def accept_calibration(
    *, actor: User, run: CalibrationRun, reason: str, at: datetime, looked: bool = False
) -> int:  # fmt: skip
    """Give items with enough answers a new version with the new parameters; returns how many.

    Wording and key stay. Old results keep the parameters they were read by. Refused to who started the run, and
    while nobody has `looked` at the items that move beyond the run's bounds; the log names them.
    """
    _decidable(run, reason)
    if run.started_by_id == actor.pk:
        raise Refused(_("Who started a calibration does not accept it; another person does."))
    far = calibrating.moved(run)
    if far and not looked:
        raise Refused(_("First look at the items that move beyond the bound, and say so."), field="looked")
    made = 0
    with act(actor, "quality.accept_calibration", run, at=at, reason=reason.strip()) as this:
        for line in run.lines.filter(enough=True).select_related("version"):
            made += _new_version(line.version, line.a, line.b, str(run))
        _decide(run, CalibrationRun.Status.ACCEPTED, actor, reason, at)
        this.note(items=made, beyond_bound=[str(one.line.version) for one in far])
    return made


def _new_version(old: ItemVersion, a: float, b: list[float], source: str) -> int:
    """0 when the version is no longer the current one: its wording has changed, so the answers do not speak of it."""
    if not old.current:
        return 0
    last = ItemVersion.objects.filter(item=old.item_id).order_by("-number").values_list("number", flat=True)[0]
    ItemVersion.objects.filter(pk=old.pk).update(current=False)
    ItemVersion.objects.create(
        item_id=old.item_id, number=last + 1, body=old.body, key=old.key, notes=old.notes, a=a, b=b, c=old.c,
        minutes=old.minutes, parameters_from=source, author=old.author,
    )  # fmt: skip
    return 1


def discard_calibration(*, actor: User, run: CalibrationRun, reason: str, at: datetime) -> None:
    """Keep the run for reading, use nothing of it."""
    _decidable(run, reason)
    with act(actor, "quality.discard_calibration", run, at=at, reason=reason.strip()):
        _decide(run, CalibrationRun.Status.DISCARDED, actor, reason, at)


def _decidable(run: CalibrationRun, reason: str) -> None:
    if run.status != CalibrationRun.Status.READY:
        raise Refused(_("This run waits for no decision."))
    if len(reason.strip()) < 10:
        raise Refused(_("Please say why: the next reader of this run needs it."), field="reason")


def _decide(run: CalibrationRun, status: str, actor: User, reason: str, at: datetime) -> None:
    # One of two people who decide at once is refused, and everything of theirs is rolled back.
    told = {"status": status, "decided_by": actor, "decided_at": at, "reason": reason.strip()}
    if not CalibrationRun.objects.filter(pk=run.pk, status=CalibrationRun.Status.READY).update(**told):
        raise Refused(_("This run waits for no decision."))
    run.refresh_from_db()


def start_health(*, actor: User, campaigns: Sequence[str], at: datetime) -> HealthReport:
    """Queue an examination of every item that was answered in these campaigns. Refused without any answer."""
    if not calibrating.answers_of(campaigns).exists():
        raise Refused(_("These campaigns have no answers yet."), field="campaigns")
    with act(actor, "quality.start_health", at=at, campaigns=list(campaigns)) as this:
        this.subject = row = HealthReport.objects.create(campaigns=list(campaigns), started_by=actor, started_at=at)
        row.job = enqueue("quality.health", actor=actor, at=at, report_id=str(row.pk))
        row.save(update_fields=["job"])
    return row


def examine(*, report: HealthReport, framework: Framework, at: datetime) -> HealthReport:
    """Work the examination out; items change their status only by a person's hand."""
    rows = healthlist.rows(framework, report.campaigns)
    with act(report.started_by, "quality.examined", report, at=at, items=len(rows)):
        report.rows, report.done = rows, True
        report.save(update_fields=["rows", "done"])
    return report


def note_export(*, actor: User, report: HealthReport, kind: str, at: datetime) -> None:
    """Leave a trace that somebody took the list away."""
    with act(actor, "quality.export_health", report, at=at, kind=kind, rows=len(report.rows)):
        pass
