"""Verbs of the learning room."""

from nanglucso.develop.learning.services.answering import again, answer, try_exercise
from nanglucso.develop.learning.services.exporting import note_export
from nanglucso.develop.learning.services.studying import beat, begin
from nanglucso.develop.learning.services.tasks import confirm_task, report_task
from nanglucso.develop.learning.services.writing import (
    drop,
    load_lessons,
    publish,
    save_draft,
    send,
    send_back,
    start_draft,
)

__all__ = [
    "again",
    "answer",
    "beat",
    "begin",
    "confirm_task",
    "drop",
    "load_lessons",
    "note_export",
    "publish",
    "report_task",
    "save_draft",
    "send",
    "send_back",
    "start_draft",
    "try_exercise",
]
