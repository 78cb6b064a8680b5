"""Meetings without paper: who is called, what stands on the agenda, who was there and who speaks.

Papers and notes stand in `models_papers`, minutes, conclusions and the archive in `models_after`, votes in
`models_votes`: minutes and archive take their results from `queries.votes.results_of(meeting)`.
"""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from nanglucso.workforce.people.models import Person, Unit


class Meeting(models.Model):
    """A meeting held by a unit; whom it may call by name are that unit's people and those below it.

    `starts_at`, `ends_at`: as called. `nonce`: what the code on the room's screen carries while check-in is open.
    `sheets_printed`: sheets of paper that were printed all the same, None = not told.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Being prepared")
        CALLED = "called", _("Invitations sent")
        RUNNING = "running", _("In session")
        CLOSED = "closed", _("Meeting ended")
        CANCELLED = "cancelled", _("Meeting called off")

    title = models.CharField(max_length=250)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="meetings")
    place = models.CharField(max_length=200)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    called_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    cancelled_reason = models.CharField(max_length=300, blank=True)
    nonce = models.CharField(max_length=32, blank=True)
    check_in_until = models.DateTimeField(null=True, blank=True)
    sheets_printed = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["-starts_at", "-pk"]
        indexes = [models.Index(fields=["status", "starts_at"])]

    def __str__(self) -> str:
        return self.title

    @property
    def is_live(self) -> bool:
        """Neither ended nor called off."""
        return self.status in (self.Status.DRAFT, self.Status.CALLED, self.Status.RUNNING)

    def takes_codes(self, at: datetime) -> bool:
        """Whether a code is on the room's screen and still works."""
        return bool(self.nonce) and self.check_in_until is not None and at <= self.check_in_until


class AgendaItem(models.Model):
    """One point of the agenda. `minutes`: how long it should take; `presenter` may be nobody in particular."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="items")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=300)
    minutes = models.PositiveSmallIntegerField(default=15)
    presenter = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["number", "pk"]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"


class Attendee(models.Model):
    """An invited person. `delegate_for`: whom this person stands in for, then that person's own row is `replaced`.

    `may_vote` counts for quorum and votes; a delegate has it from the one represented. `checked_in_at` None = absent.
    """

    class Role(models.TextChoices):
        CHAIR = "chair", _("Chair of the meeting")
        SECRETARY = "secretary", _("Secretary")
        DELEGATE = "delegate", _("Member of the meeting")
        GUEST = "guest", _("Guest")

    class Answer(models.TextChoices):
        NONE = "", _("No answer yet")
        YES = "yes", _("Will come")
        NO = "no", _("Cannot come")
        SENDS = "sends", _("Sends a delegate")

    class How(models.TextChoices):
        NONE = "", "–"
        QR = "qr", _("Scanned the code")
        HAND = "hand", _("Ticked by the secretary")

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="attendees")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="meeting_places")
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.DELEGATE)
    may_vote = models.BooleanField(default=True)
    delegate_for = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="delegate"
    )
    answer = models.CharField(max_length=5, choices=Answer.choices, blank=True, default=Answer.NONE)
    reason = models.CharField(max_length=300, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    invited_at = models.DateTimeField(null=True, blank=True)
    checked_in_at = models.DateTimeField(null=True, blank=True)
    checked_out_at = models.DateTimeField(null=True, blank=True)
    how = models.CharField(max_length=4, choices=How.choices, blank=True, default=How.NONE)

    class Meta:
        ordering = ["person__sort_key", "pk"]
        constraints = [models.UniqueConstraint(fields=["meeting", "person"], name="one_place_in_meeting")]

    def __str__(self) -> str:
        return str(self.person)

    @property
    def is_present(self) -> bool:
        """In the room now: checked in and not gone."""
        return self.checked_in_at is not None and self.checked_out_at is None

    @property
    def is_replaced(self) -> bool:
        """Sends somebody else: does not vote, and need not come."""
        return self.answer == self.Answer.SENDS


class Notice(models.Model):
    """What an invited person is told by e-mail, written down first; `mailed_at` None = waits, or has no address."""

    class About(models.TextChoices):
        INVITED = "invited", _("Invitation")
        CHANGED = "changed", _("Another time or place")
        CANCELLED = "cancelled", _("Meeting called off")

    attendee = models.ForeignKey(Attendee, on_delete=models.CASCADE, related_name="notices")
    about = models.CharField(max_length=9, choices=About.choices)
    at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]


class Speech(models.Model):
    """A wish to speak: asked, called, done; or taken back. `turn`: its place in the line."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="speeches")
    attendee = models.ForeignKey(Attendee, on_delete=models.CASCADE, related_name="speeches")
    item = models.ForeignKey(AgendaItem, null=True, blank=True, on_delete=models.SET_NULL, related_name="speeches")
    turn = models.PositiveIntegerField()
    asked_at = models.DateTimeField()
    called_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    taken_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["turn", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["attendee"],
                condition=models.Q(done_at=None, taken_back_at=None),
                name="one_open_wish_to_speak",
            )
        ]

    @property
    def seconds(self) -> int | None:
        """How long the person spoke, None before the end."""
        return int((self.done_at - self.called_at).total_seconds()) if self.called_at and self.done_at else None


from nanglucso.govern.meetings.models_after import (  # noqa: E402
    Archive,
    Conclusion,
    ConclusionReport,
    Minutes,
    Remark,
)
from nanglucso.govern.meetings.models_papers import Note, Paper  # noqa: E402
from nanglucso.govern.meetings.models_votes import Box, Choice, Option, Participation, Vote  # noqa: E402

__all__ = [
    "AgendaItem",
    "Archive",
    "Attendee",
    "Box",
    "Choice",
    "Conclusion",
    "ConclusionReport",
    "Meeting",
    "Minutes",
    "Note",
    "Notice",
    "Option",
    "Paper",
    "Participation",
    "Remark",
    "Speech",
    "Vote",
]
