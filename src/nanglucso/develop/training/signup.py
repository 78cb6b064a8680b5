"""The way of a place in a class: every state, every move, and who may make it, in one table."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from nanglucso.core.refusals import Refused


class State(models.TextChoices):
    """Where a place stands."""

    NOMINATED = "nominated", _("Nominated")
    REQUESTED = "requested", _("Asked to join")
    APPROVED = "approved", _("Approved by the unit")
    WAITLISTED = "waitlisted", _("On the waiting list")
    BOOKED = "booked", _("Enrolled")
    DECLINED = "declined", _("Turned down")
    WITHDRAWN = "withdrawn", _("Place given up")
    CANCELLED = "cancelled", _("Place cancelled")
    NO_SHOW = "no_show", _("Did not come")
    PARTLY = "partly", _("Partly attended")
    COMPLETED = "completed", _("Completed")


class Side(models.TextChoices):
    """On whose behalf a move is made; the rules make moves of their own (`system`), within somebody's act."""

    OWN = "own", _("the learner")
    UNIT = "unit", _("the unit")
    CITY = "city", _("the organiser")
    SYSTEM = "system", _("by rule")


NEW = ""
OVER = (State.DECLINED, State.WITHDRAWN, State.CANCELLED)
PENDING = (State.NOMINATED, State.REQUESTED, State.APPROVED)
WAITING = (*PENDING, State.WAITLISTED)
HOLDING = (State.BOOKED, State.COMPLETED, State.PARTLY, State.NO_SHOW)
STANDING = (*WAITING, State.BOOKED)
_FRESH = (NEW, *OVER)
_DECIDERS = (Side.UNIT, Side.CITY)


@dataclass(frozen=True)
class Move:
    """`verb` leads from any of `before` to `after` when one of `sides` makes it; `reason`: one has to be given."""

    verb: str
    sides: tuple[str, ...]
    before: tuple[str, ...]
    after: str
    reason: bool = False


TABLE = (
    Move("request", (Side.OWN,), _FRESH, State.REQUESTED),
    Move("nominate", _DECIDERS, _FRESH, State.NOMINATED),
    Move("approve", _DECIDERS, (State.REQUESTED,), State.APPROVED),
    Move("book", _DECIDERS, (State.NOMINATED, State.APPROVED), State.BOOKED),
    Move("queue", _DECIDERS, (State.NOMINATED, State.APPROVED), State.WAITLISTED),
    Move("promote", (Side.SYSTEM,), (State.WAITLISTED,), State.BOOKED),
    Move("decline", _DECIDERS, PENDING, State.DECLINED, reason=True),
    Move("withdraw", (Side.OWN,), STANDING, State.WITHDRAWN),
    Move("cancel", (*_DECIDERS, Side.SYSTEM), STANDING, State.CANCELLED),
    Move("complete", (Side.CITY,), (State.BOOKED,), State.COMPLETED),
    Move("attend_partly", (Side.CITY,), (State.BOOKED,), State.PARTLY),
    Move("miss", (Side.CITY,), (State.BOOKED,), State.NO_SHOW),
)
MOVES = {move.verb: move for move in TABLE}


def step(before: str, verb: str, side: str, reason: str = "") -> Move:
    """The move that `verb` makes from a state. Raises Refused for one that the table does not hold."""
    move = MOVES[verb]
    if before not in move.before or side not in move.sides:
        state = State(before).label if before else _("not in the class")
        raise Refused(_("This cannot be done now: the place stands at “%(state)s”.") % {"state": state})
    if move.reason and not reason.strip():
        raise Refused(_("Write why the request is turned down."), field="reason")
    return move


def way(before: str, verbs: Sequence[str], side: str, reason: str = "") -> list[tuple[str, Move]]:
    """Several moves after each other: (state before, move) of each. Raises Refused like `step`."""
    made = []
    for verb in verbs:
        move = step(before, verb, side, reason)
        made.append((before, move))
        before = move.after
    return made
