"""Verbs of training: a planned class is opened, people come, it ends, its people are measured again."""

from nanglucso.develop.training.services.attending import (
    check_in,
    close_check_in,
    code_works,
    mark_attendance,
    open_check_in,
)
from nanglucso.develop.training.services.classes import (
    COMPLETE_SHARE,
    cancel_class,
    class_entries,
    finish_class,
    move_session,
    note_export,
    open_class,
    open_classes,
    settle_cost,
)
from nanglucso.develop.training.services.places import ask_place, cancel_place, decline, enrol, nominate
from nanglucso.develop.training.services.proposals import Share, confirm_effect, decline_effect, propose_effect
from nanglucso.develop.training.services.retests import open_retest, retest_code

__all__ = [
    "COMPLETE_SHARE",
    "Share",
    "ask_place",
    "cancel_class",
    "cancel_place",
    "check_in",
    "class_entries",
    "close_check_in",
    "code_works",
    "confirm_effect",
    "decline",
    "decline_effect",
    "enrol",
    "finish_class",
    "mark_attendance",
    "move_session",
    "nominate",
    "note_export",
    "open_check_in",
    "open_class",
    "open_classes",
    "open_retest",
    "propose_effect",
    "retest_code",
    "settle_cost",
]
