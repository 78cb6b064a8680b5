"""Comparisons over years and panels: started, entered, closed. No verb here touches an item or a cut point."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.jobs import enqueue
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.measure.quality import years
from nanglucso.measure.quality.models import CalibrationRun, YearComparison


def start_years(*, actor: User, before: CalibrationRun, after: CalibrationRun, at: datetime) -> YearComparison:
    """Queue the comparison of two runs. Refused for the same run twice, or when they share no item."""
    if before.pk == after.pk:
        raise Refused(_("Choose two different calibrations."), field="after")
    if not years.shared(before, after):
        raise Refused(_("These calibrations share no item with the same wording and enough answers."), field="after")
    with act(actor, "quality.start_years", at=at, before=str(before), after=str(after)) as this:
        this.subject = row = YearComparison.objects.create(
            before=before, after=after, started_by=actor, started_at=at
        )  # fmt: skip
        row.job = enqueue("quality.years", actor=actor, at=at, comparison_id=str(row.pk))
        row.save(update_fields=["job"])
    return row


def compare_years(*, comparison: YearComparison, at: datetime) -> YearComparison:
    """Work the comparison out."""
    result = years.work_out(comparison.before, comparison.after)
    with act(comparison.started_by, "quality.compared_years", comparison, at=at, items=len(result["items"])):
        comparison.result, comparison.done = result, True
        comparison.save(update_fields=["result", "done"])
    return comparison


def note_statistics(*, actor: User, campaign: str, kind: str, rows: int, at: datetime) -> None:
    """Leave a trace that somebody took a campaign's question statistics away."""
    with act(actor, "quality.export_statistics", at=at, campaign=campaign, kind=kind, rows=rows):
        pass
