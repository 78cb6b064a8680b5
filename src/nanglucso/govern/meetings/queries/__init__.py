"""Nouns of meetings: every list is cut to the meetings that the viewer is invited to or called."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, F, Q, QuerySet, Sum

from nanglucso.core.days import midnight
from nanglucso.core.models import User
from nanglucso.core.scope import EVERYTHING, Scope
from nanglucso.govern.meetings.models import Attendee, Conclusion, Meeting, Note, Paper, Speech
from nanglucso.kit.text import fold
from nanglucso.workforce.people.models import Person
from nanglucso.workforce.people.queries import StaffFilter, staff

CAME_OR_COMES = ~Q(answer=Attendee.Answer.SENDS)


def visible(user: User, person: Person | None) -> QuerySet[Meeting]:
    """Meetings that a viewer may open: made or run by them, and those they are invited to, once called."""
    mine = Q(created_by=user)
    if person:
        invited = Attendee.objects.filter(person=person)
        running = invited.filter(role__in=(Attendee.Role.CHAIR, Attendee.Role.SECRETARY))
        told = Q(pk__in=invited.values("meeting")) & ~Q(status=Meeting.Status.DRAFT)
        mine |= told | Q(pk__in=running.values("meeting"))
    return Meeting.objects.filter(mine).select_related("unit", "created_by")


def coming(rows: QuerySet[Meeting]) -> QuerySet[Meeting]:
    """Those not over yet, the next first."""
    live = (Meeting.Status.DRAFT, Meeting.Status.CALLED, Meeting.Status.RUNNING)
    return rows.filter(status__in=live).order_by("starts_at")


def over(rows: QuerySet[Meeting]) -> QuerySet[Meeting]:
    """Those that are over, the latest first."""
    return rows.filter(status__in=(Meeting.Status.CLOSED, Meeting.Status.CANCELLED)).order_by("-starts_at")


def unanswered(person: Person, at: datetime) -> QuerySet[Attendee]:
    """Invitations to meetings that have not begun and wait for this person's answer."""
    rows = Attendee.objects.filter(person=person, answer="", meeting__status=Meeting.Status.CALLED)
    return rows.filter(meeting__starts_at__gt=at).exclude(role__in=(Attendee.Role.CHAIR, Attendee.Role.SECRETARY))


def seats(meeting: Meeting) -> list[Attendee]:
    """Everybody invited, chair and secretary first, then in name order."""
    order = {Attendee.Role.CHAIR: 0, Attendee.Role.SECRETARY: 1}
    rows = meeting.attendees.select_related("person__unit", "person__position", "delegate_for__person")
    return sorted(rows, key=lambda one: (order.get(one.role, 2), one.person.sort_key, one.pk))  # type: ignore[call-overload]


def expected(meeting: Meeting) -> QuerySet[Attendee]:
    """Who should be in the room: invited and represented by nobody else."""
    return meeting.attendees.filter(CAME_OR_COMES)


def present(meeting: Meeting) -> QuerySet[Attendee]:
    """Who is in the room now."""
    return expected(meeting).filter(checked_in_at__isnull=False, checked_out_at=None)


def papers(meeting: Meeting) -> QuerySet[Paper]:
    """Papers that are handed out, in their order."""
    return meeting.papers.filter(withdrawn_at=None).select_related("file", "item")


def notes(paper: Paper, person: Person) -> QuerySet[Note]:
    """One reader's own notes; there is no query for anybody else's."""
    return paper.notes.filter(person=person)


def line(meeting: Meeting) -> QuerySet[Speech]:
    """The speaking list as it stands: who speaks, then who waits."""
    rows = meeting.speeches.filter(done_at=None, taken_back_at=None).select_related("attendee__person__unit", "item")
    return rows.order_by(F("called_at").asc(nulls_last=True), "turn")


def spoken(meeting: Meeting) -> QuerySet[Speech]:
    """Who has spoken, in order."""
    rows = meeting.speeches.exclude(done_at=None).select_related("attendee__person__unit", "item")
    return rows.order_by("called_at")


def candidates(meeting: Meeting, text: str, limit: int = 30) -> list[Person]:
    """People who can be invited: those of the meeting's unit and below, and heads of every unit of the city."""
    invited = Attendee.objects.filter(meeting=meeting).values("person")
    own = staff(scope=Scope(paths=(meeting.unit.path,)), wanted=StaffFilter(text=text)).exclude(pk__in=invited)
    heads = staff(scope=EVERYTHING, wanted=StaffFilter()).filter(position__family__is_head=True)
    wanted = fold(text)
    heads = heads.filter(Q(fold__contains=wanted) | Q(unit__fold__contains=wanted)).exclude(pk__in=invited)
    found = {person.pk: person for rows in (own[:limit], heads[:limit]) for person in rows}
    return list(found.values())[:limit]


def stand_ins(seat: Attendee) -> QuerySet[Person]:
    """Who may stand in for an invited person: people of the same unit and below who are not invited themselves."""
    unit = seat.person.unit
    if unit is None:
        return Person.objects.none()
    invited = Attendee.objects.filter(meeting=seat.meeting).values("person")
    rows = staff(scope=Scope(paths=(unit.path,)), wanted=StaffFilter())
    return rows.exclude(pk__in=invited)


def person_named(text: str, scope: Scope) -> Person | None:
    """The one working person of the scope with this staff code or name; None when there is none or several."""
    rows = Person.objects.filter(scope.units("unit__path"), active=True)
    code = text.split("·", maxsplit=1)[0].strip()
    found = rows.filter(staff_code__iexact=code).first() if code else None
    if found:
        return found
    same = list(rows.filter(fold=fold(text))[:2])
    return same[0] if len(same) == 1 else None


def conclusions(meeting: Meeting) -> QuerySet[Conclusion]:
    """The tasks of one meeting."""
    return meeting.conclusions.select_related("unit", "owner", "item").order_by("number")


def tasks(user: User, person: Person | None) -> QuerySet[Conclusion]:
    """Tasks that concern a viewer: their own, and those of meetings that they run."""
    mine = Q(meeting__created_by=user)
    if person:
        running = Attendee.objects.filter(person=person, role__in=(Attendee.Role.CHAIR, Attendee.Role.SECRETARY))
        mine |= Q(owner=person) | Q(meeting__in=running.values("meeting"))
    return Conclusion.objects.filter(mine).select_related("meeting", "unit", "owner")


def waiting_tasks(person: Person) -> QuerySet[Conclusion]:
    """A person's own tasks that are still open."""
    return Conclusion.objects.filter(owner=person, status=Conclusion.Status.OPEN)


@dataclass(frozen=True)
class PaperlessFigures:
    """Meetings held in a period by the units of a scope. `sheets_saved`: pages × people who would have got a copy."""

    held: int
    paperless: int
    papers: int
    pages: int
    sheets_saved: int
    sheets_printed: int
    tasks: int
    tasks_done: int
    tasks_late: int

    @property
    def share(self) -> float | None:
        """Paperless meetings in percent of those held; None when none was held."""
        return 100 * self.paperless / self.held if self.held else None


def paperless_figures(scope: Scope, period: tuple[date, date], *, day: date) -> PaperlessFigures:
    """Figures of the meetings that ended from the first to the last day of `period`, both inclusive; `day`: today.

    A meeting is paperless when its papers were handed out here and no sheet was printed (`sheets_printed` is 0).
    A sheet saved is a page (printed on one side) of a paper for one person expected, less the sheets printed.
    """
    first, behind = midnight(period[0]), midnight(period[1] + timedelta(days=1))
    rows = Meeting.objects.filter(scope.units("unit__path"), status=Meeting.Status.CLOSED)
    rows = rows.filter(closed_at__gte=first, closed_at__lt=behind).order_by()
    alive = Q(papers__withdrawn_at=None)
    pages = dict(rows.values_list("pk").annotate(n=Sum("papers__pages", filter=alive)))
    counts = dict(rows.values_list("pk").annotate(n=Count("papers", filter=alive)))
    heads = dict(rows.values_list("pk").annotate(n=Count("attendees", filter=~Q(attendees__answer="sends"))))
    printed = dict(rows.values_list("pk", "sheets_printed"))
    given = Conclusion.objects.filter(meeting__in=rows.values("pk"))
    late = given.filter(status=Conclusion.Status.OPEN, due_on__lt=day)
    return PaperlessFigures(
        held=len(printed),
        paperless=sum(sheets == 0 and counts[pk] > 0 for pk, sheets in printed.items()),
        papers=sum(counts.values()),
        pages=sum(one or 0 for one in pages.values()),
        sheets_saved=sum(max((pages[pk] or 0) * heads[pk] - (printed[pk] or 0), 0) for pk in printed),
        sheets_printed=sum(one or 0 for one in printed.values()),
        tasks=given.count(),
        tasks_done=given.filter(status=Conclusion.Status.DONE).count(),
        tasks_late=late.count(),
    )
