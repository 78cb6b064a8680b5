"""Nouns of exchange: the rows that other systems read, each cut by the token's scope."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet

from nanglucso.core.scope import Scope
from nanglucso.develop.plans.models import Scenario
from nanglucso.develop.plans.queries import planned_classes
from nanglucso.govern.exchange.models import ApiToken, Opening, Release
from nanglucso.measure.gaps.queries import SMALL_GROUP
from nanglucso.workforce.framework.queries import current_framework
from nanglucso.workforce.people.models import Position, Unit

Row = dict[str, Any]


def tokens() -> QuerySet[ApiToken]:
    """Every token, newest first."""
    return ApiToken.objects.select_related("unit", "issued_by")


def is_public() -> bool:
    """Whether anybody may read open data."""
    return bool(Opening.objects.values_list("is_open", flat=True).first())


def newest() -> Release | None:
    """The release that is served."""
    return Release.objects.first()


def releases() -> QuerySet[Release]:
    """Releases without their tables, newest first."""
    return Release.objects.defer("tables")


def units(scope: Scope) -> list[Row]:
    """Standing units of the scope in tree order."""
    rows = list(Unit.objects.filter(scope.units(), until=None).order_by("path"))
    codes = {one.path: one.code for one in rows}
    return [
        {"code": one.code, "name": one.name, "kind": one.kind, "parent": codes.get(one.path[: -Unit.steplen])}
        for one in rows
    ]


def positions(scope: Scope) -> list[Row]:
    """Positions with what they require; the same for every scope, they hold no person."""
    rows = Position.objects.prefetch_related("requirements__competence").order_by("code")
    return [
        {
            "code": one.code, "name": one.name, "group": one.group,
            "requirements": [
                {"competence": need.competence.code, "level": need.level, "must_have": need.must_have}
                for need in one.requirements.all()
            ],
        }
        for one in rows
    ]  # fmt: skip


def framework(scope: Scope) -> list[Row]:
    """Competences of the framework in force; the same for every scope."""
    return [
        {"code": one.code, "name_vi": one.name_vi, "name_en": one.name_en, "domain": one.domain.code}
        for one in current_framework().competences.select_related("domain").order_by("index")
    ]


def released(code: str) -> Callable[[Scope], list[Row]]:
    """Rows of a table of the newest release whose unit lies in the scope today."""

    def rows(scope: Scope) -> list[Row]:
        found = newest()
        if found is None:
            return []
        inside = set(Unit.objects.filter(scope.units()).values_list("code", flat=True))
        return [row for row in found.tables[code] if row["unit"] in inside]

    return rows


def plan_classes(scope: Scope) -> list[Row]:
    """Classes of approved plans in which somebody of the scope sits."""
    approved = Scenario.objects.filter(status=Scenario.Status.APPROVED).order_by("year", "pk")
    return [
        {
            "year": plan.year, "number": one.number, "course": one.course.code, "form": one.form,
            "first_day": one.first_day, "last_day": one.last_day,
            "seats": one.seat_count if one.seat_count >= SMALL_GROUP else None, "cost": one.cost,
        }
        for plan in approved
        for one in planned_classes(plan, scope=scope)
    ]  # fmt: skip


RESOURCES: dict[str, Callable[[Scope], list[Row]]] = {
    "units": units, "positions": positions, "framework": framework, "gaps": released("gaps"),
    "hours": released("hours"), "plan-classes": plan_classes,
}  # fmt: skip
