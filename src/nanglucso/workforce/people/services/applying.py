"""Write an import plan into the staff list in bulk.

Made ready outside the write turn (`prepare`), written inside it (`write_plan`): while people of a large file are being
written nobody else can write on SQLite, so that part is kept as short as it can be.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q

from nanglucso.workforce.people.models import Appointment, Person, Position, Unit
from nanglucso.workforce.people.services import bulk
from nanglucso.workforce.people.services.changes import ImportPlan, RowChange, chunks, loaded, stored
from nanglucso.workforce.people.services.staff import name_fields

Tell = Callable[[float], None]
NAMES = ("ho_dem", "ten", "sort_key", "fold")
BATCH = 1000
_OF_PERSON = bulk.place_of(Appointment, "person_id")


@dataclass
class Written:
    """What was done: how many were added and changed, which rows were left because the person had changed since."""

    created: int = 0
    changed: int = 0
    conflicts: list[dict[str, Any]] = field(default_factory=list)
    inverse: dict[str, Any] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """Rows dealt with so far."""
        return self.created + self.changed + len(self.conflicts)


@dataclass
class Ready:
    """Rows with the columns of the people and appointments made of them, and the changes to people who are held."""

    new: list[tuple[RowChange, bulk.Values, bulk.Values]]
    changed: list[RowChange]


def value_of(person: Person, name: str) -> Any:
    """A field as plans keep it; `name` is the whole name."""
    return person.full_name if name == "name" else stored(getattr(person, name))


def put(person: Person, values: Mapping[str, Any]) -> set[str]:
    """Set the fields of a plan on a person; returns the columns that were set."""
    columns: set[str] = set()
    for name, value in values.items():
        parts = name_fields(value) if name == "name" else {name: loaded(name, value)}
        for part, text in parts.items():
            setattr(person, part, text)
        columns |= parts.keys()
    return columns


def prepare(plan: ImportPlan, *, day: date, tell: Tell, made_up: bool = False) -> Ready:
    """The new people, ready to be written. `tell` hears the share done (0..1)."""
    ready = Ready([], plan.changed)
    for slice_ in chunks(plan.new, BATCH):
        for row in slice_:
            person = Person(active=True, made_up=made_up)
            put(person, {"name": row.name, **row.values})
            ready.new.append((row, bulk.values_of(person), bulk.values_of(_appointment(row, day))))
        tell(len(ready.new) / len(plan.new))
    return ready


def write_plan(ready: Ready, *, day: date, tell: Tell) -> Written:
    """Apply new and changed rows. Inside a transaction; `tell` hears the share done (0..1)."""
    done = Written(inverse={"created": [], "made": [], "appointments": [], "ended": [], "old": []})
    total = max(len(ready.new) + len(ready.changed), 1)
    open_places = _Open()
    for slice_ in chunks(ready.new, BATCH):
        _add(slice_, open_places, done)
        tell(done.rows / total)
    for slice_ in chunks(ready.changed, BATCH):
        _change(slice_, day, open_places, done)
        tell(done.rows / total)
    return done


class _Open:
    """Units and positions that people can be put in at this moment: one may be gone since the preview."""

    def __init__(self) -> None:
        self.units = set(Unit.objects.filter(until=None).values_list("pk", flat=True))
        self.positions = set(Position.objects.values_list("pk", flat=True))

    def takes(self, values: Mapping[str, Any]) -> bool:
        unit, position = values.get("unit_id"), values.get("position_id")
        return (unit is None or unit in self.units) and (position is None or position in self.positions)


def _conflict(done: Written, row: RowChange, why: str) -> None:
    done.conflicts.append({"sheet": row.sheet, "row": row.row, "name": row.name, "why": why})


def _add(rows: Sequence[tuple[RowChange, bulk.Values, bulk.Values]], places: _Open, done: Written) -> None:
    """Add the people of these rows, save those who have appeared in the meantime."""
    taken: set[Any] = set(_holders([row for row, *_values in rows]))
    taken |= _twins(
        row for row, *_values in rows if not row.values.get("staff_code") and not row.values.get("citizen_hash")
    )
    fine = []
    for row, person, appointment in rows:
        marks = {row.values.get("staff_code"), row.values.get("citizen_hash"), _twin_key(row)}
        if marks & taken:
            _conflict(done, row, "appeared")
        elif not places.takes(row.values):
            _conflict(done, row, "place_gone")
        else:
            fine.append((person, appointment))
    people = bulk.insert(Person, [person for person, _appointment in fine])
    for pk, (_person, appointment) in zip(people, fine, strict=True):
        appointment[_OF_PERSON] = pk
    done.inverse["created"] += people
    done.inverse["made"] += bulk.insert(Appointment, [appointment for _person, appointment in fine])
    done.created += len(people)


def _holders(rows: Sequence[RowChange]) -> dict[str, int]:
    """{staff number or citizen hash that these rows bring: the person who holds it at this moment}."""
    codes = [row.values["staff_code"] for row in rows if row.values.get("staff_code")]
    hashes = [row.values["citizen_hash"] for row in rows if row.values.get("citizen_hash")]
    held = Person.objects.filter(Q(staff_code__in=codes) | Q(citizen_hash__in=hashes))
    rows_held = held.values_list("pk", "staff_code", "citizen_hash")
    return {mark: pk for pk, *marks in rows_held for mark in marks if mark}


def _twin_key(row: RowChange) -> Any:
    values = row.values
    return name_fields(row.name)["fold"], values.get("birth_date") or values.get("birth_year"), values["unit_id"]


def _twins(rows: Iterable[RowChange]) -> set[Any]:
    """Name, birth and unit of stored people who answer to rows that bring no number."""
    keys = {_twin_key(row) for row in rows}
    held = Person.objects.filter(fold__in={key[0] for key in keys})
    found = {
        (fold, stored(birth) or year, unit_id)
        for fold, birth, year, unit_id in held.values_list("fold", "birth_date", "birth_year", "unit_id")
    }
    return found & keys


def _appointment(row: RowChange, day: date) -> Appointment:
    return Appointment(
        unit_id=row.values["unit_id"],
        position_id=row.values["position_id"],
        title=row.values.get("title") or "",
        how_matched=row.position_how or "exact",
        since=date.fromisoformat(row.since) if row.since else day,
    )


def _change(rows: Sequence[RowChange], day: date, places: _Open, done: Written) -> None:
    """Change the people of these rows, save those whose stored values are no longer the previewed ones."""
    held = Person.objects.select_for_update().in_bulk([row.person_id for row in rows])
    holders = _holders(rows)
    fine: list[tuple[RowChange, Person]] = []
    for row in rows:
        person = held.get(row.person_id or 0)
        why = _why_not(row, person, holders, places)
        if why or person is None:
            _conflict(done, row, why)
            continue
        names = {part: getattr(person, part) for part in NAMES} if "name" in row.values else {}
        done.inverse["old"].append({"person": person.pk, "old": row.old, "new": row.values, "names": names})
        fine.append((row, person))
    _move([pair for pair in fine if pair[0].moves], day, done)
    bulk.update((person, put(person, row.values)) for row, person in fine)
    done.changed += len(fine)


def _why_not(row: RowChange, person: Person | None, holders: Mapping[str, int], places: _Open) -> str:
    """Why a row must be left as it is, "" when it can be applied."""
    if person is None:
        return "gone"
    if any(value_of(person, name) != value for name, value in row.old.items()):
        return "changed"
    numbers = (row.values.get("staff_code"), row.values.get("citizen_hash"))
    if any(holders.get(one, person.pk) != person.pk for one in numbers if one):
        return "taken"
    return "" if places.takes(row.values) else "place_gone"


def _move(pairs: Sequence[tuple[RowChange, Person]], day: date, done: Written) -> None:
    """End the main appointments of people who move and open the new ones."""
    mains = open_mains([person for _row, person in pairs])
    ended, opened = [], []
    for row, person in pairs:
        since = date.fromisoformat(row.since) if row.since else day
        main = mains.get(person.pk)
        if main:
            since = max(since, main.since)
            main.until = since
            ended.append(main)
        opened.append(
            Appointment(
                person=person,
                unit_id=int(row.values.get("unit_id") or person.unit_id or 0),
                position_id=int(row.values.get("position_id") or person.position_id or 0),
                title=row.values.get("title", person.title),
                how_matched=row.position_how or "exact",
                since=since,
            )
        )
    bulk.update((main, {"until"}) for main in ended)
    done.inverse["ended"] += [main.pk for main in ended]
    done.inverse["appointments"] += bulk.insert(Appointment, [bulk.values_of(one) for one in opened])


def open_mains(people: Sequence[Person]) -> dict[int, Appointment]:
    """{person id: the open appointment that `Person.unit` and `.position` repeat}."""
    by_person: dict[int, Appointment] = {}
    places = {person.pk: (person.unit_id, person.position_id) for person in people}
    for one in Appointment.objects.filter(person__in=people, until=None).order_by("since", "pk"):
        if places[one.person_id] == (one.unit_id, one.position_id):
            by_person[one.person_id] = one
    return by_person
