"""Verbs of the system pages: grant and end a role, stop a job."""

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nanglucso.core import jobs, queries
from nanglucso.core.acts import act
from nanglucso.core.models import Job, Role, RoleGrant, User
from nanglucso.core.refusals import Refused
from nanglucso.core.scope import Scope

NEEDS_UNIT = {Role.HEAD}
# The pages of these two know no units, so that only an administrator of the whole city gives them.
KNOWS_NO_UNIT = {Role.AUTHOR, Role.AUDITOR}


def grant_role(*, actor: User | None, user: User, role: str, unit: Any | None, scope: Scope, at: datetime) -> RoleGrant:
    """Give `user` a role over `unit` and everything below it; no unit = the whole city. `scope`: the granter's.

    Raises Refused when the account is switched off, already holds the role there, or the role needs a unit; and when
    the account, the unit or the role reaches beyond the granter's scope.
    """
    with act(actor, "core.grant_role", user, at=at, person_id=person_id_of(user)) as this:
        if not user.is_active:
            raise Refused(_("This account is switched off; switch it on before granting a role."))
        if role in NEEDS_UNIT and unit is None:
            raise Refused(_("A head of unit heads one unit: please say which."), field="unit")
        _check_within(user, role, unit, scope)
        if user.grants.filter(role=role, unit=unit, ended_at=None).exists():
            raise Refused(_("This account already holds that role over that unit."), field="role")
        grant = RoleGrant.objects.create(user=user, role=role, unit=unit, granted_at=at)
        this.note(role=role, unit=str(unit) if unit else "")
    return grant


def _check_within(user: User, role: str, unit: Any | None, scope: Scope) -> None:
    """A grant never reaches further than the granter does."""
    check_account_within(user, scope)
    if scope.everything:
        return
    if not scope.holds(unit):
        raise Refused(_("You grant roles over your own units only; choose one of them."), field="unit")
    if role in KNOWS_NO_UNIT:
        raise Refused(_("This role covers the whole city; only its administrator grants it."), field="role")


def check_account_within(user: User, scope: Scope) -> None:
    """Raises Refused when the account is not that of a staff member of the scope's units."""
    person = getattr(user, "person", None)
    unit = person.unit if person else None
    if not scope.everything and (unit is None or not scope.holds(unit)):
        raise Refused(_("This account belongs to none of your units; ask an administrator of the whole city."))


def end_role(*, actor: User | None, grant: RoleGrant, scope: Scope, at: datetime) -> RoleGrant:
    """End a grant now. Raises Refused when it has ended, is the last administrator's or lies outside `scope`."""
    with act(actor, "core.end_role", grant.user, at=at, person_id=person_id_of(grant.user)) as this:
        if not scope.holds(grant.unit):
            raise Refused(_("This role reaches beyond your units; an administrator of the whole city ends it."))
        if grant.ended_at is not None and grant.ended_at <= at:
            raise Refused(_("This role has ended already."))
        if queries.leaves_no_administrator(Q(pk=grant.pk)):
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


def person_id_of(user: User) -> int | None:
    """The staff record of an account, for the log."""
    person = getattr(user, "person", None)
    return person.pk if person else None
