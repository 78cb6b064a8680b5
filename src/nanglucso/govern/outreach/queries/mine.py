"""What one person has to read, and who has something left to do."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from nanglucso.govern.outreach.models import Campaign, LawDocument, Reading, Receipt
from nanglucso.govern.outreach.stages import Stage, is_done, stage_of
from nanglucso.workforce.people.models import Person


def _knows() -> Exists:
    """Whether the receipt's person has understood the document as it is for the campaign."""
    told = {
        "person": OuterRef("person"), "document": OuterRef("campaign__document"), "epoch": OuterRef("campaign__epoch"),
    }  # fmt: skip
    return Exists(Reading.objects.filter(**told, understood_at__isnull=False))


def lagging(rows: QuerySet[Receipt]) -> QuerySet[Receipt]:
    """Receipts of active people who have something left to do."""
    unreported = Q(followed_epoch=None) | ~Q(followed_epoch=F("campaign__epoch"))
    task = Q(campaign__follow_up=Campaign.FollowUp.TASK) & unreported
    return rows.filter(person__active=True).annotate(knows=_knows()).filter(Q(knows=False) | task)


def waiting_for(person: Person | None) -> QuerySet[Receipt]:
    """What waits for a person in open campaigns."""
    mine = Receipt.objects.filter(person=person.pk if person else -1, campaign__status=Campaign.Status.OPEN)
    return lagging(mine)


@dataclass(frozen=True)
class Line:
    """A document that a person was sent; `receipts`: by which open campaigns, the one due first at the front."""

    document: LawDocument
    receipts: list[Receipt]
    reading: Reading | None

    @property
    def due(self) -> date:
        return min(one.campaign.due for one in self.receipts)

    @property
    def done(self) -> bool:
        return all(is_done(one, self.reading) for one in self.receipts)

    @property
    def stage(self) -> str:
        """The least far of its campaigns."""
        order = list(Stage.values)
        return min((stage_of(one, self.reading) for one in self.receipts), key=order.index)

    @property
    def anew(self) -> bool:
        """Whether an earlier version of it was to be read too."""
        return self.document.epoch > 1 and self.reading is None


def lines_of(person: Person) -> list[Line]:
    """What a person was sent by campaigns that are open, due first at the front."""
    rows = Receipt.objects.filter(person=person, campaign__status=Campaign.Status.OPEN)
    held: dict[LawDocument, list[Receipt]] = defaultdict(list)
    for row in rows.select_related("campaign__document__live").order_by("campaign__due", "pk"):
        held[row.campaign.document].append(row)
    readings = readings_of(person, list(held))
    return [Line(document, receipts, readings.get(document.pk)) for document, receipts in held.items()]


def readings_of(person: Person, documents: list[LawDocument]) -> dict[int, Reading]:
    """The person's readings of these documents as they are now."""
    epochs = {one.pk: one.epoch for one in documents}
    rows = Reading.objects.filter(person=person, document__in=list(epochs))
    return {row.document_id: row for row in rows if row.epoch == epochs[row.document_id]}


def read_before(person: Person) -> QuerySet[Reading]:
    """Everything that the person has understood, newest first."""
    return (
        Reading.objects.filter(person=person, understood_at__isnull=False)
        .select_related("document")
        .order_by("-understood_at")
    )


def receipts_for(person: Person, document: LawDocument) -> list[Any]:
    """The person's receipts of open campaigns for a document."""
    rows = Receipt.objects.filter(person=person, campaign__document=document, campaign__status=Campaign.Status.OPEN)
    return list(rows.select_related("campaign").order_by("campaign__due", "pk"))
