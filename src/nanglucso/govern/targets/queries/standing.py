"""What is late and whose, and the whole in five numbers."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Q, QuerySet

from nanglucso.core.days import local_day
from nanglucso.core.scope import EVERYTHING, Scope
from nanglucso.govern.targets.judging import AT_RISK, LATE, ON_TRACK, WORDS, Known, word
from nanglucso.govern.targets.models import Indicator, Series
from nanglucso.workforce.people.models import Unit


@dataclass(frozen=True)
class LateTarget:
    """A target that is late, or at risk of being: whose figure (`unit`), who answers for it, where it stands.

    `goal`, `value`, `low`, `mean`, `high` in the measure's own unit (`measure`: its words, "%" for shares); low to
    high is the 90% interval of the value on the last day (`due`), None where too few figures are known. `status`:
    late | at_risk. `days`: days since the last day, 0 while it is ahead.
    """

    code: str
    name: str
    document: str
    measure: str
    unit_id: int
    unit: str
    responsible: str
    goal: Decimal
    value: Decimal
    value_day: date
    due: date | None
    low: float | None
    mean: float | None
    high: float | None
    status: str
    days: int


@dataclass(frozen=True)
class TargetSummary:
    """How many targets in force of a scope stand where; `unread`: their figure was not read or is a duty."""

    on_track: int = 0
    at_risk: int = 0
    late: int = 0
    no_data: int = 0
    unread: int = 0

    @property
    def judged(self) -> int:
        return self.on_track + self.at_risk + self.late


def judged(scope: Scope) -> QuerySet[Series]:
    """Series of targets in force of units that still exist: inside the scope, or answered for by them."""
    rows = Series.objects.filter(indicator__status=Indicator.Status.IN_FORCE, unit__until=None)
    rows = rows.exclude(indicator__goal=None)
    rows = rows.filter(scope.units("unit__path") | scope.units("indicator__responsible__path"))
    return rows.select_related("indicator__responsible", "unit").order_by("unit__depth", "indicator__number", "pk")


def status_of(row: Series, today: date) -> str:
    """The word for a series today."""
    return word(row.indicator.goal, Known(row.value, row.day, row.due, row.chance), today)


def late_targets(scope: Scope, at: datetime) -> list[LateTarget]:
    """Targets in force that are late or at risk, of units inside the scope or answered for by them; late ones first,
    longest overdue first, the city's own before those of its units."""
    today = local_day(at)
    told = [(row, status_of(row, today)) for row in judged(scope)]
    made = [_late(row, status, today) for row, status in told if status in (LATE, AT_RISK)]
    return sorted(made, key=lambda one: (one.status != LATE, -one.days))


def _late(row: Series, status: str, today: date) -> LateTarget:
    one = row.indicator
    answers = one.responsible.name if one.responsible and row.unit.depth == 1 else row.unit.name
    return LateTarget(
        code=one.code, name=one.name, document=one.document.number, measure=one.measure.name, unit_id=row.unit_id,
        unit=row.unit.name, responsible=answers if row.unit.depth > 1 or one.responsible else "",
        goal=one.goal or Decimal(0), value=row.value, value_day=row.day, due=row.due, low=row.low, mean=row.mean,
        high=row.high, status=status, days=max(0, (today - row.due).days) if row.due else 0,
    )  # fmt: skip


def of_the_city(at: datetime) -> list[tuple[Series, str]]:
    """Targets in force of the whole city that have a figure to compare, worst first, with their word."""
    today = local_day(at)
    told = [(row, status_of(row, today)) for row in judged(EVERYTHING).filter(unit__depth=1)]
    known = [pair for pair in told if pair[1] in (LATE, AT_RISK, ON_TRACK)]
    return sorted(known, key=lambda pair: (WORDS.index(pair[1]), pair[0].chance or 0.0, pair[0].indicator.number))


def units_late(at: datetime) -> int:
    """How many targets are late in units below the city, each unit's own figure counted once."""
    today = local_day(at)
    return sum(status_of(row, today) == LATE for row in judged(EVERYTHING).filter(unit__depth__gt=1))


def target_summary(scope: Scope, at: datetime) -> TargetSummary:
    """The same rule in numbers: of the city for a scope over the city, else of the units inside it."""
    today = local_day(at)
    rows = judged(scope)
    if scope.everything:
        rows = rows.filter(unit__depth=1)
    told = Counter(status_of(row, today) for row in rows)
    known = {row.indicator_id for row in rows}
    asked = [one for one in _asked(scope) if one.pk not in known]
    told["no_data"] += sum(one.judged for one in asked)
    told["unread"] += sum(not one.judged for one in asked)
    return TargetSummary(**told)


def _asked(scope: Scope) -> list[Indicator]:
    """Targets in force that the top of the scope reports, or units inside it answer for."""
    rows = Indicator.objects.filter(status=Indicator.Status.IN_FORCE)
    top = Unit.objects.filter(scope.units(), until=None).order_by("path").first()
    if scope.everything or top is None or top.depth > 2:
        return [one for one in rows if top and scope.everything and "province" in one.levels]
    if top.kind in (Unit.Kind.COMMUNE, Unit.Kind.WARD):
        return [one for one in rows if "commune" in one.levels]
    return list(rows.filter(Q(scope.units("responsible__path"))))
