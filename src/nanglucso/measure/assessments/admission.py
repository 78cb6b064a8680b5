"""The door before a test: who begins at once, and who waits in line because the server is full. See docs/adr/0029.

Only the start of a test passes here; whoever has begun is never asked again. A place in the line is fleeting, so
that it leaves no audit row of its own: the start does.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime
from math import ceil, floor

from django.db import connection
from django.db.models import Q, QuerySet

from nanglucso.core.db import write_turn
from nanglucso.core.watching.crowding import CrowdRules, crowd_rules
from nanglucso.measure.assessments.models import Admission, Sitting

COUNT_SECONDS = 1.0
SEEN_SECONDS = 15


@dataclass(frozen=True)
class Place:
    """`number` in the line from 1, 0 = begin now; `seconds` until the turn, about; `again`: when to look next."""

    number: int
    seconds: int = 0
    again: int = 0

    @property
    def minutes(self) -> int:
        """Rounded up."""
        return ceil(self.seconds / 60)


@dataclass(frozen=True)
class _Count:
    at: datetime
    active: int


_COUNTED: list[_Count] = []


def forget_count() -> None:
    """For tests that reuse a process with another database."""
    _COUNTED.clear()


def sitters_waiting(at: datetime) -> int:
    """People in the line who looked lately."""
    return _line(at, crowd_rules()).count()


def ask(*, sitting: Sitting, at: datetime) -> Place:
    """The start was pressed: a place in the line is taken unless there is one, and looked at."""
    with write_turn():
        Admission.objects.get_or_create(sitting=sitting, defaults={"since": at, "seen_at": at})
    found = look(sitting_id=sitting.pk, person_id=sitting.person_id, at=at)
    return found or Place(0)


def look(*, sitting_id: uuid.UUID, person_id: int, at: datetime) -> Place | None:
    """Where this person stands now; None where they wait for nothing (never asked, or the test has begun)."""
    own = Admission.objects.filter(pk=sitting_id, sitting__person_id=person_id, sitting__status=Sitting.Status.ASSIGNED)
    row = own.first()
    if row is None:
        return None
    rules = crowd_rules()
    if row.called_at and at < row.called_at + rules.kept:
        return Place(0)
    if row.called_at or at > row.seen_at + rules.forget:
        _seen(row, at, since=at)
    elif (at - row.seen_at).total_seconds() > SEEN_SECONDS:
        _seen(row, at, since=row.since)
    return _turn(row, rules, at)


def _seen(row: Admission, at: datetime, *, since: datetime) -> None:
    with write_turn():
        row.since, row.seen_at, row.called_at = since, at, None
        row.save(update_fields=["since", "seen_at", "called_at"])


def _line(at: datetime, rules: CrowdRules) -> QuerySet[Admission]:
    """Those who wait now: not called, not begun, and seen lately."""
    return Admission.objects.filter(
        called_at=None, seen_at__gt=at - rules.away, sitting__status=Sitting.Status.ASSIGNED
    )


def _turn(row: Admission, rules: CrowdRules, at: datetime) -> Place:
    """Who is in front is counted before the room is: then two people at once never take one place."""
    earlier = Q(since__lt=row.since) | Q(since=row.since, pk__lt=row.pk)
    ahead = _line(at, rules).filter(earlier).exclude(pk=row.pk).count()
    most, starts = rules.sitters(connection.vendor), rules.starts_per_second(connection.vendor)
    burst = max(1, floor(starts * rules.burst.total_seconds()))
    free = max(0, most - _taken(rules, at))
    if ahead < min(free, burst) and ahead < burst - _lately(rules, at):
        with write_turn():
            Admission.objects.filter(pk=row.pk, called_at=None).update(called_at=at, seen_at=at)
        return Place(0)
    number, leaving = ahead + 1, most / rules.test.total_seconds()
    seconds = ceil(max(number / starts, (number - free) / leaving))
    low, high = rules.look
    return Place(number, seconds, max(low, min(high, seconds // 2)))


def _taken(rules: CrowdRules, at: datetime) -> int:
    """Who answers now, and those called who have not begun yet: their place is kept."""
    count = _active(rules, at)
    called = Admission.objects.filter(called_at__gt=at - rules.kept)
    # Who began after the count was taken is not in it.
    fresh = Q(sitting__status=Sitting.Status.ASSIGNED) | Q(sitting__started_at__gte=count.at)
    return count.active + called.filter(fresh).count()


def _lately(rules: CrowdRules, at: datetime) -> int:
    return Admission.objects.filter(called_at__gt=at - rules.burst).count()


def _active(rules: CrowdRules, at: datetime) -> _Count:
    """People who answer now; counted at most once a second in each process."""
    if not _COUNTED or not 0 <= (at - _COUNTED[0].at).total_seconds() < COUNT_SECONDS:
        running = Sitting.objects.filter(status=Sitting.Status.RUNNING, served_at__gt=at - rules.silent)
        _COUNTED[:] = [_Count(at, running.count())]
    return _COUNTED[0]
