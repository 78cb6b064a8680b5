"""Write an import plan into the staff list in bulk, and take it back."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q

from nanglucso.workforce.people.models import Appointment, Person
from nanglucso.workforce.people.services.changes import ImportPlan, RowChange, chunks, loaded, stored
from nanglucso.workforce.people.services.staff import name_fields

Tell = Callable[[float], None]
FIELDS = ("staff_code", "citizen_hash", "birth_date", "birth_year", "gender", "email", "phone", "title")
PLACES = ("unit_id", "position_id")
NAMES = ("ho_dem", "ten", "sort_key", "fold")
BATCH = 1000


@dataclass
class Written:
    """What was done: how many were added and changed, which rows were left because the person had changed since."""

    created: int = 0
    changed: int = 0
    conflicts: list[dict[str, Any]] = field(default_factory=list)
    inverse: dict[str, Any] = field(default_factory=dict)


def value_of(person: Person, name: str) -> Any:
    """A field as plans keep it; `name` is the whole name."""
    return person.full_name if name == "name" else stored(getattr(person, name))


def _set(person: Person, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        if name == "name":
            for part, text in name_fields(value).items():
                setattr(person, part, text)
        else:
            setattr(person, name, loaded(name, value))


def write_plan(plan: ImportPlan, *, day: date, tell: Tell, made_up: bool = False) -> Written:
    """Apply new and changed rows. Inside a transaction; `tell` hears the share done (0..1)."""
    done = Written(inverse={"created": [], "appointments": [], "ended": [], "old": []})
    total = max(plan.size, 1)
    for slice_ in chunks(plan.new, BATCH):
        _add(slice_, day, made_up, done)
        tell((done.created + len(done.conflicts)) / total)
    for slice_ in chunks(plan.changed, BATCH):
        _change(slice_, day, done)
        tell(min((done.created + done.changed + len(done.conflicts)) / total, 1.0))
    return done


def _conflict(done: Written, row: RowChange, why: str) -> None:
    done.conflicts.append({"sheet": row.sheet, "row": row.row, "name": row.name, "why": why})


def _add(rows: Sequence[RowChange], day: date, made_up: bool, done: Written) -> None:
    """Add the people of these rows, save those who have appeared in the meantime."""
    codes = [row.values["staff_code"] for row in rows if row.values.get("staff_code")]
    hashes = [row.values["citizen_hash"] for row in rows if row.values.get("citizen_hash")]
    held = Person.objects.filter(Q(staff_code__in=codes) | Q(citizen_hash__in=hashes))
    taken = {value for pair in held.values_list("staff_code", "citizen_hash") for value in pair if value}
    taken |= _twins(row for row in rows if not row.values.get("staff_code") and not row.values.get("citizen_hash"))
    people, kept = [], []
    for row in rows:
        marks = {row.values.get("staff_code"), row.values.get("citizen_hash"), _twin_key(row)}
        if marks & taken:
            _conflict(done, row, "appeared")
            continue
        person = Person(active=True, made_up=made_up)
        _set(person, {"name": row.name, **row.values})
        people.append(person)
        kept.append(row)
    Person.objects.bulk_create(people, batch_size=500)
    made = [_appointment(person, row, day) for person, row in zip(people, kept, strict=True)]
    Appointment.objects.bulk_create(made, batch_size=500)
    done.inverse["created"] += [person.pk for person in people]
    done.created += len(people)


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


def _appointment(person: Person, row: RowChange, day: date) -> Appointment:
    return Appointment(
        person=person,
        unit_id=row.values["unit_id"],
        position_id=row.values["position_id"],
        title=person.title,
        how_matched=row.position_how or "exact",
        since=date.fromisoformat(row.since) if row.since else day,
    )


def _change(rows: Sequence[RowChange], day: date, done: Written) -> None:
    """Change the people of these rows, save those whose stored values are no longer the previewed ones."""
    held = Person.objects.in_bulk([row.person_id for row in rows])
    fine: list[tuple[RowChange, Person]] = []
    for row in rows:
        person = held.get(row.person_id or 0)
        if person is None or any(value_of(person, name) != value for name, value in row.old.items()):
            _conflict(done, row, "changed" if person else "gone")
            continue
        done.inverse["old"].append({"person": person.pk, "old": row.old, "new": row.values})
        fine.append((row, person))
    _move([pair for pair in fine if pair[0].moves], day, done)
    for row, person in fine:
        _set(person, row.values)
    people = [person for _row, person in fine]
    Person.objects.bulk_update(people, [*NAMES, *FIELDS, "unit", "position", "active"], batch_size=250)
    done.changed += len(people)


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
    Appointment.objects.bulk_update(ended, ["until"], batch_size=500)
    Appointment.objects.bulk_create(opened, batch_size=500)
    done.inverse["ended"] += [main.pk for main in ended]
    done.inverse["appointments"] += [one.pk for one in opened]


def open_mains(people: Sequence[Person]) -> dict[int, Appointment]:
    """{person id: the open appointment that `Person.unit` and `.position` repeat}."""
    by_person: dict[int, Appointment] = {}
    places = {person.pk: (person.unit_id, person.position_id) for person in people}
    for one in Appointment.objects.filter(person__in=people, until=None).order_by("since", "pk"):
        if places[one.person_id] == (one.unit_id, one.position_id):
            by_person[one.person_id] = one
    return by_person


def take_back(inverse: Mapping[str, Any], *, tell: Tell) -> Written:
    """Undo `write_plan`: whoever was changed again since keeps the newer values and is named as a conflict."""
    done = Written()
    for slice_ in chunks(inverse["old"], BATCH):
        _restore(slice_, done)
    tell(0.5)
    back = {one["person"] for one in inverse["old"]} - {one["person"] for one in done.conflicts}
    opened = Appointment.objects.filter(pk__in=inverse["appointments"], person_id__in=back)
    opened.delete()
    Appointment.objects.filter(pk__in=inverse["ended"], person_id__in=back).update(until=None)
    for slice_ in chunks(inverse["created"], BATCH):
        _remove(slice_, done)
    tell(1.0)
    return done


def _restore(rows: Sequence[Mapping[str, Any]], done: Written) -> None:
    held = Person.objects.in_bulk([row["person"] for row in rows])
    people = []
    for row in rows:
        person = held.get(row["person"])
        if person is None:
            continue
        if any(value_of(person, name) != value for name, value in row["new"].items()):
            done.conflicts.append({"person": person.pk, "name": person.full_name, "why": "changed"})
            continue
        _set(person, row["old"])
        people.append(person)
    Person.objects.bulk_update(people, [*NAMES, *FIELDS, "unit", "position", "active"], batch_size=250)
    done.changed += len(people)


def _remove(ids: Sequence[int], done: Written) -> None:
    """Delete people whom nothing refers to; the others have a history by now and stay, no longer active."""
    used: dict[int, str] = defaultdict(str)
    for relation in Person._meta.related_objects:
        if relation.related_model is Appointment:
            continue
        rows = relation.related_model._default_manager.filter(**{f"{relation.field.name}__in": ids})
        for pk in rows.values_list(relation.field.attname, flat=True):
            used[pk] = relation.related_model._meta.label
    accounts = set(Person.objects.filter(pk__in=ids).exclude(user=None).values_list("pk", flat=True))
    stay = set(used) | accounts
    gone = Person.objects.filter(pk__in=set(ids) - stay)
    done.created += gone.count()
    Appointment.objects.filter(person__in=gone).delete()
    gone.delete()
    for person in Person.objects.filter(pk__in=stay):
        done.conflicts.append({"person": person.pk, "name": person.full_name, "why": "history"})
    Person.objects.filter(pk__in=stay).update(active=False)
