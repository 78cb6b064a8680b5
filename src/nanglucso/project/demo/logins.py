"""One made-up log-in for each role."""

from datetime import datetime

from nanglucso.core.models import Role, RoleGrant, User
from nanglucso.ui.demo import PASSWORD
from nanglucso.workforce.people.models import Person, Unit
from nanglucso.workforce.people.services import create_account

ROLES = (
    (Role.TRAINING, "VTVL-SNV-DTBD-01", None),
    (Role.LEADER, "VTVL-SO-LD-01", None),
    (Role.AUTHOR, "VTVL-SKHCN-CNTT-01", None),
    (Role.AUDITOR, "VTVL-SO-PC-01", None),
    (Role.ADMIN, "VTVL-SO-CNTT-01", None),
)
OFFICIAL_CODE, HEAD_CODE = "VTVL-XA-TN-01", "VTVL-XA-TP-03"


def _first(code: str, taken: set[int]) -> Person:
    """The first person in a position; in a city too small to have one, the first who is left."""
    people = Person.objects.filter(active=True, user=None).exclude(pk__in=taken).order_by("pk")
    found = people.filter(position__code=code).first() or people.first()
    if found is None:
        raise LookupError("the demo city needs at least eight people")
    return found


def _room_mate(head: Person, taken: set[int]) -> Person:
    beside = Person.objects.filter(unit=head.unit, position__code=OFFICIAL_CODE).order_by("pk").first()
    return beside or _first(OFFICIAL_CODE, taken)


def make_logins(*, at: datetime) -> dict[str, User]:
    """Accounts for one person a role; the head and the official work in the same room."""
    head = _first(HEAD_CODE, set())
    official = _room_mate(head, {head.pk})
    above = head.unit.get_parent() if head.unit and head.unit.depth > 2 else head.unit
    made = {
        Role.OFFICIAL.value: _login(official, Role.OFFICIAL, None, at),
        Role.HEAD.value: _login(head, Role.HEAD, above, at),
    }
    taken = {head.pk, official.pk}
    for role, code, unit in ROLES:
        person = _first(code, taken)
        taken.add(person.pk)
        made[role.value] = _login(person, role, unit, at)
    return made


def _login(person: Person, role: str, unit: Unit | None, at: datetime) -> User:
    user = create_account(actor=None, person=person, at=at, password=PASSWORD)
    user.grants.exclude(role=Role.OFFICIAL).delete()  # a door of the demo shows one role; a head's would be a second
    if role != Role.OFFICIAL:
        RoleGrant.objects.create(user=user, role=role, unit=unit, granted_at=at)
    return user


def lines() -> list[str]:
    """What `make demo` prints: one log-in a role."""
    from nanglucso.ui.demo import doors

    rows = [f"  {door['user'].username:<12} {door['role']!s:<18} {door['user'].full_name}" for door in doors()]
    return [f"Log-ins (password {PASSWORD}):", *rows]
