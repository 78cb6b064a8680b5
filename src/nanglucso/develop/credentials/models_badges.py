"""What is signed: keys, the badge of a certificate, lists that say which are revoked, and notices before the end."""

from datetime import datetime

from django.conf import settings
from django.db import models


class SigningKey(models.Model):
    """The public half of a key; the private half is the file `KEYS_ROOT/<name>.key` and never enters the database.

    `method` names the key in a proof: the issuer's address, `#`, `name`. A key signs from `valid_from` until
    `ended_at`; what it signed in that time verifies for ever.
    """

    name = models.SlugField(max_length=40, unique=True)
    issuer = models.CharField(max_length=200)
    public = models.CharField(max_length=80)
    valid_from = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["issuer"], condition=models.Q(ended_at=None), name="one_key_signs")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def method(self) -> str:
        return f"{self.issuer}#{self.name}"

    def signed_at(self, moment: datetime) -> bool:
        """Whether the key was in use at a moment."""
        return self.valid_from <= moment and (self.ended_at is None or moment <= self.ended_at)


class StatusList(models.Model):
    """One list of 131,072 bits. `taken`: bits given out; the n-th is `(start + n · step) mod 131072`, `step` odd, so
    that neighbours in the list tell nothing of who was issued when."""

    number = models.PositiveIntegerField(unique=True)
    start = models.PositiveIntegerField()
    step = models.PositiveIntegerField()
    taken = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.number)


class Badge(models.Model):
    """The Open Badges 3.0 credential of a certificate: its bit is reserved first, then `document` is signed once."""

    certificate = models.OneToOneField(
        "credentials.Certificate", primary_key=True, on_delete=models.PROTECT, related_name="badge"
    )
    status_list = models.ForeignKey(StatusList, on_delete=models.PROTECT, related_name="badges")
    index = models.PositiveIntegerField()
    key = models.ForeignKey(SigningKey, null=True, on_delete=models.PROTECT, related_name="badges")
    document = models.JSONField(null=True)
    signed_at = models.DateTimeField(null=True, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["status_list", "index"], name="one_bit_each")]


class ExpiryNotice(models.Model):
    """Somebody was told that a certificate ends in `days` days; written down before the message leaves."""

    certificate = models.ForeignKey("credentials.Certificate", on_delete=models.CASCADE, related_name="notices")
    days = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["certificate", "days"], name="one_notice_per_step")]
