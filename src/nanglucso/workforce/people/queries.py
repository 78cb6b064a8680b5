"""Nouns of the people room: staff, units with counts, positions with what they require."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, JSONField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from nanglucso.core.scope import Scope
from nanglucso.kit.text import fold
from nanglucso.workforce.framework.models import Competence
from nanglucso.workforce.people.finding import matching
from nanglucso.workforce.people.models import (
    Appointment,
    Person,
    Position,
    PositionFamily,
    Requirement,
    StaffImport,
    Unit,
)

AGENCY_KINDS = (Unit.Kind.AGENCY, Unit.Kind.OFFICE, Unit.Kind.INSPECTORATE)
KIND_HEADS: dict[str, object] = {
    Unit.Kind.CITY: _("City"),
    Unit.Kind.PROVINCE: _("Provinces"),
    Unit.Kind.AGENCY: _("City agencies"),
    Unit.Kind.COMMUNE: _("Communes"),
    Unit.Kind.WARD: _("Wards"),
    Unit.Kind.SERVICE: _("Public service units"),
    Unit.Kind.ROOM: _("Divisions"),
}
SORTS = {
    "ten": ("sort_key", "pk"),
    "-ten": ("-sort_key", "-pk"),
    "don-vi": ("unit__path", "sort_key"),
    "-don-vi": ("-unit__path", "sort_key"),
    "vi-tri": ("position__name", "sort_key"),
    "-vi-tri": ("-position__name", "sort_key"),
    "ma": ("staff_code", "sort_key"),
    "-ma": ("-staff_code", "sort_key"),
}


# No list shows them, and reading them for everybody takes as long as the rest of the row.
UNSEEN = tuple(
    f"{way}__{field.name}"
    for way, model in (("unit", Unit), ("position", Position), ("position__family", PositionFamily))
    for field in model._meta.get_fields()
    if isinstance(field, JSONField)
)


@dataclass(frozen=True)
class StaffFilter:
    """What the staff list is cut to: folded text, a unit's subtree, a position, a family, working or left."""

    text: str = ""
    unit: Unit | None = None
    position: Position | None = None
    family: PositionFamily | None = None
    status: str = "active"
    sort: str = "ten"


def people(*, scope: Scope) -> QuerySet[Person]:
    """Every person in scope, whether still working or not; oneself is always in one's scope."""
    return Person.objects.filter(scope.units("unit__path"))


def staff(*, scope: Scope, wanted: StaffFilter) -> QuerySet[Person]:
    """The staff list, filtered and sorted; unit, its parent's name and position joined."""
    found = people(scope=scope).select_related("unit", "position", "position__family").defer(*UNSEEN)
    if wanted.status == "active":
        found = found.filter(active=True)
    elif wanted.status == "left":
        found = found.filter(active=False)
    if wanted.unit:
        found = found.filter(Scope(paths=(wanted.unit.path,)).units("unit__path"))
    if wanted.position:
        found = found.filter(position=wanted.position)
    if wanted.family:
        found = found.filter(position__family=wanted.family)
    if wanted.text:
        found = found.filter(matching(wanted.text))
    return found.order_by(*SORTS.get(wanted.sort, SORTS["ten"]))


class Sheets:
    """A list for a paginator: only keys are sorted and skipped, and the rows of the asked page alone are read whole.

    Sorted as whole rows, two million people take two to three times as long.
    """

    def __init__(self, found: QuerySet[Person]) -> None:
        self.found = found
        self.keys = found.select_related(None).defer(None).values("pk")

    def count(self) -> int:
        """How many rows there are."""
        return self.keys.order_by().count()

    def __len__(self) -> int:
        return self.count()

    def __getitem__(self, part: slice) -> list[Person]:
        if part.start == part.stop:
            return []
        rows = Person.objects.filter(pk__in=self.keys[part]).select_related("unit", "position", "position__family")
        return list(rows.defer(*UNSEEN).order_by(*self.found.query.order_by))


def unit_chain(units: Iterable[Unit | None]) -> dict[int, tuple[Unit, ...]]:
    """For every unit its ancestors below the city, top first, itself last; one query for all."""
    wanted = {unit.pk: unit for unit in units if unit}
    step = Unit.steplen
    prefixes = {unit.path[:end] for unit in wanted.values() for end in range(2 * step, len(unit.path) + 1, step)}
    held = {unit.path: unit for unit in Unit.objects.filter(path__in=prefixes)}
    return {
        pk: tuple(held[unit.path[:end]] for end in range(2 * step, len(unit.path) + 1, step)) or (unit,)
        for pk, unit in wanted.items()
    }


def place_of(person: Person, chains: Mapping[int, tuple[Unit, ...]]) -> str:
    """Where a person works, said in full; "" without a unit."""
    return place(chains.get(person.unit_id, ())) if person.unit_id else ""


def place(chain: Sequence[Unit]) -> str:
    """A unit said in full, lowest first: "Phòng Văn hóa - Xã hội, Xã Phong Điền"."""
    return ", ".join(unit.name for unit in reversed(chain))


@dataclass(frozen=True)
class UnitRow:
    """A unit with the active people of itself and of everything below."""

    unit: Unit
    here: int
    below: int
    children: int

    @property
    def total(self) -> int:
        return self.here + self.below


def units(*, scope: Scope) -> QuerySet[Unit]:
    """Units in scope that have not been dissolved, in tree order."""
    return Unit.objects.filter(scope.units(), until=None).order_by("path")


def unit_rows(*, scope: Scope, parent: Unit | None = None, text: str = "") -> list[UnitRow]:
    """The children of `parent` (or the tops of the scope) with their counts; with `text`, every matching unit."""
    found = list(units(scope=scope))
    here: Counter[str] = Counter()
    total: Counter[str] = Counter()
    working = people(scope=scope).filter(active=True).exclude(unit=None).order_by()
    for path, number in working.values_list("unit__path").annotate(n=Count("pk")):
        here[path] = number
        for end in range(Unit.steplen, len(path) + 1, Unit.steplen):
            total[path[:end]] += number
    if text:
        words = fold(text).split()
        chosen = [unit for unit in found if all(word in unit.fold for word in words)]
    elif parent:
        chosen = [unit for unit in found if unit.depth == parent.depth + 1 and unit.path.startswith(parent.path)]
    else:
        top = min((unit.depth for unit in found), default=0)
        chosen = [unit for unit in found if unit.depth == top]
    parts = Counter(unit.path[: -Unit.steplen] for unit in found)
    return [UnitRow(unit, here[unit.path], total[unit.path] - here[unit.path], parts[unit.path]) for unit in chosen]


def unit_headcount(unit: Unit) -> list[tuple[Position, int]]:
    """Positions held in the unit's subtree with the number of active people, most first."""
    counts = dict(
        Person.objects.filter(active=True, unit__path__startswith=unit.path)
        .exclude(position=None)
        .values_list("position")
        .annotate(n=Count("pk"))
    )
    held = Position.objects.in_bulk(list(counts))
    return sorted(((held[pk], n) for pk, n in counts.items()), key=lambda pair: (-pair[1], pair[0].name))


def _number(rows: QuerySet[Any]) -> Any:
    """How many rows belong to each position, as a sub-query."""
    return Coalesce(Subquery(rows.order_by().values("position").annotate(n=Count("pk")).values("n")), 0)


def positions(*, text: str = "", family: PositionFamily | None = None, group: str = "") -> QuerySet[Position]:
    """Positions by name with the number of active holders in the city (a count, no names)."""
    found = Position.objects.select_related("family").annotate(
        holders=_number(Person.objects.filter(active=True, position=OuterRef("pk"))),
        required=_number(Requirement.objects.filter(level__gt=0, position=OuterRef("pk"))),
    )
    if family:
        found = found.filter(family=family)
    if group:
        found = found.filter(group=group)
    for word in fold(text).split():
        found = found.filter(fold__contains=word)
    return found.order_by("family__name_vi", "name")


def families() -> QuerySet[PositionFamily]:
    """Families with the number of their positions."""
    return PositionFamily.objects.annotate(number=Count("positions")).order_by("name_vi")


def requirements(position: Position) -> QuerySet[Requirement]:
    """What the position requires, in competence order."""
    return position.requirements.select_related("competence", "competence__domain")


@dataclass(frozen=True)
class FamilyRow:
    """One competence over a family: the family's default and the level of each of its positions (0 = none)."""

    competence: Competence
    default: int
    levels: tuple[int, ...]


def family_matrix(family: PositionFamily) -> tuple[list[Position], list[FamilyRow]]:
    """The family's positions and, for every competence of their framework, the levels that they require."""
    held = list(family.positions.prefetch_related("requirements").order_by("is_generic", "name"))
    by_position: list[dict[int, int]] = [
        {row.competence_id: row.level for row in position.requirements.all()} for position in held
    ]
    if not held:
        return [], []
    rows = [
        FamilyRow(
            competence,
            int(family.defaults.get(competence.code, 0)),
            tuple(levels.get(competence.pk, 0) for levels in by_position),
        )
        for competence in held[0].framework.competences.select_related("domain")
    ]
    return held, rows


@dataclass(frozen=True)
class Demand:
    """A position that requires a competence."""

    position: Position
    level: int
    must_have: bool
    reason: str


def demands(competence: Competence) -> list[Demand]:
    """Positions that require the competence, highest level first."""
    rows = Requirement.objects.filter(competence=competence, level__gt=0).select_related("position__family")
    return [
        Demand(row.position, row.level, row.must_have, row.reason)
        for row in rows.order_by("-level", "-must_have", "position__name")
    ]


def appointments(person: Person) -> QuerySet[Appointment]:
    """Everything the person holds and has held, newest first."""
    return person.appointments.select_related("unit", "position").order_by(
        F("until").desc(nulls_first=True), "-since", "-pk"
    )


def required_levels(position_ids: Iterable[int]) -> Mapping[int, dict[int, tuple[int, float, bool]]]:
    """{position id: {competence id: (level, weight, must have)}} for many positions in one query."""
    found: dict[int, dict[int, tuple[int, float, bool]]] = defaultdict(dict)
    rows = Requirement.objects.filter(position_id__in=list(position_ids))
    for row in rows:
        found[row.position_id][row.competence_id] = (row.level, row.weight, row.must_have)
    return found


def imports(*, scope: Scope) -> QuerySet[StaffImport]:
    """Staff imports, newest first; only whoever sees the whole city sees other people's."""
    found = StaffImport.objects.select_related("created_by", "file", "job").defer("preview", "plan", "inverse")
    return found if scope.everything else found.none()


def last_mapping(shape: str, kind: str = StaffImport.Kind.STAFF) -> dict[str, str]:
    """The column matching last applied to a file of this shape, or an empty one."""
    row = (
        StaffImport.objects.filter(shape=shape, kind=kind, status=StaffImport.Status.APPLIED)
        .order_by("-applied_at")
        .first()
    )
    return dict(row.mapping) if row else {}


def held_on(day: date) -> QuerySet[Appointment]:
    """Appointments in force on a day."""
    return Appointment.objects.filter(Q(until=None) | Q(until__gt=day), since__lte=day)


def top_units(*, scope: Scope, chosen: Unit | None = None) -> list[Unit]:
    """Agencies, communes and wards in scope (or the tops of a smaller scope), with the unit chosen now."""
    found = list(units(scope=scope).filter(depth__lte=2))
    found = found or list(units(scope=scope))
    return found if chosen is None or chosen in found else [chosen, *found]


def lone_top(*, scope: Scope) -> Unit | None:
    """The one unit under which the whole scope lies when it is the city; its children are then shown."""
    top = units(scope=scope).first()
    return top if top and top.depth == 1 else None


def grouped(rows: Iterable[UnitRow]) -> list[tuple[object, list[UnitRow]]]:
    """Rows under the plural of their kind, in the order of the kinds."""
    order = {kind: place for place, kind in enumerate(Unit.Kind.values)}
    by_kind: dict[str, list[UnitRow]] = defaultdict(list)
    for row in rows:
        by_kind["so" if row.unit.kind in AGENCY_KINDS else row.unit.kind].append(row)
    return [(KIND_HEADS[kind], held) for kind, held in sorted(by_kind.items(), key=lambda pair: order[pair[0]])]


def headcount(unit: Unit) -> int:
    """Active people of the unit's subtree."""
    return Person.objects.filter(active=True, unit__path__startswith=unit.path).count()


def units_by_place(*, scope: Scope) -> dict[str, Unit]:
    """Units in scope under the words that tell them apart, for choosing by typing."""
    found = list(units(scope=scope))
    chains = unit_chain(found)
    return {place(chains[unit.pk]): unit for unit in found}
