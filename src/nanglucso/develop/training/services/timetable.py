"""When a class meets: half days on which both its room and its lecturer are free."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nanglucso.core.refusals import Refused
from nanglucso.develop.plans.models import Lecturer, Venue
from nanglucso.develop.plans.teaching import working_days
from nanglucso.develop.training.models import ClassSession, Enrolment, TrainingClass
from nanglucso.develop.training.queries import LIVE, form_of

LOCAL = timezone(timedelta(hours=7))
SESSION_HOURS = 3.5
MORNING, AFTERNOON = time(7, 30), time(13, 30)
Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Taken:
    """Spans in which the room, and in which the lecturer, is busy with other classes."""

    room: list[Span]
    lecturer: list[Span]

    def free(self, span: Span, in_room: bool) -> bool:
        """Whether a session could be held then; one without a room asks for the lecturer only."""
        busy = [*self.lecturer, *(self.room if in_room else ())]
        return not any(start < span[1] and span[0] < end for start, end in busy)


def room_numbers(row: TrainingClass) -> set[int]:
    """Numbers of the sessions that are held in the class's room; the others of a blended class are held online."""
    if row.venue_id is None:
        return set()
    form, found, number = form_of(row.course, row.form), set(), 0
    for taught, housed in zip(form["lect_buoi"], form["room_buoi"], strict=True):
        found |= {number + i + 1 for i in range(min(taught, housed))}
        number += taught
    return found


def clashing(row: TrainingClass, span: Span, in_room: bool, but: int | None = None) -> list[ClassSession]:
    """Sessions of classes not called off that hold this class's lecturer, or its room, in the span."""
    same = Q(training_class__lecturer=row.lecturer_id) if row.lecturer_id else Q(pk=None)
    if in_room:
        same |= Q(training_class__venue=row.venue_id)
    rows = (
        ClassSession.objects.filter(same, starts_at__lt=span[1], ends_at__gt=span[0])
        .exclude(training_class__status=TrainingClass.Status.CANCELLED)
        .exclude(pk=but or 0)
        .select_related("training_class__course", "training_class__venue", "training_class__lecturer")
    )
    return [one for one in rows if _holds(one, row)]


def _holds(session: ClassSession, row: TrainingClass) -> bool:
    other = session.training_class
    if row.lecturer_id and other.lecturer_id == row.lecturer_id:
        return True
    return session.number in room_numbers(other)


def _taken(row: TrainingClass, whole: Span) -> Taken:
    rows = clashing(row, whole, in_room=row.venue_id is not None)
    spans = [(one, (one.starts_at, one.ends_at)) for one in rows]
    return Taken(
        [span for one, span in spans
         if one.training_class.venue_id == row.venue_id and one.number in room_numbers(one.training_class)],
        [span for one, span in spans if row.lecturer_id and one.training_class.lecturer_id == row.lecturer_id],
    )  # fmt: skip


def half_days(monday: date) -> Iterator[Span]:
    """Mornings and afternoons of a week's working days, then of its Saturday and Sunday."""
    for day in [*working_days(monday), monday + timedelta(days=5), monday + timedelta(days=6)]:
        for hour in (MORNING, AFTERNOON):
            start = datetime.combine(day, hour, LOCAL).astimezone(UTC)
            yield start, start + timedelta(hours=SESSION_HOURS)


def spans_of(row: TrainingClass, mondays: Sequence[date], buoi: Sequence[int]) -> list[Span]:
    """Times of the sessions, `buoi[i]` of them in the week of `mondays[i]`, each on the first half day that is free.

    A week whose working days do not suffice goes on with its Saturday. Raises Refused when a week has too few.
    """
    made: list[Span] = []
    housed = room_numbers(row)
    for monday, number in zip(mondays, buoi, strict=True):
        open_days = list(half_days(monday))
        taken, wanted = _taken(row, (open_days[0][0], open_days[-1][1])) if number else Taken([], []), number
        for span in open_days:
            if not wanted:
                break
            if taken.free(span, len(made) + 1 in housed):
                made.append(span)
                wanted -= 1
        if wanted:
            raise Refused(_no_room(row, monday, number, number - wanted))
    return made


def _no_room(row: TrainingClass, monday: date, wanted: int, found: int) -> object:
    told = {
        "day": f"{monday:%d/%m/%Y}", "wanted": wanted, "found": found,
        "who": ", ".join(str(one) for one in (row.venue, row.lecturer) if one),
    }  # fmt: skip
    return (
        _(
            "In the week of %(day)s %(who)s have only %(found)s of the %(wanted)s half days free that this class "
            "needs: move sessions of another class first."
        )
        % told
    )


def refuse_clash(row: TrainingClass, session: ClassSession, span: Span) -> None:
    """Raises Refused, naming the other class, when its room, lecturer or a learner is not free in the span."""
    _refuse_learners(row, span)
    found = clashing(row, span, session.number in room_numbers(row), but=session.pk)
    if not found:
        return
    other = found[0].training_class
    same: Lecturer | Venue | None = row.lecturer if other.lecturer_id == row.lecturer_id else row.venue
    text = _("%(what)s is taken then by class %(code)s, session %(number)s: choose another time.")
    raise Refused(text % {"what": same, "code": other.code, "number": found[0].number}, field="starts_at")


def _refuse_learners(row: TrainingClass, span: Span) -> None:
    """Learners who sit in another class then: the first of them is named with the class."""
    people = row.enrolments.filter(status=Enrolment.Status.BOOKED).values("person")
    others = Enrolment.objects.filter(
        person__in=people, status=Enrolment.Status.BOOKED, training_class__status__in=LIVE,
        training_class__sessions__starts_at__lt=span[1], training_class__sessions__ends_at__gt=span[0],
    ).exclude(training_class=row)  # fmt: skip
    found = list(others.select_related("person", "training_class").order_by("person__sort_key").distinct())
    if found:
        told = {"n": len(found), "name": found[0].person.full_name, "code": found[0].training_class.code}
        text = _("%(n)s learners are in another class then, for example %(name)s in %(code)s: choose another time.")
        raise Refused(text % told, field="starts_at")
