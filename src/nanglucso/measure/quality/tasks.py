"""Long work of this room."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from nanglucso.core.clock import now
from nanglucso.core.jobs import Progress, job
from nanglucso.measure.quality import services
from nanglucso.measure.quality.models import CalibrationRun, Correction, HealthReport, Reestimation, YearComparison
from nanglucso.workforce.framework.queries import current_framework


def _url(correction_id: str) -> dict[str, Any]:
    return {"url": reverse("quality:correction", args=[correction_id])}


@job("quality.preview")
def preview(progress: Progress, *, correction_id: str) -> dict[str, Any]:
    """Work out what a correction would change."""
    correction = Correction.objects.get(pk=correction_id)
    if correction.status == Correction.Status.PREPARING:
        say = _("Working out profiles")
        services.make_preview(correction=correction, at=now(), step=lambda share: progress.step(share, say))
    return _url(correction_id)


def _carry_out(progress: Progress, correction_id: str, undo: bool) -> dict[str, Any]:
    correction = Correction.objects.get(pk=correction_id)
    say, at = _("Replacing results"), now()
    services.apply_lines(correction=correction, undo=undo, at=at, step=lambda share: progress.step(share, say))
    services.finish(correction=correction, undo=undo, at=at)
    return _url(correction_id)


@job("quality.apply")
def apply(progress: Progress, *, correction_id: str) -> dict[str, Any]:
    """Apply an approved correction."""
    return _carry_out(progress, correction_id, undo=False)


@job("quality.undo")
def undo(progress: Progress, *, correction_id: str) -> dict[str, Any]:
    """Undo a correction."""
    return _carry_out(progress, correction_id, undo=True)


@job("quality.calibrate")
def calibrate(progress: Progress, *, run_id: str) -> dict[str, Any]:
    """Work parameters out anew from answers."""
    run = CalibrationRun.objects.get(pk=run_id)
    if run.status == CalibrationRun.Status.RUNNING:
        progress.step(0.05, _("Working out parameters"))
        services.calibrate(run=run, framework=current_framework(), at=now())
    return {"url": reverse("quality:calibration", args=[run_id])}


@job("quality.health")
def health(progress: Progress, *, report_id: str) -> dict[str, Any]:
    """Examine every item that was answered."""
    report = HealthReport.objects.get(pk=report_id)
    progress.step(0.05, _("Examining items"))
    services.examine(report=report, framework=current_framework(), at=now())
    return {"url": reverse("quality:health", args=[report_id])}


@job("quality.reestimate")
def reestimate(progress: Progress, *, run_id: str) -> dict[str, Any]:
    """Work the correlations of the competences out anew."""
    run, say = Reestimation.objects.select_related("framework", "started_by").get(pk=run_id), _("Working out profiles")
    if run.status == Reestimation.Status.RUNNING:
        progress.step(0.02, _("Working out correlations"))
        services.reestimate(run=run, at=now(), step=lambda share: progress.step(share, say))
    return {"url": reverse("quality:reestimation", args=[run_id])}


@job("quality.move_beliefs")
def move_beliefs(progress: Progress, *, run_id: str) -> dict[str, Any]:
    """Fold every belief under the correlations in force."""
    run, say = Reestimation.objects.select_related("framework").get(pk=run_id), _("Replacing results")
    if run.status in (Reestimation.Status.APPLYING, Reestimation.Status.UNDOING):
        services.move_beliefs(run=run, at=now(), step=lambda share: progress.step(share, say))
    return {"url": reverse("quality:reestimation", args=[run_id])}


@job("quality.years")
def years(progress: Progress, *, comparison_id: str) -> dict[str, Any]:
    """Bring two calibrations onto one scale."""
    comparison = YearComparison.objects.select_related("before", "after").get(pk=comparison_id)
    progress.step(0.05, _("Comparing calibrations"))
    services.compare_years(comparison=comparison, at=now())
    return {"url": reverse("quality:year", args=[comparison_id])}
