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
    settle_cost,
)
from nanglucso.develop.training.services.evaluating import evaluate
from nanglucso.develop.training.services.lecturing import add_material, link_lecturer, remove_material, see_notices
from nanglucso.develop.training.services.opening import open_class, open_classes
from nanglucso.develop.training.services.places import ask_place, cancel_place, decline, enrol, nominate
from nanglucso.develop.training.services.proposals import Share, confirm_effect, decline_effect, propose_effect
from nanglucso.develop.training.services.retests import open_recheck, open_retest, retest_code
from nanglucso.develop.training.services.terms import hold_anyway, set_terms
from nanglucso.develop.training.services.transferring import give_transfer

__all__ = [
    "COMPLETE_SHARE",
    "Share",
    "add_material",
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
    "evaluate",
    "finish_class",
    "give_transfer",
    "hold_anyway",
    "link_lecturer",
    "mark_attendance",
    "move_session",
    "nominate",
    "note_export",
    "open_check_in",
    "open_class",
    "open_classes",
    "open_recheck",
    "open_retest",
    "propose_effect",
    "remove_material",
    "retest_code",
    "see_notices",
    "set_terms",
    "settle_cost",
]
