"""What follows a unit that is merged, divided or dissolved: appointments, the people's place, roles, rows above."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.db.models import Q

from nanglucso.core.models import Role, RoleGrant
from nanglucso.workforce.people.events import followers
from nanglucso.workforce.people.models import Appointment, Person, Unit
from nanglucso.workforce.people.services.grafting import full_name, parent_of
from nanglucso.workforce.people.services.ledger import Ledger

Place = Callable[[int], Unit | None]
SHOWN = 60
BESIDE = (Role.OFFICIAL, Role.HEAD)


class Rehousing:
    """`closed` {unit that ends: main successor or None}; the caller fills it, `follow` reads it."""

    def __init__(self, ledger: Ledger, *, day: date, at: datetime, kept_out: set[int]) -> None:
        self.ledger, self.day, self.at, self.kept_out = ledger, day, at, kept_out
        self.closed: dict[int, int | None] = {}
        self.people: set[int] = set()
        self.shown: list[dict[str, Any]] = []
        self.grants: list[dict[str, Any]] = []
        self.following: list[dict[str, Any]] = []
        self.ended = self.begun = self.corrected = 0

    def effects(self) -> dict[str, Any]:
        """As JSON; `shown` are the first people, by unit."""
        return {
            "people": len(self.people),
            "ended": self.ended,
            "begun": self.begun,
            "corrected": self.corrected,
            "shown": self.shown,
            "grants": self.grants,
            "following": self.following,
        }

    def has_people(self, unit: Unit, day: date) -> bool:
        """Whether anybody works in the unit itself, or has an appointment there on the day or later."""
        later = Appointment.objects.filter(Q(until=None) | Q(until__gt=day), unit=unit)
        return later.exists() or Person.objects.filter(unit=unit, active=True).exists()

    def people_in(self, unit: Unit) -> int:
        """Active people of the unit and its parts."""
        return Person.objects.filter(active=True, unit__path__startswith=unit.path).count()

    def rehouse(self, unit: Unit, place: Place) -> None:
        """From the day on, every appointment in the unit is one in the place of its person; None = stays."""
        rows = Appointment.objects.filter(Q(until=None) | Q(until__gt=self.day), unit=unit)
        rows = rows.order_by("pk")
        by_unit: dict[int, list[Appointment]] = {}
        split: list[tuple[Appointment, Unit]] = []
        movers: set[int] = set()
        for row in rows:
            target = place(row.person_id)
            if target is None:
                continue
            movers.add(row.person_id)
            if row.since >= self.day:
                by_unit.setdefault(target.pk, []).append(row)
            else:
                split.append((row, target))
        for pk, held in by_unit.items():
            self.ledger.update(held, unit_id=pk)
            self.corrected += len(held)
        self._split(split)
        self._move_people(unit, movers, place)

    def _split(self, pairs: list[tuple[Appointment, Unit]]) -> None:
        fresh = []
        for row, target in pairs:
            told = {
                "person_id": row.person_id,
                "unit_id": target.pk,
                "position_id": row.position_id,
                "title": row.title,
            }
            if row.main or not self._held(told):
                how = {"main": row.main, "how_matched": row.how_matched}
                fresh.append(Appointment(**told, **how, since=self.day, until=row.until))
        self.ledger.update([row for row, _target in pairs], until=self.day)
        self.ledger.create(fresh)
        self.ended += len(pairs)
        self.begun += len(fresh)

    def _held(self, told: dict[str, Any]) -> bool:
        """Whether the person holds just that on the day already."""
        rows = Appointment.objects.filter(Q(until=None) | Q(until__gt=self.day), since__lte=self.day, **told)
        return rows.exists()

    def _move_people(self, unit: Unit, movers: set[int], place: Place) -> None:
        """`Person.unit` follows, also of whoever left after the day; who left before stays in the archive."""
        by_target: dict[int, list[Person]] = {}
        said: dict[int, str] = {unit.pk: full_name(unit)}
        for person in Person.objects.filter(unit=unit).order_by("sort_key", "pk"):
            target = place(person.pk)
            if target is not None and (person.active or person.pk in movers):
                by_target.setdefault(target.pk, []).append(person)
                movers.add(person.pk)
                if len(self.shown) < SHOWN:
                    goes = said.get(target.pk) or said.setdefault(target.pk, full_name(target))
                    self.shown.append({"id": person.pk, "name": person.full_name, "from": said[unit.pk], "to": goes})
        for pk, people in by_target.items():
            self.ledger.update(people, unit_id=pk)
        self.people |= movers

    # roles

    def regrant(self, unit: Unit, parts: list[Unit], place: Place, *, keep: bool) -> None:
        """Roles over the unit follow to its successors; one's own and the head's follow the person."""
        rows = RoleGrant.objects.filter(unit=unit, ended_at=None).select_related("user__person").order_by("pk")
        ended, fresh = [], []
        for row in rows:
            targets = self._targets(row, unit, parts, place, keep)
            stays = keep and (row.role not in BESIDE or not targets) and row.pk not in self.kept_out
            if not stays:
                ended.append(row)
            if row.pk in self.kept_out:
                targets = []
            self._tell_grant(row, unit, targets, "stays" if stays and not targets else "follows")
            fresh += [(row, target) for target in targets]
        self.ledger.update(ended, ended_at=self.at)
        self._grant(fresh)

    def _targets(self, row: RoleGrant, unit: Unit, parts: list[Unit], place: Place, keep: bool) -> list[Unit]:
        person = getattr(row.user, "person", None)
        if len(parts) == 1 and not keep:
            return parts
        if row.role not in BESIDE:
            return parts
        if person is None:
            return [] if row.role == Role.HEAD else parts[:1]
        target = place(person.pk) if person.pk in self.people or row.role == Role.OFFICIAL else None
        return [target] if target else []

    def _tell_grant(self, row: RoleGrant, unit: Unit, targets: list[Unit], what: str) -> None:
        if row.role != Role.OFFICIAL and not (what == "stays" and not targets):
            what = what if targets else "ends"
            old = None if self.ledger.made(row) else row.pk
            told = {"id": old, "user": str(row.user), "role": row.role, "from": unit.name, "what": what}
            self.grants.append(told | {"to": [one.name for one in targets]})

    def _grant(self, pairs: Iterable[tuple[RoleGrant, Unit]]) -> None:
        """Open the roles that are not yet held there."""
        pairs = list(pairs)
        held: set[tuple[int, str, int | None]] = set()
        units = {target.pk for _row, target in pairs}
        for grant in RoleGrant.objects.filter(unit__in=units, ended_at=None):
            held.add((grant.user_id, grant.role, grant.unit_id))
        fresh = []
        for row, target in pairs:
            if (row.user_id, row.role, target.pk) not in held:
                held.add((row.user_id, row.role, target.pk))
                fresh.append(RoleGrant(user_id=row.user_id, role=row.role, unit=target, granted_at=self.at))
        self.ledger.create(fresh)

    def scopes_of_move(self, unit: Unit, parent: Unit) -> None:
        """Say who will no longer see a unit that moves, and who will see it from now on."""
        old, new = self._above(parent_of(unit)), self._above(parent)
        rows = RoleGrant.objects.filter(unit__in=[*old, *new], ended_at=None).exclude(role=Role.OFFICIAL)
        for row in rows.select_related("user", "unit").order_by("pk"):
            if (row.unit_id in old) != (row.unit_id in new):
                what = "loses" if row.unit_id in old else "gains"
                told = {"id": None, "user": str(row.user), "role": row.role, "what": what}
                self.grants.append(told | {"from": row.unit.name if row.unit else "", "to": [unit.name]})

    def _above(self, unit: Unit | None) -> set[int]:
        path = unit.path if unit else ""
        paths = [path[:end] for end in range(Unit.steplen, len(path) + 1, Unit.steplen)]
        return set(Unit.objects.filter(path__in=paths).values_list("pk", flat=True))

    # rows of the rooms above

    def follow(self) -> None:
        """Rows of other rooms that point to a closing unit point to its last successor; all are counted."""
        closed = set(self.closed)
        for one in followers():
            number = one.count(closed, self.people)
            if number:
                self.following.append({"key": one.key, "n": number})
            if one.model:
                self._follow(one.model, one.unit_field, one.only)

    def _follow(self, label: str, field: str, only: dict[str, Any]) -> None:
        model: Any = apps.get_model(label)
        for pk in self.closed:
            heir = self._heir(pk)
            if heir is not None:
                self.ledger.update(model.objects.filter(**{field: pk}, **only), **{f"{field}_id": heir})

    def _heir(self, pk: int) -> int | None:
        """The successor that itself still stands."""
        heir: int | None = pk
        while heir is not None and heir in self.closed:
            heir = self.closed[heir]
        return heir
