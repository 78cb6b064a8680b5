"""Duties, pairs of duties that overlap with what became of them; vacancies, suggestions, decisions."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from nanglucso.workforce.framework.models import Framework
from nanglucso.workforce.people.models import Person, Position, Unit

USER: Any = settings.AUTH_USER_MODEL


class Duty(models.Model):
    """A function of a unit or a duty of a position, from `since` to before `until`; never changed, only ended.

    `key`: for a duty taken from a position's profile its number there ("CV1"), else "". `output`: the product named.
    """

    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="duties")
    position = models.ForeignKey(Position, null=True, blank=True, on_delete=models.PROTECT, related_name="duties")
    text = models.CharField(max_length=600)
    fold = models.CharField(max_length=620)
    output = models.CharField(max_length=300, blank=True)
    legal_basis = models.CharField(max_length=200, blank=True)
    key = models.CharField(max_length=20, blank=True)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    entered_by = models.ForeignKey(USER, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["unit__path", "position__name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(unit=None, position__isnull=False) | models.Q(unit__isnull=False, position=None),
                name="duty_of_unit_or_position",
            )
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def holder(self) -> str:
        """The name of the unit or position, the latter in the active language."""
        return self.unit.name if self.unit else self.position.title if self.position else ""


class Overlap(models.Model):
    """A pair of duties that the finder showed, what a person found it to be, and how it is resolved.

    `score` 0..1 of the finder, `hint` the outcome it proposed; `one` was entered before `other`.
    """

    class Verdict(models.TextChoices):
        WAITING = "", _("Waiting for review")
        SAME = "same", _("The same work")
        CONTAINED = "contained", _("One is part of the other")
        SHARED = "shared_by_law", _("Shared by law")
        DIFFERENT = "different", _("Different work")

    class Action(models.TextChoices):
        NONE = "", _("Not yet set")
        KEEP_ONE = "keep_one", _("One keeps it, the other gives it up")
        MERGE = "merge", _("Put together in one holder")
        DIVIDE = "divide", _("Write down who does which part")
        LEVELS = "levels", _("Divide by level of government")
        ACCEPT = "accept", _("Leave as it is, with reasons")

    one = models.ForeignKey(Duty, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Duty, on_delete=models.CASCADE, related_name="+")
    score = models.FloatField()
    hint = models.CharField(max_length=14)
    across_levels = models.BooleanField(default=False)
    found_at = models.DateTimeField()
    verdict = models.CharField(max_length=14, choices=Verdict.choices, blank=True, db_index=True)
    remark = models.TextField(blank=True)
    reviewed_by = models.ForeignKey(USER, null=True, on_delete=models.SET_NULL, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    action = models.CharField(max_length=10, choices=Action.choices, blank=True)
    plan = models.TextField(blank=True)
    owner = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    due = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    closing = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-score", "pk"]
        constraints = [models.UniqueConstraint(fields=["one", "other"], name="one_row_a_pair")]

    @property
    def overlapping(self) -> bool:
        """Whether a person found that something has to be resolved."""
        return self.verdict in (self.Verdict.SAME, self.Verdict.CONTAINED, self.Verdict.SHARED)


class Vacancy(models.Model):
    """A post of a position in a unit that stands or will stand empty from `since`."""

    class Reason(models.TextChoices):
        LEFT = "left", _("The holder leaves or has left")
        NEW = "new", _("A new post")
        REORGANISED = "reorganised", _("Reorganisation")

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        DECIDED = "decided", _("Decided")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="vacancies")
    position = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="vacancies")
    since = models.DateField()
    reason = models.CharField(max_length=12, choices=Reason.choices, default=Reason.LEFT)
    note = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN, db_index=True)
    entered_by = models.ForeignKey(USER, null=True, on_delete=models.SET_NULL, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        ordering = ["since", "pk"]

    def __str__(self) -> str:
        return f"{self.position.name}, {self.unit.name}"


class Suggestion(models.Model):
    """One computed assignment: `lines` [{vacancy, person or null, fit, met, missing, unknown, tiet}]; binds nobody.

    `pool`: the unit whose people were looked at (None = everybody in the asker's scope), `paths` that scope as unit
    paths (empty = the city). `total` is the optimum, `people` and `seats` its size, `floor` the fit below which a post
    stays empty.
    """

    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="+")
    pool = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    paths = models.JSONField(default=list)
    floor = models.FloatField()
    people = models.PositiveIntegerField()
    seats = models.PositiveIntegerField()
    total = models.FloatField()
    lines = models.JSONField(default=list)
    made_by = models.ForeignKey(USER, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-made_at", "-pk"]


class Decision(models.Model):
    """What a person decided on a vacancy; appoints nobody. `shown`: figures of that day, `suggested`: the proposal."""

    vacancy = models.OneToOneField(Vacancy, on_delete=models.PROTECT, related_name="decision")
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    suggested = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    authority = models.CharField(max_length=200)
    reason = models.TextField()
    shown = models.JSONField(default=dict)
    decided_by = models.ForeignKey(USER, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField()
