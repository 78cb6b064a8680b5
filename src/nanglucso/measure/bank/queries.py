"""Nouns of the item bank."""

from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Count, Q, QuerySet

from nanglucso.engines.irt import ItemBank
from nanglucso.measure.bank.models import Item, ItemVersion
from nanglucso.workforce.framework.models import Competence, Framework


@dataclass(frozen=True)
class Deck:
    """Item versions in belief order of their rows: `versions[j]` is row j of the engine's bank."""

    versions: tuple[ItemVersion, ...]
    bank: ItemBank
    index: dict[int, int]


def live_versions(framework: Framework, competences: list[str] | None = None) -> QuerySet[ItemVersion]:
    """Current versions of the items in use, optionally only of some competence codes."""
    rows = ItemVersion.objects.filter(
        current=True, item__status=Item.Status.LIVE, item__competence__framework=framework
    ).select_related("item__competence")
    if competences:
        rows = rows.filter(item__competence__code__in=competences)
    return rows.order_by("item__competence__index", "item__code")


@lru_cache(maxsize=16)
def deck(version_ids: tuple[int, ...]) -> Deck:
    """The engine's bank of these versions; versions are immutable, so it is kept for the life of the process."""
    found = ItemVersion.objects.select_related("item__competence__domain").in_bulk(version_ids)
    versions = tuple(found[pk] for pk in version_ids)
    bank = ItemBank.build(
        competence=[v.item.competence.index for v in versions],
        a=[v.a for v in versions],
        b=[v.b for v in versions],
        c=[v.c for v in versions],
        family=[v.item.family for v in versions],
        minutes=[v.minutes for v in versions],
    )
    return Deck(versions, bank, {pk: j for j, pk in enumerate(version_ids)})


@dataclass(frozen=True)
class Cover:
    """How many items in use a competence has per level, against what is wanted."""

    competence: Competence
    by_level: tuple[int, ...]
    total: int
    wanted: int

    @property
    def short(self) -> bool:
        return self.total < self.wanted


def coverage(framework: Framework, wanted: int = 5) -> list[Cover]:
    """Coverage map of the bank."""
    levels = [level.number for level in framework.levels.all()]
    counts = {
        (row["competence"], row["level"]): row["n"]
        for row in Item.objects.filter(status=Item.Status.LIVE).values("competence", "level").annotate(n=Count("id"))
    }
    rows = []
    for competence in framework.competences.select_related("domain"):
        by_level = tuple(counts.get((competence.pk, number), 0) for number in levels)
        rows.append(Cover(competence, by_level, sum(by_level), wanted))
    return rows


def items(*, text: str = "", competence: str = "", type_: str = "", status: str = "") -> QuerySet[Item]:
    """The bank's list, filtered."""
    rows = Item.objects.select_related("competence")
    if text:
        rows = rows.filter(Q(code__icontains=text) | Q(gloss_en__icontains=text) | Q(family__icontains=text))
    for field, value in (("competence__code", competence), ("type", type_), ("status", status)):
        if value:
            rows = rows.filter(**{field: value})
    return rows
