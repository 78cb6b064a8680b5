"""Papers of a meeting and the notes that each reader makes for themselves."""

from django.db import models

from nanglucso.core.models import StoredFile
from nanglucso.workforce.people.models import Person


class Paper(models.Model):
    """A PDF that was made harmless before it was kept. `removed`: what was taken out, {code: how many}.

    `received_sha256`: of the file as it was sent, `file.sha256`: of the one kept. `withdrawn_at`: no longer handed out.
    """

    meeting = models.ForeignKey("meetings.Meeting", on_delete=models.CASCADE, related_name="papers")
    item = models.ForeignKey(
        "meetings.AgendaItem", null=True, blank=True, on_delete=models.SET_NULL, related_name="papers"
    )
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=250)
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")
    pages = models.PositiveSmallIntegerField()
    received_sha256 = models.CharField(max_length=64)
    removed = models.JSONField(default=dict, blank=True)
    added_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["number", "pk"]

    def __str__(self) -> str:
        return self.title


class Note(models.Model):
    """What one reader wrote beside a page, for nobody else's eyes: no query of this room gives it to another person."""

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="notes")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="meeting_notes")
    page = models.PositiveSmallIntegerField(default=1)
    text = models.TextField(max_length=4000)
    at = models.DateTimeField()

    class Meta:
        ordering = ["page", "pk"]
        constraints = [models.UniqueConstraint(fields=["paper", "person", "page"], name="one_note_a_page")]
