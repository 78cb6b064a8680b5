"""A commitment ends: settled with what it has cost, or called off."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.develop.budget.models import Commitment, Entry
from nanglucso.develop.budget.services.spending import hold, write

Kind = Entry.Kind


def settle(
    *, actor: User | None, commitment: Commitment, cost: int, at: datetime, document: str = ""
) -> Commitment:  # fmt: skip
    """Close with the final cost: the advance is accounted for, the rest paid, what is over goes back to the source.

    A higher cost binds more money first, within the source's cap; settling again corrects the figure. Raises Refused.
    """
    if cost < 0:
        raise Refused(_("The amount cannot be negative."), field="cost")
    told: dict[str, Any] = {"actor": actor, "at": at, "document": document}
    with act(actor, "budget.settle", commitment, at=at, cost=cost):
        row = hold(commitment)
        if row.state == Commitment.State.CANCELLED:
            raise Refused(_("This commitment was released; it cannot be settled."))
        write(row, Kind.COMMIT, max(0, cost - row.held), **told)
        write(row, Kind.REFUND, max(0, row.spent - cost), **told)
        write(row, Kind.CLEAR, min(row.advanced, cost - row.spent), **told)
        write(row, Kind.RETURN, row.advanced, **told)
        write(row, Kind.PAY, cost - row.spent, **told)
        write(row, Kind.RELEASE, row.unpaid, **told)
        _close(row, Commitment.State.SETTLED, at)
    return row


def cancel(*, actor: User | None, commitment: Commitment, reason: str, at: datetime) -> Commitment:
    """Give back what was not paid out; an advance stays bound until it is returned or accounted for. Raises Refused."""
    with act(actor, "budget.cancel", commitment, at=at, reason=reason):
        row = hold(commitment)
        if row.state != Commitment.State.OPEN:
            raise Refused(_("This commitment is closed already."))
        write(row, Kind.RELEASE, row.unpaid, actor=actor, at=at, note=reason[:300])
        _close(row, Commitment.State.CANCELLED, at)
    return row


def _close(row: Commitment, state: str, at: datetime) -> None:
    row.state, row.closed_at = state, at
    row.save(update_fields=["state", "closed_at"])
