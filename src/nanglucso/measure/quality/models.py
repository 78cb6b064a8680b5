"""Appeals, corrections of the ledger with what they change, and judged late answers."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from nanglucso.core.days import local_day
from nanglucso.core.models import Job
from nanglucso.measure.assessments.models import Campaign, LabSitting, LateAnswer, Sitting
from nanglucso.measure.bank.models import ItemVersion, LabVersion
from nanglucso.measure.profiles.models import Evidence, Prior
from nanglucso.workforce.framework.models import Competence, Framework
from nanglucso.workforce.people.models import Person

USER = settings.AUTH_USER_MODEL


class Appeal(models.Model):
    """A person asks for a review of one item of their test, or of the whole result (`item_version` null).

    Or of a practice task: then `lab` stands in the place of `sitting`, and `competence` names the one result that is
    meant, "" = the whole task.
    """

    class Status(models.TextChoices):
        RECEIVED = "received", _("Received")
        REVIEW = "review", _("In review")
        UPHELD = "upheld", _("Upheld, correction under way")
        REJECTED = "rejected", _("Result stands")
        APPLIED = "applied", _("Upheld and corrected")

    class Remedy(models.TextChoices):
        NEUTRALISE = "neutralise", _("Take it out of every result")
        VOID = "void", _("Void this person's result")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="appeals")
    sitting = models.ForeignKey(Sitting, null=True, on_delete=models.PROTECT, related_name="appeals")
    lab = models.ForeignKey(LabSitting, null=True, on_delete=models.PROTECT, related_name="appeals")
    competence = models.CharField(max_length=10, blank=True)
    item_version = models.ForeignKey(ItemVersion, null=True, on_delete=models.PROTECT, related_name="appeals")
    step = models.PositiveSmallIntegerField(null=True)
    reason = models.TextField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.RECEIVED)
    filed_at = models.DateTimeField()
    due_at = models.DateTimeField()
    reviewer = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    remedy = models.CharField(max_length=10, choices=Remedy.choices, blank=True)
    answer = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["due_at", "filed_at"]
        indexes = [models.Index(fields=["status", "due_at"])]
        constraints = [
            models.UniqueConstraint(fields=["sitting", "item_version"], name="one_appeal_per_item"),
            models.UniqueConstraint(
                fields=["sitting"], condition=models.Q(item_version=None), name="one_appeal_per_result"
            ),
            models.UniqueConstraint(fields=["lab", "competence"], name="one_appeal_per_lab_result"),
            models.CheckConstraint(
                condition=models.Q(sitting=None, lab__isnull=False) | models.Q(sitting__isnull=False, lab=None),
                name="appeal_of_a_test_or_a_task",
            ),
        ]

    def __str__(self) -> str:
        return f"{local_day(self.filed_at):%Y%m%d}-{self.pk.hex[:6]}"

    @property
    def is_open(self) -> bool:
        return self.status in (self.Status.RECEIVED, self.Status.REVIEW, self.Status.UPHELD)

    @property
    def number(self) -> str:
        """What the person quotes."""
        return str(self)

    @property
    def campaign(self) -> Campaign:
        """Of the test or the practice task."""
        taken = self.lab or self.sitting
        assert taken
        return taken.campaign


class Correction(models.Model):
    """A change of ledger rows: previewed first, applied by another person, undone if need be.

    `summary`: {"people", "changed", "up", "down"} of the preview. `late`: the answer that is to count.
    `lab`: the practice task that is voided in the place of a sitting. `lab_version`: the task that is taken out of
    everybody's result in the place of an item, of it only `competence` unless that is "".
    """

    class Kind(models.TextChoices):
        NEUTRALISE = "neutralise", _("Taken out of results")
        VOID = "void", _("One person's result voided")
        LATE = "late", _("Late answer counted")

    class Status(models.TextChoices):
        PREPARING = "preparing", _("Preview is being made")
        READY = "ready", _("Waiting for another person's approval")
        APPLYING = "applying", _("Being applied")
        APPLIED = "applied", _("Applied")
        UNDOING = "undoing", _("Being undone")
        UNDONE = "undone", _("Undone")
        DROPPED = "dropped", _("Dropped")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PREPARING)
    item_version = models.ForeignKey(ItemVersion, null=True, on_delete=models.PROTECT, related_name="corrections")
    sitting = models.ForeignKey(Sitting, null=True, on_delete=models.PROTECT, related_name="corrections")
    late = models.ForeignKey(LateAnswer, null=True, on_delete=models.PROTECT, related_name="+")
    appeal = models.ForeignKey(Appeal, null=True, on_delete=models.PROTECT, related_name="corrections")
    reason = models.TextField()
    prepared_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField()
    approved_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    applied_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undo_reason = models.TextField(blank=True)
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    summary = models.JSONField(default=dict)
    lab = models.ForeignKey(LabSitting, null=True, on_delete=models.PROTECT, related_name="corrections")
    lab_version = models.ForeignKey(LabVersion, null=True, on_delete=models.PROTECT, related_name="corrections")
    competence = models.CharField(max_length=10, blank=True)

    class Meta:
        ordering = ["-prepared_at"]

    def __str__(self) -> str:
        return str(self.item_version or self.lab_version or self.sitting or self.lab)


class CorrectionLine(models.Model):
    """One ledger row that a correction replaces, and what that does to its person.

    `entries`: what stands afterwards (empty = nothing). `changes`: [{"k", "level": [before, after],
    "word": [before, after]}], only competences whose level or word changes. `counted`: pieces of evidence that the
    belief rested on when this was worked out; another number means that the preview is stale.
    """

    correction = models.ForeignKey(Correction, on_delete=models.CASCADE, related_name="lines")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="+")
    entries = models.JSONField()
    replacement = models.ForeignKey(Evidence, null=True, on_delete=models.PROTECT, related_name="+")
    restored = models.ForeignKey(Evidence, null=True, on_delete=models.PROTECT, related_name="+")
    done = models.BooleanField(default=False)
    changes = models.JSONField(default=list)
    shift = models.FloatField(default=0.0)
    counted = models.PositiveIntegerField()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["correction", "evidence"], name="one_line_per_evidence")]


class LateJudgement(models.Model):
    """A person's decision on an answer that came after deadline and grace. Accepted ones count by a correction."""

    late = models.OneToOneField(LateAnswer, on_delete=models.PROTECT, related_name="judgement")
    accepted = models.BooleanField()
    reason = models.TextField()
    judged_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class CalibrationRun(models.Model):
    """Parameters worked out anew from answers; nothing is used before a person accepts it.

    `campaigns`: codes. `rules`: {"sd_b", "sd_log_a", "least"}. `summary`: {"answers", "people", "items", "enough",
    "converged", "beliefs", "changed"}; `beliefs` = everybody measured, `changed` = those of them who would change level
    or word if old tests were read anew.
    """

    class Status(models.TextChoices):
        RUNNING = "running", _("Being worked out")
        READY = "ready", _("Waiting for a decision")
        ACCEPTED = "accepted", _("Accepted")
        DISCARDED = "discarded", _("Discarded")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.RUNNING)
    campaigns = models.JSONField()
    rules = models.JSONField()
    started_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    decided_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    summary = models.JSONField(default=dict)

    class Meta:
        ordering = ["-started_at"]

    def __str__(self) -> str:
        return f"cal-{self.pk.hex[:8]}"


class CalibrationLine(models.Model):
    """One item version before and after a run: a, list b and standard errors; `n` answers, `enough` to be used."""

    run = models.ForeignKey(CalibrationRun, on_delete=models.CASCADE, related_name="lines")
    version = models.ForeignKey(ItemVersion, on_delete=models.PROTECT, related_name="+")
    n = models.PositiveIntegerField()
    enough = models.BooleanField()
    a = models.FloatField()
    b = models.JSONField()
    se_a = models.FloatField()
    se_b = models.JSONField()

    class Meta:
        ordering = ["version__item__competence__index", "version__item__code"]


class Reestimation(models.Model):
    """Correlations of the competences worked out anew from sittings; beliefs move only after a second person's word.

    `base`: the version that was in force (None = the framework's assumption); `covariance` (K, K) what was found;
    `prior`: the version made of it. `summary`: {"people", "answers", "largest", "average", "beliefs", "changed", "up",
    "down"}, the last four over everybody who has a belief.
    """

    class Status(models.TextChoices):
        RUNNING = "running", _("Being worked out")
        READY = "ready", _("Waiting for a decision")
        APPLYING = "applying", _("Being applied")
        APPLIED = "applied", _("In force")
        UNDOING = "undoing", _("Being undone")
        UNDONE = "undone", _("Undone")
        DISCARDED = "discarded", _("Discarded")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.RUNNING)
    campaigns = models.JSONField()
    started_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    decided_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)
    undone_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undo_reason = models.TextField(blank=True)
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    base = models.ForeignKey(Prior, null=True, on_delete=models.PROTECT, related_name="+")
    prior = models.ForeignKey(Prior, null=True, on_delete=models.PROTECT, related_name="+")
    covariance = models.JSONField(default=list)
    summary = models.JSONField(default=dict)

    class Meta:
        ordering = ["-started_at"]

    def __str__(self) -> str:
        return f"cor-{self.pk.hex[:8]}"

    @property
    def stuck(self) -> bool:
        """Whether its job ended before the work did."""
        return self.status in ("running", "applying", "undoing") and not (self.job and self.job.is_open)


class HealthReport(models.Model):
    """What the answers of chosen campaigns say of each item; `rows` as in `healthlist.rows`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    campaigns = models.JSONField()
    started_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    rows = models.JSONField(default=list)
    done = models.BooleanField(default=False)

    class Meta:
        ordering = ["-started_at"]

    def __str__(self) -> str:
        return f"health-{self.pk.hex[:8]}"


class YearComparison(models.Model):
    """Two calibration runs on one scale by the items they share; `result` as in `years.work_out`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    before = models.ForeignKey(CalibrationRun, on_delete=models.PROTECT, related_name="+")
    after = models.ForeignKey(CalibrationRun, on_delete=models.PROTECT, related_name="+")
    started_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    result = models.JSONField(default=dict)
    done = models.BooleanField(default=False)

    class Meta:
        ordering = ["-started_at"]

    def __str__(self) -> str:
        return f"{self.before} / {self.after}"


class Panel(models.Model):
    """Judges say where a level begins. `items`: item version ids in the order shown; closed = no more entries.

    What a panel finds changes no cut point: that is an act on the framework by a person. `made_up`: an exercise.
    """

    class Method(models.TextChoices):
        ANGOFF = "angoff", _("Modified Angoff")
        BOOKMARK = "bookmark", _("Bookmark")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    title = models.CharField(max_length=200)
    method = models.CharField(max_length=10, choices=Method.choices)
    competence = models.ForeignKey(Competence, on_delete=models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField()
    items = models.JSONField()
    made_up = models.BooleanField(default=False)
    opened_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    closed_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-opened_at"]

    def __str__(self) -> str:
        return self.title


class PanelEntry(models.Model):
    """One judge's ratings: shares 0..1 in the order of `Panel.items` (Angoff), or [steps mastered] (bookmark).

    `judge`: a code that the panel uses, never a name. `table`: judges who talked with each other; "" = one table.
    """

    panel = models.ForeignKey(Panel, on_delete=models.CASCADE, related_name="entries")
    judge = models.CharField(max_length=40)
    table = models.CharField(max_length=20, blank=True)
    values = models.JSONField()
    entered_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["judge"]
        constraints = [models.UniqueConstraint(fields=["panel", "judge"], name="one_entry_per_judge")]
