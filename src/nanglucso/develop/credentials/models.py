"""Certificates of completion; an internal class gives a giấy xác nhận hoàn thành, not a chứng chỉ.

The signed badge of a certificate, the keys and revocation lists stand in `models_badges`, imported lists of outside
completions in `models_lists`.
"""

import uuid

from django.conf import settings
from django.db import models

from nanglucso.develop.training.models import TrainingClass
from nanglucso.workforce.people.models import Person


class Certificate(models.Model):
    """One issued certificate. `content`: every word printed, so that a re-print is the same; `digest`: its sha256."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    check_code = models.CharField(max_length=16, unique=True)
    number = models.CharField(max_length=40, unique=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="certificates")
    training_class = models.ForeignKey(TrainingClass, on_delete=models.PROTECT, related_name="certificates")
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_reason = models.CharField(max_length=200, blank=True)
    valid_until = models.DateField(
        null=True, blank=True, db_index=True
    )  # last day; none on certificates without an end

    class Meta:
        ordering = ["-issued_at", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "training_class"], condition=models.Q(revoked_at=None), name="one_certificate"
            )
        ]

    def __str__(self) -> str:
        return self.number


from nanglucso.develop.credentials.models_badges import Badge, ExpiryNotice, SigningKey, StatusList  # noqa: E402
from nanglucso.develop.credentials.models_lists import Completion, CompletionList  # noqa: E402

__all__ = ["Badge", "Certificate", "Completion", "CompletionList", "ExpiryNotice", "SigningKey", "StatusList"]
