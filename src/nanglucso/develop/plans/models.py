"""Course catalogue, means (venues, lecturers), scenarios and what the solver made of them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from nanglucso.core.bilingual import Named
from nanglucso.workforce.framework.models import Competence
from nanglucso.workforce.people.models import Person, TravelArea


class Course(Named, models.Model):
    """A course. `forms` {online|inperson|blended: {eff, min, max, lect_buoi[], room_buoi[], fixed[], seat[]}}; cost
    lines are [{rate, qty}]; tiet = 45-minute teaching periods."""

    code = models.SlugField(max_length=40, unique=True)
    name_vi = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    family = models.CharField(max_length=20)
    tiet = models.PositiveSmallIntegerField()
    prereq = models.JSONField(default=list, blank=True)
    forms = models.JSONField()
    outline = models.JSONField(default=list, blank=True)
    outcome = models.TextField(blank=True)
    audience = models.TextField(blank=True)
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["family", "code"]

    def __str__(self) -> str:
        return self.name_vi


class CourseCover(models.Model):
    """A course leads from one level to a higher one of a competence (bands from_level..to_level-1)."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="covers")
    competence = models.ForeignKey(Competence, on_delete=models.PROTECT, related_name="+")
    from_level = models.PositiveSmallIntegerField()
    to_level = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["competence__index", "from_level"]
        constraints = [models.UniqueConstraint(fields=["course", "competence"], name="one_cover_per_competence")]


class Venue(models.Model):
    """A room. `rate`: đồng a buổi (4 tiết); `buoi_week`: buổi it can take in a week."""

    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    area = models.ForeignKey(TravelArea, on_delete=models.PROTECT, related_name="venues")
    seats = models.PositiveSmallIntegerField()
    buoi_week = models.PositiveSmallIntegerField(default=10)
    rate = models.BigIntegerField(default=0)
    assumed = models.BooleanField(default=False)
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Lecturer(models.Model):
    """Who teaches. `rate`: đồng a buổi; `courses`: codes they can teach, empty = all."""

    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=150)
    organisation = models.CharField(max_length=200, blank=True)
    rate = models.BigIntegerField()
    week_max = models.PositiveSmallIntegerField(default=6)
    quarter_max = models.PositiveSmallIntegerField(default=40)
    courses = models.JSONField(default=list, blank=True)
    assumed = models.BooleanField(default=False)
    made_up = models.BooleanField(default=False)
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Scenario(models.Model):
    """One alternative of a year's plan. `first_week`: Monday of teaching week 0. `params`: what differs from others.

    `figures`: objective, bound, gap, seconds, shadow_price, cost, classes, seats, people, need, reasons...
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SOLVING = "solving", _("Being computed")
        SOLVED = "solved", _("Computed")
        FAILED = "failed", _("Failed")
        SUBMITTED = "submitted", _("Sent for approval")
        APPROVED = "approved", _("Approved")
        REPLACED = "replaced", _("Replaced")

    year = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    budget = models.BigIntegerField()
    first_week = models.DateField()
    weeks = models.PositiveSmallIntegerField(default=40)
    params = models.JSONField(default=dict, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    job = models.ForeignKey("core.Job", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    figures = models.JSONField(default=dict, blank=True)
    track = models.JSONField(default=list, blank=True)
    basis = models.JSONField(default=dict, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    solved_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-year", "name"]

    def __str__(self) -> str:
        return f"{self.name} ({self.year})"


class PlannedClass(models.Model):
    """A class of a scenario's plan; `start` counts teaching weeks from 0; cost in đồng."""

    class Form(models.TextChoices):
        ONLINE = "online", _("Online")
        INPERSON = "inperson", _("In person")
        BLENDED = "blended", _("Blended")

    scenario = models.ForeignKey(Scenario, on_delete=models.CASCADE, related_name="classes")
    number = models.PositiveIntegerField()
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+")
    form = models.CharField(max_length=10, choices=Form.choices)
    venue = models.ForeignKey(Venue, null=True, on_delete=models.PROTECT, related_name="+")
    start = models.PositiveSmallIntegerField()
    weeks = models.PositiveSmallIntegerField()
    lecturer = models.ForeignKey(Lecturer, on_delete=models.PROTECT, related_name="+")
    source = models.ForeignKey("budget.FundingSource", on_delete=models.PROTECT, related_name="+")
    cost = models.BigIntegerField()
    people = models.ManyToManyField(Person, through="PlannedSeat", related_name="+")

    class Meta:
        ordering = ["start", "number"]
        constraints = [models.UniqueConstraint(fields=["scenario", "number"], name="one_class_number")]


class PlannedSeat(models.Model):
    """A named person in a planned class; `gain` in weighted levels closed."""

    planned_class = models.ForeignKey(PlannedClass, on_delete=models.CASCADE, related_name="seats")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    gain = models.FloatField(default=0.0)
    tied = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["planned_class", "person"], name="one_planned_seat")]
