"""Verbs on one staff member: add, correct, appoint, end an appointment."""

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.days import local_day
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.kit.text import clean, fold, keyed_hash, name_sort_key, proper_name, split_name
from nanglucso.workforce.people.models import Appointment, Person, Position, Unit
from nanglucso.workforce.people.services.movers import settle

DETAILS = ("staff_code", "birth_date", "birth_year", "gender", "email", "phone", "title")
_TEXTS = ("gender", "email", "phone", "title")
OLDEST, YOUNGEST = 80, 16


def citizen_key() -> bytes:
    """The secret under which citizen numbers are hashed."""
    return f"citizen:{settings.SECRET_KEY}".encode()


def hash_citizen(number: str) -> str:
    """The only form in which a citizen number is kept."""
    return keyed_hash(number, key=citizen_key())


def name_fields(name: str) -> dict[str, str]:
    """`ho_dem`, `ten`, `sort_key` and `fold` of a full name."""
    whole = proper_name(name)
    parts = split_name(whole)
    return {
        "ho_dem": parts.ho_dem[:100],
        "ten": parts.ten[:50],
        "sort_key": name_sort_key(whole)[:250],
        "fold": fold(whole)[:160],
    }


def person_row(
    *, name: str, unit: Unit | None, position: Position | None, made_up: bool = False, **details: Any
) -> Person:
    """An unsaved `Person`. Raises `Refused` for an empty name or an impossible birth date."""
    if not clean(name):
        raise Refused(_("A staff member needs a name."), field="name")
    citizen_id = details.pop("citizen_id", "")
    row = Person(unit=unit, position=position, made_up=made_up, **name_fields(name))
    for field, value in details.items():
        if field not in (*DETAILS, "citizen_hash", "active"):
            raise TypeError(f"a staff member has no field {field!r}")
        setattr(
            row, field, value if value is not None else ("" if field in ("gender", "email", "phone", "title") else None)
        )
    row.staff_code = row.staff_code or None
    if citizen_id:
        row.citizen_hash = hash_citizen(citizen_id)
    if row.birth_date:
        row.birth_year = row.birth_date.year
    return row


def check_birth(row: Person, on: date) -> None:
    """Raise `Refused` when the birth year makes the person younger than 16 or older than 80 on that day."""
    if row.birth_year and not YOUNGEST <= on.year - row.birth_year <= OLDEST:
        raise Refused(
            _("%(name)s: the birth year %(year)s cannot be right.") % {"name": row.full_name, "year": row.birth_year},
            field="birth_date",
        )


def check_free(row: Person) -> None:
    """Raise `Refused` when another person already has the staff code or the citizen number."""
    for field, label in (("staff_code", _("staff code")), ("citizen_hash", _("citizen number"))):
        value = getattr(row, field)
        other = Person.objects.filter(**{field: value}).exclude(pk=row.pk).first() if value else None
        if other:
            raise Refused(
                _("The %(field)s is already held by %(name)s.") % {"field": label, "name": other.full_name}, field=field
            )


def add_person(
    *,
    actor: User | None,
    name: str,
    unit: Unit,
    position: Position,
    since: date,
    at: datetime,
    made_up: bool = False,
    how_matched: str = "exact",
    **details: Any,
) -> Person:
    """Take on a person in a position of a unit from `since`.

    `details`: staff_code, citizen_id (kept hashed only), birth_date, birth_year, gender, email, phone, title.
    Raises `Refused` for an empty name, an impossible birth year, a code or number that someone else has.
    """
    row = person_row(name=name, unit=unit, position=position, made_up=made_up, **details)
    check_birth(row, local_day(at))
    with act(actor, "people.add_person", at=at, unit=unit.name, position=position.code) as this:
        check_free(row)
        row.save()
        Appointment.objects.create(
            person=row, unit=unit, position=position, title=row.title, since=since, how_matched=how_matched
        )
        this.subject, this.person_id = row, row.pk
    return row


def change_person(*, actor: User | None, person: Person, at: datetime, name: str = "", **details: Any) -> Person:
    """Correct a person's own facts (not unit or position: that is `appoint`). Raises `Refused` as `add_person` does."""
    with act(actor, "people.change_person", person, at=at, person_id=person.pk) as this:
        before = {"full_name": person.full_name, **{field: getattr(person, field) for field in details}}
        for field, value in (name_fields(name) if name else {}).items():
            setattr(person, field, value)
        for field, value in details.items():
            if field not in DETAILS:
                raise TypeError(f"a staff member has no field {field!r}")
            setattr(person, field, value)
        person.staff_code = person.staff_code or None
        if person.birth_date and "birth_date" in details:
            person.birth_year = person.birth_date.year
        check_birth(person, local_day(at))
        check_free(person)
        person.save()
        this.note(fields=sorted(field for field, value in before.items() if getattr(person, field) != value))
    return person


def appoint(
    *,
    actor: User | None,
    person: Person,
    unit: Unit,
    position: Position,
    since: date,
    at: datetime,
    title: str = "",
    how_matched: str = "exact",
    main: bool = True,
) -> Appointment:
    """Give the person a position from `since`; a main one ends the main one held so far and moves the person.

    `until` of an appointment is the first day on which it no longer holds. Place and roles follow at once, or on the
    day when `since` lies ahead. Raises `Refused` when `since` lies before the main appointment that it would end.
    """
    with act(actor, "people.appoint", person, at=at, person_id=person.pk, unit=unit.name, position=position.code):
        if main:
            _end_main(person, since)
        row = Appointment.objects.create(
            person=person, unit=unit, position=position, title=title, since=since, how_matched=how_matched, main=main
        )
        settle(person=person, at=at)
    return row


def _end_main(person: Person, since: date) -> None:
    """End the main appointment that covers the day."""
    mains = person.appointments.filter(main=True).exclude(until__lte=since)
    later = mains.filter(since__gt=since).order_by("-since").first()
    if later is not None:
        raise Refused(
            _("%(name)s has held the present position since %(since)s; the new one cannot begin earlier.")
            % {"name": person.full_name, "since": later.since.strftime("%d/%m/%Y")},
            field="since",
        )
    mains.update(until=since)


def end_appointment(*, actor: User | None, appointment: Appointment, until: date, at: datetime) -> None:
    """End one appointment. Whoever holds none any more has left: the record stays, access ends.

    That happens at once, or on the day when `until` lies ahead. Raises `Refused` when it has already ended, `until`
    lies before its first day, or the only administrator would leave.
    """
    person = appointment.person
    if appointment.until is not None and appointment.until <= local_day(at):
        raise Refused(_("This appointment has already ended."))
    if until < appointment.since:
        raise Refused(_("An appointment cannot end before its first day."), field="until")
    with act(actor, "people.end_appointment", person, at=at, person_id=person.pk, until=until):
        appointment.until = until
        appointment.save(update_fields=["until"])
        settle(person=person, at=at)
