"""Practice of items: with the key and why after each answer, nothing kept. An item is practised or examined, never both
in one year."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.measure.assessments.models import Campaign
from nanglucso.measure.bank import services as bank
from nanglucso.measure.bank.models import Item, ItemVersion
from nanglucso.measure.bank.queries import Option, choice_words, key_rows, practice_versions
from nanglucso.measure.bank.scoring import STEPS, feedback, score
from nanglucso.workforce.framework.models import Competence, Framework


def exam_of_the_year(item: Item, at: datetime) -> Campaign | None:
    """A campaign that asks this item now or has asked it this year, None when there is none."""
    year = at.astimezone(ZoneInfo(settings.TIME_ZONE)).year
    versions = set(item.versions.values_list("pk", flat=True))
    for one in Campaign.objects.exclude(status=Campaign.Status.DRAFT):
        now = one.status == Campaign.Status.OPEN or year in (one.opens_at.year, one.closes_at.year)
        if now and versions & {*one.items, *one.files}:
            return one
    return None


def release(*, actor: User | None, item: Item, reason: str, at: datetime) -> None:
    """Give an item free for practice. Refused while an exam asks it, and for the rest of a year in which one did."""
    exam = exam_of_the_year(item, at)
    if exam is not None:
        text = _("Campaign “%(name)s” asks this item this year; it can be practised from next year on.")
        raise Refused(text % {"name": exam.name})
    bank.set_practice(actor=actor, item=item, practice=True, reason=reason, at=at)


def end(*, actor: User | None, item: Item, reason: str, at: datetime) -> None:
    """End the practice of an item; it waits for a review and is no exam item for the rest of the year."""
    bank.set_practice(actor=actor, item=item, practice=False, reason=reason, at=at)


@dataclass(frozen=True)
class Shelf:
    """A competence with the number of its items for practice."""

    competence: Competence
    items: int


def shelves(framework: Framework) -> list[Shelf]:
    """Competences that have something to practise, in framework order."""
    counts: dict[int, Shelf] = {}
    for version in practice_versions(framework):
        row = version.item.competence
        counts[row.pk] = Shelf(row, counts[row.pk].items + 1 if row.pk in counts else 1)
    return list(counts.values())


@dataclass(frozen=True)
class Said:
    """What is told after a practice answer. `part`: full, part or none; `rows`: the key of the item."""

    part: str
    words: str
    feedback: str
    rows: list[Option]
    rationale: str
    sources: list[str]


def said(version: ItemVersion, choice: Any) -> Said:
    """Score an answer and tell everything about it; nothing is stored. Raises BadChoice for a wrong shape."""
    kind, body, key = version.item.type, version.body, version.key
    points = score(kind, body, key, choice)
    part = "full" if points == STEPS[kind] else "part" if points else "none"
    sources = [str(one.get("doc", "")) for one in version.notes.get("source", [])]
    told = feedback(kind, body, key, choice)
    return Said(
        part, choice_words(version, choice), told, key_rows(version), version.notes.get("rationale", ""), sources
    )
