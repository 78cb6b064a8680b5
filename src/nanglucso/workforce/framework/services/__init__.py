"""Verbs of the framework room."""

from nanglucso.workforce.framework.services.crossings import set_links, start_crossing
from nanglucso.workforce.framework.services.drafts import (
    ask_review,
    back_to_draft,
    close_comment,
    comment,
    drop_draft,
    edit,
    publish,
    start_draft,
)
from nanglucso.workforce.framework.services.importing import import_case, import_table, start_table
from nanglucso.workforce.framework.services.loading import SHIPPED, load_framework, load_outside_components
from nanglucso.workforce.framework.services.moves import (
    move,
    move_later,
    preview_later,
    preview_move,
    reasons_against,
    undo_move,
)

__all__ = [
    "SHIPPED", "ask_review", "back_to_draft", "close_comment", "comment", "drop_draft", "edit", "import_case",
    "import_table",
    "load_framework", "load_outside_components", "move", "move_later", "preview_later", "preview_move", "publish",
    "reasons_against", "set_links", "start_crossing", "start_draft", "start_table", "undo_move",
]  # fmt: skip
