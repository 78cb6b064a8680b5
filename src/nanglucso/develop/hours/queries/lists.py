"""Everybody of a scope in a year, and the sums by unit that go into the report."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, F, Q, QuerySet, Sum

from nanglucso.core.days import local_day
from nanglucso.core.scope import Scope
from nanglucso.develop.hours.lawrules import law
from nanglucso.develop.hours.lines import Span
from nanglucso.develop.hours.members import appointments, counting_day, members, regimes_of, unit_regimes
from nanglucso.develop.hours.models import Entry, YearClose, YearCount
from nanglucso.develop.hours.queries.standing import closed
from nanglucso.develop.hours.sums import sums, with_something
from nanglucso.kit.text import fold
from nanglucso.measure.assessments.models import OutsideCertificate
from nanglucso.workforce.people.models import Person, Unit
from nanglucso.workforce.people.queries import place, unit_chain


@dataclass(frozen=True)
class PersonRow:
    """One person of a list; `change`: corrections since the year was closed."""

    person: int
    unit: int
    path: str
    regime: str
    owed: int | None
    tiet: int
    change: int = 0

    @property
    def missing(self) -> int:
        return max(0, (self.owed or 0) - self.tiet - self.change)

    @property
    def state(self) -> str:
        """met | missing | unknown (no figure to hold it against)."""
        if self.owed is None:
            return "unknown"
        return "missing" if self.missing else "met"


def listing(scope: Scope, year: int, at: datetime) -> list[PersonRow]:
    """Everybody of the scope, in name order: from the frozen rows of a closed year, else as counted now."""
    close = closed(year)
    if close:
        return _frozen(scope, close)
    told = law()
    everybody = members(told, counting_day(year, local_day(at)), scope.units("unit__path"))
    found = sums(told, Span(year, at), {one.person: one.regime for one in everybody})
    owed = {regime: _owed(regime, year) for regime in {one.regime for one in everybody}}
    return [
        PersonRow(one.person, one.unit, one.path, one.regime, owed[one.regime], found.get(one.person, 0))
        for one in everybody
    ]


def _owed(regime: str, year: int) -> int | None:
    duty = law().duty(regime, year)
    return duty.tiet if duty else None


def _frozen(scope: Scope, close: YearClose) -> list[PersonRow]:
    late = Entry.objects.filter(year=close.year, after_close=True).order_by().values_list("person")
    change = dict(late.annotate(sum=Sum("tiet")))
    rows = YearCount.objects.filter(scope.units("unit__path"), close=close)
    told = rows.values_list("person_id", "unit_id", "unit__path", "regime", "duty", "tiet")
    return [PersonRow(*one, change.get(one[0], 0)) for one in told]


@dataclass
class TotalRow:
    """People of one regime, how many reached the duty, periods together; `met` None = no figure to hold against."""

    regime: str
    people: int = 0
    met: int | None = 0
    tiet: int = 0

    @property
    def share(self) -> float | None:
        return None if self.met is None or not self.people else self.met / self.people


@dataclass
class UnitTotals:
    """One unit (None: all together) with a row for each regime; `missing`: people who lack periods."""

    unit: Unit | None
    rows: list[TotalRow] = field(default_factory=list)
    corrected: int = 0

    @property
    def people(self) -> int:
        return sum(one.people for one in self.rows)

    @property
    def judged(self) -> int:
        """People whose duty is known."""
        return sum(one.people for one in self.rows if one.met is not None)

    @property
    def met(self) -> int:
        return sum(one.met or 0 for one in self.rows)

    @property
    def missing(self) -> int:
        return self.judged - self.met

    @property
    def tiet(self) -> int:
        return sum(one.tiet for one in self.rows)

    @property
    def share(self) -> float | None:
        return self.met / self.judged if self.judged else None


def _totalled(unit: Unit | None, people: Iterable[PersonRow]) -> UnitTotals:
    """Sums as counted (as frozen in a closed year); corrections are counted apart."""
    rows: dict[str, TotalRow] = {}
    corrected = 0
    for one in people:
        row = rows.setdefault(one.regime, TotalRow(one.regime))
        row.people, row.tiet = row.people + 1, row.tiet + one.tiet
        corrected += bool(one.change)
        if one.owed is None or row.met is None:
            row.met = None
        else:
            row.met += one.tiet >= one.owed
    return UnitTotals(unit, sorted(rows.values(), key=lambda row: row.regime), corrected)


def totals(rows: list[PersonRow], units: Iterable[Unit]) -> tuple[UnitTotals, list[UnitTotals]]:
    """(all together, each of these units with everybody in or below it, least share first)."""
    held: dict[str, list[PersonRow]] = defaultdict(list)
    tops = {unit.path: unit for unit in units}
    for one in rows:
        top = next((one.path[:n] for n in range(len(one.path), 0, -Unit.steplen) if one.path[:n] in tops), None)
        if top is not None:
            held[top].append(one)
    made = [_totalled(tops[path], found) for path, found in held.items()]
    made.sort(key=lambda one: (1.0 if one.share is None else one.share, one.unit.path if one.unit else ""))
    return _totalled(None, rows), made


def outside_waiting(scope: Scope, year: int) -> QuerySet[OutsideCertificate]:
    """Confirmed outside completions of the year that would count if somebody wrote down their periods."""
    rows = OutsideCertificate.objects.filter(
        scope.units("person__unit__path"), issued_on__year=year, rule__in=law().counting_codes, hour_entry=None,
        status=OutsideCertificate.Status.CONFIRMED,
    ).exclude(completion__tiet__gt=0)  # fmt: skip
    return rows.select_related("person__unit").order_by("issued_on", "pk")


@dataclass(frozen=True)
class NamedRow:
    """A row with the person and where they worked on the day that counts.

    `twin`: another of the rows has the same name, position and unit.
    """

    row: PersonRow
    person: Person
    unit: str
    twin: bool = False


def named(rows: list[PersonRow]) -> list[NamedRow]:
    """Names and units of a page of rows, in their order."""
    people = Person.objects.select_related("position").in_bulk([one.person for one in rows])
    chains = unit_chain(Unit.objects.filter(pk__in={one.unit for one in rows}))
    called = [(people[one.person].full_name, people[one.person].position_id, one.unit) for one in rows]
    met = Counter(called)
    return [
        NamedRow(one, people[one.person], place(chains[one.unit]), met[name] > 1)
        for one, name in zip(rows, called, strict=True)
    ]


def named_like(rows: list[PersonRow], text: str) -> list[PersonRow]:
    """Those whose name or staff code holds the text, without marks."""
    if not text.strip():
        return rows
    found = Person.objects.filter(Q(fold__contains=fold(text)) | Q(staff_code__icontains=text.strip()))
    kept = set(found.values_list("pk", flat=True))
    return [one for one in rows if one.person in kept]


def tops() -> list[Unit]:
    """Agencies, communes and wards: the city's children."""
    return list(Unit.objects.filter(depth=2).order_by("path"))


def below(unit: Unit) -> list[Unit]:
    """The units right below one."""
    return list(Unit.objects.filter(path__startswith=unit.path, depth=unit.depth + 1).order_by("path"))


def reached(year: int, at: datetime) -> tuple[int, int]:
    """(people who met the duty, people whose duty is known) in the whole city; without names, for head figures."""
    close = closed(year)
    if close:
        rows = YearCount.objects.filter(close=close).exclude(duty=None)
        return rows.filter(tiet__gte=F("duty")).count(), rows.count()
    told, day = law(), counting_day(year, local_day(at))
    span, by_unit = Span(year, at), unit_regimes(told)
    owed = {regime: _owed(regime, year) for regime in set(by_unit.values())}
    held = appointments(day).order_by().values_list("unit_id").annotate(n=Count("pk"))
    judged, without = 0, 0
    for unit, n in held:
        least = owed[by_unit[unit]]
        judged += n if least is not None else 0
        without += n if least == 0 else 0
    # Only whoever has anything to count is looked at one by one: in a country most of them have nothing yet.
    busy = regimes_of(told, day, with_something(span))
    found = sums(told, span, busy)
    met = sum(found.get(person, 0) >= least for person, regime in busy.items() if (least := owed[regime]))
    return without + met, judged
