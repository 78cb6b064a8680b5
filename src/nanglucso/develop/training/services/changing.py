"""The one door through which a place changes: the table is asked, the step, the log and the notice are written."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Max

from nanglucso.core.acts import act
from nanglucso.core.models import User
from nanglucso.develop.training import signup
from nanglucso.develop.training.models import ClassNotice, Enrolment, EnrolmentStep, TrainingClass
from nanglucso.develop.training.queries import booked, clashes
from nanglucso.develop.training.signup import Side, State
from nanglucso.workforce.people.models import Person

TOLD = (State.APPROVED, State.BOOKED, State.WAITLISTED, State.DECLINED, State.CANCELLED)


def hold_class(pk: int) -> TrainingClass:
    """The class as it is now, locked to the end of the act: its places are given by one act at a time."""
    return TrainingClass.objects.select_for_update(no_key=True).get(pk=pk)


def hold_people(people: Sequence[int]) -> list[Person]:
    """These people, locked in one order everywhere: nobody is booked into two classes of the same hours at once."""
    return list(Person.objects.select_for_update(no_key=True).filter(pk__in=people).order_by("pk"))


def change(
    *, actor: User | None, places: Sequence[Enrolment], verbs: Sequence[str], side: str, at: datetime, reason: str = ""
) -> list[Enrolment]:  # fmt: skip
    """Lead places of one class through the same moves; new ones (not saved yet) begin at `signup.NEW`.

    Has to run inside an act that holds the class. Raises Refused when the table lacks a move; nothing is changed then.
    """
    ways = [signup.way(row.status, verbs, side, reason) for row in places]
    for row, moves in zip(places, ways, strict=True):
        path = [moves[0][0], *(move.after for _before, move in moves)]
        with act(actor, "training.change_place", row.training_class, at=at, person_id=row.person_id) as this:
            this.note(way=path, side=str(side), reason=reason)
            row.status, row.at, row.turn = path[-1], at, None
    _queue([row for row in places if row.status == State.WAITLISTED])
    Enrolment.objects.bulk_create([row for row in places if row.pk is None])
    Enrolment.objects.bulk_update(places, ["status", "at", "turn"])
    EnrolmentStep.objects.bulk_create(
        EnrolmentStep(
            enrolment=row, verb=move.verb, before=before, after=move.after, side=side, actor=actor, at=at,
            reason=reason[:300],
        )
        for row, moves in zip(places, ways, strict=True)
        for before, move in moves
    )  # fmt: skip
    if side != Side.OWN:
        _tell(places, at, reason)
    return list(places)


def _queue(rows: Sequence[Enrolment]) -> None:
    """Behind everybody who waits already, in this order."""
    if rows:
        last = rows[0].training_class.enrolments.aggregate(last=Max("turn"))["last"] or 0
        for n, row in enumerate(rows, 1):
            row.turn = last + n


def _tell(places: Sequence[Enrolment], at: datetime, reason: str) -> None:
    ClassNotice.objects.bulk_create(
        ClassNotice(person=row.person, training_class=row.training_class, kind=row.status, reason=reason, at=at)
        for row in places
        if row.status in TOLD
    )


def free_seats(training_class: TrainingClass) -> int:
    """Seats that nobody holds; never below zero."""
    return max(0, training_class.seats - booked(training_class).count())


def promote(*, actor: User | None, training_class: TrainingClass, at: datetime) -> list[int]:
    """Those who stand first on the waiting list take the free seats; returns their people's ids.

    Who sits in another class at the same hours, or has left, is passed over and keeps the turn.
    """
    free = free_seats(training_class)
    waiting = training_class.enrolments.filter(status=State.WAITLISTED).order_by("turn")
    rows = list(waiting) if free else []
    if not rows:
        return []
    people = hold_people([row.person_id for row in rows])
    busy, here = clashes(training_class, people), {one.pk for one in people if one.active}
    chosen = [row for row in rows if row.person_id in here and row.person_id not in busy][:free]
    for row in chosen:
        row.training_class = training_class
    change(actor=actor, places=chosen, verbs=["promote"], side=Side.SYSTEM, at=at)
    return [row.person_id for row in chosen]
