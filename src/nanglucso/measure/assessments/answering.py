"""The answer door: one short transaction, exactly once, the next item stored before it is shown.

An answer the server has acknowledged is in the database, once, whatever dies next. See docs/adr/0005.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nanglucso.core.db import write_turn
from nanglucso.measure.assessments import delivery, exposing
from nanglucso.measure.assessments.models import GRACE, Answer, Campaign, LateAnswer, Sitting
from nanglucso.measure.bank.models import Item, ItemVersion
from nanglucso.measure.bank.scoring import BadChoice, score


@dataclass(frozen=True)
class Sent:
    """What a browser sends: step `seq`, the outbox `key`, the item it saw and the choice.

    `handed_in`: the choice names a file that was checked and kept (`uploading`), which no browser can claim.
    """

    seq: int
    key: uuid.UUID
    item: int
    choice: Any
    shown_ms: int = 0
    handed_in: bool = False


@dataclass(frozen=True)
class Reply:
    """`kind`: saved, replay, out_of_step, closed, paused, taken_over. `seq` = answers stored.

    `version` = what to show now.
    """

    kind: str
    seq: int
    version: ItemVersion | None = None
    finished: bool = False
    late_in_grace: bool = False


@dataclass(frozen=True)
class _Row:
    campaign_id: int
    seq: int
    status: str
    epoch: int
    served_item_id: int | None
    deadline: datetime | None
    start: bytes
    state: dict[str, Any]


_FIELDS = ("campaign_id", "seq", "status", "epoch", "served_item_id", "deadline", "start", "state")
_CAMPAIGNS: dict[int, Campaign] = {}


def _campaign(pk: int) -> Campaign:
    """An open campaign's rules and bank do not change, so it is read once a process."""
    if pk not in _CAMPAIGNS:
        _CAMPAIGNS[pk] = Campaign.objects.get(pk=pk)
    return _CAMPAIGNS[pk]


def forget_campaigns() -> None:
    """For tests that reuse a process with another database."""
    _CAMPAIGNS.clear()


def take_answer(*, sitting_id: uuid.UUID, person_id: int, epoch: int, sent: Sent, at: datetime) -> Reply:
    """Store one answer and choose the next item, in one transaction of four statements; two more every five seconds.

    Returns after COMMIT, so `saved` may be acknowledged. Raises Sitting.DoesNotExist for a stranger's sitting and
    bank.scoring.BadChoice for an answer of the wrong shape (nothing is stored).
    """
    with write_turn():
        found = (
            Sitting.objects.select_for_update().filter(pk=sitting_id, person_id=person_id).values_list(*_FIELDS).first()
        )
        if found is None:
            raise Sitting.DoesNotExist
        row = _Row(*found)
        if row.epoch != epoch:
            return Reply("taken_over", row.seq)
        here = delivery.desk(_campaign(row.campaign_id))
        if sent.seq != row.seq or row.served_item_id != sent.item:
            return _repeated(sitting_id, row, here, sent)
        if row.status == Sitting.Status.PAUSED:
            # Paused from another tab: nothing is stored and nothing ends; the browser keeps it for after the pause.
            return Reply("paused", row.seq)
        if row.status != Sitting.Status.RUNNING or (row.deadline and at > row.deadline + GRACE):
            return _too_late(sitting_id, row, sent, at)
        return _stored(sitting_id, row, here, sent, at)


def _shown(here: delivery.Desk, row: _Row) -> ItemVersion | None:
    return here.version(row.served_item_id) if row.served_item_id else None


def _repeated(sitting_id: uuid.UUID, row: _Row, here: delivery.Desk, sent: Sent) -> Reply:
    known = Answer.objects.filter(sitting_id=sitting_id, key=sent.key).exists()
    running = row.status in (Sitting.Status.RUNNING, Sitting.Status.PAUSED)
    kind = "replay" if known else "out_of_step" if running else "closed"
    # A process may die between the last answer and the end of the test: nothing is served, and the repeat ends it.
    return Reply(kind, row.seq, _shown(here, row), finished=not running or row.served_item_id is None)


def _too_late(sitting_id: uuid.UUID, row: _Row, sent: Sent, at: datetime) -> Reply:
    told = {"seq": sent.seq, "item_version_id": sent.item, "choice": sent.choice, "at": at}
    LateAnswer.objects.get_or_create(sitting_id=sitting_id, key=sent.key, defaults=told)
    return Reply("closed", row.seq, finished=True)


def _stored(sitting_id: uuid.UUID, row: _Row, here: delivery.Desk, sent: Sent, at: datetime) -> Reply:
    version = here.version(sent.item)
    file = version.item.type == Item.Type.FILE
    if file != sent.handed_in:
        raise BadChoice("a file is handed in by itself")
    points = None if file else score(version.item.type, version.body, version.key, sent.choice)
    late = bool(row.deadline and at > row.deadline)
    Answer.objects.create(
        sitting_id=sitting_id, seq=row.seq, item_version_id=sent.item, choice=sent.choice, score=points,
        key=sent.key, shown_ms=min(max(sent.shown_ms, 0), 2_000_000_000), late=late, at=at,
    )  # fmt: skip
    state = _after(row.state, sent.item, points)
    turn = delivery.Turn(None, "time") if late else _next(here, sitting_id, row, state)
    Sitting.objects.filter(pk=sitting_id).update(seq=row.seq + 1, state=state, served_item=turn.version, served_at=at)
    return Reply("saved", row.seq + 1, turn.version, finished=turn.version is None, late_in_grace=late)


def _after(state: dict[str, Any], item: int, points: int | None) -> dict[str, Any]:
    """The state with this answer; a file waits for people, so that the running belief does not know it."""
    if points is None:
        return {**state, "files": [*state.get("files", []), item]}
    return {**state, "asked": [*state["asked"], item], "scores": [*state["scores"], points]}


def _next(here: delivery.Desk, sitting_id: uuid.UUID, row: _Row, state: dict[str, Any]) -> delivery.Turn:
    return exposing.next_served(here, _campaign(row.campaign_id), sitting_id, row.start, state)
