"""Dated counts of the gap, so that two dates can be compared without keeping every belief; maps that people keep."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

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


class UnitSums(models.Model):
    """Counts of the people of one unit itself, as bytes of `queries.sums.record`, under a hash of all they are made of.

    Worked out, never entered: a row whose key does not fit any more is left aside until the worker writes it anew.
    """

    framework = models.ForeignKey("framework.Framework", on_delete=models.CASCADE, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")
    key = models.BinaryField()
    numbers = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["framework", "unit"], name="one_sums_of_a_unit")]


class SavedView(models.Model):
    """The filters of a map under a name. It holds no figure and no scope: whoever opens it sees their own scope.

    `query`: keys and values of the address; `unit`: whose page it is; `shared_over`: the unit over which the owner
    shared it (`shared` without one = the whole city), so that people within that unit find it.
    """

    class Page(models.TextChoices):
        CITY = "city", _("Gaps by unit")
        UNIT = "unit", _("Gaps of a unit")
        POSITIONS = "positions", _("Gaps by position")
        COMPETENCES = "competences", _("Gaps by competence")
        PEOPLE = "people", _("Gaps by person")

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    page = models.CharField(max_length=12, choices=Page.choices)
    query = models.JSONField(default=dict)
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    shared = models.BooleanField(default=False)
    shared_over = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="one_view_of_a_name")]

    def __str__(self) -> str:
        return self.name
