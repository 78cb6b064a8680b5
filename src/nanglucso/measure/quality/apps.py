"""Appeals, corrections of results, and how items behave."""

from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class QualityConfig(AppConfig):
    name = "nanglucso.measure.quality"

    def ready(self) -> None:
        """Count what waits, give verbs their words."""
        from nanglucso.core.wording import name_codes
        from nanglucso.ui.badges import badge

        badge("quality:appeals", _waiting)
        name_codes(
            {
                "quality.file_appeal": _("Asked for a review of a result"),
                "quality.assign_reviewer": _("Gave an appeal to a reviewer"),
                "quality.decide_appeal": _("Decided an appeal"),
                "quality.open_appeal": _("Read an appeal"),
                "quality.prepare_correction": _("Prepared a correction of results"),
                "quality.preview": _("Working out what a correction changes"),
                "quality.preview_correction": _("Worked out what a correction changes"),
                "quality.start_correction": _("Approved a correction of results"),
                "quality.apply": _("Applying a correction"),
                "quality.correct_profile": _("Corrected a profile"),
                "quality.finish_correction": _("Finished a correction"),
                "quality.undo_correction": _("Asked to undo a correction"),
                "quality.undo": _("Undoing a correction"),
                "quality.restore_profile": _("Restored a profile after an undone correction"),
                "quality.go_on": _("Went on with an interrupted correction"),
                "quality.correct_profiles": _("Replaced results by a correction"),
                "quality.restore_profiles": _("Put results back after an undone correction"),
                "quality.drop_correction": _("Dropped a correction"),
                "quality.judge_late": _("Judged a late answer"),
                "quality.open_flags": _("Looked at unusual sittings"),
                "quality.start_health": _("Asked how items behave"),
                "quality.health": _("Examining items"),
                "quality.examined": _("Examined items"),
                "quality.export_health": _("Exported how items behave"),
                "quality.start_calibration": _("Started a calibration"),
                "quality.calibrate": _("Working out item parameters"),
                "quality.calibrated": _("Worked out item parameters"),
                "quality.accept_calibration": _("Accepted new item parameters"),
                "quality.start_years": _("Asked to compare two calibrations"),
                "quality.years": _("Comparing two calibrations"),
                "quality.compared_years": _("Compared two calibrations"),
                "quality.export_statistics": _("Exported quiz statistics"),
                "quality.open_panel": _("Opened a standard-setting panel"),
                "quality.enter_panel": _("Entered a judge's ratings"),
                "quality.close_panel": _("Closed a standard-setting panel"),
                "quality.discard_calibration": _("Discarded a calibration"),
                "quality.start_reestimation": _("Started to work correlations out anew"),
                "quality.reestimate": _("Working correlations out anew"),
                "quality.reestimated": _("Worked correlations out anew"),
                "quality.accept_reestimation": _("Accepted new correlations"),
                "quality.discard_reestimation": _("Discarded new correlations"),
                "quality.undo_reestimation": _("Asked to undo new correlations"),
                "quality.move_beliefs": _("Working profiles out under other correlations"),
                "quality.move_profiles": _("Worked profiles out under other correlations"),
                "quality.move_profile": _("Worked a profile out under other correlations"),
                "quality.finish_reestimation": _("Finished a change of correlations"),
            }
        )


def _waiting(request: Any) -> int:
    from nanglucso.measure.quality.queries import waiting

    return waiting(request.access, request.user)
