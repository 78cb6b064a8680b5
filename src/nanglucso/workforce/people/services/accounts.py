"""Accounts of staff members and the head-of-unit role that comes with a position."""

import re
from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.models import Role, RoleGrant, User
from nanglucso.core.refusals import Refused
from nanglucso.kit.text import fold
from nanglucso.workforce.people.models import Person
from nanglucso.workforce.people.services.movers import follow_place

_NOT_NAME = re.compile(r"[^a-z0-9._-]+")


def username_of(person: Person) -> str:
    """The log-in name: the staff code, unmarked and in lower case; without a code `nv` and the record's number."""
    return _NOT_NAME.sub("-", fold(person.staff_code or "")).strip("-") or f"nv{person.pk}"


def create_account(*, actor: User | None, person: Person, at: datetime, password: str | None = None) -> User:
    """Open an official's log-in for a person; without a password it must be set through a link.

    Raises `Refused` when the person has one or another account has the log-in name.
    """
    if person.user_id:
        raise Refused(_("%(name)s already has an account.") % {"name": person.full_name})
    username = username_of(person)
    with act(actor, "people.create_account", person, at=at, person_id=person.pk, username=username):
        if User.objects.filter(username=username).exists():
            raise Refused(_("The account name %(name)s is taken.") % {"name": username})
        user = _account(person, make_password(password))
        user.save()
        RoleGrant.objects.create(user=user, role=Role.OFFICIAL, unit=person.unit, granted_at=at)
        person.user = user
        person.save(update_fields=["user"])
        follow_place(person=person, at=at)
    return user


def _account(person: Person, hashed: str) -> User:
    return User(
        username=username_of(person),
        full_name=person.full_name,
        email=person.email,
        password=hashed,
        made_up=person.made_up,
        must_change_password=not person.made_up,
    )


def create_accounts(*, actor: User | None, people: Iterable[Person], at: datetime, password: str | None = None) -> int:
    """Open officials' log-ins for everyone in `people` who has none; returns how many.

    One password for many is only taken for made-up people (its hash is computed once); the accounts of real people
    get none and are opened through a link each. Raises `Refused` otherwise.
    """
    lacking = [person for person in people if person.user_id is None]
    if password and any(not person.made_up for person in lacking):
        raise Refused(_("Real people never share a password."))
    taken = set(User.objects.values_list("username", flat=True))
    lacking = [person for person in lacking if username_of(person) not in taken]
    if not lacking:
        return 0
    hashed = make_password(password)
    with act(actor, "people.create_accounts", at=at, accounts=len(lacking)):
        users = User.objects.bulk_create([_account(person, hashed) for person in lacking], batch_size=500)
        grants = []
        for person, user in zip(lacking, users, strict=True):
            person.user = user
            grants.append(RoleGrant(user=user, role=Role.OFFICIAL, unit_id=person.unit_id, granted_at=at))
        RoleGrant.objects.bulk_create(grants, batch_size=500)
        Person.objects.bulk_update(lacking, ["user"], batch_size=500)
    return len(lacking)


def grant_heads(*, actor: User | None, at: datetime) -> tuple[int, int]:
    """Make the head-of-unit role follow the positions; returns (granted, ended).

    Whoever holds a position of a head's family and has an account gets the role over their unit; a grant whose
    holder has left that position or unit ends. Grants over the whole city are given by hand and are left alone.
    """
    due = {
        (person.user_id or 0, person.unit_id or 0)
        for person in Person.objects.filter(active=True, position__family__is_head=True)
        .exclude(user=None)
        .exclude(unit=None)
    }
    open_grants = RoleGrant.objects.filter(role=Role.HEAD, ended_at=None).exclude(unit=None)
    held = {(grant.user_id, grant.unit_id): grant.pk for grant in open_grants}
    late = [pk for key, pk in held.items() if key not in due]
    fresh = [
        RoleGrant(user_id=user_id, role=Role.HEAD, unit_id=unit_id, granted_at=at)
        for user_id, unit_id in sorted(due - set(held))
    ]
    if late or fresh:
        with act(actor, "people.grant_heads", at=at, granted=len(fresh), ended=len(late)):
            RoleGrant.objects.filter(pk__in=late).update(ended_at=at)
            RoleGrant.objects.bulk_create(fresh, batch_size=500)
    return len(fresh), len(late)
