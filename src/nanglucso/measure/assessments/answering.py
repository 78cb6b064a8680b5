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
from nanglucso.measure.assessments.statements import AnswerRow, SittingRow, read_locked, store
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

    `version` = what to show now. `row`: after `saved` what was read of the sitting before; else None.
    """

    kind: str
    seq: int
    version: ItemVersion | None = None
    finished: bool = False
    late_in_grace: bool = False
    row: SittingRow | None = None


_CAMPAIGNS: dict[int, Campaign] = {}
_VERSIONS: dict[int, ItemVersion] = {}


def _campaign(pk: int) -> Campaign:
    """An open campaign's rules and bank do not change, so it is read once a process."""
    if pk not in _CAMPAIGNS:
        _CAMPAIGNS[pk] = Campaign.with_rehearsal.get(pk=pk)
    return _CAMPAIGNS[pk]


def forget_campaigns() -> None:
    """For tests that reuse a process with another database."""
    _CAMPAIGNS.clear()
    _VERSIONS.clear()


def version_of(pk: int) -> ItemVersion:
    """What was shown, for reading a form: a version never changes. Raises ItemVersion.DoesNotExist."""
    if pk not in _VERSIONS:
        _VERSIONS[pk] = ItemVersion.objects.select_related("item").get(pk=pk)
    return _VERSIONS[pk]


def take_answer(*, sitting_id: uuid.UUID, person_id: int, epoch: int, sent: Sent, at: datetime) -> Reply:
    """Store one answer and choose the next item, in one transaction of three or four statements.

    Two more every five seconds, for the counters of what was served. Returns after COMMIT, so `saved` may be
    acknowledged. Raises Sitting.DoesNotExist for a stranger's sitting and bank.scoring.BadChoice for an answer of the
    wrong shape (nothing is stored).
    """
    with write_turn():
        row = read_locked(sitting_id, person_id)
        if row is None:
            raise Sitting.DoesNotExist
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


def sitting_after(sitting_id: uuid.UUID, reply: Reply, at: datetime) -> Sitting:
    """What a page shows of a sitting after an answer, from what was read at the door where that is enough."""
    row = reply.row
    if row is None or reply.finished:
        return Sitting.objects.select_related("campaign").get(pk=sitting_id)
    return Sitting(
        pk=sitting_id, campaign=_campaign(row.campaign_id), seq=reply.seq, status=row.status, epoch=row.epoch,
        deadline=row.deadline, served_at=at,
    )  # fmt: skip


def _shown(here: delivery.Desk, row: SittingRow) -> ItemVersion | None:
    return here.version(row.served_item_id) if row.served_item_id else None


def _repeated(sitting_id: uuid.UUID, row: SittingRow, here: delivery.Desk, sent: Sent) -> Reply:
    known = Answer.objects.filter(sitting_id=sitting_id, key=sent.key).exists()
    running = row.status in (Sitting.Status.RUNNING, Sitting.Status.PAUSED)
    kind = "replay" if known else "out_of_step" if running else "closed"
    # A process may die between the last answer and the end of the test: nothing is served, and the repeat ends it.
    return Reply(kind, row.seq, _shown(here, row), finished=not running or row.served_item_id is None)


def _too_late(sitting_id: uuid.UUID, row: SittingRow, sent: Sent, at: datetime) -> Reply:
    told = {"seq": sent.seq, "item_version_id": sent.item, "choice": sent.choice, "at": at}
    LateAnswer.objects.get_or_create(sitting_id=sitting_id, key=sent.key, defaults=told)
    return Reply("closed", row.seq, finished=True)


def _stored(sitting_id: uuid.UUID, row: SittingRow, here: delivery.Desk, sent: Sent, at: datetime) -> Reply:
    version = here.version(sent.item)
    file = version.item.type == Item.Type.FILE
    if file != sent.handed_in:
        raise BadChoice("a file is handed in by itself")
    points = None if file else score(version.item.type, version.body, version.key, sent.choice)
    late = bool(row.deadline and at > row.deadline)
    shown_ms = min(max(sent.shown_ms, 0), 2_000_000_000)
    answer = AnswerRow(row.seq, sent.item, sent.choice, points, sent.key, shown_ms, late, at)
    state = _after(row.state, sent.item, points)
    turn = delivery.Turn(None, "time") if late else _next(here, sitting_id, row, state)
    store(sitting_id, answer, state, turn.version.pk if turn.version else None)
    return Reply("saved", row.seq + 1, turn.version, turn.version is None, late, row)


def _after(state: dict[str, Any], item: int, points: int | None) -> dict[str, Any]:
    """The state with this answer; a file waits for people, so that the running belief does not know it."""
    if points is None:
        return {**state, "files": [*state.get("files", []), item]}
    return {**state, "asked": [*state["asked"], item], "scores": [*state["scores"], points]}


def _next(here: delivery.Desk, sitting_id: uuid.UUID, row: SittingRow, state: dict[str, Any]) -> delivery.Turn:
    return exposing.next_served(here, _campaign(row.campaign_id), sitting_id, row.start, state)
