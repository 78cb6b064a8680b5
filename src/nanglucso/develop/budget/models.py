"""Rates and caps with their legal basis; funding sources of a year and what is bound of them. Money in đồng."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from nanglucso.core.bilingual import Named


class Rate(Named, models.Model):
    """A dated rate. `kind` cap = legal maximum, assumption = ours and said so. Empty `amount`: not seen in the text."""

    class Kind(models.TextChoices):
        CAP = "cap", _("Legal maximum")
        ASSUMPTION = "assumption", _("Assumption")

    code = models.SlugField(max_length=60)
    name_vi = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    amount = models.BigIntegerField(null=True, blank=True)
    per = models.CharField(max_length=80, blank=True)
    legal_basis = models.CharField(max_length=250, blank=True)
    effective_from = models.DateField(null=True, blank=True)
    effective_to = models.DateField(null=True, blank=True)
    confidence = models.CharField(max_length=12, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["kind", "code"]
        constraints = [models.UniqueConstraint(fields=["code", "effective_from"], name="one_rate_per_date")]

    def __str__(self) -> str:
        return self.code


class FundingSource(Named, models.Model):
    """Money of one year. `unit_types` (so, xa, phuong, don_vi_su_nghiep) and `courses` it may serve; empty = all.

    `held` repeats the sum of its commitments: the database itself refuses a row that binds more than there is.
    """

    code = models.SlugField(max_length=60)
    year = models.PositiveSmallIntegerField()
    name_vi = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    amount = models.BigIntegerField()
    held = models.BigIntegerField(default=0)
    order = models.PositiveSmallIntegerField(default=1)
    unit_types = models.JSONField(default=list, blank=True)
    courses = models.JSONField(default=list, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["year", "order", "code"]
        constraints = [
            models.UniqueConstraint(fields=["code", "year"], name="one_source_per_year"),
            models.CheckConstraint(condition=Q(held__gte=0, held__lte=F("amount")), name="never_above_the_cap"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.year}"

    @property
    def free(self) -> int:
        """What can still be committed."""
        return self.amount - self.held


class PlanLine(Named, models.Model):
    """What the year's approved plan means to spend from a source on a course; rewritten when a plan is approved."""

    source = models.ForeignKey(FundingSource, on_delete=models.CASCADE, related_name="plan_lines")
    course = models.SlugField(max_length=40)
    name_vi = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    classes = models.PositiveIntegerField()
    amount = models.BigIntegerField()

    class Meta:
        ordering = ["source", "course"]
        constraints = [models.UniqueConstraint(fields=["source", "course"], name="one_plan_line")]


class Commitment(Named, models.Model):
    """Money of a source bound for one purpose. `key`: what it is for in another room (class-12), None = by hand.

    `reference`: the class's code or a document. `units` {unit number: people} divides it in reports; `planned`: the
    plan's figure. `held` ≥ `advanced` (paid without papers yet) + `spent` (paid with papers) repeat its entries' sums.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Committed")
        SETTLED = "settled", _("Settled")
        CANCELLED = "cancelled", _("Commitment given up")

    source = models.ForeignKey(FundingSource, on_delete=models.PROTECT, related_name="commitments")
    key = models.CharField(max_length=60, unique=True, null=True, blank=True)
    name_vi = models.CharField(max_length=250)
    name_en = models.CharField(max_length=250, blank=True)
    reference = models.CharField(max_length=60, blank=True)
    course = models.SlugField(max_length=40, blank=True)
    units = models.JSONField(default=dict, blank=True)
    planned = models.BigIntegerField(default=0)
    held = models.BigIntegerField(default=0)
    advanced = models.BigIntegerField(default=0)
    spent = models.BigIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(held__gte=F("advanced") + F("spent"), advanced__gte=0, spent__gte=0),
                name="paid_within_the_commitment",
            )
        ]

    def __str__(self) -> str:
        return self.name_vi

    @property
    def unpaid(self) -> int:
        """Bound and not yet paid out."""
        return self.held - self.advanced - self.spent


class Entry(models.Model):
    """One line of a commitment's book, never changed. `amount` above 0; `EFFECTS` says what it does to whom."""

    class Kind(models.TextChoices):
        COMMIT = "commit", _("Commit")
        RELEASE = "release", _("Give back to the source")
        ADVANCE = "advance", _("Pay in advance")
        CLEAR = "clear", _("Account for an advance")
        RETURN = "return", _("Advance returned")
        PAY = "pay", _("Pay")
        REFUND = "refund", _("Payment recovered")

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    amount = models.BigIntegerField()
    document = models.CharField(max_length=160, blank=True)
    note = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="entry_above_zero")]


EFFECTS: dict[Any, tuple[int, int, int]] = {
    Entry.Kind.COMMIT: (1, 0, 0),
    Entry.Kind.RELEASE: (-1, 0, 0),
    Entry.Kind.ADVANCE: (0, 1, 0),
    Entry.Kind.CLEAR: (0, -1, 1),
    Entry.Kind.RETURN: (0, -1, 0),
    Entry.Kind.PAY: (0, 0, 1),
    Entry.Kind.REFUND: (0, 0, -1),
}
"""Kind → signs on what is held, advanced and spent."""
