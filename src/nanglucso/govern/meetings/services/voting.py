"""Casting a vote: each seat once, by the member or the delegate; secret ballots leave a total and nothing else.

Everything of one vote happens under the lock of its row, so that closing and casting never meet halfway. On
PostgreSQL the order of locks is vote, box, head of the audit chain; on SQLite there is one writer.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import Enum

from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.db import write_turn
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.govern.meetings import urn
from nanglucso.govern.meetings.models import Attendee, Box, Choice, Option, Participation, Vote
from nanglucso.govern.meetings.queries import votes as queries

LOST = _("The key of this secret vote is not on this server, so no ballot can be added: the chair makes it void.")


class Taken(Enum):
    """What became of a ballot: counted; had been counted before; an open vote changed."""

    COUNTED = "counted"
    BEFORE = "before"
    CHANGED = "changed"


def locked(vote: Vote) -> Vote:
    """The row of a vote, held to the end of the transaction. Call inside the write turn."""
    return Vote.objects.select_for_update().select_related(None).get(pk=vote.pk)


def cast(*, actor: User, vote: Vote, place: Attendee, numbers: Sequence[int], at: datetime) -> Taken:
    """Cast the vote of a place in the meeting; `numbers` of the options, none = a blank ballot for a list.

    Sent again it changes nothing and says so: a secret ballot can be cast once, because nobody can tell which one it
    was; an open vote may be changed until it closes. Raises Refused.
    """
    with write_turn():
        row = locked(vote)
        if row.status != Vote.Status.OPEN:
            raise Refused(_("This vote is not open: nothing was counted."))
        place = Attendee.objects.select_related("person").get(pk=place.pk, meeting_id=row.meeting_id)
        held = queries.cast_by(row, place)
        if held and held.by_id != place.pk:
            raise Refused(_("%(who)s has cast the vote of this seat already.") % {"who": held.by})
        if held and row.secret:
            return Taken.BEFORE
        if not queries.may_cast(place):
            raise Refused(_("Only members with a vote who have checked in, or their delegates, can take part."))
        options = _options(row, numbers)
        if held is None:
            _first(actor, row, place, options, at)
            return Taken.COUNTED
        return _again(actor, row, held, options, at)


def _options(vote: Vote, numbers: Sequence[int]) -> list[Option]:
    """The options named. Raises Refused for too many, for one that does not exist, and for none of a matter."""
    wanted = set(numbers)
    found = [one for one in vote.options.all() if one.number in wanted]
    if len(found) != len(wanted):
        raise Refused(_("One of the choices does not belong to this vote: open the page again."), field="choice")
    if not vote.is_list and len(found) != 1:
        raise Refused(_("Choose one answer."), field="choice")
    if len(found) > vote.most:
        text = _("You chose %(n)s of at most %(most)s: take some away and send again.")
        raise Refused(text % {"n": len(found), "most": vote.most}, field="choice")
    return found


def _first(actor: User, vote: Vote, place: Attendee, options: list[Option], at: datetime) -> None:
    with act(actor, "meetings.take_part", vote, at=at, person_id=place.person_id) as this:
        row = Participation.objects.create(vote=vote, seat_id=queries.seat_of(place), by=place)
        if place.delegate_for_id:
            this.note(seat=place.delegate_for_id)
        if vote.secret:
            _drop_in(vote, options)
        else:
            this.note(choice=[one.number for one in options])
            Choice.objects.bulk_create(Choice(participation=row, option=one) for one in options)


def _drop_in(vote: Vote, options: list[Option]) -> None:
    """Add the ballot to the encrypted totals; no row, no log and no later moment holds it by itself."""
    box = Box.objects.select_for_update().get(vote=vote)
    order = {pk: i for i, pk in enumerate(vote.options.values_list("pk", flat=True))}
    try:
        box.sealed = urn.drop_in(vote.pk, box.turn, bytes(box.sealed), [order[one.pk] for one in options])
    except urn.Lost as error:
        raise Refused(LOST) from error
    box.turn += 1
    box.save(update_fields=["sealed", "turn"])


def _again(actor: User, vote: Vote, held: Participation, options: list[Option], at: datetime) -> Taken:
    before, wanted = set(queries.choice_of(held)), {one.number for one in options}
    if before == wanted:
        return Taken.BEFORE
    with act(actor, "meetings.change_vote", vote, at=at, person_id=held.by.person_id) as this:
        this.note(choice=sorted(wanted), before=sorted(before))
        Choice.objects.filter(participation=held).delete()
        Choice.objects.bulk_create(Choice(participation=held, option=one) for one in options)
    return Taken.CHANGED
