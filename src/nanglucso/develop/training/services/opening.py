"""A class is opened from the approved plan: its sessions, its terms, a place for everybody the plan named."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import count

from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.develop.plans.models import PlannedClass, Scenario
from nanglucso.develop.plans.queries import week_start
from nanglucso.develop.training.models import ClassSession, Enrolment, TrainingClass
from nanglucso.develop.training.queries import clashes, form_of
from nanglucso.develop.training.rules import place_rules
from nanglucso.develop.training.services import money
from nanglucso.develop.training.services.changing import change, hold_people
from nanglucso.develop.training.services.timetable import LOCAL, spans_of
from nanglucso.develop.training.signup import NEW, Side

TIET_A_SESSION = 4


def open_class(*, actor: User | None, planned: PlannedClass, at: datetime) -> TrainingClass:
    """Open a planned class: sessions in its weeks, and a place for everybody the plan named.

    Only classes of an approved plan open. When the room holds fewer than the plan named, those who gain least wait.
    The cost is committed from the class's source. Raises Refused, also when the source has not that much free, or
    room and lecturer have too few half days in a week.
    """
    if planned.scenario.status != Scenario.Status.APPROVED:
        raise Refused(_("Only a class of an approved plan can be opened."))
    if TrainingClass.objects.filter(planned=planned).exists():
        raise Refused(_("This class is open already."))
    form = form_of(planned.course, planned.form)
    first = week_start(planned.scenario, planned.start)
    with act(actor, "training.open_class", at=at, planned=planned.pk) as this:
        this.subject = row = TrainingClass.objects.create(
            code=_code(planned), planned=planned, course=planned.course, form=planned.form, venue=planned.venue,
            lecturer=planned.lecturer,
            seats=_room_for(planned, form["max"]), starts_on=first,
            ends_on=planned.last_day, cost=planned.cost, opened_at=at, stages=place_rules().stages,
        )  # fmt: skip
        ClassSession.objects.bulk_create(_sessions(row, form["lect_buoi"]))
        _begin_with_the_first(row)
        _ask_minimum(row, int(form.get("min", 0)))
        seats = _seat_planned(actor, row, planned, at)
        money.bind(actor=actor, training_class=row, at=at)
        this.note(people=seats)
    return row


def _code(planned: PlannedClass) -> str:
    """Course, year, number in the plan; a later plan of the same year may count from one again."""
    code = wanted = f"{planned.course.code}-{planned.scenario.year}-{planned.number:03d}"
    for again in count(2):
        if not TrainingClass.objects.filter(code=code).exists():
            break
        code = f"{wanted}-{again}"
    return code


def _seat_planned(actor: User | None, row: TrainingClass, planned: PlannedClass, at: datetime) -> int:
    """Places for whom the approved plan names, those who gain most first; returns how many people it names.

    Who sits in another class at the same hours by now stays nominated, for somebody to decide.
    """
    named = planned.seats.filter(person__active=True).order_by("-gain", "pk")
    order = list(named.values_list("person_id", flat=True))
    held = {one.pk: one for one in hold_people(order)}
    people = [held[pk] for pk in order]
    busy = clashes(row, people)
    places = [Enrolment(training_class=row, person=one, status=NEW) for one in people]
    free = [one for one in places if one.person_id not in busy]
    told = {"actor": actor, "side": Side.CITY, "at": at}
    change(places=free[: row.seats], verbs=["nominate", "book"], **told)  # type: ignore[arg-type]
    change(places=free[row.seats :], verbs=["nominate", "queue"], **told)  # type: ignore[arg-type]
    change(places=[one for one in places if one.person_id in busy], verbs=["nominate"], **told)  # type: ignore[arg-type]
    return len(places)


def open_classes(*, actor: User | None, planned: Iterable[PlannedClass], at: datetime) -> list[TrainingClass]:
    """Open several planned classes in one act: all of them, or none when one is refused."""
    rows = list(planned)
    if not rows:
        raise Refused(_("Choose at least one class to open."))
    with act(actor, "training.open_classes", at=at, classes=len(rows)):
        return [open_class(actor=actor, planned=row, at=at) for row in rows]


def _room_for(planned: PlannedClass, most: int) -> int:
    return min(most, planned.venue.seats) if planned.venue else most


def _sessions(row: TrainingClass, buoi: list[int]) -> list[ClassSession]:
    """The buổi of each week on half days free for room and lecturer; the tiết of the course are spread over them."""
    made: list[ClassSession] = []
    left, planned = row.course.tiet, row.planned
    mondays = [
        planned.scenario.monday(planned.start + week) if planned else row.starts_on + timedelta(weeks=week)
        for week in range(len(buoi))
    ]
    for starts, ends in spans_of(row, mondays, buoi):
        tiet = min(TIET_A_SESSION, left)
        left -= tiet
        made.append(ClassSession(training_class=row, number=len(made) + 1, starts_at=starts, ends_at=ends, tiet=tiet))
    if made and left > 0:
        # Online work between the sessions counts with the last one.
        made[-1].tiet += left
    return made


def _begin_with_the_first(row: TrainingClass) -> None:
    """A class whose Monday is off begins on the day of its first session."""
    first = row.sessions.order_by("starts_at").first()
    if first and first.starts_at.astimezone(LOCAL).date() > row.starts_on:
        row.starts_on = first.starts_at.astimezone(LOCAL).date()
        row.save(update_fields=["starts_on"])


def _ask_minimum(row: TrainingClass, least: int) -> None:
    """The catalogue's minimum, never more than the room holds, and the day by which it has to be reached."""
    row.minimum, row.decide_by = min(least, row.seats), row.starts_on - place_rules().cutoff
    row.save(update_fields=["minimum", "decide_by"])
