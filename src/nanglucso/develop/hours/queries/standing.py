"""One person in one year: as counted today, or as the closed year says, with the corrections made since."""

from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import QuerySet

from nanglucso.core.days import local_day
from nanglucso.develop.hours.lawrules import Duty, law
from nanglucso.develop.hours.lines import Line, Lines, Span
from nanglucso.develop.hours.members import Regimes, counting_day
from nanglucso.develop.hours.models import Entry, YearClose, YearCount
from nanglucso.workforce.people.models import Person
from nanglucso.workforce.people.queries_units import place_on


@dataclass(frozen=True)
class Standing:
    """`tiet` as counted (as frozen in a closed year), `corrected` with what was entered since; `ahead`: periods of
    booked classes still to come in the year. `owed` None = the figure of the law is not known."""

    year: int
    regime: str
    duty: Duty | None
    owed: int | None
    tiet: int
    lines: list[Line]
    ahead: int = 0
    close: YearClose | None = None
    corrections: list[Entry] = field(default_factory=list)

    @property
    def change(self) -> int:
        """What corrections add up to."""
        return sum(one.tiet for one in self.corrections)

    @property
    def corrected(self) -> int:
        return self.tiet + self.change

    @property
    def missing(self) -> int:
        """Periods still owed; 0 when there is no figure."""
        return max(0, (self.owed or 0) - self.corrected)

    @property
    def uncovered(self) -> int:
        """What is missing even when every booked class is attended."""
        return max(0, self.missing - self.ahead)

    @property
    def counted(self) -> list[Line]:
        return [one for one in self.lines if one.tiet]

    @property
    def left_out(self) -> list[Line]:
        """Lines of which nothing counts, or not all."""
        return [one for one in self.lines if one.tiet < one.of or not one.tiet]


def years(at: datetime) -> list[int]:
    """Years with a duty, newest first."""
    return list(range(local_day(at).year, law().first_year - 1, -1))


def closed(year: int) -> YearClose | None:
    """The closing of a year, None while it is open."""
    return YearClose.objects.select_related("closed_by").filter(year=year).first()


def corrections(year: int) -> QuerySet[Entry]:
    """Corrections made after the year was closed, oldest first."""
    return Entry.objects.filter(year=year, after_close=True).select_related("entered_by", "person")


def standing(person: Person, year: int, at: datetime) -> Standing:
    """One person's year."""
    close = closed(year)
    row = YearCount.objects.filter(close=close, person=person).first() if close else None
    if close and row:
        return _frozen(close, row, year)
    told, regime = law(), _regime(person, counting_day(year, local_day(at)))
    found = Lines(told, Span(year, at), {person.pk: regime})
    duty = told.duty(regime, year)
    lines = found.of(person.pk)
    late = list(corrections(year).filter(person=person)) if close else []
    return Standing(
        year, regime, duty, duty.tiet if duty else None, sum(one.tiet for one in lines), lines, found.ahead[person.pk],
        close, late,
    )  # fmt: skip


def _frozen(close: YearClose, row: YearCount, year: int) -> Standing:
    lines = [Line(**told) for told in row.lines]
    late = list(corrections(year).filter(person=row.person_id))
    return Standing(year, row.regime, law().duty(row.regime, year), row.duty, row.tiet, lines, 0, close, late)


def _regime(person: Person, day: date) -> str:
    found = place_on(person, day)
    unit = found.unit if found else person.unit
    return Regimes(law()).of(unit.path if unit else "")
