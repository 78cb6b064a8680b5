"""Lessons with their versions; what each person has opened, spent, tried and answered; the task at work."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from nanglucso.core.bilingual import said
from nanglucso.workforce.people.models import Person

USER: Any = settings.AUTH_USER_MODEL


class Lesson(models.Model):
    """One lesson over its versions. `competence` and `level` are the codes in its id; `live`: the version in use."""

    code = models.CharField(max_length=20, unique=True)
    competence = models.CharField(max_length=10, db_index=True)
    level = models.PositiveSmallIntegerField()
    live = models.OneToOneField("LessonVersion", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["competence", "level", "code"]

    def __str__(self) -> str:
        return self.code


class LessonVersion(models.Model):
    """One text of a lesson (`source`, the whole file). A published one never changes.

    `author` None = shipped content; `note`: the last reason given by a reader.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Being written")
        REVIEW = "review", _("Waiting for a second reader")
        PUBLISHED = "published", _("Published")
        DROPPED = "dropped", _("Set aside")

    lesson = models.ForeignKey(Lesson, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT, db_index=True)
    source = models.TextField()
    title_vi = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, blank=True)
    minutes = models.PositiveSmallIntegerField(default=10)
    prerequisites = models.JSONField(default=list)
    review_by = models.DateField(null=True)
    author = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=500, blank=True)
    changed_at = models.DateTimeField()
    published_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["lesson__competence", "lesson__level", "lesson__code", "-number"]
        constraints = [models.UniqueConstraint(fields=["lesson", "number"], name="one_lesson_version")]

    def __str__(self) -> str:
        return f"{self.lesson.code} v{self.number}"

    @property
    def title(self) -> str:
        return said(self, "title")

    @property
    def is_open(self) -> bool:
        return self.state in (self.State.DRAFT, self.State.REVIEW)


class Study(models.Model):
    """One person in one version of a lesson.

    `spent`: {part: seconds} as the server saw them go by; `part`: the part shown last; `seen_at`: the last sign of
    life; `opened`: numbers of parts; `tried`: the last try of the exercise; `round`: which go at the questions.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="studies")
    version = models.ForeignKey(LessonVersion, on_delete=models.PROTECT, related_name="studies")
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    part = models.PositiveSmallIntegerField(default=1)
    spent = models.JSONField(default=dict)
    opened = models.JSONField(default=list)
    tries = models.PositiveSmallIntegerField(default=0)
    tried = models.JSONField(null=True)
    round = models.PositiveSmallIntegerField(default=1)
    round_ended_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True, db_index=True)
    task_note = models.CharField(max_length=500, blank=True)
    task_done_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(USER, null=True, on_delete=models.SET_NULL, related_name="+")
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-seen_at"]
        constraints = [models.UniqueConstraint(fields=["person", "version"], name="one_study_of_a_version")]

    def __str__(self) -> str:
        return f"{self.version.lesson.code}, {self.person_id}"

    @property
    def seconds(self) -> float:
        return float(sum(self.spent.values()))


class CheckAnswer(models.Model):
    """One answer to a question of a round; it never changes. `choice`: place of the option as it was written."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="answers")
    round = models.PositiveSmallIntegerField()
    question = models.PositiveSmallIntegerField()
    choice = models.PositiveSmallIntegerField()
    right = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["round", "question"]
        constraints = [models.UniqueConstraint(fields=["study", "round", "question"], name="one_answer_a_round")]


class Package(models.Model):
    """A SCORM package over its versions; `live`: the version in use, None = none yet or withdrawn."""

    live = models.OneToOneField("PackageVersion", null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"package {self.pk}"


class PackageVersion(models.Model):
    """One uploaded zip, unpacked in `folder`; it never changes.

    `units`: what `scorm.manifest.Unit` holds, in order; `left_out`: files of the zip that are not handed out;
    `minutes`: how long it takes, as the uploader says; `sha256`, `size` (bytes unpacked) and `name` are the zip's.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Uploaded, to be looked at")
        PUBLISHED = "published", _("Put in use")
        DROPPED = "dropped", _("Set aside")

    package = models.ForeignKey(Package, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT, db_index=True)
    title = models.CharField(max_length=200)
    minutes = models.PositiveSmallIntegerField()
    units = models.JSONField()
    folder = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    files = models.PositiveIntegerField()
    size = models.PositiveBigIntegerField()
    left_out = models.JSONField(default=list)
    uploaded_by = models.ForeignKey(USER, null=True, on_delete=models.SET_NULL, related_name="+")
    uploaded_at = models.DateTimeField()
    published_by = models.ForeignKey(USER, null=True, on_delete=models.SET_NULL, related_name="+")
    published_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-uploaded_at"]
        constraints = [models.UniqueConstraint(fields=["package", "number"], name="one_package_version")]

    def __str__(self) -> str:
        return f"{self.title} v{self.number}"

    @property
    def in_use(self) -> bool:
        return self.package.live_id == self.pk


class PackageRun(models.Model):
    """One person in one version of a package.

    `spent`: seconds as the server saw them go by; `states`: {unit key: what the package claims}, see `scorm.claims`;
    `claimed_at`: when the package first said that all of it was done; `finished_at`: when time bore that out.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="package_runs")
    version = models.ForeignKey(PackageVersion, on_delete=models.PROTECT, related_name="runs")
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    spent = models.FloatField(default=0)
    unit = models.CharField(max_length=100, blank=True)
    states = models.JSONField(default=dict)
    claimed_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True, db_index=True)

    class Meta:
        ordering = ["-seen_at"]
        constraints = [models.UniqueConstraint(fields=["person", "version"], name="one_run_of_a_package_version")]

    def __str__(self) -> str:
        return f"{self.version_id}, {self.person_id}"
