"""Votes of a meeting, open and secret (docs/adr/0022).

For minutes and archive: `queries.votes.results_of(meeting)` gives every closed or void vote as a `Result` with its
counts, names (open: who chose what; secret: who took part) and rules; `Result.told()` is JSON for what is kept for
good. A meeting must not end while `queries.votes.is_voting(meeting)`.

A secret vote has three tables: `Participation` (who took part: no choice, no time), `Box` (one row of encrypted
totals, rewritten with every ballot) and, after closing, `Option.count`. `Choice` is for open votes alone.
"""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class Vote(models.Model):
    """A matter put to the vote. `most`: how many candidates a ballot may name, and how many places there are.

    `rules`: quorum and majority as they stood at opening. `members`, `present`, `took_part`, `blank` and `needed` are
    frozen at closing: seats with a vote, those of them in the room, ballots, ballots naming nobody, votes to win.
    """

    class Kind(models.TextChoices):
        MATTER = "matter", _("Agree, do not agree, other view")
        CANDIDATES = "list", _("Choose from a list of candidates")

    class Status(models.TextChoices):
        PREPARED = "prepared", _("Vote prepared")
        OPEN = "open", _("Vote open")
        CLOSED = "closed", _("Vote closed")
        VOID = "void", _("Vote void")

    class Outcome(models.TextChoices):
        NONE = "", "–"
        PASSED = "passed", _("Carried")
        FAILED = "failed", _("Not carried")
        ELECTED = "elected", _("All places filled")
        PARTLY = "partly", _("Not all places filled")

    meeting = models.ForeignKey("meetings.Meeting", on_delete=models.CASCADE, related_name="votes")
    item = models.ForeignKey(
        "meetings.AgendaItem", null=True, blank=True, on_delete=models.SET_NULL, related_name="votes"
    )
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=500)
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.MATTER)
    secret = models.BooleanField(default=False)
    most = models.PositiveSmallIntegerField(default=1)
    quorum = models.CharField(max_length=40)
    majority = models.CharField(max_length=40)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.PREPARED)
    rules = models.JSONField(default=dict, blank=True)
    made_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    members = models.PositiveIntegerField(null=True, blank=True)
    present = models.PositiveIntegerField(null=True, blank=True)
    took_part = models.PositiveIntegerField(null=True, blank=True)
    blank = models.PositiveIntegerField(null=True, blank=True)
    needed = models.PositiveIntegerField(null=True, blank=True)
    outcome = models.CharField(max_length=8, choices=Outcome.choices, blank=True, default=Outcome.NONE)
    tie = models.BooleanField(default=False)
    void_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["number", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "number"], name="one_vote_a_number"),
            models.UniqueConstraint(
                fields=["meeting"], condition=models.Q(status="open"), name="one_open_vote_in_meeting"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_list(self) -> bool:
        return self.kind == self.Kind.CANDIDATES


class Option(models.Model):
    """What may be chosen. `code` says which of the three fixed answers it is, "" = a candidate, named by `text`.

    `count` and `elected` are known after closing, None before and for ever when the vote is void.
    """

    class Code(models.TextChoices):
        NONE = "", "–"
        AGREE = "agree", _("Agree")
        AGAINST = "against", _("Do not agree")
        OTHER = "other", _("Other view")

    vote = models.ForeignKey(Vote, on_delete=models.CASCADE, related_name="options")
    number = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=8, choices=Code.choices, blank=True, default=Code.NONE)
    text = models.CharField(max_length=200, blank=True)
    count = models.PositiveIntegerField(null=True, blank=True)
    elected = models.BooleanField(null=True, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["vote", "number"], name="one_option_a_number")]

    def __str__(self) -> str:
        return self.text or str(self.get_code_display())

    @property
    def value(self) -> str:
        """What a ballot sends: two digits always, so that the length of a request does not tell the answer."""
        return f"{self.number:02d}"


class Participation(models.Model):
    """The vote of a seat was cast. A seat is the row of the invited member, also when `by` is the delegate's row."""

    vote = models.ForeignKey(Vote, on_delete=models.CASCADE, related_name="participations")
    seat = models.ForeignKey("meetings.Attendee", on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey("meetings.Attendee", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vote", "seat"], name="one_vote_a_seat"),
            models.UniqueConstraint(fields=["vote", "by"], name="one_vote_a_head"),
        ]


class Choice(models.Model):
    """An option that an open vote's participant named. Secret votes have no row here; `services.voting` sees to it."""

    participation = models.ForeignKey(Participation, on_delete=models.CASCADE, related_name="choices")
    option = models.ForeignKey(Option, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["participation", "option"], name="one_choice_an_option")]


class Box(models.Model):
    """The totals of an open secret vote, encrypted under a key that is a file and lasts for one ballot (`urn`)."""

    vote: Any = models.OneToOneField(Vote, primary_key=True, on_delete=models.CASCADE, related_name="box")
    turn = models.PositiveIntegerField(default=0)
    sealed = models.BinaryField()
