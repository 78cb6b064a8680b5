"""Users, role grants, the audit log, jobs and kept files."""

import uuid
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from nanglucso.core.days import local_day


class User(AbstractUser):
    """A log-in. Who the person is stands in `people.Person`; what they may do in `RoleGrant`."""

    full_name = models.CharField(max_length=150, blank=True)
    made_up = models.BooleanField(default=False)
    must_change_password = models.BooleanField(default=False)
    # Locked for lack of use (then also not active), and the moment from which the days without a log-in count anew.
    locked_at = models.DateTimeField(null=True, blank=True)
    idle_from = models.DateTimeField(null=True, blank=True)
    # Of a rehearsal of exam day; goes with it, so that no entry of the log may point to it.
    rehearsal = models.BooleanField(default=False, db_default=False)
    acting_role = ""  # set for the length of a request: the role in use, for the audit log
    acting_for = ""  # likewise: who delegated that role
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]

    def __str__(self) -> str:
        return self.full_name or self.username

    def get_full_name(self) -> str:
        return str(self)


class Role(models.TextChoices):
    """The seven roles; anonymous is the eighth and has no row."""

    OFFICIAL = "official", _("Official")
    HEAD = "head", _("Head of unit")
    TRAINING = "training", _("Training officer")
    AUTHOR = "author", _("Item author")
    LEADER = "leader", _("Leader")
    AUDITOR = "auditor", _("Auditor")
    ADMIN = "admin", _("Administrator")


class RoleGrant(models.Model):
    """A role held by a user over one unit and everything below it; no unit = the whole city.

    One with `delegated_from` acts for the holder of that grant and ends with it, at the latest at its own `ended_at`.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=12, choices=Role.choices)
    unit = models.ForeignKey("people.Unit", null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    granted_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    delegated_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="delegations"
    )
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "unit"], condition=models.Q(ended_at=None), name="one_open_grant"
            )
        ]
        indexes = [models.Index(fields=["user", "ended_at"])]

    @property
    def last_day(self) -> date | None:
        """The last day on which it is or was held: an end at midnight belongs to the day before; None while open."""
        return local_day(self.ended_at - timedelta(microseconds=1)) if self.ended_at else None


class RuleStart(models.Model):
    """Since when a rule that counts days stands in this installation, and with how many."""

    rule = models.CharField(max_length=40, primary_key=True)
    since = models.DateTimeField()
    days = models.PositiveIntegerField()


class AuditEntry(models.Model):
    """One act. Append-only and chained: `hash = sha256(prev_hash ‖ canonical JSON of the row)`.

    What can name people, the labels and the details, is not in the hash itself but its seal is, `sha256(salt ‖ text)`:
    when a person's data are erased, the name and the salt go and the chain still holds (docs/adr/0016). An entry
    without seals is from before they were kept and has its labels in the hash.
    """

    seq = models.BigIntegerField(unique=True)
    at = models.DateTimeField(db_index=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    actor_label = models.CharField(max_length=150)
    role = models.CharField(max_length=12, blank=True)
    verb = models.CharField(max_length=60, db_index=True)
    subject_type = models.CharField(max_length=60, blank=True)
    subject_id = models.CharField(max_length=64, blank=True)
    subject_label = models.CharField(max_length=200, blank=True)
    person_id = models.BigIntegerField(null=True, db_index=True)
    details = models.JSONField(default=dict)
    label_seal = models.CharField(max_length=64, blank=True)
    label_salt = models.CharField(max_length=32, blank=True)
    details_seal = models.CharField(max_length=64, blank=True)
    details_salt = models.CharField(max_length=32, blank=True)
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["-seq"]
        indexes = [models.Index(fields=["subject_type", "subject_id"])]


class AuditHead(models.Model):
    """The chain's head; locked last and shortly by every act."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    seq = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="0" * 64)


class Job(models.Model):
    """Long work with progress, cancel and recovery; the queue itself is django-tasks."""

    class Status(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    kind = models.CharField(max_length=60, db_index=True)
    args = models.JSONField(default=dict)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.QUEUED, db_index=True)
    progress = models.FloatField(default=0.0)
    message = models.CharField(max_length=300, blank=True)
    result = models.JSONField(default=dict)
    error = models.TextField(blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    cancel_asked = models.BooleanField(default=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    heartbeat = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at"]

    @property
    def is_open(self) -> bool:
        return self.status in (self.Status.QUEUED, self.Status.RUNNING)

    @property
    def percent(self) -> int:
        return round(100 * self.progress)


class StoredFile(models.Model):
    """An uploaded or made file, kept outside the web root under a random name."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    kind = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=200)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name

    def as_dict(self) -> dict[str, Any]:
        return {"id": str(self.id), "name": self.name, "size": self.size, "sha256": self.sha256}


class Backup(models.Model):
    """A copy of the whole installation; `proven_at`: when it was restored and compared; `error`: why it was not.

    `name` is a file of the backups' folder until `dropped_at`. Times in seconds.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    name = models.CharField(max_length=120, blank=True)
    began_at = models.DateTimeField(db_index=True)
    seconds = models.FloatField(default=0.0)
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    sealed = models.BooleanField(default=False)
    rows = models.PositiveBigIntegerField(default=0)
    files = models.PositiveIntegerField(default=0)
    proven_at = models.DateTimeField(null=True)
    proving_seconds = models.FloatField(default=0.0)
    error = models.CharField(max_length=500, blank=True)
    dropped_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-began_at"]

    def __str__(self) -> str:
        return self.name


class SharedValue(models.Model):
    """A row of `core.shared_store`, written by Django's cache in a table: nothing else reads it."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "core_shared"


class Pulse(models.Model):
    """The last sign of life of a part that is not asked but reports: the worker, the drill, the last measured flush."""

    name = models.CharField(primary_key=True, max_length=40)
    at = models.DateTimeField()
    told = models.JSONField(default=dict)
