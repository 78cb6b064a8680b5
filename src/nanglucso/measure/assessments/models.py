"""Campaigns, sittings and their answers, ratings."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from nanglucso.core.models import StoredFile
from nanglucso.core.rehearsals import Real
from nanglucso.measure.bank.models import ItemVersion, LabVersion
from nanglucso.workforce.framework.models import Framework
from nanglucso.workforce.people.models import Person, PositionFamily, Unit

GRACE = timedelta(seconds=120)  # after a deadline in which an answer on its way still counts


class Campaign(models.Model):
    """Đợt đánh giá: who is measured, when, how long, by which rule.

    Who: people with a position in `unit`'s subtree (None = everybody) and in one of `families` (none = any), and those
    `named`, never those `excluded`. `competences`: codes, empty = all that a position requires. `items`: item version
    ids, fixed when it opens; `files`: the same of items answered by a file, asked last. `hold_results`: nobody but the
    training officer sees what it showed before release. `retake`: who may sit a second time. `labs`: practice tasks,
    of which each person gets at most `labs_each` (see `labgiving`).
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")
        RELEASED = "released", _("Results released")

    class Purpose(models.TextChoices):
        MAIN = "main", _("Main campaign")
        RETEST = "retest", _("Re-measurement after training")

    class Retake(models.TextChoices):
        NONE = "none", _("No second test")
        AFTER = "after", _("Once, some days after the first test")
        APPROVED = "approved", _("Once, for a reason that a training officer approves")

    code = models.SlugField(max_length=40, unique=True)
    name_vi = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    purpose = models.CharField(max_length=10, choices=Purpose.choices, default=Purpose.MAIN)
    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    items_min = models.PositiveSmallIntegerField(default=18)
    items_max = models.PositiveSmallIntegerField(default=36)
    minutes = models.PositiveSmallIntegerField(default=60)
    rule = models.CharField(max_length=10, default="decision")
    competences = models.JSONField(default=list, blank=True)
    items = models.JSONField(default=list, blank=True)
    trial_bank = models.BooleanField(default=True)
    families = models.ManyToManyField(PositionFamily, blank=True, related_name="+")
    named = models.ManyToManyField(Person, blank=True, related_name="+")
    excluded = models.ManyToManyField(Person, blank=True, related_name="+")
    stop_early = models.BooleanField(default=True)
    exposure_cap = models.FloatField(default=0.25)
    hold_results = models.BooleanField(default=False)
    pause_minutes = models.PositiveSmallIntegerField(default=15)
    retake = models.CharField(max_length=10, choices=Retake.choices, default=Retake.NONE)
    retake_days = models.PositiveSmallIntegerField(default=30)
    with_file = models.BooleanField(default=False)
    files = models.JSONField(default=list, blank=True)
    priors_at = models.DateTimeField(null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)
    labs = models.ManyToManyField(LabVersion, blank=True, related_name="campaigns")
    labs_each = models.PositiveSmallIntegerField(default=1)
    rehearsal = models.BooleanField(default=False, db_default=False)

    objects = Real["Campaign"]()
    with_rehearsal = models.Manager["Campaign"]()

    class Meta:
        ordering = ["-opens_at"]

    def __str__(self) -> str:
        return self.name_vi

    @property
    def name(self) -> str:
        from nanglucso.core.bilingual import said

        return said(self, "name")


class Sitting(models.Model):
    """One person's test. `seq`: answers given; `start`: float64 bytes of mean (K,) then covariance (K, K) at the start.

    `state`: {"required": [K levels], "asked": [version ids], "scores": [..], "forbidden": [version ids]}; an item that
    is answered by a file stands in "files" instead. `attempt`: 2 for the second test that a campaign's rule gives.
    """

    class Status(models.TextChoices):
        ASSIGNED = "assigned", _("Not started")
        RUNNING = "running", _("In progress")
        PAUSED = "paused", _("Paused")
        SUBMITTED = "submitted", _("Finished")
        EXPIRED = "expired", _("Time ran out")
        SCORED = "scored", _("Scored")
        VOIDED = "voided", _("Void")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="sittings")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="sittings")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.ASSIGNED)
    seq = models.PositiveSmallIntegerField(default=0)
    epoch = models.PositiveSmallIntegerField(default=0)
    served_item = models.ForeignKey(ItemVersion, null=True, on_delete=models.PROTECT, related_name="+")
    served_at = models.DateTimeField(null=True)
    deadline = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    paused_seconds = models.PositiveIntegerField(default=0)
    extra_minutes = models.PositiveSmallIntegerField(default=0)
    attempt = models.PositiveSmallIntegerField(default=1)
    start = models.BinaryField(null=True)
    state = models.JSONField(default=dict)
    chain_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "person", "attempt"], name="one_sitting_per_attempt")
        ]
        indexes = [
            models.Index(fields=["person", "status"]),
            # How many sit now is asked at every start; an answer changes neither column.
            models.Index(fields=["started_at"], name="running_sittings", condition=models.Q(status="running")),
        ]

    def __str__(self) -> str:
        return f"{self.campaign.code} {self.pk}"


class Admission(models.Model):
    """Somebody at the door of a test: in line `since`, last `seen_at` there, `called_at` = their turn came."""

    sitting = models.OneToOneField(Sitting, on_delete=models.CASCADE, primary_key=True, related_name="admission")
    since = models.DateTimeField()
    seen_at = models.DateTimeField()
    called_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["since", "sitting_id"]
        indexes = [models.Index(fields=["called_at", "since"])]

    def __str__(self) -> str:
        return str(self.pk)


class Answer(models.Model):
    """The record itself: append-only, one per step and one per key. `score` None = a file that people rate later."""

    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="answers")
    seq = models.PositiveSmallIntegerField()
    item_version = models.ForeignKey(ItemVersion, on_delete=models.PROTECT, related_name="+")
    choice = models.JSONField()
    score = models.PositiveSmallIntegerField(null=True)
    key = models.UUIDField()
    shown_ms = models.PositiveIntegerField(default=0)
    late = models.BooleanField(default=False)
    at = models.DateTimeField()

    objects = models.Manager["Answer"]()
    real = Real["Answer"]("sitting__campaign__rehearsal")  # for whatever counts over campaigns

    class Meta:
        ordering = ["seq"]
        constraints = [
            models.UniqueConstraint(fields=["sitting", "seq"], name="one_answer_per_step"),
            models.UniqueConstraint(fields=["sitting", "key"], name="one_answer_per_key"),
        ]


class LateAnswer(models.Model):
    """An answer that came after the deadline and grace: kept for people to judge, never counted by itself."""

    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="late_answers")
    item_version = models.ForeignKey(ItemVersion, null=True, on_delete=models.PROTECT, related_name="+")
    seq = models.PositiveSmallIntegerField()
    key = models.UUIDField()
    choice = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sitting", "key"], name="one_late_answer_per_key")]


class Exposure(models.Model):
    """How many sittings of a campaign were served an item, and its shadow price on the log scale of worth."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="exposures")
    item_version = models.ForeignKey(ItemVersion, on_delete=models.PROTECT, related_name="+")
    served = models.PositiveIntegerField(default=0)
    price = models.FloatField(default=0.0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "item_version"], name="one_exposure_per_item")]


class Accommodation(models.Model):
    """What a person's conditions of sitting are in a campaign; the reason is another table, read by few."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="accommodations")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="accommodations")
    extra_percent = models.PositiveSmallIntegerField(default=0)
    pause_minutes = models.PositiveSmallIntegerField(default=0)
    no_limit = models.BooleanField(default=False)
    screen_reader = models.BooleanField(default=False)
    large_print = models.BooleanField(default=False)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()

    class Meta:
        ordering = ["person__sort_key", "pk"]
        constraints = [models.UniqueConstraint(fields=["campaign", "person"], name="one_accommodation_per_campaign")]


class AccommodationReason(models.Model):
    """Why, and on which legal ground: nobody reads it but whoever decides, and each reading leaves a trace."""

    accommodation = models.OneToOneField(Accommodation, on_delete=models.CASCADE, related_name="reason")
    text = models.CharField(max_length=500)
    basis = models.CharField(max_length=200, blank=True)


class FileRating(models.Model):
    """One rater's category (0 .. steps) of one file; a rater sees neither the name nor the other ratings."""

    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="file_ratings")
    rater = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    score = models.PositiveSmallIntegerField()
    note = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.UniqueConstraint(fields=["answer", "rater"], name="one_file_rating_per_rater")]


class Rating(models.Model):
    """A self-rating or a manager's rating: {competence code: 0..4} against the level descriptors."""

    class Kind(models.TextChoices):
        SELF = "self", _("Self-rating")
        MANAGER = "manager", _("Manager's rating")

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="ratings")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    rater = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    levels = models.JSONField()
    note = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at"]


class ReviewDraft(models.Model):
    """A self-review under way: {competence code: level}, saved after every step; gone once it is handed in."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="review_draft")
    levels = models.JSONField(default=dict)
    started_at = models.DateTimeField()
    saved_at = models.DateTimeField()


class Reminder(models.Model):
    """One reminder of one person at one step of a campaign; the constraint is what keeps it from going out twice."""

    class Step(models.TextChoices):
        OPENED = "opened", _("When it opened")
        HALFWAY = "halfway", _("Half-way")
        LAST = "last", _("Three days before the end")

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="reminders")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    step = models.CharField(max_length=10, choices=Step.choices)
    at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "person", "step"], name="one_reminder_per_step")]


class OutsideCertificate(models.Model):
    """A certificate from elsewhere, entered by its holder with a file as proof and judged by a training officer.

    `rule`: key of `content/certificates/rules.yaml`, `rule_version` that file's version when it was entered.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", _("Waiting for a look")
        CONFIRMED = "confirmed", _("Confirmed")
        REFUSED = "refused", _("Refused")
        REVOKED = "revoked", _("Taken back")

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="outside_certificates")
    rule = models.CharField(max_length=60)
    rule_version = models.CharField(max_length=20)
    issued_on = models.DateField()
    number = models.CharField(max_length=60, blank=True)
    proof = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    entered_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["-entered_at"]

    def __str__(self) -> str:
        return f"{self.rule} {self.number}".strip()


class LabRun(models.Model):
    """One person's run of one task: free practice, or that of a `LabSitting`. The state is nothing but the events:
    `engines.lab.replay` gives it. `deadline`, `minutes`: of a run whose clock is not the task's own.

    `result` at the end: {"done": [step ids], "errors": [critical ids], "seconds": when the state was judged}.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="lab_runs")
    version = models.ForeignKey(LabVersion, on_delete=models.PROTECT, related_name="+")
    seed = models.PositiveSmallIntegerField()
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    result = models.JSONField(default=dict)
    deadline = models.DateTimeField(null=True)
    minutes = models.PositiveSmallIntegerField(null=True)

    class Meta:
        ordering = ["-started_at"]

    def __str__(self) -> str:
        return f"{self.version} {self.pk}"


class LabEvent(models.Model):
    """One act that the simulated system allowed; append-only. `t_ms`: milliseconds since the run began."""

    run = models.ForeignKey(LabRun, on_delete=models.PROTECT, related_name="events")
    seq = models.PositiveSmallIntegerField()
    key = models.UUIDField()
    t_ms = models.PositiveIntegerField()
    verb = models.CharField(max_length=40)
    args = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["seq"]
        constraints = [
            models.UniqueConstraint(fields=["run", "seq"], name="one_lab_event_per_seq"),
            models.UniqueConstraint(fields=["run", "key"], name="one_lab_event_per_key"),
        ]


class LabSitting(models.Model):
    """A practice task that counts: one person's in one campaign, sat once, with no feedback before the release.

    `run` is made at the start and holds every act. `paused_seconds`: of the pauses that have ended. `graded`: the
    ledger entries [{k, lab, a, b, c, score}] at the end, one for each competence, none when nothing was done.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="lab_sittings")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="lab_sittings")
    version = models.ForeignKey(LabVersion, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=Sitting.Status.choices, default=Sitting.Status.ASSIGNED)
    run = models.OneToOneField(LabRun, null=True, on_delete=models.PROTECT, related_name="sitting")
    started_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    paused_seconds = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)
    graded = models.JSONField(default=list)
    chain_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["campaign_id", "version__lab__code"]
        constraints = [models.UniqueConstraint(fields=["campaign", "person", "version"], name="one_lab_per_campaign")]
        indexes = [models.Index(fields=["person", "status"]), models.Index(fields=["status"])]

    def __str__(self) -> str:
        return f"{self.campaign.code} {self.version}"
