"""Made-up people of a rehearsal of exam day: marked, without unit or position, with log-ins, and gone as one."""

from datetime import datetime

from django.contrib.auth.hashers import make_password

from nanglucso.core.acts import act
from nanglucso.core.models import Role, RoleGrant, User
from nanglucso.workforce.people.models import Person
from nanglucso.workforce.people.services.staff import person_row

NAME = "Diễn Tập"


def hire_rehearsal(*, actor: User | None, count: int, password: str, at: datetime) -> list[Person]:
    """`count` people with accounts `dien-tap-00001` …, all with this one password, whose hash is computed once."""
    hashed = make_password(password)
    with act(actor, "people.hire_rehearsal", at=at, people=count):
        users = User.objects.bulk_create(
            [
                User(username=f"dien-tap-{n:05d}", full_name=f"{NAME} {n:05d}", password=hashed, rehearsal=True)
                for n in range(1, count + 1)
            ],
            batch_size=500,
        )
        grants = [RoleGrant(user=user, role=Role.OFFICIAL, granted_at=at) for user in users]
        RoleGrant.objects.bulk_create(grants, batch_size=500)
        rows = []
        for user in users:
            row = person_row(name=user.full_name, unit=None, position=None, made_up=True)
            row.user, row.rehearsal = user, True
            rows.append(row)
        return Person.objects.bulk_create(rows, batch_size=500)


def dismiss_rehearsal(*, actor: User | None, at: datetime) -> int:
    """Remove every person of a rehearsal and every account; returns how many people. Their tests must be gone."""
    with act(actor, "people.dismiss_rehearsal", at=at) as this:
        people = Person.with_rehearsal.filter(rehearsal=True)
        count = people.count()
        while part := list(people.values_list("pk", flat=True)[:500]):
            people.filter(pk__in=part).delete()
        users = User.objects.filter(rehearsal=True)
        while part := list(users.values_list("pk", flat=True)[:500]):
            users.filter(pk__in=part).delete()
        this.note(people=count)
    return count
