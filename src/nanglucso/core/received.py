"""A commit that waits for a receiver and is interrupted returns as if it were done; here it becomes an error.

PostgreSQL then has the rows on its own disk, no receiver has them, and the client is told so in a warning only.
Whoever sends again under the same key meets the row's lock and waits for the receiver anew (docs/adr/0005).
"""

import threading
import weakref
from typing import Any

from django.db import OperationalError
from django.db.backends.signals import connection_created

WAITING = "SyncRepWaitForLSN"  # the server's own function that gives the warning: its words are in any language


class NotReceived(OperationalError):
    """Committed here, on no second machine: it may not be acknowledged. The page is the one of a busy database."""


class _Heard(threading.local):
    warned = False


_HEARD = _Heard()
_WATCHED: "weakref.WeakSet[Any]" = weakref.WeakSet()


def _hear(told: Any) -> None:
    if told.source_function == WAITING:
        _HEARD.warned = True


def watch(connection: Any, **_told: Any) -> None:
    """Listen to a new PostgreSQL connection; one that comes out of the pool again is listened to already."""
    if connection.vendor == "postgresql" and connection.connection not in _WATCHED:
        connection.connection.add_notice_handler(_hear)
        _WATCHED.add(connection.connection)


def forget() -> None:
    """Before a transaction: what was said about an earlier one of this thread does not count."""
    _HEARD.warned = False


def insist() -> None:
    """After a commit. Raises NotReceived when its wait for a receiver was interrupted."""
    if _HEARD.warned:
        forget()
        raise NotReceived("the commit was interrupted while it waited for a receiver of the log")


connection_created.connect(watch, dispatch_uid="nanglucso.core.received")
