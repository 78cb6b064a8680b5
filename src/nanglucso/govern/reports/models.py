"""Worked out at night, never entered: the leader's page of a year, and the change between two campaigns."""

from typing import Any

from django.db import models

from nanglucso.measure.assessments.models import Campaign


class LeaderSheet(models.Model):
    """The figures of the leader's page as they were at `at`; shapes in `sheet.work_out`. No names of persons."""

    year = models.PositiveSmallIntegerField(unique=True)
    at = models.DateTimeField()
    figures: Any = models.JSONField()

    def __str__(self) -> str:
        return f"{self.year}"


class YearTrend(models.Model):
    """The change of people from one main campaign to a later one; `figures` as `yearonyear.figures` makes them.

    `key`: of all it was made of, so that it is made anew only when something of that has changed.
    """

    first = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    at = models.DateTimeField()
    figures: Any = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["first", "second"], name="one_trend_of_two_campaigns")]

    def __str__(self) -> str:
        return f"{self.first_id}–{self.second_id}"
