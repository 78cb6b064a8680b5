"""Verbs of the outreach room."""

from nanglucso.govern.outreach.services.campaigns import Wanted, ask_open, close, create, drop, open_campaign
from nanglucso.govern.outreach.services.files import keep_file, path_of
from nanglucso.govern.outreach.services.following import confirm
from nanglucso.govern.outreach.services.library import (
    About,
    check_document,
    draft_of,
    drop_draft,
    mark_of,
    publish,
    save_document,
    save_draft,
)
from nanglucso.govern.outreach.services.reading import again, answer, beat, begin, free_at, report_task
from nanglucso.govern.outreach.services.registers import apply_register, read_register, undo_register
from nanglucso.govern.outreach.services.shipped import load_documents, read_shipped_register

__all__ = [
    "About",
    "Wanted",
    "again",
    "answer",
    "apply_register",
    "ask_open",
    "beat",
    "begin",
    "check_document",
    "close",
    "confirm",
    "create",
    "draft_of",
    "drop",
    "drop_draft",
    "free_at",
    "keep_file",
    "load_documents",
    "mark_of",
    "open_campaign",
    "path_of",
    "publish",
    "read_register",
    "read_shipped_register",
    "report_task",
    "save_document",
    "save_draft",
    "undo_register",
]
