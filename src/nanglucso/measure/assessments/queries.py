"""Nouns of measuring."""

import uuid
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any, TypeVar

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from nanglucso.core.scope import Scope
from nanglucso.measure.assessments import accommodating, delivery
from nanglucso.measure.assessments.models import GRACE, Answer, Campaign, Rating, Sitting
from nanglucso.measure.bank.models import Item, ItemVersion
from nanglucso.measure.bank.scoring import STEPS, regions
from nanglucso.measure.bank.showing import Stimulus, stimulus
from nanglucso.measure.profiles.holding import Held
from nanglucso.measure.profiles.models import Evidence
from nanglucso.workforce.people.models import Person, Requirement, Unit

Rows = TypeVar("Rows", bound=QuerySet[Any])
TO_DO = (Sitting.Status.ASSIGNED, Sitting.Status.RUNNING, Sitting.Status.PAUSED)
DONE = (Sitting.Status.SUBMITTED, Sitting.Status.EXPIRED, Sitting.Status.SCORED)


@dataclass(frozen=True)
class Screen:
    """One question as it is shown: no key, no parameters. `key` is the outbox key of this showing."""

    sitting: Sitting
    item_id: int
    type: str
    body: dict[str, Any]
    key: uuid.UUID
    seconds_left: int
    domain: str
    least: int
    most: int

    @property
    def number(self) -> int:
        return self.sitting.seq + 1

    @property
    def stimulus(self) -> Stimulus | None:
        return stimulus(self.body.get("stimulus"))

    @property
    def last_number(self) -> int:
        """How many things can be chosen, for the key hint."""
        return len(self.body.get("options", ())) or len(regions(self.body) if "screen" in self.body else ())

    @property
    def limited(self) -> bool:
        """Whether a clock runs at all; some people sit without one."""
        return self.sitting.deadline is not None

    @property
    def clock(self) -> str:
        return f"{self.seconds_left // 60}:{self.seconds_left % 60:02d}"

    @property
    def grace(self) -> int:
        """Seconds after the deadline at which the page asks what comes now; the server has ended the test by then."""
        return int(GRACE.total_seconds()) + 2

    @property
    def done_share(self) -> str:
        """Percent of the longest sitting that is answered."""
        return f"{100 * self.sitting.seq / self.most:.1f}"

    @property
    def least_share(self) -> str:
        return f"{100 * self.least / self.most:.1f}"

    @property
    def ends_late(self) -> bool:
        """The words under the bar then stand before the mark, else they run over its end on a phone."""
        return 2 * self.least > self.most

    @property
    def rest_share(self) -> str:
        return f"{100 - 100 * self.least / self.most:.1f}"


def screen(sitting: Sitting, version: ItemVersion, *, at: datetime, steps: list[str] | None = None) -> Screen:
    """The question of a sitting; `steps` keeps an order that the person has begun to arrange."""
    body = delivery.shown_order(sitting.pk, version)
    if steps:
        body["steps"] = sorted(body["steps"], key=lambda row: steps.index(row["key"]))
    left = seconds_left(sitting, at) or 0
    domain = version.item.competence.domain.short
    campaign = sitting.campaign
    return Screen(
        sitting, version.pk, version.item.type, body, uuid.uuid4(), left, domain,
        min(campaign.items_min, campaign.items_max), max(campaign.items_max, sitting.seq + 1),
    )  # fmt: skip


def seconds_left(sitting: Sitting, at: datetime) -> int | None:
    """What the clock of a begun test shows; None where no clock runs."""
    if sitting.deadline is None:
        return None
    if sitting.status == Sitting.Status.PAUSED and sitting.paused_at:
        at = min(at, stands_until(sitting))  # the clock stands
    return max(0, int((sitting.deadline - at).total_seconds()))


def stands_until(sitting: Sitting) -> datetime:
    """Moment up to which the clock of a paused test stands still; later it goes on."""
    assert sitting.paused_at is not None
    return sitting.paused_at + accommodating.pause_left(sitting)


def held_by_campaigns(person: Person) -> Held:
    """Sittings of this person in campaigns that show results only after release."""
    rows = Sitting.objects.filter(person=person, status=Sitting.Status.SCORED, campaign__hold_results=True)
    waiting = list(rows.exclude(campaign__status=Campaign.Status.RELEASED).select_related("campaign"))
    marks = tuple(f"sitting:{one.pk}" for one in waiting)
    # A correction puts a row with the same beginning in the first one's place; it waits as well.
    told = Evidence.objects.filter(person=person, kind=Evidence.Kind.SITTING).values_list("source", flat=True)
    later = {source for source in told if source.startswith(marks)} if marks else set()
    return Held(frozenset({*marks, *later}), tuple(one.campaign.name for one in waiting))


def own_sittings(person: Person) -> QuerySet[Sitting]:
    """A person's sittings, newest campaign first."""
    rows = Sitting.objects.filter(person=person).exclude(status=Sitting.Status.VOIDED)
    return rows.select_related("campaign").order_by("-campaign__opens_at")


def waiting_now(rows: Rows, at: datetime) -> Rows:
    """Of sittings or tasks that count, the ones not yet finished whose campaign is open at this moment."""
    return rows.filter(
        status__in=TO_DO, campaign__status=Campaign.Status.OPEN, campaign__opens_at__lte=at, campaign__closes_at__gte=at
    )


def open_sitting(person: Person, at: datetime) -> Sitting | None:
    """The sitting that waits for this person now, one under way first."""
    return waiting_now(own_sittings(person), at).order_by("-status", "campaign__closes_at").first()


def campaigns(scope: Scope) -> QuerySet[Campaign]:
    """Campaigns with how many people of the scope are assigned and how many of them have finished."""
    mine = Sitting.objects.filter(scope.units("person__unit__path"), campaign=OuterRef("pk"), attempt=1).order_by()
    counted = mine.exclude(status=Sitting.Status.VOIDED).values("campaign").annotate(n=Count("pk")).values("n")
    # Not a join: with it every campaign's own columns, its list of items too, are sorted once a sitting.
    assigned, finished = Subquery(counted), Subquery(counted.filter(status__in=DONE))
    found = Campaign.objects.select_related("unit", "framework")
    return found.annotate(assigned=Coalesce(assigned, 0), finished=Coalesce(finished, 0)).order_by("-opens_at")


SILENT_AFTER = timedelta(hours=24)


@dataclass
class UnitProgress:
    """How far one unit is in a campaign, in people.

    `silent`: begun, and no answer for a day; `below`: has sub-units; `labs`: practice tasks given, `labs_done` of them.
    """

    unit_id: int
    name: str
    below: bool = False
    assigned: int = 0
    finished: int = 0
    running: int = 0
    silent: int = 0
    labs: int = 0
    labs_done: int = 0

    @property
    def waiting(self) -> int:
        return self.assigned - self.finished - self.running - self.silent

    @property
    def share(self) -> float:
        return 100 * self.finished / max(1, self.assigned)

    def count(self, status: str, last: datetime | None, at: datetime) -> None:
        """Count one sitting whose last sign of life was `last`."""
        self.assigned += 1
        if status in DONE:
            self.finished += 1
        elif status != Sitting.Status.ASSIGNED:
            quiet = last is not None and at - last > SILENT_AFTER
            self.silent, self.running = self.silent + quiet, self.running + (not quiet)


def progress_by_unit(
    campaign: Campaign, scope: Scope, *, at: datetime, under: Unit | None = None
) -> list[UnitProgress]:
    """Progress of each agency, commune and ward in the scope, slowest first; of the units right below `under`.

    People who sit in `under` itself, not in a sub-unit, stand in a row of that unit.
    """
    depth = under.depth + 1 if under else 2
    rows = (
        campaign.sittings.filter(scope.units("person__unit__path"))
        .filter(person__unit__path__startswith=under.path if under else "")
        .filter(attempt=1)
        .exclude(status=Sitting.Status.VOIDED)
        .annotate(last=Coalesce(Max("answers__at"), "started_at"))
        .values_list("person__unit__path", "status", "last")
    )
    tops = {u.path: u for u in Unit.objects.filter(depth__lte=depth)}
    made: dict[int, UnitProgress] = {}
    for path, status, last in rows:
        top = tops[path[: depth * Unit.steplen]]
        row = made.setdefault(top.pk, UnitProgress(top.pk, top.name, top.numchild > 0 and top != under))
        row.count(status, last, at)
    return sorted(made.values(), key=lambda row: (row.share, row.name))


def not_finished(campaign: Campaign, scope: Scope) -> QuerySet[Sitting]:
    """Sittings of people in the scope that are not finished, in name order."""
    rows = campaign.sittings.filter(scope.units("person__unit__path"), person__active=True)
    waiting = rows.exclude(status__in=(*DONE, Sitting.Status.VOIDED))
    return waiting.select_related("person__unit").order_by("person__sort_key", "pk")


def eligible(campaign: Campaign, scope: Scope) -> QuerySet[Person]:
    """Active people with a position whom the campaign is for (and who are in the scope), without a sitting in it yet.

    In its unit and families, or named; never those excluded. Named people alone, when nothing else is chosen.
    """
    rows = Person.objects.filter(scope.units("unit__path"), active=True).exclude(position=None)
    families = list(campaign.families.values_list("pk", flat=True))
    named = list(campaign.named.values_list("pk", flat=True))
    wanted = Q(unit__path__startswith=campaign.unit.path) if campaign.unit else Q()
    if families:
        wanted &= Q(position__family__in=families)
    if named:
        wanted = (wanted | Q(pk__in=named)) if campaign.unit or families else Q(pk__in=named)
    left_out = campaign.excluded.values("pk")
    return rows.filter(wanted).exclude(pk__in=left_out).exclude(sittings__campaign=campaign)


@dataclass(frozen=True)
class Rated:
    """Somebody to be rated and when that last happened, by themselves and by a head."""

    person: Person
    own: Rating | None
    manager: Rating | None


def rated_people(scope: Scope) -> list[Rated]:
    """Active people of the scope in name order with their last ratings; three queries in all."""
    people = list(
        Person.objects.filter(scope.units("unit__path"), active=True)
        .exclude(position=None)
        .exclude(pk=scope.person_id or 0)
        .select_related("unit", "position")
        .order_by("sort_key", "pk")
    )
    last: dict[tuple[int, str], Rating] = {}
    for row in Rating.objects.filter(person__in=people).defer("levels", "note").order_by("at", "pk"):
        last[row.person_id, row.kind] = row
    return [Rated(p, last.get((p.pk, "self")), last.get((p.pk, "manager"))) for p in people]


def rateable(scope: Scope) -> QuerySet[Person]:
    """People whom a head of these units may rate: never oneself."""
    rows = Person.objects.filter(scope.units("unit__path"), active=True).exclude(position=None)
    return rows.exclude(pk=scope.person_id or 0).select_related("unit", "position")


def ratings_of(person: Person) -> QuerySet[Rating]:
    """Every rating of a person, newest first."""
    return Rating.objects.filter(person=person).select_related("rater").order_by("-at", "-pk")


def newest_rating(person: Person, kind: str, rater_id: int | None = None) -> Rating | None:
    """The latest rating of a kind, by anybody or by one rater."""
    rows = Rating.objects.filter(person=person, kind=kind)
    return (rows.filter(rater=rater_id) if rater_id else rows).order_by("-at", "-pk").first()


def required_codes(person: Person) -> set[str]:
    """Codes of the competences that the person's position requires."""
    rows = Requirement.objects.filter(position=person.position_id, level__gt=0)
    return set(rows.values_list("competence__code", flat=True))


@dataclass(frozen=True)
class Use:
    """How one version of an item was answered. `chosen`: (option, share) for items with options, most chosen first."""

    number: int
    answers: int
    full: float
    seconds: int | None
    chosen: list[tuple[str, str, float]]

    @property
    def enough(self) -> bool:
        """Under 200 answers no figure says much."""
        return self.answers >= 200


def item_use(item: Item) -> list[Use]:
    """How each version was answered, newest version first; counts only, nobody's answer can be told."""
    found = []
    for version in item.versions.order_by("-number"):
        scored = Answer.real.filter(item_version=version, score__isnull=False)
        rows = list(scored.values_list("score", "choice", "shown_ms"))
        n, top = len(rows), STEPS[item.type]
        picks = Counter(key for _, choice, _ in rows for key in (choice if isinstance(choice, list) else [choice]))
        options = version.body.get("options", []) if n else []
        chosen = [(o["key"], o["text"], picks[o["key"]] / n) for o in options]
        times = [ms for _, _, ms in rows if ms]
        full = sum(score == top for score, _, _ in rows) / max(1, n)
        seconds = round(median(times) / 1000) if times else None
        found.append(Use(version.number, n, full, seconds, sorted(chosen, key=lambda row: -row[2])))
    return found
