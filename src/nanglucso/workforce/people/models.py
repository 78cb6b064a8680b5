"""Who holds which position in which unit, with the levels that the position requires."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from treebeard.mp_tree import MP_Node

from nanglucso.core.bilingual import Named
from nanglucso.core.rehearsals import Real
from nanglucso.workforce.framework.models import Competence, Framework


class TravelArea(Named, models.Model):  # type: ignore[django-manager-missing]
    """Where people can be expected to travel to a class; `trip_costs` {code: đồng, absent = too far}."""

    code = models.SlugField(max_length=20, unique=True)
    name_vi = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    trip_costs = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.name_vi


class Unit(MP_Node):
    """An agency, commune, ward, department or service unit; the tree is the scope of every list."""

    class Kind(models.TextChoices):
        CITY = "city", _("City")
        PROVINCE = "tinh", _("Province")
        AGENCY = "so", _("Department of the city")
        OFFICE = "van_phong", _("City office")
        INSPECTORATE = "thanh_tra", _("City inspectorate")
        COMMUNE = "xa", _("Commune")
        WARD = "phuong", _("Ward")
        SERVICE = "don_vi_su_nghiep", _("Public service unit")
        ROOM = "phong", _("Division")

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=80, blank=True)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    area = models.ForeignKey(TravelArea, null=True, blank=True, on_delete=models.PROTECT, related_name="units")
    aliases = models.JSONField(default=list, blank=True)
    fold = models.CharField(max_length=220, db_index=True)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=200, blank=True)

    node_order_by: list[str] = []

    def __str__(self) -> str:
        return self.name


class PositionFamily(Named, models.Model):
    """A family of positions; `defaults` {competence code: level}, `generic_for` unit kinds it stands in for.

    `default_code`: the position taken when only the family can be told. `is_head`: whoever holds such a position heads
    the unit and sees its people.
    """

    code = models.SlugField(max_length=60, unique=True)
    name_vi = models.CharField(max_length=150)
    name_en = models.CharField(max_length=150)
    defaults = models.JSONField(default=dict)
    keywords = models.JSONField(default=list)
    generic_for = models.JSONField(default=list)
    default_code = models.SlugField(max_length=80, blank=True)
    is_head = models.BooleanField(default=False)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["name_vi"]

    def __str__(self) -> str:
        return self.name_vi


class Position(models.Model):
    """Vị trí việc làm. `profile` holds sections I–IX of the official form (keys as in the shipped YAML)."""

    class Group(models.TextChoices):
        LEADING = "a", _("Leading and managing")
        EXPERT = "b", _("Professional")
        SUPPORT = "c", _("Support and service")

    code = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    family = models.ForeignKey(PositionFamily, on_delete=models.PROTECT, related_name="positions")
    group = models.CharField(max_length=2, choices=Group.choices)
    unit_kinds = models.JSONField(default=list)
    aliases = models.JSONField(default=list)
    profile = models.JSONField(default=dict)
    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="positions")
    is_generic = models.BooleanField(default=False)
    yearly_tiet = models.PositiveSmallIntegerField(default=80)
    fold = models.CharField(max_length=220, db_index=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def title(self) -> str:
        """The name in the active language."""
        english = (get_language() or "vi").startswith("en")
        return self.name_en if english and self.name_en else self.name


class Requirement(models.Model):
    """Level that a position requires of one competence. `weight` in percent of the position, must-have when core."""

    position = models.ForeignKey(Position, on_delete=models.CASCADE, related_name="requirements")
    competence = models.ForeignKey(Competence, on_delete=models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField()
    weight = models.FloatField(default=0.0)
    must_have = models.BooleanField(default=False)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["competence__index"]
        constraints = [models.UniqueConstraint(fields=["position", "competence"], name="one_requirement")]


class Person(models.Model):
    """The least that is needed of a staff member: no salary, family, party, health or ethnicity."""

    class Gender(models.TextChoices):
        FEMALE = "f", _("Female")
        MALE = "m", _("Male")
        UNKNOWN = "", _("Not stated")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="person"
    )
    staff_code = models.CharField(max_length=30, null=True, blank=True, unique=True)
    citizen_hash = models.CharField(max_length=64, null=True, blank=True, unique=True)
    ho_dem = models.CharField(max_length=100, blank=True)
    ten = models.CharField(max_length=50)
    sort_key = models.CharField(max_length=250, db_index=True)
    fold = models.CharField(max_length=160, db_index=True)
    birth_date = models.DateField(null=True, blank=True)
    birth_year = models.PositiveSmallIntegerField(null=True, blank=True)
    gender = models.CharField(max_length=1, choices=Gender.choices, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=20, blank=True)
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="people")
    position = models.ForeignKey(Position, null=True, blank=True, on_delete=models.PROTECT, related_name="people")
    title = models.CharField(max_length=200, blank=True)
    active = models.BooleanField(default=True, db_index=True)
    made_up = models.BooleanField(default=False)
    erased_at = models.DateTimeField(null=True, blank=True)
    rehearsal = models.BooleanField(default=False, db_default=False)

    objects = Real["Person"]()
    with_rehearsal = models.Manager["Person"]()

    class Meta:
        ordering = ["sort_key", "id"]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        return f"{self.ho_dem} {self.ten}".strip()


class Appointment(models.Model):
    """A person in a position of a unit over time; `until` is the first day on which it no longer holds.

    `main`: the person's place, at most one a day; others are held beside it. `Person.unit` and `.position` repeat the
    main one of today.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="appointments")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="appointments")
    position = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="appointments")
    title = models.CharField(max_length=200, blank=True)
    how_matched = models.CharField(max_length=10, default="exact")
    main = models.BooleanField(default=True)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-since"]
        indexes = [models.Index(fields=["person", "until"])]


class StaffImport(models.Model):
    """A file read, shown, applied and possibly undone: a list of staff, units, positions or required levels.

    `preview` is what the page shows; `plan` and `inverse` are packed JSON of every row (see `services.changes`).
    `shape` is a hash of the file's column heads: a later file of the same shape starts with the same `mapping`.
    """

    class Kind(models.TextChoices):
        STAFF = "staff", _("Officials and employees")
        UNITS = "units", _("Units")
        POSITIONS = "positions", _("Positions")
        REQUIREMENTS = "requirements", _("Required levels")

    class Status(models.TextChoices):
        READING = "reading", _("Being read")
        UNREADABLE = "bad", _("Could not be read")
        READ = "read", _("Read, not yet applied")
        APPLIED = "applied", _("Applied")
        UNDONE = "undone", _("Undone")
        DROPPED = "dropped", _("Dropped")

    file = models.ForeignKey("core.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=200)
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.STAFF)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.READ)
    mapping = models.JSONField(default=dict)
    shape = models.CharField(max_length=64, blank=True, db_index=True)
    job = models.ForeignKey("core.Job", null=True, on_delete=models.SET_NULL, related_name="+")
    summary = models.JSONField(default=dict)
    preview = models.JSONField(default=dict)
    plan = models.BinaryField(default=bytes)
    inverse = models.BinaryField(default=bytes)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.file_name


class Double(models.Model):
    """Two records that may be one person: merged (`gone` into `kept`), the merge undone, or told to be two people.

    `moved`: {"kept": {field: [before, after]}, "gone": likewise, "rows": {model: [ids gone over]}, "stayed": count}
    """

    class Status(models.TextChoices):
        MERGED = "merged", _("Merged")
        UNDONE = "undone", _("Undone")
        DIFFERENT = "different", _("Two different people")

    kept = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    gone = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=Status.choices)
    moved = models.JSONField(default=dict)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-decided_at"]
        indexes = [models.Index(fields=["status", "gone"])]

    def __str__(self) -> str:
        return f"{self.gone} = {self.kept}"


class RequirementDraft(models.Model):
    """Changes of required levels that wait for approval.

    `brought_by`: the import whose file they came from; None = typed in the matrix: of those an author has one open.
    `cells` {position: {competence: [level before, must-have before, level, must-have]}} with row numbers as keys;
    `revision` grows with every change, so that two windows do not overwrite each other; `inverse`: rows as they were.
    """

    class Status(models.TextChoices):
        OPEN = "open", _("Being edited")
        ASKED = "asked", _("Waiting for approval")
        APPLIED = "applied", _("In force")
        DROPPED = "dropped", _("Dropped")
        UNDONE = "undone", _("Undone")

    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    brought_by = models.ForeignKey(StaffImport, null=True, on_delete=models.SET_NULL, related_name="drafts")
    cells = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(default=0)
    reason = models.TextField(blank=True)
    inverse = models.JSONField(default=list)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["author"], condition=models.Q(status="open", brought_by=None), name="one_open_draft"
            )
        ]

    @property
    def size(self) -> int:
        """How many cells would change."""
        return sum(len(row) for row in self.cells.values())


class PositionVersion(models.Model):
    """What a position required from a day on. `rows`: [[competence code, level, weight, must-have, reason]]."""

    position = models.ForeignKey(Position, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    rows = models.JSONField()
    draft = models.ForeignKey(RequirementDraft, null=True, on_delete=models.PROTECT, related_name="versions")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["position", "number"], name="one_position_version")]


from nanglucso.workforce.people.models_disposal import Disposal  # noqa: E402
from nanglucso.workforce.people.models_units import Reorganisation, UnitPast, UnitSuccession  # noqa: E402

__all__ = [
    "Appointment",
    "Disposal",
    "Double",
    "Person",
    "Position",
    "PositionFamily",
    "PositionVersion",
    "Reorganisation",
    "Requirement",
    "RequirementDraft",
    "StaffImport",
    "TravelArea",
    "Unit",
    "UnitPast",
    "UnitSuccession",
]
