"""The house goes from the framework in force to another: one act over all rooms, and one that takes it back."""

import gzip
import json
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.days import local_day
from nanglucso.core.jobs import enqueue
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.workforce.framework import passing
from nanglucso.workforce.framework.models import Crossing, Framework, Move
from nanglucso.workforce.framework.passing import Step

Status = Framework.Status


def preview_move(
    *, actor: User | None, crossing: Crossing, at: datetime, step: Step = lambda share: None
) -> dict[str, Any]:
    """Reckon what a move by this crosswalk would change in every room, and keep the figures with the crosswalk."""
    way = passing.passage(crossing)
    found = {name: mover.preview(way, at=at, step=step) for name, mover in passing.movers().items()}
    with act(actor, "framework.preview_move", crossing, at=at):
        crossing.preview = found
        crossing.save(update_fields=["preview"])
    return found


def preview_later(*, actor: User, crossing: Crossing, at: datetime) -> None:
    """Queue the preview."""
    with act(actor, "framework.ask_preview", crossing, at=at):
        crossing.job = enqueue("framework.preview", actor=actor, at=at, crossing_id=crossing.pk)
        crossing.save(update_fields=["job"])


def reasons_against(crossing: Crossing) -> list[Any]:
    """Why the house cannot move by this crosswalk now, one sentence each; empty = it can."""
    found: list[Any] = []
    if crossing.source.status != Status.PUBLISHED:
        found.append(_("The source framework is not the one in force."))
    if crossing.target.status not in (Status.READY, Status.RETIRED):
        found.append(_("The target framework must be reviewed and published first."))
    if not crossing.target.cuts:
        found.append(_("The target framework has no levels, so nothing can be required or measured in it."))
    if not crossing.links.exists():
        found.append(_("The crosswalk has no link yet."))
    way = passing.passage(crossing)
    return found + [text for mover in passing.movers().values() for text in mover.blocked(way)]


def move_later(*, actor: User, crossing: Crossing, at: datetime) -> None:
    """Queue the move after the same checks. Refused to whoever drew the crosswalk: another person decides."""
    _movable(actor, crossing)
    with act(actor, "framework.ask_move", crossing, at=at):
        crossing.job = enqueue("framework.move", actor=actor, at=at, crossing_id=crossing.pk)
        crossing.save(update_fields=["job"])


def _movable(actor: User | None, crossing: Crossing) -> None:
    reasons = reasons_against(crossing)
    if reasons:
        raise Refused(reasons[0])
    if actor is not None and crossing.made_by_id == actor.pk:
        raise Refused(_("Who drew the crosswalk does not move the house by it; another person does."))


def move(*, actor: User | None, crossing: Crossing, at: datetime, step: Step = lambda share: None) -> Move:
    """Move requirements, items, evidence and beliefs in one act. Raises `Refused` as `reasons_against` says.

    What takes long is reckoned before the act; a room whose rows changed meanwhile refuses and nothing is moved.
    """
    _movable(actor, crossing)
    way, rooms = passing.passage(crossing), passing.movers()
    ready = {name: mover.prepare(way, at=at, step=step) for name, mover in rooms.items()}
    with act(actor, "framework.move", crossing, at=at) as this:
        row = Move.objects.create(crossing=crossing, made_by=actor, made_at=at)
        inverse = {name: mover.apply(way, ready[name], at=at) for name, mover in rooms.items()}
        inverse["framework"] = [way.target.status, way.target.published_on and way.target.published_on.isoformat()]
        Framework.objects.filter(pk=way.source.pk).update(status=Status.RETIRED)
        Framework.objects.filter(pk=way.target.pk).update(status=Status.PUBLISHED, published_on=local_day(at))
        row.inverse, row.summary = _pack(inverse), crossing.preview
        row.save(update_fields=["inverse", "summary"])
        this.note(move=row.pk)
    return row


def undo_move(*, actor: User | None, row: Move, at: datetime) -> Move:
    """Take the last move back: every room puts its rows as they were. Raises `Refused` when it is not the last."""
    last = Move.objects.filter(undone_at=None).order_by("-made_at", "-pk").first()
    if row.undone_at or last is None or last.pk != row.pk:
        raise Refused(_("Only the last move that holds can be undone."))
    way, inverse = passing.passage(row.crossing), _unpack(row.inverse)
    with act(actor, "framework.undo_move", row.crossing, at=at, move=row.pk):
        row.undone_by, row.undone_at = actor, at
        row.save(update_fields=["undone_by", "undone_at"])
        for name, mover in reversed(list(passing.movers().items())):
            mover.undo(way, inverse.get(name), at=at)
        status, day = inverse["framework"]
        Framework.objects.filter(pk=way.target.pk).update(status=status, published_on=day)
        Framework.objects.filter(pk=way.source.pk).update(status=Status.PUBLISHED)
    return row


def _pack(told: Any) -> bytes:
    return gzip.compress(json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode(), 5)


def _unpack(data: bytes | memoryview) -> Any:
    return json.loads(gzip.decompress(bytes(data)))
