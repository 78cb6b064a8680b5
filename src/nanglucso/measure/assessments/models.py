"""Campaigns, sittings and their answers, ratings."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from nanglucso.measure.bank.models import ItemVersion
from nanglucso.workforce.framework.models import Framework
from nanglucso.workforce.people.models import Person, Unit


class Campaign(models.Model):
    """Đợt đánh giá: who is measured, when, how long, by which rule.

    `competences`: codes, empty = all that a position requires. `items`: item version ids, fixed when it opens.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")
        RELEASED = "released", _("Results released")

    class Purpose(models.TextChoices):
        MAIN = "main", _("Main campaign")
        RETEST = "retest", _("Re-measurement after training")

    code = models.SlugField(max_length=40, unique=True)
    name_vi = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    purpose = models.CharField(max_length=10, choices=Purpose.choices, default=Purpose.MAIN)
    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    items_min = models.PositiveSmallIntegerField(default=18)
    items_max = models.PositiveSmallIntegerField(default=36)
    minutes = models.PositiveSmallIntegerField(default=60)
    rule = models.CharField(max_length=10, default="decision")
    competences = models.JSONField(default=list, blank=True)
    items = models.JSONField(default=list, blank=True)
    trial_bank = models.BooleanField(default=True)
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-opens_at"]

    def __str__(self) -> str:
        return self.name_vi

    @property
    def name(self) -> str:
        from nanglucso.core.bilingual import said

        return said(self, "name")


class Sitting(models.Model):
    """One person's test. `seq`: answers given; `start`: float64 bytes of mean (K,) then covariance (K, K) at the start.

    `state`: {"required": [K levels], "asked": [version ids], "scores": [..], "forbidden": [version ids]}.
    """

    class Status(models.TextChoices):
        ASSIGNED = "assigned", _("Not started")
        RUNNING = "running", _("In progress")
        PAUSED = "paused", _("Paused")
        SUBMITTED = "submitted", _("Finished")
        EXPIRED = "expired", _("Time ran out")
        SCORED = "scored", _("Scored")
        VOIDED = "voided", _("Void")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="sittings")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="sittings")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.ASSIGNED)
    seq = models.PositiveSmallIntegerField(default=0)
    epoch = models.PositiveSmallIntegerField(default=0)
    served_item = models.ForeignKey(ItemVersion, null=True, on_delete=models.PROTECT, related_name="+")
    served_at = models.DateTimeField(null=True)
    deadline = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    extra_minutes = models.PositiveSmallIntegerField(default=0)
    start = models.BinaryField(null=True)
    state = models.JSONField(default=dict)
    chain_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "person"], name="one_sitting_per_campaign")]
        indexes = [models.Index(fields=["person", "status"])]

    def __str__(self) -> str:
        return f"{self.campaign.code} {self.pk}"


class Answer(models.Model):
    """The record itself: append-only, one per step and one per key."""

    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="answers")
    seq = models.PositiveSmallIntegerField()
    item_version = models.ForeignKey(ItemVersion, on_delete=models.PROTECT, related_name="+")
    choice = models.JSONField()
    score = models.PositiveSmallIntegerField()
    key = models.UUIDField()
    shown_ms = models.PositiveIntegerField(default=0)
    late = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        ordering = ["seq"]
        constraints = [
            models.UniqueConstraint(fields=["sitting", "seq"], name="one_answer_per_step"),
            models.UniqueConstraint(fields=["sitting", "key"], name="one_answer_per_key"),
        ]


class LateAnswer(models.Model):
    """An answer that came after the deadline and grace: kept for people to judge, never counted by itself."""

    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="late_answers")
    seq = models.PositiveSmallIntegerField()
    key = models.UUIDField()
    choice = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sitting", "key"], name="one_late_answer_per_key")]


class Rating(models.Model):
    """A self-rating or a manager's rating: {competence code: 0..4} against the level descriptors."""

    class Kind(models.TextChoices):
        SELF = "self", _("Self-rating")
        MANAGER = "manager", _("Manager's rating")

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="ratings")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    rater = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    levels = models.JSONField()
    note = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at"]
