"""Classes as they really run: sessions, enrolment, attendance, and the effect measured afterwards."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from nanglucso.develop.plans.models import Course, Lecturer, PlannedClass, Venue
from nanglucso.workforce.people.models import Person


class TrainingClass(models.Model):
    """A class that was opened, with or without a plan behind it.

    `cost`: đồng, as planned until `settled_at`, as spent from then on; `costs` {cost line: đồng spent}, if known.
    """

    class Status(models.TextChoices):
        OPEN = "open", _("Enrolment open")
        RUNNING = "running", _("Being held")
        DONE = "done", _("Class finished")
        CANCELLED = "cancelled", _("Called off")

    code = models.CharField(max_length=40, unique=True)
    planned = models.OneToOneField(PlannedClass, null=True, blank=True, on_delete=models.PROTECT, related_name="opened")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="classes")
    form = models.CharField(max_length=10, choices=PlannedClass.Form.choices)
    venue = models.ForeignKey(Venue, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    lecturer = models.ForeignKey(Lecturer, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    seats = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    starts_on = models.DateField()
    ends_on = models.DateField()
    cost = models.BigIntegerField(default=0)
    costs = models.JSONField(default=dict, blank=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-starts_on", "code"]

    def __str__(self) -> str:
        return f"{self.code} {self.course}"

    @property
    def is_live(self) -> bool:
        """Neither finished nor called off."""
        return self.status in (self.Status.OPEN, self.Status.RUNNING)


class ClassSession(models.Model):
    """One buổi of a class. `nonce` is drawn anew each time its QR opens and emptied when it closes."""

    training_class = models.ForeignKey(TrainingClass, on_delete=models.CASCADE, related_name="sessions")
    number = models.PositiveSmallIntegerField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    tiet = models.PositiveSmallIntegerField(default=4)
    nonce = models.CharField(max_length=32, blank=True)
    check_in_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["training_class", "number"], name="one_session_number")]

    def takes_codes(self, at: datetime) -> bool:
        """Whether a code is on the room's screen and still works."""
        return bool(self.nonce) and self.check_in_until is not None and at <= self.check_in_until


class Enrolment(models.Model):
    """A person in a class, as a state machine."""

    class Status(models.TextChoices):
        REQUESTED = "requested", _("Asked to join")
        BOOKED = "booked", _("Enrolled")
        WAITLISTED = "waitlisted", _("On the waiting list")
        CANCELLED = "cancelled", _("Place given up")
        NO_SHOW = "no_show", _("Did not come")
        PARTLY = "partly", _("Partly attended")
        COMPLETED = "completed", _("Completed")

    training_class = models.ForeignKey(TrainingClass, on_delete=models.PROTECT, related_name="enrolments")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="enrolments")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.BOOKED)
    at = models.DateTimeField()
    tiet_attended = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["person__sort_key"]
        constraints = [models.UniqueConstraint(fields=["training_class", "person"], name="one_enrolment")]


class Attendance(models.Model):
    """Present at a session, and how that is known."""

    class How(models.TextChoices):
        QR = "qr", _("Code scanned")
        MANUAL = "manual", _("Ticked by the class manager")

    session = models.ForeignKey(ClassSession, on_delete=models.CASCADE, related_name="attendances")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    how = models.CharField(max_length=8, choices=How.choices)
    at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "person"], name="one_attendance")]


class ClassEffect(models.Model):
    """Effect of one class (or of all classes of a course when `training_class` is empty), in levels, with 90% interval.

    `shift` is net of the comparison group; `trained` and `untrained`: the shift of each group by itself; `naive`: what
    a plain before and after of the two tests says. `share`: part of the missing way that the class closed. `method`:
    how it was computed; `comparison`: people compared with.
    """

    training_class = models.OneToOneField(
        TrainingClass, null=True, blank=True, on_delete=models.CASCADE, related_name="effect"
    )
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="effects")
    people = models.PositiveIntegerField()
    comparison = models.PositiveIntegerField(default=0)
    shift = models.FloatField()
    trained = models.FloatField(null=True)
    untrained = models.FloatField(null=True)
    naive = models.FloatField(null=True)
    share = models.FloatField(null=True)
    standard_error = models.FloatField()
    low = models.FloatField()
    high = models.FloatField()
    method = models.CharField(max_length=60)
    measured_at = models.DateTimeField()

    class Meta:
        ordering = ["-measured_at"]

    @property
    def is_clear(self) -> bool:
        """Whether the interval leaves zero out."""
        return self.low > 0 or self.high < 0


from nanglucso.develop.training.models_effects import EffectProposal  # noqa: E402

__all__ = [
    "Attendance",
    "ClassEffect",
    "ClassSession",
    "EffectProposal",
    "Enrolment",
    "TrainingClass",
]
