"""Lists of completions elsewhere: read, looked at, applied, undone."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class CompletionList(models.Model):
    """A file of completions.

    `plan` {rows: [{row, person, rule, day, score, number, name, tiet}], problems: […]} as read.
    """

    class Status(models.TextChoices):
        READ = "read", _("Read, not yet applied")
        APPLIED = "applied", _("Applied")
        UNDONE = "undone", _("Undone")

    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.READ)
    plan = models.JSONField(default=dict)
    read_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    read_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-read_at"]

    def __str__(self) -> str:
        return self.file_name


class Completion(models.Model):
    """One row of an applied list and the outside certificate that it became; `tiet`: periods that the list states."""

    list = models.ForeignKey(CompletionList, on_delete=models.PROTECT, related_name="completions")
    certificate = models.OneToOneField(
        "assessments.OutsideCertificate", on_delete=models.PROTECT, related_name="completion"
    )
    row = models.PositiveIntegerField()
    score = models.FloatField(null=True)
    tiet = models.PositiveSmallIntegerField(null=True)
