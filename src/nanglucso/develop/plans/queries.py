"""Nouns of planning."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, QuerySet

from nanglucso.core.scope import Scope
from nanglucso.develop.plans.models import Course, PlannedClass, PlannedSeat, Scenario


def scenarios(year: int | None = None) -> QuerySet[Scenario]:
    """Scenarios, newest year first."""
    rows = Scenario.objects.select_related("job", "created_by", "approved_by")
    return rows.filter(year=year) if year else rows


def approved(year: int) -> Scenario | None:
    """The approved plan of a year."""
    return Scenario.objects.filter(year=year, status=Scenario.Status.APPROVED).first()


def week_start(scenario: Scenario, week: int) -> date:
    """Monday of a teaching week."""
    return scenario.first_week + timedelta(weeks=week)


def planned_classes(scenario: Scenario) -> QuerySet[PlannedClass]:
    """The plan's classes with the number of seats."""
    rows = PlannedClass.objects.filter(scenario=scenario).select_related("course", "venue__area", "lecturer", "source")
    return rows.annotate(n_seats=Count("seats")).order_by("start", "number")


def seats(planned: PlannedClass, scope: Scope) -> QuerySet[PlannedSeat]:
    """Who sits in a planned class, cut to the viewer's scope, in name order."""
    rows = PlannedSeat.objects.filter(scope.units("person__unit__path"), planned_class=planned)
    return rows.select_related("person__unit", "person__position").order_by("person__sort_key")


@dataclass(frozen=True)
class Side:
    """One scenario beside others: its figures against the best and the first."""

    scenario: Scenario
    closed_percent: float
    gap_percent: float
    cost: int
    money_percent: float


def compare(rows: Iterable[Scenario]) -> list[Side]:
    """Computed scenarios side by side."""
    made = []
    for row in rows:
        f = row.figures
        if f:
            need = f["need"] or 1.0
            made.append(
                Side(row, 100 * f["objective"] / need, 100 * f["gap"], f["cost"], 100 * f["cost"] / max(1, row.budget))
            )
    return made


def courses() -> QuerySet[Course]:
    """The catalogue in use."""
    return Course.objects.filter(active=True).prefetch_related("covers__competence")
