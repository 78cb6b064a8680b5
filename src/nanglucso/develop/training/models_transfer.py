"""Three to six months after a class: what is still there, and what the head of unit sees of it at work."""

from django.conf import settings
from django.db import models

from nanglucso.develop.training.models_effects import EffectFigures


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


class ClassTransfer(EffectFigures):
    """Effect of one class that its re-check still shows, in levels, with 90% interval; fields as in `EffectFigures`.

    It is shown beside the effect right after the class and never fed to the plan.
    """

    training_class = models.OneToOneField("training.TrainingClass", on_delete=models.CASCADE, related_name="transfer")

    class Meta:
        ordering = ["-measured_at"]

    def __str__(self) -> str:
        return f"{self.training_class} {self.shift:+.2f}"
