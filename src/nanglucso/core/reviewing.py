"""The review of access: every role but the official's own is confirmed or withdrawn every six months."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from nanglucso.core.access_rules import access_rules
from nanglucso.core.acts import act
from nanglucso.core.days import last_day_due, local_day, midnight, months_after
from nanglucso.core.models import Role, RoleGrant, User
from nanglucso.core.refusals import Refused
from nanglucso.core.scope import Scope
from nanglucso.core.services import person_id_of


@dataclass(frozen=True)
class DueState:
    """Open grants of a scope, how many of them are due, and the day of the next one (None = there is none)."""

    grants: int
    due: int
    next_on: date | None


def due_on(grant: RoleGrant) -> date:
    """The day from which the grant waits for a decision: so many months after it was given or last confirmed."""
    return months_after(local_day(grant.reviewed_at or grant.granted_at), access_rules().review_months)


def reviewable(*, scope: Scope) -> QuerySet[RoleGrant]:
    """Open grants of the scope, the longest unconfirmed first. A delegated one ends by itself, an official's own role
    goes with the appointment: neither is reviewed."""
    rows = RoleGrant.objects.filter(scope.units("unit__path"), ended_at=None, delegated_from=None)
    rows = rows.exclude(role=Role.OFFICIAL).select_related("user", "unit", "reviewed_by")
    return rows.order_by(Coalesce("reviewed_at", "granted_at"), "pk")


def due(*, scope: Scope, at: datetime) -> QuerySet[RoleGrant]:
    """Those of them that wait for a decision now."""
    last = last_day_due(local_day(at), access_rules().review_months)
    edge = midnight(last + timedelta(days=1))
    return reviewable(scope=scope).filter(Q(reviewed_at__lt=edge) | Q(reviewed_at=None, granted_at__lt=edge))


def due_state(*, scope: Scope, at: datetime) -> DueState:
    """Counts for the head of the page."""
    rows = reviewable(scope=scope)
    first = rows.first()
    return DueState(rows.count(), due(scope=scope, at=at).count(), due_on(first) if first else None)


def confirm_grants(*, actor: User | None, grants: Iterable[RoleGrant], scope: Scope, at: datetime) -> int:
    """Say of each that it is still needed; the months count from now. How many; one row in the log for each.

    Raises Refused, and confirms none, when there is nothing to confirm, one has ended or reaches beyond the scope, or
    one is the actor's own while somebody else could confirm it.
    """
    rows = list(grants)
    with act(actor, "core.confirm_grants", at=at, grants=len(rows)):
        if not rows:
            raise Refused(_("Nothing is chosen: please choose at least one role."))
        for row in rows:
            _check(actor, row, scope)
            with act(actor, "core.confirm_grant", row.user, at=at, person_id=person_id_of(row.user)) as this:
                this.note(role=row.role, unit=str(row.unit) if row.unit else "")
                row.reviewed_at, row.reviewed_by = at, actor
                row.save(update_fields=["reviewed_at", "reviewed_by"])
    return len(rows)


def _check(actor: User | None, grant: RoleGrant, scope: Scope) -> None:
    if not scope.holds(grant.unit):
        raise Refused(_("One of these roles reaches beyond your units; ask the administrator of the whole city."))
    if grant.ended_at is not None or grant.delegated_from_id is not None:
        raise Refused(_("One of these roles has ended meanwhile; please look at the list again."))
    if actor is not None and grant.user_id == actor.pk and _others(actor, grant):
        raise Refused(_("Nobody confirms their own role; another administrator does. Take it out and confirm again."))


def _others(actor: User, grant: RoleGrant) -> bool:
    """Whether somebody else administers what the grant covers."""
    admins = RoleGrant.objects.filter(role=Role.ADMIN, ended_at=None, user__is_active=True).exclude(user=actor)
    over = Q(unit=None)
    if grant.unit is not None:
        path, step = grant.unit.path, grant.unit.steplen
        over |= Q(unit__path__in=[path[:end] for end in range(step, len(path) + 1, step)])
    return admins.filter(over).exists()
