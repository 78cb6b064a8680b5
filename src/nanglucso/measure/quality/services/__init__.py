"""Verbs of appeals and corrections."""

from nanglucso.measure.quality.services.appeals import (
    assign_reviewer,
    decide,
    file_appeal,
    file_lab_appeal,
    note_flags,
    note_read,
)
from nanglucso.measure.quality.services.calibration import (
    accept_calibration,
    calibrate,
    discard_calibration,
    examine,
    note_export,
    start_calibration,
    start_health,
)
from nanglucso.measure.quality.services.corrections import (
    apply_lines,
    approve,
    drop,
    finish,
    go_on,
    make_preview,
    prepare,
    request_undo,
)
from nanglucso.measure.quality.services.late import judge_late, why_it_cannot_count
from nanglucso.measure.quality.services.panels import close_panel, enter, open_panel
from nanglucso.measure.quality.services.reestimation import (
    accept_reestimation,
    discard_reestimation,
    move_beliefs,
    reestimate,
    resume_reestimation,
    start_reestimation,
    undo_reestimation,
)
from nanglucso.measure.quality.services.years import compare_years, note_statistics, start_years

__all__ = [
    "accept_calibration",
    "accept_reestimation",
    "apply_lines",
    "approve",
    "assign_reviewer",
    "calibrate",
    "close_panel",
    "compare_years",
    "decide",
    "discard_calibration",
    "discard_reestimation",
    "drop",
    "enter",
    "examine",
    "file_appeal",
    "file_lab_appeal",
    "finish",
    "go_on",
    "judge_late",
    "make_preview",
    "move_beliefs",
    "note_export",
    "note_flags",
    "note_read",
    "note_statistics",
    "open_panel",
    "prepare",
    "reestimate",
    "request_undo",
    "resume_reestimation",
    "start_calibration",
    "start_health",
    "start_reestimation",
    "start_years",
    "undo_reestimation",
    "why_it_cannot_count",
]
