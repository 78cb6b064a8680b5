"""Retention in two steps: due rows are listed, put forward by a person, approved by another, then carried out."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from nanglucso.core import retention
from nanglucso.core.acts import act
from nanglucso.core.jobs import enqueue
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.workforce.people import due
from nanglucso.workforce.people.models import Disposal, Person
from nanglucso.workforce.people.services.erasing import clear_import, erase_person, why_not_erased

Status = Disposal.Status
OPEN = (Status.FOUND, Status.ASKED, Status.APPROVED)
AT_ONCE = 5
_ALREADY = _("This list has been decided already.")


def _silent(share: float) -> None:
    """Nobody is waiting for the progress."""


def find_due(*, at: datetime, actor: User | None = None) -> list[Disposal]:
    """List what has reached its term and is on no list yet; one list a term until somebody puts it forward."""
    found = []
    for term in retention.terms():
        busy = Disposal.objects.filter(term__in=(term, Disposal.REQUEST), status__in=(Status.ASKED, Status.APPROVED))
        listed = {pk for rows in busy.values_list("rows", flat=True) for pk in rows}
        rows = [pk for pk in due.rows_of(term, at).values_list("pk", flat=True) if pk not in listed]
        held = Disposal.objects.filter(term=term, status=Status.FOUND).first()
        if rows != (held.rows if held else []):
            found.append(_listed(actor, term, rows, at))
        elif held:
            found.append(held)
    return [row for row in found if row.rows]


def _listed(actor: User | None, term: str, rows: list[int], at: datetime) -> Disposal:
    with act(actor, "people.list_due", at=at, term=term, rows=len(rows)) as this:
        told = {"rows": rows, "found_at": at}
        row, _made = Disposal.objects.update_or_create(term=term, status=Status.FOUND, defaults=told)
        this.subject = row
        if not rows:
            row.delete()
    return row


def request_erasure(*, actor: User, person: Person, reason: str, at: datetime) -> Disposal:
    """Put one person's request for erasure forward. Raises `Refused` where it cannot be done or was asked already."""
    if why := why_not_erased(person, at):
        raise Refused(why)
    _reasoned(reason)
    if any(person.pk in rows for rows in _open_rows()):
        raise Refused(_("The erasure of this person waits for approval already."))
    with act(actor, "people.ask_erasure", person, at=at, person_id=person.pk):
        told = {"asked_by": actor, "asked_at": at, "reason": reason.strip()[:2000], "found_at": at}
        return Disposal.objects.create(term=Disposal.REQUEST, rows=[person.pk], status=Status.ASKED, **told)


def _open_rows() -> list[list[int]]:
    rows = Disposal.objects.filter(status__in=(Status.ASKED, Status.APPROVED))
    return list(rows.filter(term__in=("leavers", Disposal.REQUEST)).values_list("rows", flat=True))


def _reasoned(reason: str) -> None:
    if len(reason.strip()) < 10:
        raise Refused(_("Please say why: whoever approves reads it."), field="reason")


def _locked(row: Disposal, *allowed: str) -> Disposal:
    row = Disposal.objects.select_for_update().get(pk=row.pk)
    if row.status not in allowed:
        raise Refused(_ALREADY)
    return row


def ask_disposal(*, actor: User, row: Disposal, reason: str, at: datetime) -> Disposal:
    """Put a list forward to be approved by another person, with the reason."""
    _reasoned(reason)
    with act(actor, "people.ask_disposal", row, at=at, rows=len(row.rows)):
        row = _locked(row, Status.FOUND)
        row.status, row.asked_by, row.asked_at, row.reason = Status.ASKED, actor, at, reason.strip()[:2000]
        row.save()
    return row


def refuse_disposal(*, actor: User, row: Disposal, answer: str, at: datetime) -> Disposal:
    """Say no, with the reason; whoever put a list forward takes it back the same way."""
    if len(answer.strip()) < 10:
        raise Refused(_("Please say why: whoever put it forward reads it."), field="answer")
    with act(actor, "people.refuse_disposal", row, at=at, rows=len(row.rows)):
        row = _locked(row, Status.ASKED)
        row.status, row.decided_by, row.decided_at, row.answer = Status.REFUSED, actor, at, answer.strip()[:2000]
        row.save()
    return row


def approve_disposal(*, actor: User, row: Disposal, at: datetime) -> Disposal:
    """Say yes to another person's list; a short one is carried out at once, a long one by a worker."""
    if row.asked_by_id == actor.pk:
        raise Refused(_("Who put the list forward does not approve it; another person does."))
    with act(actor, "people.approve_disposal", row, at=at, rows=len(row.rows)):
        row = _locked(row, Status.ASKED)
        row.status, row.decided_by, row.decided_at = Status.APPROVED, actor, at
        if len(row.rows) > AT_ONCE:
            row.job = enqueue("people.dispose", actor=actor, at=at, disposal_id=row.pk)
        row.save()
    return row if row.job else carry_out(actor=actor, row=row, at=at)


def carry_out(*, actor: User | None, row: Disposal, at: datetime, tell: Callable[[float], None] = _silent) -> Disposal:
    """Do what was approved: one act a row, so that a worker that died goes on where it stopped.

    Whatever is no longer due, such as a person who has come back, is left and counted.
    """
    if row.status != Status.APPROVED:
        raise Refused(_ALREADY)
    for number, pk in enumerate(row.rows, 1):
        _do(actor, row, pk, at)
        tell(number / len(row.rows))
    return _closed(actor, row, at)


def _closed(actor: User | None, row: Disposal, at: datetime) -> Disposal:
    with act(actor, "people.carry_out_disposal", row, at=at) as this:
        row = _locked(row, Status.APPROVED)
        done = _done(row)
        row.status, row.done_at, row.result = Status.DONE, at, {"done": done, "left": len(row.rows) - done}
        row.save()
        this.note(**row.result)
    return row


def _done(row: Disposal) -> int:
    """How many of the rows are gone or have been emptied."""
    if row.term in ("leavers", Disposal.REQUEST):
        return Person.objects.filter(pk__in=row.rows).exclude(erased_at=None).count()
    still = due.RULES[row.term](row.decided_at or row.found_at).filter(pk__in=row.rows)
    return len(row.rows) - still.count()


def _do(actor: User | None, row: Disposal, pk: int, at: datetime) -> None:
    if row.term in ("leavers", Disposal.REQUEST):
        person = Person.objects.get(pk=pk)
        wanted = row.term == Disposal.REQUEST or due.rows_of(row.term, at).filter(pk=pk).exists()
        if wanted and not why_not_erased(person, at):
            erase_person(actor=actor, person=person, at=at)
        return
    held: Any = due.rows_of(row.term, at).filter(pk=pk).first()
    if held is None:
        return
    with act(actor, "people.dispose", row, at=at, row=pk):
        if row.term == "import_rows":
            clear_import(held)
        else:
            held.delete()
