"""The one write door: every verb of every room runs inside `act(...)`."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Model

from nanglucso.core import audit
from nanglucso.core.db import write_turn
from nanglucso.core.models import User

_OPEN = threading.local()


@dataclass
class Act:
    """What is being done; a service may name its subject late and add details."""

    actor: User | None
    verb: str
    at: datetime
    subject: Model | None = None
    person_id: int | None = None
    details: dict[str, Any] = field(default_factory=dict)

    def note(self, **details: Any) -> None:
        """Add facts to the audit row (JSON-able; no secret, no answer key)."""
        self.details.update(details)


def _entry(act: Act) -> audit.Entry:
    role = getattr(act.actor, "acting_role", "") if act.actor else ""
    acting_for = getattr(act.actor, "acting_for", "") if act.actor else ""
    details = act.details | ({"acting_for": acting_for} if acting_for else {})
    if act.actor and act.actor.rehearsal:
        return audit.Entry(act.at, None, role, act.verb, act.subject, act.person_id, details | {"rehearsal": True})
    return audit.Entry(act.at, act.actor, role, act.verb, act.subject, act.person_id, details)


@contextmanager
def act(
    actor: User | None,
    verb: str,
    subject: Model | None = None,
    *,
    at: datetime,
    person_id: int | None = None,
    **details: Any,
) -> Iterator[Act]:
    """Open the write turn and a transaction, and leave one audit row when the block succeeds.

    `verb` is `room.what_was_done`; `actor` None means the system itself. Acts may nest: the inner ones' rows are
    chained with the outermost commit, so the chain head is locked last and shortly. An exception undoes everything.
    """
    this = Act(actor, verb, at, subject, person_id, dict(details))
    outermost = not getattr(_OPEN, "entries", None)
    with write_turn():
        if outermost:
            _OPEN.entries = [None]
        try:
            yield this
            _OPEN.entries.append(_entry(this))
            if outermost:
                audit.append(entry for entry in _OPEN.entries if entry)
        finally:
            if outermost:
                _OPEN.entries = None
