"""Legal texts with what they mean in plain words, version by version; lists of texts read from a register."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from nanglucso.core.bilingual import said

USER: Any = settings.AUTH_USER_MODEL


class LawDocument(models.Model):
    """One legal text. `key`: the folded number, by which registers find it again.

    `issued_words`, `effective_words`: what the source says where it names no single day. `live`: the version that
    people read, None before the first. `epoch` counts the significant versions: whoever read an earlier one reads anew.
    """

    class Standing(models.TextChoices):
        IN_FORCE = "in_force", _("In force")
        ENDED = "ended", _("No longer in force")
        UNKNOWN = "unknown", _("Validity not checked")

    class Confidence(models.TextChoices):
        SEEN = "S", _("seen in the legal text or on an official page")
        SECOND = "S2", _("seen in secondary copies only")
        MEMORY = "M", _("from memory, to be checked")
        NONE = "", _("source not stated")

    number = models.CharField(max_length=120)
    key = models.CharField(max_length=120, unique=True)
    title_vi = models.CharField(max_length=400)
    title_en = models.CharField(max_length=400, blank=True)
    issuer = models.CharField(max_length=200, blank=True)
    issued = models.DateField(null=True, blank=True)
    issued_words = models.CharField(max_length=60, blank=True)
    effective = models.DateField(null=True, blank=True)
    effective_words = models.CharField(max_length=60, blank=True)
    ended = models.DateField(null=True, blank=True)
    standing = models.CharField(max_length=10, choices=Standing.choices, default=Standing.UNKNOWN, db_index=True)
    note = models.CharField(max_length=500, blank=True)
    confidence = models.CharField(max_length=2, choices=Confidence.choices, blank=True)
    link = models.URLField(max_length=400, blank=True)
    file = models.ForeignKey("core.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")
    supersedes = models.ManyToManyField("self", symmetrical=False, related_name="superseded_by", blank=True)
    live = models.OneToOneField("DocumentVersion", null=True, on_delete=models.PROTECT, related_name="+")
    epoch = models.PositiveSmallIntegerField(default=0)
    fold = models.TextField(blank=True)
    added_by = models.ForeignKey(USER, null=True, on_delete=models.SET_NULL, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["-issued", "number"]

    def __str__(self) -> str:
        return self.number

    @property
    def name(self) -> str:
        """The title in the active language."""
        return said(self, "title")

    def coming(self, day: date) -> bool:
        """Whether it is not yet in force on a day."""
        return self.effective is not None and day < self.effective

    def over(self, day: date) -> bool:
        """Whether it has ended by a day."""
        return self.standing == self.Standing.ENDED and (self.ended is None or self.ended <= day)


class DocumentVersion(models.Model):
    """What people read of a document: the summary (Markdown) and the check questions, in the form of lessons.

    A published one never changes. `significant`: the editor's decision that whoever read before has to read anew;
    `change` says what is new. `words`: of the Vietnamese summary.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Being written")
        PUBLISHED = "published", _("Published")

    document = models.ForeignKey(LawDocument, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    significant = models.BooleanField(default=True)
    change = models.CharField(max_length=300, blank=True)
    summary_vi = models.TextField(blank=True)
    summary_en = models.TextField(blank=True)
    checks_vi = models.TextField(blank=True)
    checks_en = models.TextField(blank=True)
    words = models.PositiveIntegerField(default=0)
    author = models.ForeignKey(USER, null=True, on_delete=models.SET_NULL, related_name="+")
    changed_at = models.DateTimeField()
    published_by = models.ForeignKey(USER, null=True, on_delete=models.SET_NULL, related_name="+")
    published_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="one_document_version"),
            models.UniqueConstraint(fields=["document"], condition=models.Q(state="draft"), name="one_document_draft"),
        ]

    def __str__(self) -> str:
        return f"{self.document.number} v{self.number}"


class RegisterImport(models.Model):
    """A register of legal texts that was read, looked at, applied, undone.

    `plan` {rows: [{row, number, fields, doc, changes}], problems: [...], same: count}; `inverse` [{doc, made, fields}].
    """

    class Status(models.TextChoices):
        READ = "read", _("Read, not yet applied")
        APPLIED = "applied", _("Applied")
        UNDONE = "undone", _("Undone")

    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.READ)
    plan = models.JSONField(default=dict)
    inverse = models.JSONField(default=list)
    read_by = models.ForeignKey(USER, null=True, on_delete=models.SET_NULL, related_name="+")
    read_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-read_at"]

    def __str__(self) -> str:
        return self.file_name
