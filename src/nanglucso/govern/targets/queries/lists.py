"""Targets with their verdict for one unit, and one target's figures."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from nanglucso.core.days import local_day
from nanglucso.core.scope import Scope
from nanglucso.govern.targets.judging import NO_DATA, UNREAD
from nanglucso.govern.targets.models import FigureImport, Indicator, Observation, Series
from nanglucso.govern.targets.queries.standing import status_of
from nanglucso.workforce.people.models import Unit


@dataclass(frozen=True)
class Row:
    """A target and where it stands in the unit looked at; `status` "" for one that is no longer in force."""

    indicator: Indicator
    series: Series | None
    status: str


def own_unit(scope: Scope) -> Unit | None:
    """The top of a scope: the city, or the viewer's own unit."""
    return Unit.objects.filter(scope.units(), until=None).order_by("path").first()


def rows(scope: Scope, at: datetime) -> list[Row]:
    """Every target, with the figures of the top of the scope."""
    unit, today = own_unit(scope), local_day(at)
    found = Series.objects.filter(unit=unit).select_related("indicator") if unit else Series.objects.none()
    known = {row.indicator_id: row for row in found}
    made = []
    for one in Indicator.objects.select_related("responsible"):
        series = known.get(one.pk)
        told = status_of(series, today) if series else NO_DATA if one.judged else UNREAD
        made.append(Row(one, series, told if one.in_force else ""))
    return made


def figures(indicator: Indicator, scope: Scope) -> QuerySet[Observation]:
    """Figures that count, of the units of the scope, newest first."""
    rows = Observation.objects.filter(scope.units("unit__path"), indicator=indicator, ended_at=None)
    return rows.select_related("unit", "entered_by", "file").order_by("-day", "unit__path")


def units_for(indicator: Indicator, scope: Scope) -> QuerySet[Unit]:
    """Units of the scope whose figures of the indicator may be written down: the city or agencies, communes."""
    kinds = (Unit.Kind.COMMUNE, Unit.Kind.WARD)
    rows = Unit.objects.filter(scope.units(), until=None, depth__lte=2).order_by("path")
    if "province" not in indicator.levels:
        rows = rows.filter(kind__in=kinds)
    return rows if "commune" in indicator.levels else rows.exclude(kind__in=kinds)


def points(indicator: Indicator, unit: Unit | None) -> list[tuple[date, float]]:
    """Figures of one unit that count, oldest first."""
    rows = Observation.objects.filter(indicator=indicator, unit=unit, ended_at=None).order_by("day", "pk")
    return [(day, float(value)) for day, value in rows.values_list("day", "value")] if unit else []


def imports() -> QuerySet[FigureImport]:
    """Files read, newest first."""
    return FigureImport.objects.select_related("read_by", "file")
