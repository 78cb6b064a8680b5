"""Meetings of a unit month by month, as the targets about meetings without paper count them."""

import hashlib
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Count, Q

from nanglucso.core.days import local_day, midnight
from nanglucso.core.scope import Scope
from nanglucso.govern.meetings.models import Meeting
from nanglucso.govern.targets.models import Indicator, Observation
from nanglucso.govern.targets.periods import Period
from nanglucso.govern.targets.shipped import systems
from nanglucso.workforce.people.models import Unit

SYSTEM = "e-cabinet"  # its measure in content/targets/systems.yaml names the targets


@dataclass
class Month:
    """Meetings that ended in a month. `proven`: held without paper and archived, only these count as paperless;
    `seals`: SHA-256 of their archives."""

    period: Period
    held: int = 0
    paperless: int = 0
    seals: list[str] = field(default_factory=list)

    @property
    def proven(self) -> int:
        return len(self.seals)

    @property
    def value(self) -> Decimal:
        """Percent of the meetings held, two places."""
        return (Decimal(100 * self.proven) / self.held).quantize(Decimal("0.01"))

    @property
    def seal(self) -> str:
        """SHA-256 of the archives' SHA-256 in order: what a figure was proven by, in one line."""
        return hashlib.sha256("".join(sorted(self.seals)).encode()).hexdigest()


def months(unit: Unit, year: int) -> list[Month]:
    """Months of a year in which a unit or one below it ended a meeting, the newest first."""
    first, behind = midnight(date(year, 1, 1)), midnight(date(year, 12, 31) + timedelta(days=1))
    rows = Meeting.objects.filter(Scope(paths=(unit.path,)).units("unit__path"), status=Meeting.Status.CLOSED)
    rows = rows.filter(closed_at__gte=first, closed_at__lt=behind).order_by()
    rows = rows.annotate(n=Count("papers", filter=Q(papers__withdrawn_at=None)))
    made: dict[int, Month] = {}
    for closed, sheets, papers, seal in rows.values_list("closed_at", "sheets_printed", "n", "archive__file__sha256"):
        assert closed is not None  # by the filter
        number = local_day(closed).month
        one = made.setdefault(number, Month(Period(year, "M", number)))
        one.held += 1
        if sheets == 0 and papers:
            one.paperless += 1
            one.seals += [seal] if seal else []
    return [made[number] for number in sorted(made, reverse=True)]


def fed(unit: Unit) -> list[Indicator]:
    """Targets that such a figure of the unit is a figure of, in their order; none deeper than right below the city."""
    if unit.depth > 2:
        return []
    codes = {code for one in systems()[SYSTEM].counted for code in one.indicators}
    return [one for one in Indicator.objects.filter(code__in=codes) if one.countable and one.fits(unit)]


def written(unit: Unit, indicators: list[Indicator]) -> dict[str, list[Observation]]:
    """Figures that count of these targets, by the code of their period."""
    found: dict[str, list[Observation]] = {}
    rows = Observation.objects.filter(unit=unit, indicator__in=indicators, ended_at=None)
    for row in rows.select_related("indicator").order_by("indicator__number"):
        found.setdefault(row.period, []).append(row)
    return found
