"""Dated counts of the gap, so that two dates can be compared without keeping every belief."""

from django.db import models

from nanglucso.workforce.people.models import Unit


class GapSnapshot(models.Model):
    """Counts of one unit (with everything below it) on one day.

    `counts`: {competence code: [required, met, not_met, not_yet_known, expected missing levels]}.
    """

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")
    label = models.CharField(max_length=120)
    at = models.DateTimeField()
    people = models.PositiveIntegerField()
    measured = models.PositiveIntegerField()
    counts = models.JSONField()

    class Meta:
        ordering = ["at"]
        constraints = [models.UniqueConstraint(fields=["unit", "at"], name="one_snapshot_per_moment")]
