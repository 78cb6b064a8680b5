"""A vote from its preparation to its result: prepared, opened, closed or made void by the chair or the secretary."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Max
from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.govern.meetings import urn
from nanglucso.govern.meetings.models import AgendaItem, Attendee, Box, Choice, Meeting, Option, Vote
from nanglucso.govern.meetings.queries import votes as queries
from nanglucso.govern.meetings.rules import manages
from nanglucso.govern.meetings.services.voting import locked
from nanglucso.govern.meetings.voterules import elected, rules

MOST_CANDIDATES = 60
GONE = _("The key of this secret vote is gone, so its ballots can never be read: make the vote void and hold it anew.")
FIXED = (Option.Code.AGREE, Option.Code.AGAINST, Option.Code.OTHER)


@dataclass(frozen=True)
class Asked:
    """What is put to the vote. `candidates`: names, empty for a matter; `most`: places to fill. Rules by their key."""

    title: str
    secret: bool
    quorum: str
    majority: str
    candidates: Sequence[str] = ()
    most: int = 1
    item: AgendaItem | None = None


def _check_leader(place: Attendee | None) -> None:
    if not manages(place):
        raise Refused(_("Only the chair and the secretary of the meeting prepare, open and close votes."))


def prepare(*, actor: User, meeting: Meeting, place: Attendee | None, asked: Asked, at: datetime) -> Vote:
    """Prepare a vote of a meeting that has not ended. Raises Refused."""
    _check_leader(place)
    names = [" ".join(one.split()) for one in asked.candidates if one.strip()]
    _check_asked(meeting, asked, names)
    with act(actor, "meetings.prepare_vote", at=at) as this:
        last = Vote.objects.filter(meeting=meeting).aggregate(n=Max("number"))["n"] or 0
        this.subject = vote = Vote.objects.create(
            meeting=meeting, item=asked.item, number=last + 1, title=asked.title.strip(), secret=asked.secret,
            kind=Vote.Kind.CANDIDATES if names else Vote.Kind.MATTER, most=asked.most if names else 1,
            quorum=asked.quorum, majority=asked.majority, made_at=at,
        )  # fmt: skip
        rows = [Option(text=name) for name in names] or [Option(code=code) for code in FIXED]
        for number, row in enumerate(rows, 1):
            row.vote, row.number = vote, number
        Option.objects.bulk_create(rows)
        this.note(secret=asked.secret, quorum=asked.quorum, majority=asked.majority, options=len(rows))
    return vote


def _check_asked(meeting: Meeting, asked: Asked, names: list[str]) -> None:
    if not meeting.is_live:
        raise Refused(_("The meeting has ended: nothing more can be put to the vote."))
    if not asked.title.strip():
        raise Refused(_("Write what is voted on."), field="title")
    if asked.quorum not in rules().quorums or asked.majority not in rules().majorities:
        raise Refused(_("Choose a quorum and a majority from the list."), field="quorum")
    if asked.item and asked.item.meeting_id != meeting.pk:
        raise Refused(_("This point is not on the agenda of the meeting."), field="item")
    if not names:
        return
    if len({name.casefold() for name in names}) < len(names):
        raise Refused(_("A name stands twice in the list: tell the two apart."), field="candidates")
    if not 2 <= len(names) <= MOST_CANDIDATES or any(len(name) > 200 for name in names):
        text = _("A list holds 2 to %(most)s names, one a line, each of at most 200 letters.")
        raise Refused(text % {"most": MOST_CANDIDATES}, field="candidates")
    if not 1 <= asked.most <= len(names):
        raise Refused(_("The number to choose is from 1 to the number of names."), field="most")


def drop(*, actor: User, vote: Vote, place: Attendee | None, at: datetime) -> None:
    """Take away a vote that was never opened. Raises Refused."""
    _check_leader(place)
    with act(actor, "meetings.drop_vote", vote.meeting, at=at, vote=vote.title[:100]):
        row = locked(vote)
        if row.status != Vote.Status.PREPARED:
            raise Refused(_("A vote that was opened stays on record; make it void instead."))
        row.delete()


def open_(*, actor: User, vote: Vote, place: Attendee | None, at: datetime) -> None:
    """Open a vote: the meeting is in session, the quorum is in the room, and no other vote is open. Raises Refused."""
    _check_leader(place)
    with act(actor, "meetings.open_vote", vote, at=at) as this:
        meeting = Meeting.objects.select_for_update().get(pk=vote.meeting_id)
        row = locked(vote)
        if row.status != Vote.Status.PREPARED:
            raise Refused(_("This vote was opened before."))
        if meeting.status != Meeting.Status.RUNNING:
            raise Refused(_("Votes are opened while the meeting is in session."))
        if queries.is_voting(meeting):
            raise Refused(_("Another vote of this meeting is open: close it first."))
        quorum, majority = queries.rules_of(row)
        here = queries.seats(meeting)
        _check_quorum(row, len(here.present), quorum.needed(len(here.members)))
        row.rules = {"version": rules().version, "quorum": quorum.told(), "majority": majority.told()}
        row.status, row.opened_at = Vote.Status.OPEN, at
        row.save(update_fields=["rules", "status", "opened_at"])
        if row.secret:
            sweep()
            Box.objects.create(vote=row, sealed=urn.begin(row.pk, row.options.count()))
        this.note(members=len(here.members), present=len(here.present))


def _check_quorum(vote: Vote, present: int, needed: int) -> None:
    if present < needed:
        text = _("No quorum: %(n)s members with a vote have checked in, %(needed)s are needed.")
        raise Refused(text % {"n": present, "needed": needed})
    least = rules().least_ballots
    if vote.secret and present < least:
        text = _("A secret vote of fewer than %(least)s people would tell how each one voted.")
        raise Refused(text % {"least": least})


def close(*, actor: User, vote: Vote, place: Attendee | None, at: datetime) -> Vote:
    """Close and count. Too few secret ballots to hide anybody make it void, and their totals are never shown.

    Raises Refused, also when the totals cannot be read or do not hold as many ballots as people took part; such a vote
    can only be made void.
    """
    _check_leader(place)
    with act(actor, "meetings.close_vote", vote, at=at) as this:
        row = locked(vote)
        if row.status != Vote.Status.OPEN:
            raise Refused(_("This vote is not open."))
        n = queries.took_part(row)
        if row.secret and n < rules().least_ballots:
            text = _("Fewer than %(least)s secret ballots: they were not counted, so that nobody's answer shows.")
            _make_void(row, str(text % {"least": rules().least_ballots}), at)
        else:
            counts = _secret_counts(row, n) if row.secret else _open_counts(row, n)
            _count(row, counts, n, at)
        this.note(took_part=n, status=row.status, outcome=row.outcome)
    return row


def _secret_counts(vote: Vote, n: int) -> list[int]:
    """Votes by option, then blank ballots."""
    box = Box.objects.select_for_update().get(vote=vote)
    try:
        held = urn.totals(vote.pk, box.turn, bytes(box.sealed))
    except urn.Lost as error:
        raise Refused(GONE) from error
    if held[-1] != n:
        text = _("The urn holds %(held)s ballots, but %(n)s people took part: make the vote void and hold it anew.")
        raise Refused(text % {"held": held[-1], "n": n})
    box.delete()
    transaction.on_commit(lambda: urn.destroy(vote.pk))
    return held[:-1]


def _open_counts(vote: Vote, n: int) -> list[int]:
    chosen = Choice.objects.filter(participation__vote=vote)
    of = dict(chosen.order_by().values_list("option_id").annotate(Count("pk")))
    counted = chosen.order_by().values("participation_id").distinct().count()
    return [of.get(pk, 0) for pk in vote.options.values_list("pk", flat=True)] + [n - counted]


def _count(vote: Vote, counts: list[int], n: int, at: datetime) -> None:
    """Write the result: who won by the majority that stood at opening, of the seats present at closing."""
    here, options = queries.seats(vote.meeting), list(vote.options.all())
    vote.members, vote.took_part, vote.blank = len(here.members), n, counts[-1]
    # Whoever voted and then left was there for this vote.
    took_part = set(vote.participations.values_list("seat_id", flat=True))
    vote.present = len(here.present | took_part)
    majority = queries.rules_of(vote)[1]
    bases = {"members": vote.members, "present": vote.present, "ballots": n - counts[-1]}
    vote.needed = majority.needed(bases[majority.of])
    winners: list[int] = []
    if vote.is_list:
        winners, vote.tie = elected(counts[:-1], needed=vote.needed, places=vote.most)
        vote.outcome = Vote.Outcome.ELECTED if len(winners) == vote.most else Vote.Outcome.PARTLY
    else:
        vote.outcome = Vote.Outcome.PASSED if counts[0] >= vote.needed else Vote.Outcome.FAILED
    for i, option in enumerate(options):
        option.count, option.elected = counts[i], (i in winners) if vote.is_list else None
    Option.objects.bulk_update(options, ["count", "elected"])
    vote.status, vote.closed_at = Vote.Status.CLOSED, at
    vote.save()


def make_void(*, actor: User, vote: Vote, place: Attendee | None, reason: str, at: datetime) -> None:
    """End an open vote without a result, with the reason; its ballots are never read. Raises Refused."""
    _check_leader(place)
    if not reason.strip():
        raise Refused(_("Write why the vote is made void: it stands in the minutes."), field="reason")
    with act(actor, "meetings.void_vote", vote, at=at, reason=reason.strip()):
        row = locked(vote)
        if row.status != Vote.Status.OPEN:
            raise Refused(_("Only an open vote can be made void."))
        _make_void(row, reason.strip(), at)


def _make_void(vote: Vote, reason: str, at: datetime) -> None:
    here = queries.seats(vote.meeting)
    vote.members, vote.present = len(here.members), len(here.present)
    vote.took_part = queries.took_part(vote)
    vote.status, vote.closed_at, vote.void_reason = Vote.Status.VOID, at, reason[:300]
    vote.save()
    Box.objects.filter(vote=vote).delete()
    transaction.on_commit(lambda: urn.destroy(vote.pk))


def sweep() -> int:
    """Destroy keys of ended votes, left by a process that died between commit and overwriting; how many.

    A key whose vote seems not yet open may belong to an opening that another process is about to commit.
    """
    kept = urn.kept()
    over = Vote.objects.filter(pk__in=kept, status__in=(Vote.Status.CLOSED, Vote.Status.VOID)) if kept else []
    ended = [one.pk for one in over]
    for pk in ended:
        urn.destroy(pk)
    return len(ended)
