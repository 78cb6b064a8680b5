"""Erase one person: the name goes, the figures stay (docs/adr/0016)."""

import uuid
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nanglucso.core import erasing
from nanglucso.core.acts import act
from nanglucso.core.audit import ERASED
from nanglucso.core.days import local_day
from nanglucso.core.models import RoleGrant, StoredFile, User
from nanglucso.core.refusals import Refused
from nanglucso.workforce.people.events import forgetters
from nanglucso.workforce.people.models import Appointment, Double, Person, Reorganisation, StaffImport
from nanglucso.workforce.people.services.changes import unpack_json
from nanglucso.workforce.people.services.staff import name_fields


def why_not_erased(person: Person, at: datetime) -> object:
    """Why a person cannot be erased at this moment, "" when they can."""
    if person.erased_at:
        return _("The data of this person have been erased already.")
    if Double.objects.filter(gone=person, status=Double.Status.MERGED).exists():
        return _("This record has been merged into another: ask for the erasure of that one.")
    held = Appointment.objects.filter(person=person).exclude(until__lte=local_day(at))
    if person.active or held.exists():
        return _("%(name)s is still in service: the agency needs the record for its duty.") % {"name": person.full_name}
    return ""


def erase_person(*, actor: User | None, person: Person, at: datetime) -> Person:
    """Take the name out of everything that is kept about a person who has left, merged records included.

    Raises `Refused` for whoever is in service, was merged into another record or has been erased already.
    """
    with act(actor, ERASED, at=at, person_id=person.pk) as this:
        person = Person.objects.select_for_update().get(pk=person.pk)
        if reason := why_not_erased(person, at):
            raise Refused(reason)
        erasing.overwrite_freed_pages()
        records = _records(person)
        code = erasing.new_code()
        gone = _gone(records, f"{erasing.NAME} {code}")
        tables = erasing.erase_listed(gone)
        for forgetter in forgetters():
            forgetter.forget(gone, at)
        named = _imports(gone)
        Double.objects.filter(Q(kept__in=gone.people) | Q(gone__in=gone.people)).update(moved={})
        _effects(gone)
        for number, record in enumerate(records):
            _empty(record, code if not number else f"{code}-{number + 1}", at)
        _accounts(gone, code, at)
        log, fast = erasing.hide_in_log(gone, named)
        this.subject = records[0]
        this.note(records=list(gone.people), tables=tables, log=log, log_before_seals=fast)
    return records[0]


def _records(person: Person) -> list[Person]:
    """The record and every one that was merged into it, at whatever remove."""
    found, new = [person], [person]
    while new:
        merged = Double.objects.filter(kept__in=new, status=Double.Status.MERGED).select_related("gone")
        known = {one.pk for one in found}
        new = [one.gone for one in merged if one.gone_id not in known]
        found += new
    return found


def _gone(records: list[Person], name: str) -> erasing.Gone:
    people = tuple(one.pk for one in records)
    users = tuple(one.user_id for one in records if one.user_id)
    marks = {
        *(getattr(one, part) or "" for one in records for part in ("full_name", "staff_code", "email", "phone")),
        *(str(one.uuid) for one in records),
        *(one.birth_date.isoformat() for one in records if one.birth_date),
    }
    for user in User.objects.filter(pk__in=users):
        marks |= {user.username, user.full_name, user.email}
    for row in Double.objects.filter(Q(kept__in=people) | Q(gone__in=people)):
        marks |= {value for told in row.moved.values() if isinstance(told, dict) for value in _texts(told)}
    return erasing.Gone(name, people, users, frozenset(mark for mark in marks if mark))


def _texts(told: dict[str, Any]) -> set[str]:
    """Facts that a merge carried over: [before, after] each."""
    pairs = (told[name] for name in ("staff_code", "email", "phone", "birth_date") if name in told)
    return {value for pair in pairs for value in pair if isinstance(value, str)}


def _empty(record: Person, code: str, at: datetime) -> None:
    for part, value in name_fields(f"{erasing.NAME} {code}").items():
        setattr(record, part, value)
    record.uuid = uuid.uuid4()
    record.birth_year = record.birth_date.year if record.birth_date else record.birth_year
    record.staff_code = record.citizen_hash = record.birth_date = None
    record.email = record.phone = record.title = ""
    record.active, record.erased_at = False, at
    record.save()


def _accounts(gone: erasing.Gone, code: str, at: datetime) -> None:
    """Accounts stay for what they did, closed and without a name; a second one of merged records gets a number."""
    RoleGrant.objects.filter(Q(ended_at=None) | Q(ended_at__gt=at), user__in=gone.users).update(ended_at=at)
    for number, pk in enumerate(gone.users, 1):
        tail = f"-{number}" if number > 1 else ""
        User.objects.filter(pk=pk).update(
            username=f"da-xoa-{code.lower()}{tail}",
            full_name=f"{gone.name}{tail}",
            email="",
            is_active=False,
            password=make_password(None),
            last_login=None,
            locked_at=None,
        )


def _imports(gone: erasing.Gone) -> list[Any]:
    """Imports that name the person lose the rows, the way back and the file; those imports and files."""
    cleared: list[Any] = []
    for row in StaffImport.objects.filter(kind=StaffImport.Kind.STAFF).iterator(chunk_size=20):
        packed = [unpack_json(data) for data in (row.plan, row.inverse) if data]
        ids = set(gone.people)
        named = any(gone.told_in(told) for told in (*packed, row.summary, row.preview, row.file_name))
        if named or any(ids & set(told.get("created", ())) for told in packed):
            clear_import(row)
            cleared += [row, row.file] if row.file else [row]
    return cleared


def clear_import(row: StaffImport) -> None:
    """Keep the counts of an import and nothing else; the uploaded file is removed when the act is through."""
    row.summary = {name: value for name, value in row.summary.items() if isinstance(value, int)}
    row.summary |= {"conflicts": [], "kept": [], "cleared": True}
    row.plan = row.inverse = b""
    row.preview, row.file_name = {}, str(_("(file removed)"))
    if row.status in (StaffImport.Status.READ, StaffImport.Status.READING):
        row.status = StaffImport.Status.DROPPED
    row.save()
    if row.file_id:
        remove_file(row.file)


def remove_file(file: StoredFile | None) -> None:
    """Take a kept file away once the act is through; its row stays without a name."""
    if file is not None:
        StoredFile.objects.filter(pk=file.pk).update(name="-", size=0, sha256="")
        path = Path(settings.MEDIA_ROOT) / file.path
        transaction.on_commit(partial(path.unlink, missing_ok=True))


def _effects(gone: erasing.Gone) -> None:
    """Reorganisations told by name who moved."""
    for row in Reorganisation.objects.defer("inverse"):
        if gone.told_in(row.effects):
            row.effects = gone.without(row.effects)
            row.save(update_fields=["effects"])
