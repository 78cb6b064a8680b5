"""What units have: the newest row of each that was not taken back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from nanglucso.core.days import months_after
from nanglucso.core.scope import EVERYTHING, Scope
from nanglucso.develop.readiness.models import Decision, Facts
from nanglucso.develop.readiness.questionnaire import Questionnaire, questionnaires
from nanglucso.develop.readiness.scoring import Line, Standing, lacking, rules, standing
from nanglucso.workforce.people.models import Unit

NOT_ASKED = (Unit.Kind.CITY, Unit.Kind.PROVINCE, Unit.Kind.ROOM)


@dataclass(frozen=True)
class Held:
    """What a unit has: the row, its infrastructure, the questions it answers."""

    facts: Facts
    asked: Questionnaire
    standing: Standing

    @property
    def answers(self) -> dict[str, Any]:
        return dict(self.facts.answers)

    @property
    def lacking(self) -> list[Line]:
        return lacking(self.facts.answers, n_systems(self.asked))

    @property
    def age(self) -> float:
        """Share 0..1 of the computers that are past their service life."""
        told = self.facts.answers
        return int(told.get("computers_old", 0)) / max(1, int(told.get("computers", 0)))


def n_systems(asked: Questionnaire) -> int:
    """How many systems a version of the survey names."""
    return len(asked.question("systems").choices)


def surveyed_units(scope: Scope = EVERYTHING) -> QuerySet[Unit]:
    """Agencies, communes, wards and service units right below the city, as maps show them; in tree order."""
    found = Unit.objects.filter(scope.units("path"), until=None, depth=2).exclude(kind__in=NOT_ASKED)
    return found.order_by("path")


def facts_of(unit: Unit) -> QuerySet[Facts]:
    """Everything on record of a unit, newest first, with what was taken back."""
    return Facts.objects.filter(unit=unit).select_related("slip__round", "sheet", "by")


def held_on(day: date, units: Iterable[int] | None = None) -> dict[int, Held]:
    """{unit: the newest row of `day` or before that was not taken back}; two rows of one day: the later entered."""
    rows = Facts.objects.filter(withdrawn_at=None, day__lte=day).order_by("day", "pk")
    if units is not None:
        rows = rows.filter(unit__in=list(units))
    newest = {row.unit_id: row for row in rows}
    found = {}
    for pk, row in newest.items():
        asked = questionnaires()[row.version]
        found[pk] = Held(row, asked, standing(row.answers, n_systems(asked)))
    return found


def held_now(unit: Unit, day: date) -> Held | None:
    """What one unit has."""
    return held_on(day, [unit.pk]).get(unit.pk)


def is_fresh(held: Held | None, day: date) -> bool:
    """Whether the row is young enough to be believed (`fresh_months` of the rules)."""
    return held is not None and months_after(held.facts.day, rules().fresh_months) >= day


@dataclass(frozen=True)
class Readied:
    """Whether a unit's infrastructure is enough for a plan, or the part it lacks most; "" = no fresh figures."""

    unit: Unit
    ready: bool
    known: bool
    weakest: str = ""
    index: float = 0.0


def ready_units(day: date) -> dict[str, Readied]:
    """{path: whether the unit is ready} of every unit that the survey asks; people count by the unit they lie below."""
    held, made = held_on(day), {}
    for unit in surveyed_units():
        one = held.get(unit.pk)
        if one is None or not is_fresh(one, day):
            made[unit.path] = Readied(unit, rules().unknown_is_ready, False)
            continue
        index = one.standing.index
        made[unit.path] = Readied(
            unit, index >= rules().least_index - 1e-9, True, one.standing.weakest.rule.code, index
        )
    return made


def decisions(units: Iterable[int]) -> dict[int, Decision]:
    """The last decision on each unit."""
    rows = Decision.objects.filter(unit__in=list(units)).select_related("by").order_by("at", "pk")
    return {row.unit_id: row for row in rows}
