"""Nouns of measuring."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from nanglucso.core.scope import Scope
from nanglucso.measure.assessments import delivery
from nanglucso.measure.assessments.models import Campaign, Rating, Sitting
from nanglucso.measure.bank.models import ItemVersion
from nanglucso.workforce.people.models import Person

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
    def clock(self) -> str:
        return f"{self.seconds_left // 60}:{self.seconds_left % 60:02d}"

    @property
    def done_share(self) -> str:
        """Percent of the longest sitting that is answered."""
        return f"{100 * self.sitting.seq / self.most:.1f}"

    @property
    def least_share(self) -> str:
        return f"{100 * self.least / self.most:.1f}"

    @property
    def rest_share(self) -> str:
        return f"{100 - 100 * self.least / self.most:.1f}"


def screen(sitting: Sitting, version: ItemVersion, *, at: datetime, steps: list[str] | None = None) -> Screen:
    """The question of a sitting; `steps` keeps an order that the person has begun to arrange."""
    body = delivery.shown_order(sitting, version)
    if steps:
        body["steps"] = sorted(body["steps"], key=lambda row: steps.index(row["key"]))
    left = max(0, int((sitting.deadline - at).total_seconds())) if sitting.deadline else 0
    domain = version.item.competence.domain.short
    campaign = sitting.campaign
    return Screen(
        sitting, version.pk, version.item.type, body, uuid.uuid4(), left, domain,
        min(campaign.items_min, campaign.items_max), campaign.items_max,
    )  # fmt: skip


def own_sittings(person: Person) -> QuerySet[Sitting]:
    """A person's sittings, newest campaign first."""
    rows = Sitting.objects.filter(person=person).exclude(status=Sitting.Status.VOIDED)
    return rows.select_related("campaign").order_by("-campaign__opens_at")


def open_sitting(person: Person, at: datetime) -> Sitting | None:
    """The sitting that waits for this person now, one under way first."""
    rows = own_sittings(person).filter(
        campaign__status=Campaign.Status.OPEN, campaign__opens_at__lte=at, campaign__closes_at__gte=at,
        status__in=(Sitting.Status.ASSIGNED, Sitting.Status.RUNNING, Sitting.Status.PAUSED),
    )  # fmt: skip
    return rows.order_by("-status", "campaign__closes_at").first()


def campaigns() -> QuerySet[Campaign]:
    """Campaigns with how many are assigned and how many have finished."""
    return Campaign.objects.annotate(
        assigned=Count("sittings"), finished=Count("sittings", filter=Q(sittings__status__in=DONE))
    ).order_by("-opens_at")


@dataclass(frozen=True)
class UnitProgress:
    """How far one unit is in a campaign."""

    unit_id: int
    name: str
    assigned: int
    finished: int

    @property
    def share(self) -> float:
        return 100 * self.finished / max(1, self.assigned)


def progress_by_unit(campaign: Campaign, scope: Scope) -> list[UnitProgress]:
    """Progress of each agency, commune and ward in the scope, slowest first."""
    from nanglucso.workforce.people.models import Unit

    tops = {u.path: u for u in Unit.objects.filter(depth__lte=2)}
    steps = 2 * Unit.steplen
    counts: dict[int, list[int]] = {}
    rows = campaign.sittings.filter(scope.units("person__unit__path")).values_list("person__unit__path", "status")
    for path, status in rows:
        top = tops[path[:steps]]
        pair = counts.setdefault(top.pk, [0, 0])
        pair[0] += 1
        pair[1] += status in DONE
    names = {u.pk: u.name for u in tops.values()}
    made = [UnitProgress(pk, names[pk], a, f) for pk, (a, f) in counts.items()]
    return sorted(made, key=lambda row: (row.share, row.name))


def newest_rating(person: Person, kind: str) -> Rating | None:
    """The latest rating of a kind."""
    return Rating.objects.filter(person=person, kind=kind).order_by("-at", "-pk").first()
