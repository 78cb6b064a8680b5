"""Indicators with what is demanded, the competences they depend on, figures with proof, imported files, verdicts."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nanglucso.core.bilingual import Named, said
from nanglucso.govern.targets.shipped import Document, Measure, document, measure
from nanglucso.workforce.people.models import Unit

USER: Any = settings.AUTH_USER_MODEL


class Indicator(Named, models.Model):
    """One target of one document. `goal` None = not read, or demanded in words; `measure`, `document`: keys of
    `content/targets/`; `first`, `last`: days of the period, None where the text names none; `repeat`: yearly or "".

    `levels`: codes of government levels. `responsible`: the city's unit that answers for it; `assumed` while that is
    only taken from who follows it nationally. `notes`, `followed_by`: keys of `content/targets/words.yaml`.
    """

    class Status(models.TextChoices):
        ARTICLE = "from_article", _("Stated by the article, period over")
        SUPERSEDED = "superseded", _("Superseded")
        EXPIRED = "expired", _("Expired")
        IN_FORCE = "in_force", _("In force")

    code = models.CharField(max_length=30, unique=True)
    number = models.PositiveSmallIntegerField()
    name_vi = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300, blank=True)
    levels = models.JSONField(default=list)
    goal = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    measure_code = models.CharField(max_length=30, blank=True)
    at_least = models.BooleanField(default=False)
    first = models.DateField(null=True, blank=True)
    last = models.DateField(null=True, blank=True)
    repeat = models.CharField(max_length=12, blank=True)
    document_code = models.CharField(max_length=20)
    place_vi = models.CharField(max_length=120, blank=True)
    place_en = models.CharField(max_length=120, blank=True)
    status = models.CharField(max_length=14, choices=Status.choices)
    superseded_by = models.JSONField(default=list)
    confidence = models.CharField(max_length=4)
    followed_by = models.CharField(max_length=20, blank=True)
    notes = models.JSONField(default=list)
    responsible = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    assumed = models.BooleanField(default=True)

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return self.code

    @property
    def place(self) -> str:
        return said(self, "place")

    @property
    def document(self) -> Document:
        return document(self.document_code)

    @property
    def measure(self) -> Measure:
        return measure(self.measure_code)

    @property
    def in_force(self) -> bool:
        return self.status == self.Status.IN_FORCE

    @property
    def countable(self) -> bool:
        """Whether figures of it can be written down: it is a number, and not the nation's alone."""
        return self.measure.number and bool({"province", "commune", "district"} & set(self.levels))

    @property
    def judged(self) -> bool:
        """Whether a figure can be compared with what is demanded."""
        return self.goal is not None and self.countable

    def fits(self, unit: Unit) -> bool:
        """Whether a unit reports it: communes and wards at their level, everybody else at the city's."""
        kinds = (Unit.Kind.COMMUNE, Unit.Kind.WARD)
        return ("commune" if unit.kind in kinds else "province") in self.levels


class Link(models.Model):
    """A competence (its code) that an indicator depends on."""

    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="links")
    competence = models.CharField(max_length=10)

    class Meta:
        ordering = ["competence"]
        constraints = [models.UniqueConstraint(fields=["indicator", "competence"], name="one_link_a_competence")]

    def __str__(self) -> str:
        return self.competence


class FigureImport(models.Model):
    """A file of figures of one named system. `plan` {rows: [{row, sheet, indicator, unit, period, value, …}],
    problems: […]} as read; `undone`: figures that came back or went."""

    class Status(models.TextChoices):
        READ = "read", _("Read, not yet applied")
        APPLIED = "applied", _("Applied")
        UNDONE = "undone", _("Undone")

    system = models.CharField(max_length=40)
    file = models.ForeignKey("core.StoredFile", on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.READ)
    plan = models.JSONField(default=dict)
    read_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    read_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-read_at", "-pk"]

    def __str__(self) -> str:
        return self.file.name


class Observation(models.Model):
    """What an indicator was in a unit in a period (`periods.Period.code`; `day`: its last day), and what proves it.

    Never changed: a correction is a new row, and `ended_at` says since when the old one no longer counts; `ended_by`:
    the file whose undoing brings it back. `part`, `whole`: where the value is a share of two counts.
    """

    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="observations")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    period = models.CharField(max_length=10)
    day = models.DateField()
    value = models.DecimalField(max_digits=14, decimal_places=4)
    part = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    whole = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    link = models.CharField(max_length=500, blank=True)
    file = models.ForeignKey("core.StoredFile", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=300, blank=True)
    system = models.CharField(max_length=40, blank=True)
    source = models.ForeignKey(
        FigureImport, null=True, blank=True, on_delete=models.PROTECT, related_name="observations"
    )
    entered_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(FigureImport, null=True, blank=True, on_delete=models.PROTECT, related_name="replaced")
    why_ended = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["day", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "unit", "period"], condition=Q(ended_at=None), name="one_figure_a_period"
            )
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.period}"


class Series(models.Model):
    """What is known of one indicator in one unit, worked out from its figures whenever one changes.

    `value`, `day`: the last figure; low, mean, high: 90% interval and middle of the value on `due`, the last day of
    the period; `chance` 0..1 of reaching the goal by then; None where nothing can be forecast.
    """

    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="series")
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")
    figures = models.PositiveSmallIntegerField()
    value = models.DecimalField(max_digits=14, decimal_places=4)
    day = models.DateField()
    due = models.DateField(null=True)
    low = models.FloatField(null=True)
    mean = models.FloatField(null=True)
    high = models.FloatField(null=True)
    chance = models.FloatField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["indicator", "unit"], name="one_series_a_unit")]

    def __str__(self) -> str:
        return f"{self.indicator_id}: {self.value}"
