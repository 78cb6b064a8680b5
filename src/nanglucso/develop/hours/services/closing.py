"""A year is closed once; what it says then never changes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.days import local_day
from nanglucso.core.jobs import enqueue
from nanglucso.core.models import Job, User
from nanglucso.core.refusals import Refused
from nanglucso.develop.hours.lawrules import LawRules, law
from nanglucso.develop.hours.lines import Lines, Span
from nanglucso.develop.hours.members import Member, members
from nanglucso.develop.hours.models import Entry, YearClose, YearCount
from nanglucso.develop.training.models import Attendance
from nanglucso.measure.assessments.models import OutsideCertificate
from nanglucso.workforce.people.models import Unit

AT_ONCE = 500


def _check(year: int, at: datetime) -> None:
    if local_day(at) <= date(year, 12, 31):
        raise Refused(_("A year is closed after 31 December: until then classes still count."))
    if year < law().first_year:
        raise Refused(_("There is no duty of periods for that year."))
    if YearClose.objects.filter(year=year).exists():
        raise Refused(_("This year is closed already."))


def ask_close(*, actor: User | None, year: int, at: datetime) -> Job:
    """Queue the closing of a year. Raises Refused at once when it cannot be closed."""
    _check(year, at)
    with act(actor, "hours.ask_close", at=at, year=year):
        return enqueue("hours.close", actor=actor, at=at, year=year)


def close_year(
    *, actor: User | None, year: int, at: datetime, tell: Callable[[int, int], None] = lambda done, total: None
) -> YearClose:
    """Freeze everybody of 31 December with every line; `tell(done, total)` reports progress. Raises Refused.

    Everybody is counted before the write turn, which others wait for; inside it only whoever changed meanwhile is
    counted again and the rows are kept.
    """
    _check(year, at)
    told, everybody, mark = law(), members(law(), date(year, 12, 31)), _Mark.now()
    span, names = Span(year, at), dict(Unit.objects.values_list("pk", "name"))
    rows: list[YearCount] = []
    for start in range(0, len(everybody), AT_ONCE):
        rows += _counts(told, span, everybody[start : start + AT_ONCE], names)
        tell(len(rows), len(everybody))
    with act(actor, "hours.close", at=at, year=year) as this:
        _check(year, at)
        this.subject = close = YearClose.objects.create(year=year, closed_by=actor, closed_at=at, rules=told.version)
        late = mark.touched_since()
        rows = [row for row in rows if row.person_id not in late]
        rows += _counts(told, span, [one for one in everybody if one.person in late], names)
        for row in rows:
            row.close = close
        YearCount.objects.bulk_create(rows, batch_size=AT_ONCE)
        this.note(people=len(rows), rules=told.version)
    return close


@dataclass(frozen=True)
class _Mark:
    """How far the records had come: the last attendance and entry, and which certificates stood how."""

    attendance: int
    entry: int
    certificates: frozenset[tuple[int, str]]

    @classmethod
    def now(cls) -> "_Mark":
        return cls(_last(Attendance), _last(Entry), frozenset(OutsideCertificate.objects.values_list("pk", "status")))

    def touched_since(self) -> set[int]:
        """People with something new."""
        certificates = OutsideCertificate.objects.values_list("pk", "status", "person_id")
        people = {person for pk, status, person in certificates if (pk, status) not in self.certificates}
        people |= set(Attendance.objects.filter(pk__gt=self.attendance).values_list("person_id", flat=True))
        return people | set(Entry.objects.filter(pk__gt=self.entry).values_list("person_id", flat=True))


def _last(model: type[Attendance] | type[Entry]) -> int:
    return int(model.objects.order_by().aggregate(last=Max("pk"))["last"] or 0)


def _counts(told: LawRules, span: Span, some: list[Member], names: dict[int, str]) -> list[YearCount]:
    found = Lines(told, span, {one.person: one.regime for one in some})
    made = []
    for one in some:
        lines, duty = found.of(one.person), told.duty(one.regime, span.year)
        made.append(
            YearCount(
                person_id=one.person, unit_id=one.unit, unit_name=names[one.unit], regime=one.regime,
                duty=duty.tiet if duty else None, tiet=sum(line.tiet for line in lines),
                lines=[line.as_json() for line in lines],
            )
        )  # fmt: skip
    return made
