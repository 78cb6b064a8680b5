"""Verbs of the learning room."""

from nanglucso.develop.learning.services.answering import again, answer, try_exercise
from nanglucso.develop.learning.services.exporting import note_export
from nanglucso.develop.learning.services.packages import drop_package, upload_package, use_package, withdraw_package
from nanglucso.develop.learning.services.running import Said, begin_package, record_package
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
    "Said",
    "again",
    "answer",
    "beat",
    "begin",
    "begin_package",
    "confirm_task",
    "drop",
    "drop_package",
    "load_lessons",
    "note_export",
    "publish",
    "record_package",
    "report_task",
    "save_draft",
    "send",
    "send_back",
    "start_draft",
    "try_exercise",
    "upload_package",
    "use_package",
    "withdraw_package",
]
