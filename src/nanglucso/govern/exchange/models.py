"""Tokens of other systems, releases of counts without persons, and whether the public may read them."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models

from nanglucso.workforce.people.models import Unit

USER: Any = settings.AUTH_USER_MODEL


class ApiToken(models.Model):
    """What another system shows when it reads. `digest`: SHA-256 of the secret, which is kept nowhere.

    `resources`: codes of what it may read; `unit`: with everything below it, None = the whole city. `window_*`: how
    often it has asked in the running minute, kept here so that every process counts together.
    """

    name = models.CharField(max_length=120)
    digest = models.CharField(max_length=64, unique=True)
    resources = models.JSONField(default=list)
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    a_minute = models.PositiveIntegerField()
    issued_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    calls = models.PositiveBigIntegerField(default=0)
    window_at = models.DateTimeField(null=True)
    window_calls = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-issued_at", "-pk"]

    def __str__(self) -> str:
        return self.name

    def open_at(self, moment: datetime) -> bool:
        """Whether it opens anything at a moment."""
        return self.revoked_at is None and self.issued_at <= moment < self.expires_at


class Release(models.Model):
    """Protected counts of a day. `tables` {code: rows}; a hidden count is None. `digest`: SHA-256 of the tables."""

    at = models.DateTimeField(unique=True)
    tables = models.JSONField()
    digest = models.CharField(max_length=64)
    hidden = models.PositiveIntegerField()
    made_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d}"


class Opening(models.Model):
    """Whether the public page of open data is switched on: the newest row counts."""

    is_open = models.BooleanField()
    by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
