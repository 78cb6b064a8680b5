"""Classes as they really run: sessions, enrolment, attendance, and the effect measured afterwards."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from nanglucso.develop.plans.models import Course, Lecturer, PlannedClass, Venue
from nanglucso.develop.training import signup
from nanglucso.develop.training.models_effects import EffectFigures, EffectProposal
from nanglucso.develop.training.models_transfer import ClassTransfer, TransferView
from nanglucso.workforce.people.models import Person


class TrainingClass(models.Model):
    """A class that was opened, with or without a plan behind it.

    `cost`: đồng, as planned until `settled_at`, as spent from then on; `costs` {cost line: đồng spent}, if known.
    With fewer than `minimum` places held on the day `decide_by` it is put forward for cancellation; `kept_at`: somebody
    decided to hold it all the same. `stages`: one approval of a place, or two by different people.
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
    minimum = models.PositiveSmallIntegerField(default=0)
    decide_by = models.DateField(null=True, blank=True)
    stages = models.PositiveSmallIntegerField(default=1)
    kept_at = models.DateTimeField(null=True, blank=True)
    kept_reason = models.CharField(max_length=300, blank=True)

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
    """A person's place in a class: where it stands (`signup.TABLE`), since when; `turn`: order on the waiting list."""

    Status = signup.State

    training_class = models.ForeignKey(TrainingClass, on_delete=models.PROTECT, related_name="enrolments")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="enrolments")
    status = models.CharField(max_length=10, choices=signup.State.choices, default=signup.State.BOOKED)
    at = models.DateTimeField()
    turn = models.PositiveIntegerField(null=True, blank=True)
    tiet_attended = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["person__sort_key"]
        constraints = [
            models.UniqueConstraint(fields=["training_class", "person"], name="one_enrolment"),
            models.UniqueConstraint(fields=["training_class", "turn"], name="one_turn"),
        ]


class EnrolmentStep(models.Model):
    """One change of a place: from where to where, by which move, by whom, on whose behalf, when. Never rewritten."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="steps")
    verb = models.CharField(max_length=16)
    before = models.CharField(max_length=10, blank=True)
    after = models.CharField(max_length=10, choices=signup.State.choices)
    side = models.CharField(max_length=8, choices=signup.Side.choices)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["pk"]


class ClassNotice(models.Model):
    """What a person is told about a class: a new state of the place, or "moved" with the session's number."""

    MOVED = "moved"

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="class_notices")
    training_class = models.ForeignKey(TrainingClass, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=10)
    session = models.ForeignKey(ClassSession, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]


class LecturerAccount(models.Model):
    """Which log-in belongs to a lecturer: it opens the lecturer's desk."""

    lecturer = models.OneToOneField(Lecturer, on_delete=models.CASCADE, related_name="account")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="teaches_as")
    at = models.DateTimeField()


class ClassMaterial(models.Model):
    """Something learners of a class read or bring: its title and where it is found."""

    training_class = models.ForeignKey(TrainingClass, on_delete=models.CASCADE, related_name="materials")
    title = models.CharField(max_length=200)
    place = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]


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


class EvaluationAnswer(models.Model):
    """One filled-in form, without its writer: no person, no moment, and a random key that keeps no order.

    `form`, `version`: which questionnaire of `content/evaluation/`; `answers` {question: 1 to 5}.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    training_class = models.ForeignKey(TrainingClass, on_delete=models.PROTECT, related_name="evaluations")
    form = models.SlugField(max_length=40)
    version = models.PositiveSmallIntegerField()
    answers = models.JSONField()

    class Meta:
        ordering = ["pk"]


class EvaluationGiven(models.Model):
    """That somebody has filled in a form, so that nobody does twice; it leads to no answer."""

    training_class = models.ForeignKey(TrainingClass, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    form = models.SlugField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["training_class", "person", "form"], name="one_evaluation")]


class ClassEffect(EffectFigures):
    """Effect of one class (or of all classes of a course when `training_class` is empty), in levels, with 90% interval.

    `naive`: what a plain before and after of both tests says; `share`: part of the missing way that the class closed.
    """

    training_class = models.OneToOneField(
        TrainingClass, null=True, blank=True, on_delete=models.CASCADE, related_name="effect"
    )
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="effects")
    naive = models.FloatField(null=True)
    share = models.FloatField(null=True)

    class Meta:
        ordering = ["-measured_at"]

    @property
    def is_clear(self) -> bool:
        """Whether the interval leaves zero out."""
        return self.low > 0 or self.high < 0


__all__ = [
    "Attendance",
    "ClassEffect",
    "ClassSession",
    "ClassTransfer",
    "EffectProposal",
    "Enrolment",
    "TrainingClass",
    "TransferView",
]
