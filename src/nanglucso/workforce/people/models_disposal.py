"""Rows whose term of retention has passed, listed and removed by two people."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Disposal(models.Model):
    """Rows whose term has passed, or one person's request: listed, put forward, approved by another, carried out.

    `term`: key in `content/retention.yaml`, or "request". `rows`: their numbers; `result` {"done": n, "left": n}.
    """

    REQUEST = "request"

    class Status(models.TextChoices):
        FOUND = "found", _("Due, nobody has looked yet")
        ASKED = "asked", _("Waiting for approval")
        APPROVED = "approved", _("Approved, being carried out")
        DONE = "done", _("Carried out")
        REFUSED = "refused", _("Not approved")

    term = models.CharField(max_length=30)
    rows = models.JSONField(default=list)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.FOUND)
    reason = models.TextField(blank=True)
    answer = models.TextField(blank=True)
    result = models.JSONField(default=dict)
    job = models.ForeignKey("core.Job", null=True, on_delete=models.SET_NULL, related_name="+")
    found_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-found_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["term"], condition=models.Q(status="found"), name="one_list_of_a_term_nobody_has_looked_at"
            )
        ]

    def __str__(self) -> str:
        return f"{self.term} {self.pk}"
