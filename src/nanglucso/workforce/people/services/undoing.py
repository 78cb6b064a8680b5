"""Take an applied import back, exactly: whoever was touched again since keeps what is newer and is named."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db import router

from nanglucso.core.models import AuditEntry
from nanglucso.workforce.people.models import Appointment, Person
from nanglucso.workforce.people.services import bulk
from nanglucso.workforce.people.services.applying import BATCH, Tell, Written, put, value_of
from nanglucso.workforce.people.services.changes import chunks


def take_back(inverse: Mapping[str, Any], *, tell: Tell) -> Written:
    """Undo `write_plan`. Inside a transaction; `tell` hears the share done (0..1)."""
    done = Written()
    total = max(len(inverse["old"]) + len(inverse["created"]), 1)
    shut = _shut(inverse["appointments"])
    for slice_ in chunks(inverse["old"], BATCH):
        _restore(slice_, shut, done)
        tell(done.rows / total)
    left = {one["person"] for one in done.conflicts}
    back = {one["person"] for one in inverse["old"]} - left
    for slice_ in chunks(inverse["appointments"], BATCH):
        _delete(Appointment, [pk for pk, person in _owners(slice_) if person in back])
    for slice_ in chunks(inverse["ended"], BATCH):
        ours = [pk for pk, person in _owners(slice_) if person in back]
        Appointment.objects.filter(pk__in=ours).update(until=None)
    stay = _touched(inverse["created"], inverse.get("made", []))
    for slice_ in chunks(inverse["created"], BATCH):
        _remove(slice_, stay, done)
        tell(done.rows / total)
    return done


def _owners(ids: Sequence[int]) -> Iterator[tuple[int, int]]:
    yield from Appointment.objects.filter(pk__in=ids).values_list("pk", "person_id")


def _shut(ids: Sequence[int]) -> set[int]:
    """People whose new appointment has been ended or deleted by someone since."""
    gone: set[int] = set()
    for slice_ in chunks(ids, BATCH):
        ended = Appointment.objects.filter(pk__in=slice_).exclude(until=None)
        gone |= set(ended.values_list("person_id", flat=True))
    return gone


def _restore(rows: Sequence[Mapping[str, Any]], shut: set[int], done: Written) -> None:
    held = Person.objects.select_for_update().in_bulk([row["person"] for row in rows])
    pairs = []
    for row in rows:
        person = held.get(row["person"])
        if person is None:
            continue
        if person.pk in shut or any(value_of(person, name) != value for name, value in row["new"].items()):
            done.conflicts.append({"person": person.pk, "name": person.full_name, "why": "changed"})
            continue
        columns = put(person, row["old"])
        for part, text in row.get("names", {}).items():
            setattr(person, part, text)
        pairs.append((person, columns))
    bulk.update(pairs)
    done.changed += len(pairs)


def _touched(created: Sequence[int], made: Sequence[int]) -> set[int]:
    """Added people who have a history by now: results, an account, another appointment, an act on their record."""
    if not created:
        return set()
    between = (min(created), max(created))
    used: set[int] = set()
    relations: list[Any] = Person._meta.get_fields(include_hidden=True)
    for relation in relations:
        if not relation.auto_created or relation.concrete or relation.many_to_many:
            continue
        if relation.related_model is not Appointment:
            name = relation.field.name
            rows = relation.related_model._default_manager.filter(
                **{f"{name}__gte": between[0], f"{name}__lte": between[1]}
            )
            used |= set(rows.order_by().values_list(relation.field.attname, flat=True).distinct())
    acts = AuditEntry.objects.filter(person_id__range=between, verb__startswith="people.")
    used |= {pk for pk in acts.order_by().values_list("person_id", flat=True).distinct() if pk}
    used |= set(Person.objects.filter(pk__range=between).exclude(user=None).values_list("pk", flat=True))
    ours = set(made)
    held = Appointment.objects.filter(person__gte=between[0], person__lte=between[1]).values_list(
        "pk", "person_id", "until"
    )
    used |= {person for pk, person, until in held if until or (ours and pk not in ours)}
    return used & set(created)


def _remove(ids: Sequence[int], stay: set[int], done: Written) -> None:
    """Delete people whom nothing refers to; the others stay, no longer active."""
    gone = list(Person.objects.filter(pk__in=[pk for pk in ids if pk not in stay]).values_list("pk", flat=True))
    _delete(Appointment, list(Appointment.objects.filter(person__in=gone).values_list("pk", flat=True)))
    _delete(Person, gone)
    done.created += len(gone)
    kept = Person.objects.filter(pk__in=[pk for pk in ids if pk in stay])
    for person in kept:
        done.conflicts.append({"person": person.pk, "name": person.full_name, "why": "history"})
    kept.update(active=False)


def _delete(model: type[Appointment] | type[Person], ids: Sequence[int]) -> None:
    """Delete rows that nothing refers to; Django's own way would look through every related table again."""
    rows = model._default_manager.filter(pk__in=ids)
    rows._raw_delete(router.db_for_write(model))
