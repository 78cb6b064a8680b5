"""Verbs of the system pages: grant and end a role, stop a job."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from nanglucso.core import jobs
from nanglucso.core.acts import act
from nanglucso.core.models import Job, Role, RoleGrant, User
from nanglucso.core.refusals import Refused

NEEDS_UNIT = {Role.HEAD}


def grant_role(*, actor: User | None, user: User, role: str, unit: Any | None, at: datetime) -> RoleGrant:
    """Give `user` a role over `unit` and everything below it; no unit = the whole city.

    Raises Refused when the account is switched off, already holds the role there, or the role needs a unit.
    """
    with act(actor, "core.grant_role", user, at=at, person_id=_person_id(user)) as this:
        if not user.is_active:
            raise Refused(_("This account is switched off; switch it on before granting a role."))
        if role in NEEDS_UNIT and unit is None:
            raise Refused(_("A head of unit heads one unit: please say which."), field="unit")
        if user.grants.filter(role=role, unit=unit, ended_at=None).exists():
            raise Refused(_("This account already holds that role over that unit."), field="role")
        grant = RoleGrant.objects.create(user=user, role=role, unit=unit, granted_at=at)
        this.note(role=role, unit=str(unit) if unit else "")
    return grant


def end_role(*, actor: User | None, grant: RoleGrant, at: datetime) -> RoleGrant:
    """End a grant now. Raises Refused when it has ended already or is the last administrator's."""
    with act(actor, "core.end_role", grant.user, at=at, person_id=_person_id(grant.user)) as this:
        if grant.ended_at is not None:
            raise Refused(_("This role has ended already."))
        others = RoleGrant.objects.filter(role=Role.ADMIN, ended_at=None, user__is_active=True).exclude(pk=grant.pk)
        if grant.role == Role.ADMIN and not others.exists():
            raise Refused(_("This is the last administrator; grant the role to someone else first."))
        grant.ended_at = at
        grant.save(update_fields=["ended_at"])
        this.note(role=grant.role, unit=str(grant.unit) if grant.unit else "")
    return grant


def cancel_job(*, actor: User | None, job: Job, at: datetime) -> None:
    """Ask a job to stop. Raises Refused when it has ended already."""
    with act(actor, "core.cancel_job", at=at, job=str(job.pk), kind=job.kind):
        if not Job.objects.get(pk=job.pk).is_open:
            raise Refused(_("This work has already ended."))
        jobs.cancel(job, at=at)


def _person_id(user: User) -> int | None:
    person = getattr(user, "person", None)
    return person.pk if person else None
