"""The class itself: opened from the plan, moved, settled, finished or called off."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from itertools import count

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.develop.plans.models import PlannedClass, Scenario
from nanglucso.develop.plans.queries import week_start
from nanglucso.develop.training.models import Attendance, ClassSession, Enrolment, TrainingClass
from nanglucso.develop.training.queries import booked, form_of
from nanglucso.develop.training.services import money
from nanglucso.develop.training.services.timetable import LOCAL, refuse_clash, spans_of
from nanglucso.measure.profiles.models import Evidence
from nanglucso.measure.profiles.services import NewEvidence, record_many
from nanglucso.workforce.framework.models import Framework

TIET_A_SESSION = 4
COMPLETE_SHARE = 0.8
UNDECIDED = (Enrolment.Status.REQUESTED, Enrolment.Status.WAITLISTED)


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
            ends_on=planned.last_day, cost=planned.cost, opened_at=at,
        )  # fmt: skip
        ClassSession.objects.bulk_create(_sessions(row, form["lect_buoi"]))
        _begin_with_the_first(row)
        seats = list(
            planned.seats.filter(person__active=True).order_by("-gain", "pk").values_list("person_id", flat=True)
        )
        Enrolment.objects.bulk_create(
            Enrolment(training_class=row, person_id=pk, at=at, status=_place(i, row.seats))
            for i, pk in enumerate(seats)
        )
        money.bind(actor=actor, training_class=row, at=at)
        this.note(people=len(seats))
    return row


def _code(planned: PlannedClass) -> str:
    """Course, year, number in the plan; a later plan of the same year may count from one again."""
    code = wanted = f"{planned.course.code}-{planned.scenario.year}-{planned.number:03d}"
    for again in count(2):
        if not TrainingClass.objects.filter(code=code).exists():
            break
        code = f"{wanted}-{again}"
    return code


def _place(index: int, seats: int) -> str:
    return Enrolment.Status.BOOKED if index < seats else Enrolment.Status.WAITLISTED


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


def move_session(*, actor: User | None, session: ClassSession, starts_at: datetime, at: datetime) -> ClassSession:
    """Hold a session at another time; its length stays, and the class's first and last day follow.

    Raises Refused, also when the room or the lecturer is busy with another class then.
    """
    row = session.training_class
    if not row.is_live:
        raise Refused(_("This class is over."))
    if session.attendances.exists():
        raise Refused(_("Attendance of this session is recorded already; it cannot be moved."))
    refuse_clash(row, session, (starts_at, starts_at + (session.ends_at - session.starts_at)))
    with act(actor, "training.move_session", row, at=at, session=session.number, starts_at=starts_at):
        session.starts_at, session.ends_at = starts_at, starts_at + (session.ends_at - session.starts_at)
        session.nonce, session.check_in_until = "", None
        session.save(update_fields=["starts_at", "ends_at", "nonce", "check_in_until"])
        times = list(row.sessions.values_list("starts_at", "ends_at"))
        row.starts_on = min(start for start, _end in times).astimezone(LOCAL).date()
        row.ends_on = max(end for _start, end in times).astimezone(LOCAL).date()
        row.save(update_fields=["starts_on", "ends_on"])
    return session


def settle_cost(
    *, actor: User | None, training_class: TrainingClass, cost: int, at: datetime,
    lines: Mapping[str, int] | None = None, document: str = "",
) -> TrainingClass:  # fmt: skip
    """Enter what the class has cost, in đồng, and settle its commitment; the plan's figure stays with the plan.

    `lines` {cost line: đồng} sum to the cost; `document`: the papers it rests on. Entering it again corrects it.
    Raises Refused, also when a higher cost goes beyond what the source has free.
    """
    if training_class.status != TrainingClass.Status.DONE:
        raise Refused(_("What was spent is entered after the class has ended."))
    if cost < 0:
        raise Refused(_("The amount cannot be negative."), field="cost")
    if lines and sum(lines.values()) != cost:
        raise Refused(_("The cost lines do not add up to the whole cost."), field="cost")
    with act(actor, "training.settle_cost", training_class, at=at, cost=cost):
        training_class.cost, training_class.settled_at, training_class.costs = cost, at, dict(lines or {})
        training_class.save(update_fields=["cost", "settled_at", "costs"])
        money.settle(actor=actor, training_class=training_class, at=at, document=document)
    return training_class


def finish_class(
    *, actor: User | None, framework: Framework, training_class: TrainingClass, at: datetime, cost: int | None = None,
    lines: Mapping[str, int] | None = None, document: str = "",
) -> TrainingClass:  # fmt: skip
    """End a class; to those who completed it (at least 80% of the tiết) it counts as evidence until re-measured.

    `cost`: what it has cost, in đồng, where that is known already; it is settled at once. Otherwise its commitment
    stays open until `settle_cost`. Raises Refused.
    """
    if not training_class.is_live:
        raise Refused(_("This class has ended already."))
    if not Attendance.objects.filter(session__training_class=training_class).exists():
        raise Refused(_("Nobody's attendance has been recorded yet."))
    with act(actor, "training.finish_class", training_class, at=at) as this:
        completed = _settle(training_class)
        _close(training_class, TrainingClass.Status.DONE, at)
        entries = class_entries(training_class)
        evidence = [
            NewEvidence(row.person, Evidence.Kind.CLASS, f"class:{training_class.pk}", entries, str(training_class))
            for row in completed
        ]
        record_many(actor=actor, framework=framework, evidence=evidence, at=at)
        this.note(completed=len(completed))
        if cost is not None:
            told = {"cost": cost, "lines": lines, "document": document}
            settle_cost(actor=actor, training_class=training_class, at=at, **told)  # type: ignore[arg-type]
    return training_class


def _close(training_class: TrainingClass, status: str, at: datetime) -> None:
    """The class is over: its codes die, and whoever still waited for a place waits no longer."""
    training_class.status, training_class.closed_at = status, at
    training_class.save(update_fields=["status", "closed_at"])
    training_class.sessions.update(nonce="", check_in_until=None)
    training_class.enrolments.filter(status__in=UNDECIDED).update(status=Enrolment.Status.CANCELLED)


def _settle(training_class: TrainingClass) -> list[Enrolment]:
    total = training_class.sessions.aggregate(sum=Sum("tiet"))["sum"] or 0
    rows = Attendance.objects.filter(session__training_class=training_class)
    hours = dict(rows.values_list("person").annotate(sum=Sum("session__tiet")))
    completed = []
    for row in booked(training_class).select_related("person"):
        row.tiet_attended = hours.get(row.person_id, 0)
        if row.tiet_attended >= COMPLETE_SHARE * total and row.tiet_attended:
            row.status = Enrolment.Status.COMPLETED
            completed.append(row)
        else:
            row.status = Enrolment.Status.PARTLY if row.tiet_attended else Enrolment.Status.NO_SHOW
        row.save(update_fields=["tiet_attended", "status"])
    return completed


def class_entries(training_class: TrainingClass) -> list[dict[str, object]]:
    """What the class is believed to change: the catalogue's share on each covered band (see `measurement`)."""
    course, form = training_class.course, training_class.form
    eff = course.measured.get(form, {}).get("eff", form_of(course, form)["eff"])
    return [
        {"k": c.competence.code, "from": c.from_level, "to": c.to_level, "eff": eff}
        for c in course.covers.select_related("competence")
    ]


def cancel_class(*, actor: User | None, training_class: TrainingClass, reason: str, at: datetime) -> None:
    """Call a class off: every place is cancelled, and what was not paid yet goes back to its source."""
    if not training_class.is_live:
        raise Refused(_("This class has ended already."))
    if not reason.strip():
        raise Refused(_("Write why the class is called off."), field="reason")
    with act(actor, "training.cancel_class", training_class, at=at, reason=reason):
        booked(training_class).update(status=Enrolment.Status.CANCELLED)
        _close(training_class, TrainingClass.Status.CANCELLED, at)
        money.release(actor=actor, training_class=training_class, reason=reason, at=at)


def note_export(
    *, actor: User | None, what: str, rows: int, at: datetime, training_class: TrainingClass | None = None,
    asked: str = "",
) -> None:  # fmt: skip
    """Leave a trace that a list of people or classes left the system."""
    with act(actor, "training.export", training_class, at=at, what=what, rows=rows, asked=asked):
        return
