"""Delegation for an absence: a head lets one person of the own units act in the role from day to day."""

from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from nanglucso.core.access_rules import access_rules
from nanglucso.core.acts import act
from nanglucso.core.days import local_day, midnight
from nanglucso.core.models import Role, RoleGrant, User
from nanglucso.core.refusals import Refused
from nanglucso.core.scope import Scope
from nanglucso.core.services import check_account_within, person_id_of

DELEGABLE = {Role.HEAD}


def delegate_role(
    *, actor: User | None, grant: RoleGrant, user: User, since: date, until: date, at: datetime
) -> RoleGrant:
    """Let `user` act in the grant's role over its unit from the beginning of `since` to the end of `until`.

    It ends by itself, earlier when the grant does. Raises Refused when the grant is not the actor's own, was itself
    delegated, is none of a head or is delegated already in those days; when the days are past, reversed or too many;
    when the account is not one in use of the unit's staff or holds the role itself.
    """
    with act(actor, "core.delegate_role", user, at=at, person_id=person_id_of(user)) as this:
        grant = RoleGrant.objects.select_for_update(of=("self",)).select_related("unit", "user").get(pk=grant.pk)
        _check_grant(actor, grant, at)
        _check_days(since, until, local_day(at))
        begins, ends = max(at, midnight(since)), midnight(until + timedelta(days=1))
        _check_deputy(grant, user)
        if grant.delegations.filter(granted_at__lt=ends, ended_at__gt=max(begins, at)).exists():
            raise Refused(_("The role is delegated already in these days; withdraw that first or choose others."))
        told = {"role": grant.role, "unit": grant.unit, "granted_at": begins, "ended_at": ends}
        row = RoleGrant.objects.create(user=user, delegated_from=grant, **told)
        this.note(role=grant.role, unit=str(grant.unit), holder=str(grant.user), since=since, until=until)
    return row


def _check_grant(actor: User | None, grant: RoleGrant, at: datetime) -> None:
    if grant.delegated_from_id is not None:
        raise Refused(_("You hold this role for somebody else; it cannot be delegated further."))
    if actor is not None and actor.pk != grant.user_id:
        raise Refused(_("Only the holder delegates a role."))
    if grant.role not in DELEGABLE or grant.unit is None:
        raise Refused(_("Only the role of a head of unit can be delegated."))
    if grant.ended_at is not None and grant.ended_at <= at:
        raise Refused(_("This role has ended already."))


def _check_days(since: date, until: date, today: date) -> None:
    most = access_rules().delegation_days
    if since < today:
        raise Refused(_("The first day lies in the past; choose today or later."), field="since")
    if until < since:
        raise Refused(_("The last day lies before the first one."), field="until")
    if (until - since).days >= most:
        sentence = ngettext_lazy(
            "A delegation lasts %(n)s day at most; choose an earlier last day.",
            "A delegation lasts %(n)s days at most; choose an earlier last day.",
            most,
        )
        raise Refused(sentence % {"n": most}, field="until")


def _check_deputy(grant: RoleGrant, user: User) -> None:
    if user.pk == grant.user_id:
        raise Refused(_("Nobody delegates a role to themselves."), field="user")
    if not user.is_active:
        raise Refused(_("This account is switched off or locked; choose another person."), field="user")
    check_account_within(user, Scope(paths=(grant.unit.path,) if grant.unit else ()))
    if user.grants.filter(role=grant.role, unit=grant.unit, ended_at=None).exists():
        raise Refused(_("This account already holds that role over that unit."), field="user")


def withdraw_delegation(*, actor: User | None, delegation: RoleGrant, at: datetime) -> None:
    """End a delegation now, or before it begins. Raises Refused when it is over or not the actor's to withdraw."""
    user, source = delegation.user, delegation.delegated_from
    with act(actor, "core.withdraw_delegation", user, at=at, person_id=person_id_of(user)) as this:
        if source is None or (actor is not None and actor.pk != source.user_id):
            raise Refused(_("Only the holder withdraws a delegation."))
        if delegation.ended_at is None or delegation.ended_at <= at:
            raise Refused(_("This delegation is over already."))
        delegation.ended_at = at
        delegation.save(update_fields=["ended_at"])
        this.note(role=delegation.role, unit=str(delegation.unit))


def end_delegations_outside(*, user: User, path: str, at: datetime) -> None:
    """After a move to the unit with this path: what was delegated over units that were left ends."""
    running = user.grants.exclude(delegated_from=None).filter(Q(ended_at__gt=at)).select_related("unit")
    late = [row.pk for row in running if row.unit and not path.startswith(row.unit.path)]
    RoleGrant.objects.filter(pk__in=late).update(ended_at=at)
