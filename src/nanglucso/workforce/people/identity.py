"""Who in the staff list a row of a file is: staff number, then citizen number, then name, birth and unit."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from django.utils.translation import gettext_noop as _

from nanglucso.kit.text import similar, tone_key
from nanglucso.workforce.people.models import Double, Person
from nanglucso.workforce.people.services.staff import hash_citizen
from nanglucso.workforce.people.staffsheet.records import StaffRecord

_COLUMNS = (
    *("pk", "ho_dem", "ten", "staff_code", "citizen_hash", "birth_date", "birth_year", "gender"),
    *("email", "phone", "title", "unit_id", "position_id", "active"),
)


class Held(NamedTuple):
    """A stored person, as few columns as planning needs."""

    pk: int
    ho_dem: str
    ten: str
    staff_code: str | None
    citizen_hash: str | None
    birth_date: date | None
    birth_year: int | None
    gender: str
    email: str
    phone: str
    title: str
    unit_id: int | None
    position_id: int | None
    active: bool

    @property
    def name(self) -> str:
        return f"{self.ho_dem} {self.ten}".strip()


@dataclass(frozen=True)
class Found:
    """`person` is who the row is (None: nobody yet); `fault` a problem template that forbids applying the row."""

    person: Held | None = None
    fault: str = ""
    other: Held | None = None


CODE_OF_OTHER = _(
    "The number of this row belongs to %(other)s (%(unit)s), another name: check the number and the name."
)
NUMBERS_OF_TWO = _("The staff number is that of %(other)s but the citizen number is another person's: check both.")
PERHAPS_MOVED = _(
    "%(other)s, born the same day, is already in %(unit)s: add the staff number to the row and to the record"
    " if they are one person."
)


@dataclass
class Roll:
    """The staff list indexed for look-ups; built once an import."""

    by_code: dict[str, Held] = field(default_factory=dict)
    by_hash: dict[str, Held] = field(default_factory=dict)
    by_name: dict[tuple[str, int | None], list[Held]] = field(default_factory=lambda: defaultdict(list))
    by_birth: dict[tuple[str, date], list[Held]] = field(default_factory=lambda: defaultdict(list))
    everyone: list[Held] = field(default_factory=list)
    former: set[str] = field(default_factory=set)
    """Staff numbers of records that were merged into another: they name that one and never replace its number."""

    @classmethod
    def load(cls) -> "Roll":
        roll = cls()
        merged = dict(Double.objects.filter(status=Double.Status.MERGED).values_list("gone", "kept"))
        away: list[Held] = []
        for values in Person.objects.values_list(*_COLUMNS).iterator(chunk_size=5000):
            held = Held(*values)
            if held.pk in merged:
                away.append(held)
                continue
            roll.everyone.append(held)
            if held.staff_code:
                roll.by_code[held.staff_code.upper()] = held
            if held.citizen_hash:
                roll.by_hash[held.citizen_hash] = held
            key = tone_key(held.name)
            roll.by_name[key, held.unit_id].append(held)
            if held.birth_date:
                roll.by_birth[key, held.birth_date].append(held)
        if away:
            roll._follow(away, merged)
        return roll

    def _follow(self, away: Iterable[Held], merged: Mapping[int, int]) -> None:
        """Let the numbers of merged records name the records that they were merged into."""
        by_pk = {held.pk: held for held in self.everyone}
        for held in away:
            end = merged[held.pk]
            while end in merged:
                end = merged[end]
            if end in by_pk and held.staff_code:
                self.by_code.setdefault(held.staff_code.upper(), by_pk[end])
                self.former.add(held.staff_code.upper())
            if end in by_pk and held.citizen_hash:
                self.by_hash.setdefault(held.citizen_hash, by_pk[end])

    def find(self, record: StaffRecord, citizen_hash: str, unit_id: int | None) -> Found:
        """Who the record is; see the module's first line for the order of the rules."""
        coded = self.by_code.get(record.staff_code.upper()) if record.staff_code else None
        hashed = self.by_hash.get(citizen_hash) if citizen_hash else None
        if coded and hashed and coded.pk != hashed.pk:
            return Found(fault=NUMBERS_OF_TWO, other=coded)
        person = coded or hashed
        if person:
            return Found(person) if _may_be(person, record) else Found(fault=CODE_OF_OTHER, other=person)
        key = tone_key(record.name)
        same = [held for held in self.by_name.get((key, unit_id), ()) if _same_birth(held, record)]
        same = [held for held in same if not _numbers_clash(held, record, citizen_hash)]
        if unit_id and len(same) == 1:
            return Found(same[0])
        elsewhere = self.by_birth.get((key, record.birth_date), ()) if record.birth_date else ()
        perhaps = [held for held in elsewhere if not _numbers_clash(held, record, citizen_hash)]
        return Found(fault=PERHAPS_MOVED, other=perhaps[0]) if perhaps else Found()


def citizen_hash_of(record: StaffRecord) -> str:
    """The keyed hash of the record's citizen number, "" without one."""
    return hash_citizen(record.citizen_number) if record.citizen_number else ""


def _may_be(held: Held, record: StaffRecord) -> bool:
    """A number names the person unless both the name and the birth say otherwise."""
    if tone_key(held.name) == tone_key(record.name):
        return True
    return similar(held.name, record.name) >= 0.6 and _same_birth(held, record)


def _same_birth(held: Held, record: StaffRecord) -> bool:
    if held.birth_date and record.birth_date:
        return held.birth_date == record.birth_date
    return held.birth_year == record.birth_year or not (held.birth_year and record.birth_year)


def _numbers_clash(held: Held, record: StaffRecord, citizen_hash: str) -> bool:
    pairs: tuple[tuple[Any, Any], ...] = (
        ((held.staff_code or "").upper(), record.staff_code.upper()),
        (held.citizen_hash, citizen_hash),
    )
    return any(one and other and one != other for one, other in pairs)
