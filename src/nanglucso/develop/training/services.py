"""Verbs of training: a planned class is opened, people come, it ends, its effect is measured."""

import secrets
from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta, timezone

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.develop.plans.models import PlannedClass, Scenario
from nanglucso.develop.plans.queries import week_start
from nanglucso.develop.training.models import Attendance, ClassSession, Enrolment, TrainingClass
from nanglucso.develop.training.queries import booked, form_of
from nanglucso.measure.assessments.models import Campaign
from nanglucso.measure.assessments.services import assign, create_campaign, open_campaign
from nanglucso.measure.profiles.models import Evidence
from nanglucso.measure.profiles.services import NewEvidence, record_many
from nanglucso.workforce.framework.models import Framework
from nanglucso.workforce.people.models import Person

LOCAL = timezone(timedelta(hours=7))
TIET_A_SESSION = 4
SESSION_HOURS = 3.5
MORNING, AFTERNOON = time(7, 30), time(13, 30)
COMPLETE_SHARE = 0.8
CHECK_IN_MINUTES = 30
RETEST_ITEMS = 10


def open_class(*, actor: User | None, planned: PlannedClass, at: datetime) -> TrainingClass:
    """Open a planned class: sessions in its weeks, and a place for everybody the plan named.

    Only classes of an approved plan open. Raises Refused.
    """
    if planned.scenario.status != Scenario.Status.APPROVED:
        raise Refused(_("Only a class of an approved plan can be opened."))
    if TrainingClass.objects.filter(planned=planned).exists():
        raise Refused(_("This class is open already."))
    form = form_of(planned.course, planned.form)
    first = week_start(planned.scenario, planned.start)
    with act(actor, "training.open_class", at=at, planned=planned.pk) as this:
        this.subject = row = TrainingClass.objects.create(
            code=f"{planned.course.code}-{planned.scenario.year}-{planned.number:03d}", planned=planned,
            course=planned.course, form=planned.form, venue=planned.venue, lecturer=planned.lecturer,
            seats=_room_for(planned, form["max"]), starts_on=first,
            ends_on=first + timedelta(days=7 * planned.weeks - 3), cost=planned.cost, opened_at=at,
        )  # fmt: skip
        ClassSession.objects.bulk_create(_sessions(row, form["lect_buoi"]))
        people = planned.seats.values_list("person_id", flat=True)
        Enrolment.objects.bulk_create(Enrolment(training_class=row, person_id=pk, at=at) for pk in people)
        this.note(people=len(people))
    return row


def _room_for(planned: PlannedClass, most: int) -> int:
    return min(most, planned.venue.seats) if planned.venue else most


def _sessions(row: TrainingClass, buoi: list[int]) -> list[ClassSession]:
    """Two buổi a day from the Monday of each week on; the tiết of the course are spread over them."""
    made: list[ClassSession] = []
    left = row.course.tiet
    for week, count in enumerate(buoi):
        for i in range(count):
            day = row.starts_on + timedelta(days=7 * week + i // 2)
            starts = datetime.combine(day, AFTERNOON if i % 2 else MORNING, LOCAL).astimezone(UTC)
            tiet = min(TIET_A_SESSION, left)
            left -= tiet
            ends = starts + timedelta(hours=SESSION_HOURS)
            made.append(
                ClassSession(training_class=row, number=len(made) + 1, starts_at=starts, ends_at=ends, tiet=tiet)
            )
    if made and left > 0:
        # Online work between the sessions counts with the last one.
        made[-1].tiet += left
    return made


def enrol(*, actor: User | None, training_class: TrainingClass, person: Person, at: datetime) -> Enrolment:
    """Book a place, or a place on the waiting list when the class is full."""
    if training_class.status != TrainingClass.Status.OPEN:
        raise Refused(_("Enrolment for this class is closed."))
    with act(actor, "training.enrol", training_class, at=at, person_id=person.pk) as this:
        TrainingClass.objects.select_for_update().get(pk=training_class.pk)
        full = booked(training_class).count() >= training_class.seats
        status = Enrolment.Status.WAITLISTED if full else Enrolment.Status.BOOKED
        row, made = Enrolment.objects.get_or_create(
            training_class=training_class, person=person, defaults={"status": status, "at": at}
        )
        if not made and row.status == Enrolment.Status.CANCELLED:
            row.status, row.at = status, at
            row.save(update_fields=["status", "at"])
        elif not made:
            raise Refused(_("This person is in the class already."))
        this.note(status=row.status)
    return row


def cancel_place(*, actor: User | None, enrolment: Enrolment, at: datetime) -> None:
    """Give up a place; the first on the waiting list moves up."""
    if enrolment.training_class.status != TrainingClass.Status.OPEN:
        raise Refused(_("The class has begun; ask its manager."))
    with act(actor, "training.cancel_place", enrolment.training_class, at=at, person_id=enrolment.person_id):
        enrolment.status = Enrolment.Status.CANCELLED
        enrolment.save(update_fields=["status"])
        waiting = Enrolment.objects.filter(
            training_class=enrolment.training_class, status=Enrolment.Status.WAITLISTED
        ).order_by("at", "pk")
        first = waiting.first()
        if first:
            first.status = Enrolment.Status.BOOKED
            first.save(update_fields=["status"])


def open_check_in(*, actor: User | None, session: ClassSession, at: datetime) -> ClassSession:
    """Draw a new code for the room's screen; it dies after half an hour or when check-in is closed."""
    training_class = session.training_class
    if training_class.status in (TrainingClass.Status.DONE, TrainingClass.Status.CANCELLED):
        raise Refused(_("This class is over."))
    with act(actor, "training.open_check_in", training_class, at=at, session=session.number):
        session.nonce = secrets.token_urlsafe(12)
        session.check_in_until = at + timedelta(minutes=CHECK_IN_MINUTES)
        session.save(update_fields=["nonce", "check_in_until"])
        TrainingClass.objects.filter(pk=training_class.pk, status=TrainingClass.Status.OPEN).update(
            status=TrainingClass.Status.RUNNING
        )
    return session


def close_check_in(*, actor: User | None, session: ClassSession, at: datetime) -> None:
    """The code on the screen stops working at once."""
    with act(actor, "training.close_check_in", session.training_class, at=at, session=session.number):
        session.nonce, session.check_in_until = "", None
        session.save(update_fields=["nonce", "check_in_until"])


def check_in(*, actor: User | None, session: ClassSession, nonce: str, person: Person, at: datetime) -> Attendance:
    """A learner scans the code. Raises Refused when the code is not the one on the screen now."""
    alive = session.check_in_until is not None and at <= session.check_in_until
    if not (session.nonce and alive and secrets.compare_digest(session.nonce, nonce)):
        raise Refused(_("This code is no longer valid. Scan the code on the screen again."))
    if not booked(session.training_class).filter(person=person).exists():
        raise Refused(_("You are not on the list of this class. Speak to the class manager."))
    return _present(actor, session, [person], Attendance.How.QR, at)[0]


def mark_attendance(
    *, actor: User | None, session: ClassSession, present: Iterable[Person], at: datetime
) -> list[Attendance]:  # fmt: skip
    """The class manager ticks who is there; those not named and ticked by hand before are taken off."""
    people = list(present)
    with act(actor, "training.mark_attendance", session.training_class, at=at, session=session.number):
        Attendance.objects.filter(session=session, how=Attendance.How.MANUAL).exclude(person__in=people).delete()
        return _present(actor, session, people, Attendance.How.MANUAL, at)


def _present(
    actor: User | None, session: ClassSession, people: list[Person], how: str, at: datetime
) -> list[Attendance]:  # fmt: skip
    one = people[0].pk if len(people) == 1 else None
    with act(actor, "training.attend", session.training_class, at=at, person_id=one, how=how, people=len(people)):
        have = set(session.attendances.values_list("person_id", flat=True))
        Attendance.objects.bulk_create(
            Attendance(session=session, person=p, how=how, at=at, recorded_by=actor) for p in people if p.pk not in have
        )
        TrainingClass.objects.filter(pk=session.training_class_id, status=TrainingClass.Status.OPEN).update(
            status=TrainingClass.Status.RUNNING
        )
    return list(Attendance.objects.filter(session=session, person__in=people))


def finish_class(
    *, actor: User | None, framework: Framework, training_class: TrainingClass, at: datetime
) -> TrainingClass:  # fmt: skip
    """End a class; to those who completed it (at least 80% of the tiết) it counts as evidence until re-measured."""
    if training_class.status not in (TrainingClass.Status.OPEN, TrainingClass.Status.RUNNING):
        raise Refused(_("This class has ended already."))
    if not Attendance.objects.filter(session__training_class=training_class).exists():
        raise Refused(_("Nobody's attendance has been recorded yet."))
    with act(actor, "training.finish_class", training_class, at=at) as this:
        completed = _settle(training_class)
        training_class.status, training_class.closed_at = TrainingClass.Status.DONE, at
        training_class.save(update_fields=["status", "closed_at"])
        entries = class_entries(training_class)
        evidence = [
            NewEvidence(row.person, Evidence.Kind.CLASS, f"class:{training_class.pk}", entries, str(training_class))
            for row in completed
        ]
        record_many(actor=actor, framework=framework, evidence=evidence, at=at)
        this.note(completed=len(completed))
    return training_class


def _settle(training_class: TrainingClass) -> list[Enrolment]:
    total = training_class.sessions.aggregate(sum=Sum("tiet"))["sum"] or 0
    rows = Attendance.objects.filter(session__training_class=training_class)
    hours = dict(rows.values_list("person").annotate(sum=Sum("session__tiet")))
    completed = []
    for row in booked(training_class).select_related("person"):
        row.tiet_attended = hours.get(row.person_id, 0)
        if row.tiet_attended >= COMPLETE_SHARE * total:
            row.status = Enrolment.Status.COMPLETED
            completed.append(row)
        else:
            row.status = Enrolment.Status.PARTLY if row.tiet_attended else Enrolment.Status.NO_SHOW
        row.save(update_fields=["tiet_attended", "status"])
    return completed


def class_entries(training_class: TrainingClass) -> list[dict[str, object]]:
    """What the class is believed to change: the catalogue's share on each covered band (see `measurement`)."""
    eff = form_of(training_class.course, training_class.form)["eff"]
    return [
        {"k": c.competence.code, "from": c.from_level, "to": c.to_level, "eff": eff}
        for c in training_class.course.covers.select_related("competence")
    ]


def cancel_class(*, actor: User | None, training_class: TrainingClass, reason: str, at: datetime) -> None:
    """Call a class off; everybody's place is cancelled."""
    if training_class.status not in (TrainingClass.Status.OPEN, TrainingClass.Status.RUNNING):
        raise Refused(_("This class has ended already."))
    if not reason.strip():
        raise Refused(_("Write why the class is called off."), field="reason")
    with act(actor, "training.cancel_class", training_class, at=at, reason=reason):
        training_class.status, training_class.closed_at = TrainingClass.Status.CANCELLED, at
        training_class.save(update_fields=["status", "closed_at"])
        booked(training_class).update(status=Enrolment.Status.CANCELLED)


def open_retest(
    *, actor: User | None, framework: Framework, training_class: TrainingClass, people: Iterable[Person], at: datetime,
    days: int = 60,
) -> Campaign:  # fmt: skip
    """Measure the class's people again, and a comparison group if its people are named too: at most ten items each."""
    if training_class.status != TrainingClass.Status.DONE:
        raise Refused(_("The effect is measured after the class has ended."))
    codes = [c.competence.code for c in training_class.course.covers.select_related("competence")]
    code = f"do-lai-{training_class.code.lower()}"
    with act(actor, "training.open_retest", training_class, at=at):
        campaign = Campaign.objects.filter(code=code).first() or open_campaign(
            actor=actor, at=at,
            campaign=create_campaign(
                actor=actor, code=code, name_vi=f"Đo lại sau lớp {training_class.code}",
                name_en=f"Re-measurement after class {training_class.code}", framework=framework, opens_at=at,
                closes_at=at + timedelta(days=days), at=at, purpose=Campaign.Purpose.RETEST, competences=codes,
                items_min=min(4, RETEST_ITEMS), items_max=RETEST_ITEMS, minutes=20, rule="precision",
            ),
        )  # fmt: skip
        assign(actor=actor, campaign=campaign, people=Person.objects.filter(pk__in=[p.pk for p in people]), at=at)
    return campaign
