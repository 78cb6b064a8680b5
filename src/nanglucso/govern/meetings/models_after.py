"""What a meeting leaves: minutes, conclusions that are tasks, and the signed archive."""

from datetime import date

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from nanglucso.core.models import StoredFile
from nanglucso.workforce.people.models import Person, Unit


class Minutes(models.Model):
    """The record of a meeting: written, sent to the members for remarks, approved by the chair and then unchangeable.

    `content`: every word of the approved record with its lists, for the same print later; `digest`: its sha256.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Minutes being written")
        SENT = "sent", _("Sent for remarks")
        APPROVED = "approved", _("Minutes approved")

    meeting = models.OneToOneField("meetings.Meeting", on_delete=models.CASCADE, related_name="minutes")
    number = models.CharField(max_length=40, blank=True)
    text = models.TextField(blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    written_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    remarks_until = models.DateTimeField(null=True, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    content = models.JSONField(default=dict, blank=True)
    digest = models.CharField(max_length=64, blank=True)


class Remark(models.Model):
    """What a member asks to be changed in the minutes; the secretary takes it up or says why not."""

    class Answer(models.TextChoices):
        NONE = "", _("Not answered yet")
        TAKEN = "taken", _("Taken into the minutes")
        NOT = "not", _("Not taken into the minutes")

    minutes = models.ForeignKey(Minutes, on_delete=models.CASCADE, related_name="remarks")
    attendee = models.ForeignKey("meetings.Attendee", on_delete=models.CASCADE, related_name="remarks")
    text = models.TextField(max_length=4000)
    at = models.DateTimeField()
    answer = models.CharField(max_length=5, choices=Answer.choices, blank=True, default=Answer.NONE)
    answer_text = models.CharField(max_length=500, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["at", "pk"]


class Conclusion(models.Model):
    """A conclusion is a task: of a unit and an owner, due on a day, open until chair or secretary close it."""

    class Status(models.TextChoices):
        OPEN = "open", _("Under way")
        REPORTED = "reported", _("Reported done")
        DONE = "done", _("Closed as done")

    meeting = models.ForeignKey("meetings.Meeting", on_delete=models.CASCADE, related_name="conclusions")
    item = models.ForeignKey(
        "meetings.AgendaItem", null=True, blank=True, on_delete=models.SET_NULL, related_name="conclusions"
    )
    number = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=1000)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="meeting_tasks")
    due_on = models.DateField(db_index=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    made_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["due_on", "pk"]

    def __str__(self) -> str:
        return self.text

    def is_late(self, day: date) -> bool:
        """Past its day and not reported: what waits for the chair is not the owner's delay."""
        return self.status == self.Status.OPEN and self.due_on < day


class ConclusionReport(models.Model):
    """The owner says it is done, with proof; the chair or the secretary closes the task or sends it back."""

    conclusion = models.ForeignKey(Conclusion, on_delete=models.CASCADE, related_name="reports")
    text = models.CharField(max_length=1000)
    proof = models.OneToOneField(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    returned_at = models.DateTimeField(null=True, blank=True)
    returned_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]


class Archive(models.Model):
    """The signed zip of a meeting: its file, the sha256 of its manifest and the proof over it (docs/adr/0021)."""

    meeting = models.OneToOneField("meetings.Meeting", on_delete=models.CASCADE, related_name="archive")
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")
    manifest = models.JSONField()
    key = models.ForeignKey("credentials.SigningKey", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
