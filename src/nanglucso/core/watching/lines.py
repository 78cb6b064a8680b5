"""Log lines as JSON, one object a line, without personal data whoever writes them.

Only what is known to be harmless is written: the words of a message without its arguments, the kind of an exception
and where it arose without its text (a database puts the values of a row into it), and the fields that our own code
gives in `extra={"told": {...}}`.
"""

import contextvars
import hashlib
import hmac
import json
import logging
import traceback
from datetime import UTC, datetime
from typing import Any

from django.conf import settings

INCIDENT: contextvars.ContextVar[str] = contextvars.ContextVar("incident", default="")
FRAMES = 12


def who(user_id: Any) -> str:
    """A user under a keyed hash: the same person in every line, and nobody's name."""
    return hmac.new(settings.SECRET_KEY.encode(), f"log:{user_id}".encode(), hashlib.sha256).hexdigest()[:12]


def _fault(error: BaseException) -> dict[str, Any]:
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
    told: dict[str, Any] = {
        "kind": f"{type(error).__module__}.{type(error).__qualname__}",
        "at": [f"{one.filename.rpartition('site-packages/')[2]}:{one.lineno} {one.name}" for one in frames],
    }
    if state := getattr(error.__cause__ or error, "sqlstate", None):
        told["sqlstate"] = state
    if constraint := getattr(getattr(error.__cause__ or error, "diag", None), "constraint_name", None):
        told["constraint"] = constraint
    return told


class NotToldTwice(logging.Filter):
    """Leaves out Django's line about an answer of 400 and above: the request's own line tells it, with the fault.

    A fault that the request's line does not know, one of a middleware, stays.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the line is written."""
        request = getattr(record, "request", None)
        fault = record.exc_info[1] if record.exc_info else None
        return not hasattr(request, "incident") or (fault is not None and fault is not getattr(request, "fault", None))


class JsonLines(logging.Formatter):
    """Formatter of every handler in `settings.LOGGING`."""

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": str(record.msg) if isinstance(record.msg, str) else type(record.msg).__name__,
        }
        if incident := INCIDENT.get():
            told["incident"] = incident
        told |= getattr(record, "told", {})
        if record.exc_info and record.exc_info[1]:
            told["fault"] = _fault(record.exc_info[1])
        return json.dumps(told, ensure_ascii=False, default=str)
