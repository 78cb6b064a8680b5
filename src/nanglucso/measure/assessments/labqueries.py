"""Nouns of practice tasks that count: the ones of a person, how far a campaign's units are, what is held."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from nanglucso.core.scope import Scope
from nanglucso.measure.assessments.labexam import LIVE
from nanglucso.measure.assessments.models import Campaign, LabSitting, Sitting
from nanglucso.measure.assessments.queries import UnitProgress, waiting_now
from nanglucso.measure.bank.models import LabVersion
from nanglucso.measure.profiles.holding import Held
from nanglucso.measure.profiles.models import Evidence
from nanglucso.workforce.people.models import Person, Unit


def own_labs(person: Person) -> QuerySet[LabSitting]:
    """A person's tasks that count, newest campaign first."""
    rows = LabSitting.objects.filter(person=person).select_related("campaign", "version__lab", "run__version")
    return rows.order_by("-campaign__opens_at", "version__lab__code")


def open_labs(person: Person, at: datetime) -> list[LabSitting]:
    """The tasks that wait for this person now, one under way first."""
    rows = waiting_now(own_labs(person), at).filter(version__counts=True)
    return sorted(rows, key=lambda one: one.status == Sitting.Status.ASSIGNED)


def feedback_is_shown(sitting: LabSitting) -> bool:
    """Step by step only after a person has released the campaign's results, and only for a task that was done."""
    done = sitting.status == Sitting.Status.SCORED and sitting.run is not None
    return done and sitting.campaign.status == Campaign.Status.RELEASED


def held_labs(person: Person) -> Held:
    """Tasks of this person in campaigns that show results only after release, and what a correction put for them."""
    rows = LabSitting.objects.filter(person=person, status=Sitting.Status.SCORED, campaign__hold_results=True)
    waiting = list(rows.exclude(campaign__status=Campaign.Status.RELEASED).select_related("campaign"))
    marks = tuple(f"lab:{one.pk}" for one in waiting)
    told = Evidence.objects.filter(person=person, kind=Evidence.Kind.PRACTICE).values_list("source", flat=True)
    later = {source for source in told if source.startswith(marks)} if marks else set()
    return Held(frozenset({*marks, *later}), tuple(one.campaign.name for one in waiting))


@dataclass(frozen=True)
class LabProgress:
    """One task of a campaign: people of the scope who were given it, who have begun, who have finished."""

    version: LabVersion
    given: int
    running: int
    finished: int


def lab_progress(campaign: Campaign, scope: Scope) -> list[LabProgress]:
    """Each task of the campaign over the scope, by code."""
    running, finished = Q(status__in=LIVE), Q(status=Sitting.Status.SCORED)
    rows = _in_scope(campaign, scope).order_by().values_list("version")
    counted = rows.annotate(n=Count("pk"), r=Count("pk", filter=running), f=Count("pk", filter=finished))
    found = {version: (given, begun, done) for version, given, begun, done in counted}
    labs = campaign.labs.select_related("lab").prefetch_related("lab__competences").order_by("lab__code")
    return [LabProgress(one, *found.get(one.pk, (0, 0, 0))) for one in labs]


def _in_scope(campaign: Campaign, scope: Scope) -> QuerySet[LabSitting]:
    rows = LabSitting.objects.filter(scope.units("person__unit__path"), campaign=campaign)
    return rows.exclude(status=Sitting.Status.VOIDED)


def add_labs(rows: list[UnitProgress], campaign: Campaign, scope: Scope, under: Unit | None = None) -> None:
    """Write into the rows of `progress_by_unit` how many tasks their people were given and have finished."""
    depth = under.depth + 1 if under else 2
    tops = dict(Unit.objects.filter(depth__lte=depth).values_list("path", "pk"))
    by_unit = {row.unit_id: row for row in rows}
    found = _in_scope(campaign, scope).filter(person__unit__path__startswith=under.path if under else "")
    for path, status in found.values_list("person__unit__path", "status"):
        row = by_unit.get(tops[path[: depth * Unit.steplen]])
        if row:
            row.labs += 1
            row.labs_done += status == Sitting.Status.SCORED
