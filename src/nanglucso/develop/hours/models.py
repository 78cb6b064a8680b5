"""The yearly duty of periods: entries by hand, and years that are closed and never change again."""

from typing import Any

from django.conf import settings
from django.db import models

from nanglucso.workforce.people.models import Person, Unit

USER: Any = settings.AUTH_USER_MODEL


class Frozen(RuntimeError):
    """Somebody tried to change what a closed year says; corrections are new, dated entries."""


class Entry(models.Model):
    """Periods written down by hand: a course elsewhere, or (`after_close`) a correction of a closed year.

    `tiet` may be negative in a correction. `certificate`: the outside certificate that states them.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="hour_entries")
    year = models.PositiveSmallIntegerField(db_index=True)
    tiet = models.SmallIntegerField()
    reason = models.CharField(max_length=300)
    document = models.CharField(max_length=120, blank=True)
    certificate = models.OneToOneField(
        "assessments.OutsideCertificate", null=True, on_delete=models.PROTECT, related_name="hour_entry"
    )
    after_close = models.BooleanField(default=False)
    entered_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        ordering = ["entered_at", "pk"]

    def __str__(self) -> str:
        return f"{self.year}: {self.tiet:+d}"


class YearClose(models.Model):
    """A closed year. `rules`: version of the rules that it was counted with."""

    year = models.PositiveSmallIntegerField(unique=True)
    closed_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField()
    rules = models.CharField(max_length=20)

    class Meta:
        ordering = ["-year"]

    def __str__(self) -> str:
        return str(self.year)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Once. Raises Frozen."""
        if self.pk:
            raise Frozen
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        """Raises Frozen."""
        raise Frozen


class YearCountQuerySet(models.QuerySet["YearCount"]):
    """Rows that are made once. Two records of one person may still be merged: whose row it is follows, no figure."""

    def update(self, **kwargs: Any) -> int:
        """Raises Frozen for anything but the person."""
        if set(kwargs) - {"person"}:
            raise Frozen
        return super().update(**kwargs)

    def forget_words(self, lines: list[dict[str, Any]]) -> int:
        """Lines without what was typed, when the person is erased; the figures must be those that stand."""
        for row in self:
            if [(one["tiet"], one["of"], one["day"]) for one in lines] != [
                (one["tiet"], one["of"], one["day"]) for one in row.lines
            ]:
                raise Frozen
        return super().update(lines=lines)

    def delete(self) -> Any:
        """Raises Frozen."""
        raise Frozen


class YearCount(models.Model):
    """One person in a closed year: unit on 31 December, regime, duty (None = not known), periods, and every line."""

    close = models.ForeignKey(YearClose, on_delete=models.PROTECT, related_name="counts")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="year_counts")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    unit_name = models.CharField(max_length=200)
    regime = models.CharField(max_length=20)
    duty = models.PositiveSmallIntegerField(null=True)
    tiet = models.SmallIntegerField()
    lines = models.JSONField(default=list)

    objects = YearCountQuerySet.as_manager()

    class Meta:
        ordering = ["person__sort_key", "person_id"]
        constraints = [models.UniqueConstraint(fields=["close", "person"], name="one_count_a_year")]

    def __str__(self) -> str:
        return f"{self.close_id}: {self.person_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Once. Raises Frozen."""
        if self.pk:
            raise Frozen
        super().save(*args, **kwargs)
