"""Who was sent what, who opened, read and understood it, and who was reminded."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from nanglucso.govern.outreach.models.library import DocumentVersion, LawDocument
from nanglucso.workforce.people.models import Person, Position, PositionFamily, Unit

USER: Any = settings.AUTH_USER_MODEL


class Campaign(models.Model):
    """A document sent to the people of some units and positions; none named = all.

    `epoch`: the document's epoch that counts here; it follows the document while the campaign is open and stands
    still once it is closed. `due`: the last day.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Being prepared")
        OPENING = "opening", _("Being sent")
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")

    class FollowUp(models.TextChoices):
        NONE = "none", _("No follow-up")
        HEAD = "head", _("The head of the unit confirms that it is applied")
        TASK = "task", _("Each person reports what was done at work")

    document = models.ForeignKey(LawDocument, on_delete=models.PROTECT, related_name="campaigns")
    note = models.CharField(max_length=500, blank=True)
    units = models.ManyToManyField(Unit, blank=True, related_name="+")
    families = models.ManyToManyField(PositionFamily, blank=True, related_name="+")
    positions = models.ManyToManyField(Position, blank=True, related_name="+")
    due = models.DateField()
    follow_up = models.CharField(max_length=4, choices=FollowUp.choices, default=FollowUp.HEAD)
    task = models.CharField(max_length=300, blank=True)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.DRAFT, db_index=True)
    epoch = models.PositiveSmallIntegerField(default=0)
    job = models.ForeignKey("core.Job", null=True, on_delete=models.SET_NULL, related_name="+")
    created_by = models.ForeignKey(USER, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    escalated_on = models.DateField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.document.number}, {self.created_at:%d/%m/%Y}"

    @property
    def is_open(self) -> bool:
        return self.status == self.Status.OPEN


class Receipt(models.Model):
    """One person was sent one campaign's document, once. `followed_epoch`: the reading that the follow-up was about."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="receipts")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="receipts")
    sent_at = models.DateTimeField()
    done_note = models.CharField(max_length=500, blank=True)
    followed_at = models.DateTimeField(null=True)
    followed_by = models.ForeignKey(USER, null=True, on_delete=models.SET_NULL, related_name="+")
    followed_epoch = models.PositiveSmallIntegerField(null=True)

    class Meta:
        ordering = ["campaign", "person"]
        constraints = [models.UniqueConstraint(fields=["campaign", "person"], name="sent_once")]


class Reading(models.Model):
    """One person in one epoch of a document, whichever campaigns asked for it.

    `spent`: seconds that went by on the server's clock between signs of life; `round`: which go at the checks.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="readings")
    document = models.ForeignKey(LawDocument, on_delete=models.CASCADE, related_name="readings")
    epoch = models.PositiveSmallIntegerField()
    opened_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    spent = models.FloatField(default=0)
    read_at = models.DateTimeField(null=True)
    round = models.PositiveSmallIntegerField(default=1)
    round_ended_at = models.DateTimeField(null=True)
    understood_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-opened_at"]
        constraints = [models.UniqueConstraint(fields=["person", "document", "epoch"], name="one_reading_an_epoch")]


class ReadingAnswer(models.Model):
    """One answer to a check; it never changes. `version`: the text that asked it; `choice`: as written there."""

    reading = models.ForeignKey(Reading, on_delete=models.CASCADE, related_name="answers")
    version = models.ForeignKey(DocumentVersion, on_delete=models.PROTECT, related_name="+")
    round = models.PositiveSmallIntegerField()
    question = models.PositiveSmallIntegerField()
    choice = models.PositiveSmallIntegerField()
    right = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["round", "question"]
        constraints = [models.UniqueConstraint(fields=["reading", "round", "question"], name="one_check_answer")]


class Notice(models.Model):
    """Somebody was told something of a campaign on a day; written down before a message leaves."""

    class Kind(models.TextChoices):
        SENT = "sent", _("Sent")
        AGAIN = "again", _("To be read anew")
        REMIND = "remind", _("Reminder")
        HEAD = "head", _("Told to the head of the unit")

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="notices")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=6, choices=Kind.choices)
    on = models.DateField()
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-on", "pk"]
        constraints = [models.UniqueConstraint(fields=["campaign", "person", "kind", "on"], name="told_once_a_day")]
        indexes = [models.Index(fields=["mailed_at"])]
