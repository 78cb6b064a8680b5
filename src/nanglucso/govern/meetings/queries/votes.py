"""Votes as a meeting sees them: who may cast one, how many have, and what came out."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from nanglucso.core.models import User
from nanglucso.govern.meetings.models import Attendee, Choice, Meeting, Participation, Vote
from nanglucso.govern.meetings.queries import visible
from nanglucso.govern.meetings.voterules import Rule, rule, rules
from nanglucso.workforce.people.models import Person


@dataclass(frozen=True)
class Seats:
    """Votes of a meeting by seat, the row of the invited member: all of them, and those of which somebody is there."""

    members: frozenset[int]
    present: frozenset[int]


@dataclass(frozen=True)
class Line:
    """One option with its votes; `percent` of all ballots (0 when there are none). `names`: open votes only."""

    number: int
    code: str
    text: str
    count: int
    percent: float
    elected: bool | None
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Result:
    """What a closed or void vote leaves. `voters`: who took part, in the order of names, with "for whom" of a delegate.

    A void vote has no lines; its reason stands in `vote.void_reason`.
    """

    vote: Vote
    quorum: Rule
    majority: Rule
    lines: tuple[Line, ...] = ()
    voters: tuple[str, ...] = ()
    absent: int = 0
    blank_names: tuple[str, ...] = field(default=())

    @property
    def valid(self) -> int:
        return (self.vote.took_part or 0) - (self.vote.blank or 0)

    @property
    def needed_present(self) -> int:
        """How many members the quorum asked for."""
        return self.quorum.needed(self.vote.members or 0)

    def told(self) -> dict[str, Any]:
        """Everything as JSON, for minutes and archive: counts, rules with legal basis, names."""
        vote = self.vote
        return {
            "number": vote.number, "title": vote.title, "kind": vote.kind, "secret": vote.secret, "most": vote.most,
            "status": vote.status, "outcome": vote.outcome, "tie": vote.tie, "void_reason": vote.void_reason,
            "opened_at": _iso(vote.opened_at), "closed_at": _iso(vote.closed_at), "members": vote.members,
            "present": vote.present, "took_part": vote.took_part, "blank": vote.blank, "needed": vote.needed,
            "quorum": self.quorum.told(), "majority": self.majority.told(), "voters": list(self.voters),
            "blank_names": list(self.blank_names), "lines": [_line(one) for one in self.lines],
        }  # fmt: skip


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _line(one: Line) -> dict[str, Any]:
    told = {"number": one.number, "code": one.code, "text": one.text, "count": one.count, "percent": one.percent}
    return told | {"elected": one.elected, "names": list(one.names)}


def votes(user: User, person: Person | None) -> QuerySet[Vote]:
    """Votes of the meetings that a viewer may open; nobody else sees them."""
    return Vote.objects.filter(meeting__in=visible(user, person)).select_related("meeting", "item")


def place_of(meeting: Meeting, person_id: int | None) -> Attendee | None:
    """The viewer's own row in a meeting, None when not called."""
    if person_id is None:
        return None
    rows = Attendee.objects.filter(meeting=meeting, person_id=person_id)
    return rows.select_related("delegate_for__person", "person").first()


def may_cast(place: Attendee | None) -> bool:
    """In the room, with a vote, and nobody sent instead."""
    return place is not None and place.may_vote and place.is_present and not place.is_replaced


def seat_of(place: Attendee) -> int:
    """The seat whose vote this person casts: their own, or the one of the member they stand in for."""
    return place.delegate_for_id or place.pk


def seats(meeting: Meeting) -> Seats:
    """All seats with a vote, and those present now. A member and the delegate are one seat."""
    rows = Attendee.objects.filter(meeting=meeting, may_vote=True)
    told = rows.values_list("pk", "delegate_for_id", "checked_in_at", "checked_out_at", "answer")
    members, present = set(), set()
    for pk, stands_for, came, left, answer in told:
        members.add(stands_for or pk)
        if came and not left and answer != Attendee.Answer.SENDS:
            present.add(stands_for or pk)
    return Seats(frozenset(members), frozenset(present))


def cast_by(vote: Vote, place: Attendee) -> Participation | None:
    """That this person, or somebody else for the same seat, took part."""
    held = Participation.objects.filter(Q(seat_id=seat_of(place)) | Q(by=place), vote=vote)
    return held.select_related("by__person").first()


def choice_of(row: Participation | None) -> list[int]:
    """Numbers of the options named in an open vote; of a secret one nothing is known."""
    if row is None:
        return []
    return list(Choice.objects.filter(participation=row).values_list("option__number", flat=True))


def took_part(vote: Vote) -> int:
    """Ballots so far."""
    return Participation.objects.filter(vote=vote).count()


def is_voting(meeting: Meeting) -> bool:
    """Whether a vote is open: then the meeting cannot end."""
    return Vote.objects.filter(meeting=meeting, status=Vote.Status.OPEN).exists()


def rules_of(vote: Vote) -> tuple[Rule, Rule]:
    """Quorum and majority: as kept at opening, before that as they stand. Raises KeyError for a rule that is gone."""
    if vote.rules:
        return rule(vote.rules["quorum"]), rule(vote.rules["majority"])
    told = rules()
    return told.quorums[vote.quorum], told.majorities[vote.majority]


def results_of(meeting: Meeting) -> list[Result]:
    """Every closed or void vote of a meeting in the order of the agenda's votes: for page, minutes and archive."""
    ended = (Vote.Status.CLOSED, Vote.Status.VOID)
    return [result(one) for one in Vote.objects.filter(meeting=meeting, status__in=ended)]


def result(vote: Vote) -> Result:
    """The result of one vote that is closed or void."""
    quorum, majority = rules_of(vote)
    rows = list(
        Participation.objects.filter(vote=vote)
        .select_related("by__person", "seat__person")
        .order_by("seat__person__sort_key", "seat_id")
    )
    voters = tuple(_named(row) for row in rows)
    if vote.status != Vote.Status.CLOSED:
        return Result(vote, quorum, majority, (), voters)
    named = {} if vote.secret else _names(vote, rows)
    lines = tuple(_counted(one, vote, named.get(one.pk, ())) for one in vote.options.all())
    return Result(
        vote, quorum, majority, lines, voters, (vote.members or 0) - len(rows), named.get(0, ())
    )  # fmt: skip


def _named(row: Participation) -> str:
    seat, by = row.seat.person.full_name, row.by.person.full_name
    return seat if row.seat_id == row.by_id else f"{by} ({seat})"


def _names(vote: Vote, rows: Sequence[Participation]) -> dict[int, tuple[str, ...]]:
    """Option → names in order; 0 → those who named nobody."""
    chosen: dict[int, list[int]] = {}
    for participation, option in Choice.objects.filter(participation__vote=vote).values_list(
        "participation_id", "option_id"
    ):
        chosen.setdefault(participation, []).append(option)
    found: dict[int, list[str]] = {}
    for row in rows:
        for option in chosen.get(row.pk, [0]):
            found.setdefault(option, []).append(_named(row))
    return {option: tuple(names) for option, names in found.items()}


def _counted(option: Any, vote: Vote, names: tuple[str, ...]) -> Line:
    n, all_ = option.count or 0, vote.took_part or 0
    percent = round(100 * n / all_, 1) if all_ else 0.0
    return Line(option.number, option.code, option.text, n, percent, option.elected, names)
