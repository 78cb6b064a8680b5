"""Verbs of meetings."""

from nanglucso.govern.meetings.services.archiving import make_archive
from nanglucso.govern.meetings.services.attending import (
    answer_invitation,
    check_in,
    close_check_in,
    mark_present,
    open_check_in,
    send_stand_in,
)
from nanglucso.govern.meetings.services.calling import (
    add_item,
    call,
    cancel,
    change,
    close,
    create,
    invite,
    move_item,
    open_,
    remove_item,
    set_role,
    uninvite,
)
from nanglucso.govern.meetings.services.concluding import (
    add_conclusion,
    close_task,
    drop_conclusion,
    may_drop,
    report_task,
    return_task,
)
from nanglucso.govern.meetings.services.feeding import feed_targets
from nanglucso.govern.meetings.services.papers import add_paper, withdraw_paper, write_note
from nanglucso.govern.meetings.services.recording import (
    answer_remark,
    approve_minutes,
    remark,
    send_minutes,
    write_minutes,
)
from nanglucso.govern.meetings.services.speaking import ask_to_speak, call_speaker, end_speech, take_back

__all__ = [
    "add_conclusion", "add_item", "add_paper", "answer_invitation", "answer_remark", "approve_minutes", "ask_to_speak",
    "call", "call_speaker", "cancel", "change", "check_in", "close", "close_check_in", "close_task", "create",
    "drop_conclusion", "end_speech", "feed_targets", "invite", "make_archive", "mark_present", "may_drop", "move_item",
    "open_", "open_check_in", "remark", "remove_item", "report_task", "return_task", "send_minutes", "send_stand_in",
    "set_role", "take_back", "uninvite", "withdraw_paper", "write_minutes", "write_note",
]  # fmt: skip
