"""Rates and caps with their legal basis; funding sources of a year. Money in đồng."""

from django.db import models
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
    """Money of one year. `unit_types` (so, xa, phuong, don_vi_su_nghiep) and `courses` it may serve; empty = all."""

    code = models.SlugField(max_length=60)
    year = models.PositiveSmallIntegerField()
    name_vi = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    amount = models.BigIntegerField()
    order = models.PositiveSmallIntegerField(default=1)
    unit_types = models.JSONField(default=list, blank=True)
    courses = models.JSONField(default=list, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["year", "order", "code"]
        constraints = [models.UniqueConstraint(fields=["code", "year"], name="one_source_per_year")]

    def __str__(self) -> str:
        return f"{self.code} {self.year}"
