"""The class itself: moved, settled, finished or called off."""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.develop.training.models import Attendance, ClassNotice, ClassSession, Enrolment, TrainingClass
from nanglucso.develop.training.queries import booked, form_of
from nanglucso.develop.training.services import money
from nanglucso.develop.training.services.changing import change, hold_class
from nanglucso.develop.training.services.timetable import LOCAL, refuse_clash
from nanglucso.develop.training.signup import WAITING, Side, State
from nanglucso.measure.profiles.models import Evidence
from nanglucso.measure.profiles.services import NewEvidence, record_many
from nanglucso.workforce.framework.models import Framework

COMPLETE_SHARE = 0.8


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
        _tell_moved(row, session, at)
    return session


def _tell_moved(row: TrainingClass, session: ClassSession, at: datetime) -> None:
    ClassNotice.objects.bulk_create(
        ClassNotice(person_id=pk, training_class=row, kind=ClassNotice.MOVED, session=session, at=at)
        for pk in booked(row).values_list("person_id", flat=True)
    )


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
        hold_class(training_class.pk)
        completed = _settle(actor, training_class, at)
        _close(actor, training_class, TrainingClass.Status.DONE, at)
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


def _close(actor: User | None, training_class: TrainingClass, status: str, at: datetime, reason: str = "") -> None:
    """The class is over: its codes die, and whoever still waited for a place waits no longer."""
    training_class.status, training_class.closed_at = status, at
    training_class.save(update_fields=["status", "closed_at"])
    training_class.sessions.update(nonce="", check_in_until=None)
    left = [State.BOOKED, *WAITING] if status == TrainingClass.Status.CANCELLED else WAITING
    places = list(training_class.enrolments.filter(status__in=left).select_related("training_class"))
    change(actor=actor, places=places, verbs=["cancel"], side=Side.CITY, at=at, reason=reason)


def _settle(actor: User | None, training_class: TrainingClass, at: datetime) -> list[Enrolment]:
    """Everybody who holds a place gets a result from the tiết attended; returns who completed the class."""
    total = training_class.sessions.aggregate(sum=Sum("tiet"))["sum"] or 0
    rows = Attendance.objects.filter(session__training_class=training_class)
    hours = dict(rows.values_list("person").annotate(sum=Sum("session__tiet")))
    found: dict[str, list[Enrolment]] = {"complete": [], "attend_partly": [], "miss": []}
    for row in booked(training_class).select_related("person", "training_class"):
        row.tiet_attended = hours.get(row.person_id, 0)
        enough = row.tiet_attended and row.tiet_attended >= COMPLETE_SHARE * total
        found["complete" if enough else "attend_partly" if row.tiet_attended else "miss"].append(row)
    for verb, places in found.items():
        change(actor=actor, places=places, verbs=[verb], side=Side.CITY, at=at)
        Enrolment.objects.bulk_update(places, ["tiet_attended"])
    return found["complete"]


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
        hold_class(training_class.pk)
        _close(actor, training_class, TrainingClass.Status.CANCELLED, at, reason)
        money.release(actor=actor, training_class=training_class, reason=reason, at=at)


def note_export(
    *, actor: User | None, what: str, rows: int, at: datetime, training_class: TrainingClass | None = None,
    asked: str = "",
) -> None:  # fmt: skip
    """Leave a trace that a list of people or classes left the system."""
    with act(actor, "training.export", training_class, at=at, what=what, rows=rows, asked=asked):
        return
