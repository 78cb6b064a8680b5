"""The answer door's own statements, as text: the query builder takes ten times the processor that they need.

Three of them an answer on PostgreSQL, four on SQLite, which stores the answer and the step apart. The names are those
of the models; a test compares them. What they cost: `benchmarks/exam_day.py`.
"""

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection

READ = (
    "SELECT campaign_id, seq, status, epoch, served_item_id, deadline, start, state"
    " FROM assessments_sitting WHERE id = %s AND person_id = %s"
)
MOVE = "UPDATE assessments_sitting SET seq = %s, state = %s, served_item_id = %s, served_at = %s WHERE id = %s"
COLUMNS = "(sitting_id, seq, item_version_id, choice, score, key, shown_ms, late, at)"
INTO = f"INSERT INTO assessments_answer {COLUMNS}"
VALUES = "%s, %s, %s, %s, %s, %s, %s, %s, %s"
INSERT = f"{INTO} VALUES ({VALUES})"
BOTH = f"WITH moved AS ({MOVE} RETURNING id) {INTO} SELECT {VALUES} FROM moved"  # noqa: S608 -- all of it stands above
COUNT = "UPDATE assessments_exposure SET served = served + 1 WHERE campaign_id = %s AND item_version_id = %s"


@dataclass(frozen=True)
class SittingRow:
    """What the door reads of a sitting."""

    campaign_id: int
    seq: int
    status: str
    epoch: int
    served_item_id: int | None
    deadline: datetime | None
    start: bytes
    state: dict[str, Any]


@dataclass(frozen=True)
class AnswerRow:
    """What the door stores of an answer, in the order of `COLUMNS`, the sitting apart."""

    seq: int
    item_version_id: int
    choice: Any
    score: int | None
    key: uuid.UUID
    shown_ms: int
    late: bool
    at: datetime


def _postgres() -> bool:
    return connection.vendor == "postgresql"


def _number(value: uuid.UUID) -> str:
    return str(value) if _postgres() else value.hex


def _moment(value: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(value)


def read_locked(sitting_id: uuid.UUID, person_id: int) -> SittingRow | None:
    """The person's sitting, locked until the transaction ends; None where the person has no such one."""
    with connection.cursor() as cursor:
        cursor.execute(READ + " FOR UPDATE" * _postgres(), [_number(sitting_id), person_id])
        found = cursor.fetchone()
    if found is None:
        return None
    campaign, seq, status, epoch, item, deadline, start, state = found
    # SQLite gives a moment without its zone.
    moment = deadline.replace(tzinfo=UTC) if deadline and deadline.tzinfo is None else deadline
    return SittingRow(campaign, seq, status, epoch, item, moment, start, json.loads(state))


def count_served(campaign_id: int, item: int, limit: int | None) -> bool:
    """Count an item as served once more; False where that would go over `limit`."""
    with connection.cursor() as cursor:
        if limit is None:
            cursor.execute(COUNT, [campaign_id, item])
            return True
        cursor.execute(f"{COUNT} AND served < %s", [campaign_id, item, limit])
        return bool(cursor.rowcount == 1)


def store(sitting_id: uuid.UUID, row: AnswerRow, state: dict[str, Any], item: int | None) -> None:
    """Store the answer and the step after it: the state, and the item that is served now (None = it was the last).

    Raises IntegrityError when the step or the key is there already.
    """
    number, at = _number(sitting_id), _moment(row.at)
    moved = [row.seq + 1, json.dumps(state), item, at, number]
    told: Sequence[Any] = [
        number, row.seq, row.item_version_id, json.dumps(row.choice), row.score, _number(row.key), row.shown_ms,
        row.late, at,
    ]  # fmt: skip
    with connection.cursor() as cursor:
        if _postgres():
            cursor.execute(BOTH, [*moved, *told])
        else:
            cursor.execute(INSERT, told)
            cursor.execute(MOVE, moved)
