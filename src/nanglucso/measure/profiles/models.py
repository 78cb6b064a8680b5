"""The evidence ledger (append-only), what beliefs begin with, and the belief folded from both."""

from secrets import randbits

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from nanglucso.workforce.framework.models import Framework
from nanglucso.workforce.people.models import Person


class Evidence(models.Model):
    """One source of evidence on one person; never changed, only voided by a later row.

    `entries` by kind: sitting and outside [{k, item, a, b, c, score}], practice the same with lab (version id) in the
    place of item and one entry a competence, certificate [{k, level}],
    self and manager [{k, rating}],
    class [{k, band_from, band_to, eff}]; k = competence code of `framework`, item = item version id.
    """

    class Kind(models.TextChoices):
        SITTING = "sitting", _("Assessment")
        SELF = "self", _("Self-rating")
        MANAGER = "manager", _("Manager's rating")
        CLASS = "class", _("Class completed")
        OUTSIDE = "outside", _("Outside responses")
        CERTIFICATE = "certificate", _("Outside certificate")
        PRACTICE = "practice", _("Practice task")

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="evidence")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    at = models.DateTimeField()
    source = models.CharField(max_length=80)
    label = models.CharField(max_length=200, blank=True)
    entries = models.JSONField()
    framework = models.ForeignKey(Framework, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    voids = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="voided_by")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["person", "at"])]
        constraints = [models.UniqueConstraint(fields=["person", "source"], name="one_evidence_per_source")]


def new_revision() -> int:
    """A random number of 40 bits: sums over a million beliefs still fit a whole number of the database."""
    return randbits(40)


class Prior(models.Model):
    """A version of how the competences hang together before anything is known of a person.

    `covariance`: list (K, K) in logits, in the framework's index order. In force is the newest version that was not
    withdrawn; without one, the framework's own assumption. `source` says what it was learned from, `people` from how
    many.
    """

    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    covariance = models.JSONField()
    source = models.CharField(max_length=80)
    people = models.PositiveIntegerField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["framework", "number"], name="one_prior_number")]

    def __str__(self) -> str:
        return f"{self.framework} #{self.number}"


class Belief(models.Model):
    """The fold of a person's evidence: float64 bytes of mean (K,), covariance (K, K) and variance (K,), in logits.

    `prior_mean` (K,) and `prior` (None = the framework's own) are where this person's belief began, kept so that a
    re-fold gives the same. `revision` is drawn anew with every fold, so that count and sum of the revisions tell
    whether any belief has changed (adr/0008).
    """

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="belief")
    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="+")
    mean = models.BinaryField()
    covariance = models.BinaryField()
    variance = models.BinaryField()
    prior_mean = models.BinaryField()
    prior = models.ForeignKey(Prior, null=True, on_delete=models.PROTECT, related_name="+")
    measured = models.BooleanField(default=False)
    evidence_count = models.PositiveIntegerField(default=0)
    as_of = models.DateTimeField()
    revision = models.BigIntegerField(default=new_revision)

    class Meta:
        # A row is 4 kB because of its covariance: maps of the whole city read the second index instead of the rows.
        indexes = [
            models.Index(fields=["framework", "person", "revision"], name="belief_revisions"),
            models.Index(
                fields=["framework", "person", "measured", "as_of", "mean", "variance"], name="belief_for_maps"
            ),
        ]


class BeliefPoint(models.Model):
    """What the belief was right after one piece of evidence: for the trend and for "what moved this".

    `mean`, `sd`: lists (K,) rounded to 4 decimals, in the index order of `framework`.
    """

    framework = models.ForeignKey(Framework, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="points")
    evidence = models.ForeignKey(Evidence, on_delete=models.CASCADE, related_name="points")
    at = models.DateTimeField()
    mean = models.JSONField()
    sd = models.JSONField()

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["person", "at"])]


class FamilyPrior(models.Model):
    """Where somebody of a position family who was never measured begins: mean (K,), learned from `people`."""

    family = models.OneToOneField("people.PositionFamily", on_delete=models.CASCADE, related_name="prior")
    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="+")
    mean = models.JSONField()
    people = models.PositiveIntegerField()
    as_of = models.DateTimeField()
