"""Verbs of readiness: survey rounds, filling in, sheets of many units, decisions on the investment list."""

from nanglucso.develop.readiness.services.deciding import decide, note_export
from nanglucso.develop.readiness.services.filling import record, save_slip
from nanglucso.develop.readiness.services.rounds import close_round, open_round, remind, set_contact
from nanglucso.develop.readiness.services.sheets import apply_sheet, read_sheet, undo_sheet

__all__ = [
    "apply_sheet", "close_round", "decide", "note_export", "open_round", "read_sheet", "record", "remind", "save_slip",
    "set_contact", "undo_sheet",
]  # fmt: skip
