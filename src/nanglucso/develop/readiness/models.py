"""What units have to work with: what they said, in which survey round, from which sheet; what was decided on it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from nanglucso.workforce.people.models import Person, Unit


class SurveyRound(models.Model):
    """Units asked to fill in the survey until `due`; `version` names the questionnaire, which does not change then."""

    name = models.CharField(max_length=150)
    version = models.CharField(max_length=20)
    due = models.DateField()
    note = models.CharField(max_length=300, blank=True)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-opened_at", "-pk"]

    def __str__(self) -> str:
        return self.name


class Slip(models.Model):
    """One unit's survey of a round. `contact`: who else than the head may fill it in. `answers` as last saved.

    `saves` grows with every save, so that two people who fill it in at once do not overwrite each other.
    """

    round = models.ForeignKey(SurveyRound, on_delete=models.PROTECT, related_name="slips")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    contact = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    answers = models.JSONField(default=dict, blank=True)
    saves = models.PositiveIntegerField(default=0)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    saved_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    reminders = models.PositiveSmallIntegerField(default=0)
    reminded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["unit__path"]
        constraints = [models.UniqueConstraint(fields=["round", "unit"], name="one_slip_a_round")]

    def __str__(self) -> str:
        return f"{self.unit}: {self.round}"


class FactSheet(models.Model):
    """A spreadsheet of many units' answers. `plan` {rows: [{row, sheet, unit, name, answers}], problems: […]}."""

    class Status(models.TextChoices):
        READ = "read", _("Read, not yet applied")
        APPLIED = "applied", _("Applied")
        UNDONE = "undone", _("Undone")

    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    version = models.CharField(max_length=20)
    day = models.DateField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.READ)
    plan = models.JSONField(default=dict)
    read_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    read_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-read_at", "-pk"]

    def __str__(self) -> str:
        return self.file_name


class Facts(models.Model):
    """What a unit has on a day, never changed: a newer row takes its place, an undone sheet takes its own rows back."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    version = models.CharField(max_length=20)
    answers = models.JSONField()
    slip = models.ForeignKey(Slip, null=True, blank=True, on_delete=models.PROTECT, related_name="facts")
    sheet = models.ForeignKey(FactSheet, null=True, blank=True, on_delete=models.PROTECT, related_name="facts")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-day", "-pk"]
        indexes = [models.Index(fields=["unit", "withdrawn_at", "day"], name="facts_of_unit")]

    def __str__(self) -> str:
        return f"{self.unit}, {self.day:%d/%m/%Y}"


class Decision(models.Model):
    """What a person decided on a unit's place in the investment list; the last one counts, none is changed."""

    class Verdict(models.TextChoices):
        TAKEN = "taken", _("Go ahead")
        LATER = "later", _("Later")
        DECLINED = "declined", _("Not to be done")

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    reason = models.CharField(max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
