"""The report on the yearly duty of periods: of the viewer's units with names, or of the whole city by unit."""

from collections.abc import Iterable
from datetime import datetime

from nanglucso.core.days import local_day
from nanglucso.core.scope import Scope
from nanglucso.develop.hours import queries
from nanglucso.develop.hours.lawrules import Duty, law
from nanglucso.develop.hours.models import Entry
from nanglucso.develop.hours.queries import PersonRow, UnitTotals
from nanglucso.govern.reports.documents.content import OfficialDocument
from nanglucso.govern.reports.documents.hours_report import (
    CorrectionLine,
    GroupLine,
    HoursFigures,
    PersonLine,
    hours_report,
)
from nanglucso.govern.reports.documents.wording import wording
from nanglucso.workforce.people.models import Person, Unit


def hours_document(scope: Scope, year: int, *, names: bool, at: datetime) -> OfficialDocument:
    """The report as a document; `names`: whether the people stand in it (never in the city's)."""
    rows = queries.listing(scope, year, at)
    own = None if scope.everything else Unit.objects.filter(scope.units("path")).order_by("path").first()
    units = queries.tops() if own is None else queries.below(own)
    whole, parts = queries.totals(rows, units)
    close = queries.closed(year)
    named = names and own is not None
    late = queries.corrections(year)
    if own:
        late = late.filter(person__in=[row.person for row in rows])
    return hours_report(
        HoursFigures(
            year=year, day=local_day(at), unit=own.name if own else "", rules=close.rules if close else law().version,
            made_up=Person.objects.filter(made_up=True).exists(),
            closed_on=local_day(close.closed_at) if close else None,
            duties=_duties(whole, year), unclear=[one["vi"] for one in law().unclear], groups=_groups(whole, year),
            units=[_unit(one) for one in parts], people=_people(rows) if named else (),
            corrections=_late(late) if named else (), corrected=late.count(),
        )
    )  # fmt: skip


def _duties(whole: UnitTotals, year: int) -> list[Duty]:
    found = (law().duty(row.regime, year) for row in whole.rows)
    return [duty for duty in found if duty]


def _groups(whole: UnitTotals, year: int) -> list[GroupLine]:
    names = wording("hours_report")["regime_names"]
    duties = {duty.regime: duty.tiet for duty in _duties(whole, year)}
    return [
        GroupLine(names.get(row.regime, row.regime), row.people, row.met, row.tiet, duties.get(row.regime))
        for row in whole.rows
    ]


def _unit(one: UnitTotals) -> GroupLine:
    met = one.met if one.judged else None
    return GroupLine(one.unit.name if one.unit else "", one.judged or one.people, met, one.tiet)


def _people(rows: list[PersonRow]) -> list[PersonLine]:
    return [
        PersonLine(
            one.person.full_name, one.unit, one.person.position.name if one.person.position else "", one.row.regime,
            one.row.tiet, None if one.row.owed is None else max(0, one.row.owed - one.row.tiet),
        )
        for one in queries.named(rows)
    ]  # fmt: skip


def _late(rows: Iterable[Entry]) -> list[CorrectionLine]:
    return [CorrectionLine(one.person.full_name, local_day(one.entered_at), one.tiet, one.document) for one in rows]
