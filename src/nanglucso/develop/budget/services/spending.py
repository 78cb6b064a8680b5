"""Money is bound, paid in advance, paid, given back. Every verb holds the source's row first, then the commitment's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.develop.budget import models
from nanglucso.develop.budget.models import EFFECTS, Commitment, Entry, FundingSource
from nanglucso.develop.budget.wording import money_text

Kind = Entry.Kind
PAST_OPEN = (Kind.CLEAR, Kind.RETURN, Kind.REFUND)


@dataclass(frozen=True)
class PlanLine:
    """A plan's classes of one course from one source: how many, and đồng together."""

    source: FundingSource
    course: str
    name_vi: str
    name_en: str
    classes: int
    amount: int


def adopt_plan(*, actor: User | None, year: int, lines: Sequence[PlanLine], at: datetime) -> None:
    """The approved plan's figures replace those of an earlier plan of the year."""
    with act(actor, "budget.adopt_plan", at=at, year=year, lines=len(lines), amount=sum(row.amount for row in lines)):
        models.PlanLine.objects.filter(source__year=year).delete()
        models.PlanLine.objects.bulk_create(models.PlanLine(**vars(row)) for row in lines)


def find(key: str) -> Commitment | None:
    """The commitment made for something in another room."""
    return Commitment.objects.filter(key=key).first()


def hold(commitment: Commitment) -> Commitment:
    """Source and commitment as they stand now, locked until the act ends; always in this order."""
    source = FundingSource.objects.select_for_update().get(pk=commitment.source_id)
    row = Commitment.objects.select_for_update().get(pk=commitment.pk)
    row.source = source
    return row


def write(
    row: Commitment, kind: str, amount: int, *, actor: User | None, at: datetime, document: str = "", note: str = ""
) -> None:
    """One entry on a held commitment, with the sums it changes. Nothing for 0. Raises Refused."""
    if amount == 0:
        return
    if amount < 0:
        raise Refused(_("The amount must be above 0."), field="amount")
    held, advanced, spent = (sign * amount for sign in EFFECTS[kind])
    _check(row, held, advanced, spent)
    source = row.source
    source.held += held
    row.held, row.advanced, row.spent = row.held + held, row.advanced + advanced, row.spent + spent
    source.save(update_fields=["held"])
    row.save(update_fields=["held", "advanced", "spent"])
    Entry.objects.create(commitment=row, kind=kind, amount=amount, document=document, note=note, at=at, by=actor)


def _check(row: Commitment, held: int, advanced: int, spent: int) -> None:
    told = {"source": row.source.name, "free": money_text(row.source.free), "unpaid": money_text(row.unpaid)}
    told |= {"advanced": money_text(row.advanced), "spent": money_text(row.spent), "amount": money_text(abs(held))}
    if held > row.source.free:
        text = _("“%(source)s” has %(free)s đồng available; %(amount)s đồng cannot be committed from it.")
        raise Refused(text % told, field="amount")
    if row.advanced + advanced < 0:
        raise Refused(_("Only %(advanced)s đồng of advance are outstanding.") % told, field="amount")
    if row.spent + spent < 0:
        raise Refused(_("Only %(spent)s đồng have been paid.") % told, field="amount")
    if row.unpaid + held - advanced - spent < 0:
        raise Refused(_("Only %(unpaid)s đồng of this commitment are not yet paid out.") % told, field="amount")


def commit(
    *, actor: User | None, source: FundingSource, name_vi: str, amount: int, at: datetime, name_en: str = "",
    key: str | None = None, reference: str = "", course: str = "", units: Mapping[int, int] | None = None,
    planned: int = 0, note: str = "",
) -> Commitment:  # fmt: skip
    """Bind money of a source. `units`: unit number → people. Raises Refused above what the source has free."""
    if amount < 0:
        raise Refused(_("The amount cannot be negative."), field="amount")
    shares = {str(pk): people for pk, people in (units or {}).items() if people}
    with act(actor, "budget.commit", at=at, source=str(source), amount=amount, key=key) as this:
        held = FundingSource.objects.select_for_update().get(pk=source.pk)
        this.subject = row = Commitment.objects.create(
            source=held, key=key, name_vi=name_vi, name_en=name_en, reference=reference, course=course, units=shares,
            planned=planned, opened_at=at,
        )  # fmt: skip
        write(row, Kind.COMMIT, amount, actor=actor, at=at, note=note)
    return row


def post(
    *, actor: User | None, commitment: Commitment, kind: str, amount: int, at: datetime, document: str = "",
    note: str = "",
) -> Commitment:  # fmt: skip
    """Enter one movement. What comes back to a closed commitment goes on to its source at once. Raises Refused."""
    if amount <= 0:
        raise Refused(_("The amount must be above 0."), field="amount")
    told: dict[str, Any] = {"actor": actor, "at": at, "document": document, "note": note}
    with act(actor, "budget.post", commitment, at=at, kind=kind, amount=amount):
        row = hold(commitment)
        closed = row.state != Commitment.State.OPEN
        if closed and kind not in PAST_OPEN:
            raise Refused(_("This commitment is closed; only money that comes back can be entered."), field="kind")
        write(row, kind, amount, **told)
        if closed:
            write(row, Kind.RELEASE, row.unpaid, actor=actor, at=at)
    return row


def note_export(*, actor: User | None, year: int, rows: int, at: datetime) -> None:
    """Leave a trace that the report left the system."""
    with act(actor, "budget.export", at=at, year=year, rows=rows):
        return
