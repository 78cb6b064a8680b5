"""Three to six months after a class: what is still there, and what the head of unit sees of it at work."""

from django.conf import settings
from django.db import models


class TransferView(models.Model):
    """What the head of unit says of one learner's use of a class.

    `answers` {statement of `content/transfer.yaml`: 1 to 5, or 0 for no chance to observe}; `at`: given or last
    corrected; `by` None: told by the system itself.
    """

    enrolment = models.OneToOneField("training.Enrolment", on_delete=models.CASCADE, related_name="transfer_view")
    answers = models.JSONField()
    note = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]


class ClassTransfer(models.Model):
    """Effect of one class that its re-check still shows, in levels, with 90% interval; fields as in `ClassEffect`.

    It is shown beside the effect right after the class and never fed to the plan.
    """

    training_class = models.OneToOneField("training.TrainingClass", on_delete=models.CASCADE, related_name="transfer")
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
        ordering = ["-measured_at"]

    def __str__(self) -> str:
        return f"{self.training_class} {self.shift:+.2f}"
