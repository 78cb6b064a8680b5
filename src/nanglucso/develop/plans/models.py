"""Course catalogue, means (venues, lecturers), scenarios and what the solver made of them."""

from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from nanglucso.core.bilingual import Named
from nanglucso.workforce.framework.models import Competence
from nanglucso.workforce.people.models import Person, TravelArea, Unit


def quarter_of(day: date) -> int:
    """1 to 4."""
    return (day.month - 1) // 3 + 1


class Course(Named, models.Model):
    """A course. `forms` {online|inperson|blended: {eff, min, max, lect_buoi[], room_buoi[], fixed[], seat[]}}; cost
    lines are [{rate, qty}]; tiet = 45-minute teaching periods; `room`: room or computer_room.

    `measured` {form: {shift, people, eff, classes}}: share of the missing way closed as its classes measured it, over
    how many people, and the share shrunk to the prior that the planner takes (see `services.set_measured_effect`).
    """

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
    room = models.CharField(max_length=20, default="room")
    measured = models.JSONField(default=dict, blank=True)
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
    """Who teaches. `rate`: đồng a buổi, at most the legal maximum of `pay_class` (a code of the rate table).

    `families`: domains they can teach; `courses`: single courses besides; both empty = all.
    """

    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=150)
    organisation = models.CharField(max_length=200, blank=True)
    qualification = models.CharField(max_length=200, blank=True)
    pay_class = models.SlugField(max_length=40, default="lecturer_session")
    rate = models.BigIntegerField()
    week_max = models.PositiveSmallIntegerField(default=6)
    quarter_max = models.PositiveSmallIntegerField(default=40)
    families = models.JSONField(default=list, blank=True)
    courses = models.JSONField(default=list, blank=True)
    assumed = models.BooleanField(default=False)
    made_up = models.BooleanField(default=False)
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class DayOff(Named, models.Model):
    """Days on which nobody is taught: fixed by law, assumed until the yearly decision, or the city's own.

    `source`: by which text or decision; `effective_from`: since when that holds.
    """

    class Kind(models.TextChoices):
        LAW = "law", _("By law")
        ASSUMED = "assumed", _("Assumed")
        OWN = "own", _("The city's own")

    code = models.SlugField(max_length=60, unique=True)
    name_vi = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)
    first = models.DateField()
    last = models.DateField()
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.OWN)
    source = models.CharField(max_length=300)
    effective_from = models.DateField(null=True, blank=True)
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["first", "code"]
        constraints = [
            models.CheckConstraint(condition=models.Q(last__gte=models.F("first")), name="day_off_ends_after_it_begins")
        ]

    def __str__(self) -> str:
        return self.name_vi


class Scenario(models.Model):
    """One alternative of a year's plan. `first_week`: Monday of teaching week 0. `params`: what differs from others.

    `params`: absent_max, management, need_points, retest_share (shares 0..1, points), least_days (a week with fewer
    working days is no teaching week), priorities {competence: factor}, forms [online, inperson, blended],
    unit_minimum {size, share}, mandatory [{course, families, deadline, share}].
    `figures`: objective, bound, gap, seconds, shadow_price, cost, classes, seats, people, need, reasons... (see
    `solving.figures`). `version` grows with every edit: two planners never overwrite each other.
    `track` [[seconds, objective, bound]]. `basis`: people, measured, from_prior, as_of, mondays (teaching weeks).
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SOLVING = "solving", _("Being computed")
        SOLVED = "solved", _("Computed")
        FAILED = "failed", _("Computation failed")
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
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(null=True)
    returned = models.TextField(blank=True)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-year", "name"]

    def __str__(self) -> str:
        return f"{self.name} ({self.year})"

    @property
    def weeks_a_quarter(self) -> int:
        """Teaching weeks in a quarter: a fourth of the year, rounded up (lecturers' hours are limited by quarter)."""
        return max(1, -(-self.weeks // 4))

    def monday(self, week: int) -> date:
        """Monday of a teaching week, as the plan was computed; weeks without capacity are no teaching weeks."""
        kept = self.basis.get("mondays", [])
        if week < len(kept):
            return date.fromisoformat(kept[week])
        first, passed = (date.fromisoformat(kept[-1]), len(kept) - 1) if kept else (self.first_week, 0)
        return first + timedelta(weeks=week - passed)

    @property
    def last_day(self) -> date:
        """Friday of the last teaching week."""
        return self.monday(self.weeks - 1) + timedelta(days=4)

    @property
    def is_running(self) -> bool:
        """Being computed, or waiting to be."""
        return bool(self.status == self.Status.SOLVING and self.job and self.job.is_open)

    @property
    def is_broken(self) -> bool:
        """The last computation failed, or its worker died too often."""
        return self.status == self.Status.FAILED or (self.status == self.Status.SOLVING and not self.is_running)


class PlannedClass(models.Model):
    """A class of a scenario's plan; `start` counts teaching weeks from 0; cost in đồng.

    `seat_count`, `tied_count` and `gain_sum` repeat its seats' number, provisional names and weighted levels: a city's
    table of two thousand classes must not add up two hundred thousand seats each time it is looked at.
    """

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
    seat_count = models.PositiveIntegerField(default=0)
    tied_count = models.PositiveIntegerField(default=0)
    gain_sum = models.FloatField(default=0.0)
    people = models.ManyToManyField(Person, through="PlannedSeat", related_name="+")

    class Meta:
        ordering = ["start", "number"]
        constraints = [models.UniqueConstraint(fields=["scenario", "number"], name="one_class_number")]

    def __str__(self) -> str:
        return f"{self.number}. {self.course}"

    @property
    def quarter(self) -> int:
        """1 to 4, of the calendar, as official documents count them."""
        return quarter_of(self.first_day)

    @property
    def first_day(self) -> date:
        """Monday of the first week."""
        return self.scenario.monday(self.start)

    @property
    def last_day(self) -> date:
        """Friday of the last week."""
        return self.scenario.monday(self.start + self.weeks - 1) + timedelta(days=4)


class PlannedSeat(models.Model):
    """A named person in a planned class; `gain` in weighted levels closed.

    `tied`: somebody outside has the same need, so the name is provisional. `unsure`: share 0..1 of the need behind the
    seat that is not yet known or rests on the prior; `from_prior`: the person was never measured.
    """

    planned_class = models.ForeignKey(PlannedClass, on_delete=models.CASCADE, related_name="seats")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="planned_seats")
    gain = models.FloatField(default=0.0)
    tied = models.BooleanField(default=False)
    unsure = models.FloatField(default=0.0)
    from_prior = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["planned_class", "person"], name="one_planned_seat")]


class ScenarioEdit(models.Model):
    """Who changed what of a scenario; `version` is the one that the edit made. `changes` {field: [old, new]}."""

    scenario = models.ForeignKey(Scenario, on_delete=models.CASCADE, related_name="edits")
    version = models.PositiveIntegerField()
    changes = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["version"]
        constraints = [models.UniqueConstraint(fields=["scenario", "version"], name="one_edit_a_version")]


class HandChange(models.Model):
    """A planner's own decision about one person and course; it is kept when the plan is computed again.

    pin = sits in this class's course, forbid = does not; move = from another class of the course into this one.
    `price` in weighted levels (negative = the plan closes less), `cost` in đồng; `lost`: why it could not be kept.
    """

    class Kind(models.TextChoices):
        PIN = "pin", _("Put in")
        FORBID = "forbid", _("Take out")
        MOVE = "move", _("Move to another class")

    scenario = models.ForeignKey(Scenario, on_delete=models.CASCADE, related_name="hand_changes")
    kind = models.CharField(max_length=6, choices=Kind.choices)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+")
    form = models.CharField(max_length=10, choices=PlannedClass.Form.choices)
    start = models.PositiveSmallIntegerField()
    price = models.FloatField(default=0.0)
    cost = models.BigIntegerField(default=0)
    reason = models.CharField(max_length=300)
    lost = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]


class ProposalRound(models.Model):
    """When units may propose for a year. `weight`: factor on the need of those whom a proposal names."""

    year = models.PositiveSmallIntegerField(unique=True)
    deadline = models.DateField()
    weight = models.FloatField(default=1.5)
    note = models.CharField(max_length=300, blank=True)


class Proposal(models.Model):
    """A unit's wish for a year: a course or a competence, for named people or a number of them.

    `quarter` 0 = any. `seats` and `scenario`: what the plan gave, filled with the answer.
    """

    class Status(models.TextChoices):
        SENT = "sent", _("Sent")
        GRANTED = "granted", _("Granted")
        PARTLY = "partly", _("Granted in part")
        DECLINED = "declined", _("Not granted")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    year = models.PositiveSmallIntegerField()
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="proposals")
    course = models.ForeignKey(Course, null=True, on_delete=models.PROTECT, related_name="+")
    competence = models.ForeignKey(Competence, null=True, on_delete=models.PROTECT, related_name="+")
    heads = models.PositiveSmallIntegerField()
    people = models.ManyToManyField(Person, related_name="+")
    quarter = models.PositiveSmallIntegerField(default=0)
    reason = models.TextField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.SENT)
    answer = models.TextField(blank=True)
    seats = models.PositiveSmallIntegerField(default=0)
    scenario = models.ForeignKey(Scenario, null=True, on_delete=models.SET_NULL, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(course=None) ^ models.Q(competence=None), name="a_course_or_a_competence"
            )
        ]

    @property
    def wanted(self) -> str:
        """The course or competence by name."""
        return str((self.course or self.competence).name)  # type: ignore[union-attr]
