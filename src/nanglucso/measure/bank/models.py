"""Items and their immutable versions. The answer key lives here and never travels to a browser before the answer."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from nanglucso.workforce.framework.models import Competence


class Item(models.Model):
    """One question over its versions; `family` groups variants that never meet in one sitting.

    `practice`: released for practice with its key, so it is no exam item; `practice_ended`: day on which that ended.
    """

    class Type(models.TextChoices):
        SINGLE = "single", _("Single choice")
        MULTIPLE = "multiple", _("Multiple choice")
        ORDER = "order", _("Ordering")
        MATCH = "match", _("Matching")
        NUMERIC = "numeric", _("Numeric answer")
        CLOZE = "cloze", _("Fill in")
        SJT = "sjt", _("Situational judgement")
        HOTSPOT = "hotspot", _("Drawn screen")
        FILE = "file", _("File handed in")

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        LIVE = "live", _("In use")
        REVIEW = "review", _("Needs review")
        RETIRED = "retired", _("Retired")

    code = models.CharField(max_length=30, unique=True)
    competence = models.ForeignKey(Competence, on_delete=models.PROTECT, related_name="items")
    indicator = models.CharField(max_length=20)
    level = models.PositiveSmallIntegerField()
    type = models.CharField(max_length=10, choices=Type.choices)
    family = models.CharField(max_length=80, db_index=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    gloss_en = models.CharField(max_length=300, blank=True)
    review_by = models.DateField()
    practice = models.BooleanField(default=False)
    practice_ended = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["competence__index", "level", "code"]

    def __str__(self) -> str:
        return self.code


class ItemVersion(models.Model):
    """What was shown and scored. `body` = what the taker sees; `key` = how it is scored and fed back.

    a: slope; b: list of step difficulties (one for 0/1 items); c: guessing. All priors until calibrated.
    `author` None = shipped content. `counted` False = neutralised: answers to it no longer enter anybody's profile.
    """

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    current = models.BooleanField(default=True)
    body = models.JSONField()
    key = models.JSONField()
    notes = models.JSONField(default=dict)
    a = models.FloatField()
    b = models.JSONField()
    c = models.FloatField(default=0.0)
    minutes = models.FloatField(default=1.0)
    parameters_from = models.CharField(max_length=20, default="prior")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    counted = models.BooleanField(default=True)

    class Meta:
        ordering = ["item_id", "number"]
        constraints = [models.UniqueConstraint(fields=["item", "number"], name="one_item_version")]

    def __str__(self) -> str:
        return f"{self.item.code} v{self.number}"


class ItemDraft(models.Model):
    """An item or a new version of one while it is written and read; `raw` is a row of the item files.

    `item` and `base` None = a new item. `round` counts how often it went to a second reader; `note` is the last reason
    given. Nothing of a draft is asked in a test; publishing makes an ItemVersion of it.
    """

    class State(models.TextChoices):
        WRITING = "writing", _("Being written")
        READING = "reading", _("Waiting for a second reader")
        APPROVED = "approved", _("Approved, not yet published")
        PUBLISHED = "published", _("Published")
        DROPPED = "dropped", _("Set aside")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    code = models.CharField(max_length=30, db_index=True)
    item = models.ForeignKey(Item, null=True, on_delete=models.PROTECT, related_name="drafts")
    base = models.ForeignKey(ItemVersion, null=True, on_delete=models.PROTECT, related_name="+")
    raw = models.JSONField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WRITING, db_index=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    round = models.PositiveSmallIntegerField(default=0)
    note = models.TextField(blank=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    published = models.OneToOneField(ItemVersion, null=True, on_delete=models.PROTECT, related_name="draft")

    class Meta:
        ordering = ["-changed_at"]

    def __str__(self) -> str:
        return self.code

    @property
    def is_open(self) -> bool:
        return self.state in (self.State.WRITING, self.State.READING, self.State.APPROVED)


class ItemReading(models.Model):
    """What a second reader found: their answer, sureness (1..4) and level before the key was shown, then a verdict."""

    class Verdict(models.TextChoices):
        ACCEPT = "accept", _("Accept it")
        REVISE = "revise", _("Send back to the author")
        DROP = "drop", _("Set aside")

    draft = models.ForeignKey(ItemDraft, on_delete=models.CASCADE, related_name="readings")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    round = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    choice = models.JSONField()
    score = models.PositiveSmallIntegerField()
    sure = models.PositiveSmallIntegerField()
    level = models.PositiveSmallIntegerField()
    verdict = models.CharField(max_length=10, choices=Verdict.choices, blank=True)
    note = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at"]
        constraints = [models.UniqueConstraint(fields=["draft", "round"], name="one_reading_per_round")]


class ItemImport(models.Model):
    """Rows of an uploaded item file as they were read; drafts are made of them only after a person has looked."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    name = models.CharField(max_length=200)
    rows = models.JSONField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name


class Lab(models.Model):
    """A practice task over its versions."""

    class Status(models.TextChoices):
        LIVE = "live", _("In use")
        RETIRED = "retired", _("Retired")

    code = models.CharField(max_length=40, unique=True)
    title_vi = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, blank=True)
    competences = models.ManyToManyField(Competence, related_name="+")
    minutes = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.LIVE)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code

    @property
    def title(self) -> str:
        from nanglucso.core.bilingual import said

        return said(self, "title")


class LabVersion(models.Model):
    """`body`: the whole task file, with its scoring; pages show only what its `screen` names.

    `set_aside`: codes of competences that a correction took out of every result; later runs leave no evidence on them.
    `counts`: whether anything that the task scores is still evidence; written by `put_aside`.
    """

    lab = models.ForeignKey(Lab, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    body = models.JSONField()
    set_aside = models.JSONField(default=list)
    counts = models.BooleanField(default=True)

    class Meta:
        ordering = ["lab_id", "-number"]
        constraints = [models.UniqueConstraint(fields=["lab", "number"], name="one_lab_version")]

    def __str__(self) -> str:
        return f"{self.lab.code} v{self.number}"

    def put_aside(self, codes: set[str]) -> None:
        """From now on exactly these competences are out."""
        self.set_aside, self.counts = sorted(codes), bool(set(self.body["score"]) - codes)
        self.save(update_fields=["set_aside", "counts"])
