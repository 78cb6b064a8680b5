"""A year is closed once; what it says then never changes."""

from collections.abc import Callable
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.days import local_day
from nanglucso.core.jobs import enqueue
from nanglucso.core.models import Job, User
from nanglucso.core.refusals import Refused
from nanglucso.develop.hours.lawrules import LawRules, law
from nanglucso.develop.hours.lines import Lines, Span
from nanglucso.develop.hours.members import Member, members
from nanglucso.develop.hours.models import YearClose, YearCount
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
    """Freeze everybody of 31 December with every line; `tell(done, total)` reports progress. Raises Refused."""
    told = law()
    with act(actor, "hours.close", at=at, year=year) as this:
        _check(year, at)
        this.subject = close = YearClose.objects.create(year=year, closed_by=actor, closed_at=at, rules=told.version)
        everybody = members(told, date(year, 12, 31))
        names = dict(Unit.objects.values_list("pk", "name"))
        for start in range(0, len(everybody), AT_ONCE):
            some = everybody[start : start + AT_ONCE]
            YearCount.objects.bulk_create(_counts(told, close, some, names))
            tell(start + len(some), len(everybody))
        this.note(people=len(everybody), rules=told.version)
    return close


def _counts(told: LawRules, close: YearClose, some: list[Member], names: dict[int, str]) -> list[YearCount]:
    found = Lines(told, Span(close.year, close.closed_at), {one.person: one.regime for one in some})
    made = []
    for one in some:
        lines, duty = found.of(one.person), told.duty(one.regime, close.year)
        made.append(
            YearCount(
                close=close, person_id=one.person, unit_id=one.unit, unit_name=names[one.unit], regime=one.regime,
                duty=duty.tiet if duty else None, tiet=sum(line.tiet for line in lines),
                lines=[line.as_json() for line in lines],
            )
        )  # fmt: skip
    return made
