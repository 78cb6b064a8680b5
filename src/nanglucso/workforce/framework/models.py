"""Versioned competence frameworks. The numbers of domains, competences and levels are data.

Every part has a `uid` that never changes and is the same in every version of a framework: files of other systems and
the comparison of two versions go by it, never by the row's number.
"""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from nanglucso.core.bilingual import Named, said


class Framework(Named, models.Model):
    """One version of a framework. `cuts` (L,) are the default lower bounds of levels 1..L in logits.

    `level_map` lists which levels of other schemes ours answer to; `digest` is the SHA-256 of the file it came from.
    `uid` names this version. Published and in force differ: several frameworks may be published, positions, items and
    results follow the one in force. `origin`: what a file of another system says that we do not use ourselves.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        REVIEW = "review", _("In review")
        READY = "ready", _("Published, not in force")
        PUBLISHED = "published", _("In force")
        RETIRED = "retired", _("Retired")

    code = models.SlugField(max_length=40)
    version = models.CharField(max_length=20)
    name_vi = models.CharField(max_length=250)
    name_en = models.CharField(max_length=250)
    source = models.TextField(blank=True)
    note_vi = models.TextField(blank=True)
    note_en = models.TextField(blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    is_proposal = models.BooleanField(default=True)
    below_vi = models.CharField(max_length=60, blank=True)
    below_en = models.CharField(max_length=60, blank=True)
    cuts = models.JSONField()
    cuts_note = models.TextField(blank=True)
    cuts_note_en = models.TextField(blank=True)
    level_map = models.JSONField(default=list, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    correlation_within = models.FloatField(default=0.85)
    correlation_between = models.FloatField(default=0.65)
    published_on = models.DateField(null=True, blank=True)
    uid = models.UUIDField(default=uuid.uuid4, editable=False, db_index=True)
    based_on = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="drafts")
    changed_at = models.DateTimeField(null=True, blank=True)
    origin = models.JSONField(default=dict, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="one_framework_version")]

    def __str__(self) -> str:
        return f"{self.code} {self.version}"

    @property
    def is_open(self) -> bool:
        """Whether it can still be edited."""
        return self.status == self.Status.DRAFT

    @property
    def note(self) -> str:
        return said(self, "note")

    @property
    def below(self) -> str:
        """What a belief under the first cut is called."""
        return said(self, "below")

    @property
    def cuts_said(self) -> str:
        """How far the cut points can be relied on."""
        english = (get_language() or "vi").startswith("en")
        return self.cuts_note_en if english and self.cuts_note_en else self.cuts_note


class Level(Named, models.Model):
    """Level `number` (1..L) of a framework."""

    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="levels")
    number = models.PositiveSmallIntegerField()
    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    code = models.CharField(max_length=16)
    name_vi = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60)
    principle_vi = models.TextField(blank=True)
    principle_en = models.TextField(blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["framework", "number"], name="one_level_number")]

    def __str__(self) -> str:
        return f"{self.name_vi} {self.number}"

    @property
    def label(self) -> str:
        """Word and number, as screens say it: Trung cấp 2."""
        return f"{self.name} {self.number}"

    @property
    def principle(self) -> str:
        return said(self, "principle")


class Domain(Named, models.Model):
    """A group of competences; a framework with groups inside groups says so by `parent`."""

    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="domains")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveSmallIntegerField()
    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    code = models.CharField(max_length=40)
    name_vi = models.CharField(max_length=500)
    name_en = models.CharField(max_length=500)
    short_vi = models.CharField(max_length=80)
    short_en = models.CharField(max_length=80)
    head_vi = models.CharField(max_length=30)
    head_en = models.CharField(max_length=30)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["framework", "code"], name="one_domain_code")]

    def __str__(self) -> str:
        return self.code

    @property
    def short(self) -> str:
        return said(self, "short")

    @property
    def head(self) -> str:
        """At most two words, for the head of a heat map."""
        return said(self, "head")


class Competence(Named, models.Model):
    """`index` (0..K-1) is the competence's place in every belief vector of the framework."""

    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="competences")
    domain = models.ForeignKey(Domain, on_delete=models.CASCADE, related_name="competences")
    index = models.PositiveSmallIntegerField()
    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    code = models.CharField(max_length=40)
    name_vi = models.CharField(max_length=500)
    name_en = models.CharField(max_length=500)
    short_vi = models.CharField(max_length=80)
    short_en = models.CharField(max_length=80)
    origin = models.CharField(max_length=120, blank=True)
    facets_vi = models.TextField(blank=True)
    facets_en = models.TextField(blank=True)
    cuts = models.JSONField(null=True, blank=True)

    class Meta:
        ordering = ["index"]
        constraints = [
            models.UniqueConstraint(fields=["framework", "code"], name="one_competence_code"),
            models.UniqueConstraint(fields=["framework", "index"], name="one_competence_index"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def short(self) -> str:
        return said(self, "short")

    @property
    def facets(self) -> str:
        return said(self, "facets")


class Descriptor(models.Model):
    """One observable behaviour at a level; `ref` like 3.3.TC.b. Frameworks without levels leave `level` empty."""

    competence = models.ForeignKey(Competence, on_delete=models.CASCADE, related_name="descriptors")
    level = models.ForeignKey(Level, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    ref = models.CharField(max_length=60)
    text_vi = models.TextField()
    text_en = models.TextField()

    class Meta:
        ordering = ["competence__index", "level__number", "ref"]
        constraints = [models.UniqueConstraint(fields=["competence", "ref"], name="one_descriptor_ref")]

    def __str__(self) -> str:
        return self.ref

    @property
    def text(self) -> str:
        return said(self, "text")


class OutsideComponent(Named, models.Model):
    """A component of another framework (TT 02/2025, DigComp 2.2, DLGF) that ours are mapped to."""

    scheme = models.SlugField(max_length=30)
    code = models.CharField(max_length=12)
    area_vi = models.CharField(max_length=200, blank=True)
    area_en = models.CharField(max_length=200, blank=True)
    name_vi = models.CharField(max_length=300, blank=True)
    name_en = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["scheme", "code"]
        constraints = [models.UniqueConstraint(fields=["scheme", "code"], name="one_outside_code")]

    def __str__(self) -> str:
        return f"{self.scheme} {self.code}"

    @property
    def title(self) -> str:
        return self.name or self.name_en

    @property
    def area(self) -> str:
        return said(self, "area") or self.area_en


class Crosswalk(models.Model):
    """Our competence is related to an outside component."""

    class Relation(models.TextChoices):
        CLOSE = "close", _("Nearly the same")
        PARTIAL = "partial", _("Overlaps in part")
        BROAD = "broad", _("Ours is wider")

    competence = models.ForeignKey(Competence, on_delete=models.CASCADE, related_name="crosswalks")
    component = models.ForeignKey(OutsideComponent, on_delete=models.CASCADE, related_name="crosswalks")
    relation = models.CharField(max_length=20, choices=Relation.choices)
    status = models.CharField(max_length=20)

    class Meta:
        ordering = ["component__scheme", "component__code"]
        constraints = [models.UniqueConstraint(fields=["competence", "component"], name="one_crosswalk")]


class Crossing(models.Model):
    """How one framework of ours reads in another: `levels` {number there: number here}, and links with a strength.

    `source` is left, `target` entered. A level that is absent from `levels` answers to none. `preview`: what a move
    would change, as `moving.preview` found it last.
    """

    source = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="ways_out")
    target = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="ways_in")
    levels = models.JSONField(default=dict)
    preview = models.JSONField(default=dict)
    job = models.ForeignKey("core.Job", null=True, on_delete=models.SET_NULL, related_name="+")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-made_at"]
        constraints = [models.UniqueConstraint(fields=["source", "target"], name="one_crossing")]

    def __str__(self) -> str:
        return f"{self.source} → {self.target}"


class Link(models.Model):
    """A competence of the source answers to one of the target; many to many.

    `strength` 0 < s <= 1: the correlation that is assumed between the two; 1 = the same competence.
    """

    crossing = models.ForeignKey(Crossing, on_delete=models.CASCADE, related_name="links")
    source = models.ForeignKey(Competence, on_delete=models.CASCADE, related_name="ways_out")
    target = models.ForeignKey(Competence, on_delete=models.CASCADE, related_name="ways_in")
    strength = models.FloatField()

    class Meta:
        ordering = ["source__index", "-strength", "target__index"]
        constraints = [
            models.UniqueConstraint(fields=["crossing", "source", "target"], name="one_link"),
            models.CheckConstraint(
                condition=models.Q(strength__gt=0) & models.Q(strength__lte=1), name="strength_is_a_share"
            ),
        ]


class Comment(models.Model):
    """What a reader of a draft says of one place of it: `about` is the code of that place, "" = the whole."""

    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="comments")
    about = models.CharField(max_length=60, blank=True)
    text = models.TextField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    answer = models.TextField(blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["closed_at", "at"]


class Move(models.Model):
    """The whole house went from one framework to another by a crossing. `inverse`: packed, what undo puts back."""

    crossing = models.ForeignKey(Crossing, on_delete=models.PROTECT, related_name="moves")
    summary = models.JSONField(default=dict)
    inverse = models.BinaryField(default=bytes)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-made_at"]


class ForeignTable(models.Model):
    """A table of another framework on its way in: `rows` as read (texts), `columns` {what: number of the column}."""

    name = models.CharField(max_length=200)
    rows = models.JSONField()
    columns = models.JSONField(default=dict)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return self.name
