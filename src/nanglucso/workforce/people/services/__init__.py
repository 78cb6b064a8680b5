"""Verbs of the people room: units, positions, staff, accounts, staff import."""

from nanglucso.workforce.people.services.accounts import create_account, create_accounts, grant_heads
from nanglucso.workforce.people.services.doubles import (
    MERGE_UNDO_DAYS,
    can_undo_merge,
    merge_people,
    tell_apart,
    undo_merge,
)
from nanglucso.workforce.people.services.imports import (
    LATER_FROM,
    UNDO_DAYS,
    answer_import,
    apply_import,
    apply_later,
    can_undo,
    drop_import,
    keep_plan,
    note_export,
    read_later,
    reject_import,
    start_import,
    undo_import,
    undo_later,
)
from nanglucso.workforce.people.services.positions import load_positions
from nanglucso.workforce.people.services.staff import (
    add_person,
    appoint,
    change_person,
    end_appointment,
    hash_citizen,
)
from nanglucso.workforce.people.services.units import load_units

__all__ = [
    "LATER_FROM",
    "MERGE_UNDO_DAYS",
    "UNDO_DAYS",
    "add_person",
    "answer_import",
    "apply_import",
    "apply_later",
    "appoint",
    "can_undo",
    "can_undo_merge",
    "change_person",
    "create_account",
    "create_accounts",
    "drop_import",
    "end_appointment",
    "grant_heads",
    "hash_citizen",
    "keep_plan",
    "load_positions",
    "load_units",
    "merge_people",
    "note_export",
    "read_later",
    "reject_import",
    "start_import",
    "tell_apart",
    "undo_import",
    "undo_later",
    "undo_merge",
]
