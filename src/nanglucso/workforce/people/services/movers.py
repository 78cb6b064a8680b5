"""Joiner, mover, leaver: a person's place, account and roles follow from their appointments."""

from datetime import date, datetime

import numpy as np
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.days import local_day
from nanglucso.core.db import among
from nanglucso.core.delegating import end_delegations_outside
from nanglucso.core.models import Role, RoleGrant, User
from nanglucso.core.queries import leaves_no_administrator
from nanglucso.core.refusals import Refused
from nanglucso.workforce.people.models import Appointment, Person


def held_by(person: Person, day: date) -> list[Appointment]:
    """What the person holds on a day, their place first."""
    rows = person.appointments.filter(Q(until=None) | Q(until__gt=day), since__lte=day)
    return list(rows.select_related("unit", "position__family").order_by("-main", "since", "pk"))


def settle(*, person: Person, at: datetime) -> bool:
    """Bring the person's place, account and roles in line with today's appointments; True when something changed.

    Without an appointment that has begun nothing is done to somebody whose first one lies ahead. Raises `Refused`
    when the only administrator would lose their access.
    """
    day = local_day(at)
    held = held_by(person, day)
    if not held:
        begun = person.appointments.filter(since__lte=day).exists()
        return begun and _leave(person, at)
    before = (person.unit_id, person.position_id, person.active)
    first = next((one for one in held if one.main and (one.unit_id, one.position_id) == before[:2]), held[0])
    if not first.main:
        first = _promote(first, day)
    place = (first.unit_id, first.position_id, True)
    if before == place:
        return False
    person.unit, person.position, person.title, person.active = first.unit, first.position, first.title, True
    person.save(update_fields=["unit", "position", "title", "active"])
    if person.user_id:
        follow_place(person=person, at=at, back=not before[2])
    return True


def _promote(row: Appointment, day: date) -> Appointment:
    """What was held beside the main position becomes the person's place from today on."""
    if row.since == day:
        row.main = True
        row.save(update_fields=["main"])
        return row
    told = {"person": row.person, "unit": row.unit, "position": row.position, "title": row.title}
    fresh = Appointment.objects.create(**told, since=day, until=row.until, how_matched=row.how_matched)
    row.until = day
    row.save(update_fields=["until"])
    return fresh


def _open(user: User | None) -> QuerySet[RoleGrant]:
    return RoleGrant.objects.filter(user=user, ended_at=None)


def _leave(person: Person, at: datetime) -> bool:
    """The record stays; the account is switched off and every role ends, so that the next request finds no access."""
    user = person.user
    if user is not None and (user.is_active or user.locked_at):
        _check_not_last(user)
        user.grants.filter(Q(ended_at=None) | Q(ended_at__gt=at)).update(ended_at=at)
        user.is_active, user.locked_at = False, None
        user.save(update_fields=["is_active", "locked_at"])
    was = person.active
    person.active = False
    person.save(update_fields=["active"])
    return was


def _check_not_last(user: User) -> None:
    if leaves_no_administrator(Q(user=user)):
        raise Refused(_("This is the last administrator; grant the role to someone else first."))


def follow_place(*, person: Person, at: datetime, back: bool = False) -> None:
    """Roles of a person after their place has changed; `back`: they had left and their account opens again.

    One's own role follows the unit, the head's the position; a role over units that one left ends.

    A role over the whole city was given by hand, not with the place, and stays.
    """
    user, unit = person.user, person.unit
    if user is None or unit is None:
        return
    if back and not user.is_active:
        user.is_active, user.idle_from = True, at
        user.save(update_fields=["is_active", "idle_from"])
    end_delegations_outside(user=user, path=unit.path, at=at)
    heads = bool(person.position and person.position.family.is_head)
    due = {(Role.OFFICIAL.value, unit.pk)} | ({(Role.HEAD.value, unit.pk)} if heads else set())
    for grant in _open(user).exclude(unit=None).select_related("unit"):
        key = (grant.role, grant.unit_id)
        ours = grant.role in (Role.OFFICIAL, Role.HEAD)
        if key in due:
            due.discard(key)
        elif ours or (grant.unit and not unit.path.startswith(grant.unit.path)):
            grant.ended_at = at
            grant.save(update_fields=["ended_at"])
    if _open(user).filter(role=Role.OFFICIAL, unit=None).exists():
        due.discard((Role.OFFICIAL.value, unit.pk))
    RoleGrant.objects.bulk_create(
        [RoleGrant(user=user, role=role, unit_id=pk, granted_at=at) for role, pk in sorted(due)]
    )


def _unsettled(day: date) -> list[Person]:
    """People whose place is not what their appointments say of the day.

    EXISTS, because PostgreSQL walks a NOT IN of millions of rows anew for every row.
    """
    running = Appointment.objects.filter(Q(until=None) | Q(until__gt=day), since__lte=day).order_by()
    mine = {"person": OuterRef("pk")}
    begun = Appointment.objects.filter(since__lte=day, **mine)
    ended = Person.objects.filter(Exists(begun), ~Exists(running.filter(**mine)), active=True)
    here = running.filter(person=OuterRef("person"), unit=F("person__unit"), position=F("person__position"))
    starts = running.filter(~Exists(here), main=True)
    keys = {*ended.order_by().values_list("pk", flat=True), *starts.values_list("person", flat=True)}
    found = Person.objects.filter(pk__in=among(np.array(sorted(keys), np.int64))).select_related("user")
    return list(found) if keys else []


def settle_due(*, at: datetime) -> int:
    """Settle everybody whose appointments began or ended without their place having followed; how many.

    Called as a day begins: an appointment that ends or begins tomorrow takes effect tomorrow.
    """
    done = 0
    for person in _unsettled(local_day(at)):
        try:
            with act(None, "people.settle", person, at=at, person_id=person.pk) as this:
                done += settle(person=person, at=at)
                this.note(unit=str(person.unit), active=person.active)
        except Refused:
            continue
    return done
