"""Units over time: what was decided, how a unit was called before, who took over from whom."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from nanglucso.workforce.people.models import Unit


class Reorganisation(models.Model):
    """Units merged, split, renamed, moved, founded and dissolved by one decision, with effect from `day`.

    `steps`: what is to be done, in order (see `services.steps`). `kept_out`: role grants that end instead of following.
    `effects`: what the last preview found, or what was done; `mark` is its hash, so that a reviewer approves what they
    saw. `inverse`: packed JSON that takes it back. `touched`: numbers of the units changed. `problem`: why it did not
    take effect on its day.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SENT = "sent", _("Waits for review")
        APPROVED = "approved", _("Approved, waits for its day")
        APPLIED = "applied", _("In effect")
        UNDONE = "undone", _("Undone")
        DROPPED = "dropped", _("Dropped")

    title = models.CharField(max_length=200)
    decision = models.CharField(max_length=200, blank=True)
    day = models.DateField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    steps = models.JSONField(default=list)
    kept_out = models.JSONField(default=list)
    effects = models.JSONField(default=dict)
    mark = models.CharField(max_length=64, blank=True)
    returned = models.TextField(blank=True)
    problem = models.TextField(blank=True)
    touched = models.JSONField(default=list)
    inverse = models.BinaryField(default=bytes)
    job = models.ForeignKey("core.Job", null=True, on_delete=models.SET_NULL, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    applied_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-day", "-pk"]

    def __str__(self) -> str:
        return self.title


class UnitPast(models.Model):
    """How a unit was called and where it stood until the first day of something else; the present is on the unit.

    `since` None = from the beginning as far as is known; `until` is the first day on which it no longer holds.
    """

    unit = models.ForeignKey("people.Unit", on_delete=models.CASCADE, related_name="pasts")
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=80, blank=True)
    kind = models.CharField(max_length=20, choices=Unit.Kind.choices)
    parent = models.ForeignKey("people.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    since = models.DateField(null=True)
    until = models.DateField()
    reorganisation = models.ForeignKey(Reorganisation, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["unit", "until"]
        constraints = [models.UniqueConstraint(fields=["unit", "until"], name="one_past_a_day")]


class UnitSuccession(models.Model):
    """`after` took over from `before` (or a part of it) on a day."""

    before = models.ForeignKey("people.Unit", on_delete=models.CASCADE, related_name="followed_by")
    after = models.ForeignKey("people.Unit", on_delete=models.CASCADE, related_name="came_from")
    day = models.DateField()
    reorganisation = models.ForeignKey(Reorganisation, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["day", "pk"]
        constraints = [models.UniqueConstraint(fields=["before", "after", "day"], name="one_succession")]
