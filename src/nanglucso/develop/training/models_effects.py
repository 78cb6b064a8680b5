"""What a measured effect proposes to the plan, and who decided on it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from nanglucso.develop.plans.models import Course, PlannedClass


class EffectFigures(models.Model):
    """What the estimator says of one class, in levels, with 90% interval `low`..`high`.

    `shift` is net of the comparison group; `trained` and `untrained`: the shift of each group by itself; `method`: how
    it was computed; `people` of the class and of the `comparison`.
    """

    people = models.PositiveIntegerField()
    comparison = models.PositiveIntegerField(default=0)
    shift = models.FloatField()
    trained = models.FloatField(null=True)
    untrained = models.FloatField(null=True)
    standard_error = models.FloatField()
    low = models.FloatField()
    high = models.FloatField()
    method = models.CharField(max_length=60)
    measured_at = models.DateTimeField()

    class Meta:
        abstract = True


class EffectProposal(models.Model):
    """A class's measured share of the missing way, put forward for the plan; a decided one never changes.

    `share` with its 90% interval `low`..`high`; `people`: how many it counts as beside the assumption; `verdict`: what
    the course's classes together said on that day (`verdicts.Verdict`).
    """

    class Status(models.TextChoices):
        WAITING = "waiting", _("Waiting for a decision")
        CONFIRMED = "confirmed", _("Taken into the plan")
        DECLINED = "declined", _("Left out of the plan")

    training_class = models.ForeignKey(
        "training.TrainingClass", on_delete=models.CASCADE, related_name="effect_proposals"
    )
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="effect_proposals")
    form = models.CharField(max_length=10, choices=PlannedClass.Form.choices)
    share = models.FloatField()
    low = models.FloatField()
    high = models.FloatField()
    people = models.PositiveIntegerField()
    verdict = models.CharField(max_length=10)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    made_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["training_class"], condition=models.Q(status="waiting"), name="one_waiting_effect"
            )
        ]

    def __str__(self) -> str:
        return f"{self.training_class} {self.share:.2f}"
