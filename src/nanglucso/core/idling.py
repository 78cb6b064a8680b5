"""Accounts that nobody uses are locked, and opened again by an administrator of their unit.

Those with a powerful role go first, plain officials' long after; which roles and how many days stand in
`content/access.yaml`.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Max, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from nanglucso.core import queries
from nanglucso.core.access_rules import KINDS, access_rules
from nanglucso.core.acts import act
from nanglucso.core.models import RuleStart, User
from nanglucso.core.refusals import Refused
from nanglucso.core.scope import Scope
from nanglucso.core.services import check_account_within, person_id_of

BATCH = 500


def idle_kind(user: User, *, at: datetime) -> str:
    """`powerful` or `plain`, by the roles that the account holds at `at`."""
    return "powerful" if queries.in_force(at).filter(user=user, role__in=access_rules().powerful).exists() else "plain"


def _begin_rule(kind: str, at: datetime) -> datetime:
    """When the rule for this kind of account began here, kept on first asking.

    A stricter figure begins anew, a milder one goes on: nobody is locked by surprise.
    """
    days = access_rules().idle_days[kind]
    row, made = RuleStart.objects.get_or_create(rule=f"idle.{kind}", defaults={"since": at, "days": days})
    if not made and row.days != days:
        stricter = days and (not row.days or days < row.days)
        row.since, row.days = at if stricter else row.since, days
        row.save(update_fields=["since", "days"])
    return row.since


def idle_accounts(kind: str, *, since: datetime, at: datetime) -> QuerySet[User]:
    """Accounts of this kind in use without a log-in for more than its days, counted from `since` at the earliest.

    One never used counts from the day it was made, one opened again from that moment, a powerful one also from the day
    on which it was last given such a role. None when the days are 0 or have not passed since the rule began.
    """
    days, strong = access_rules().idle_days[kind], access_rules().powerful
    edge = at - timedelta(days=days)
    if not days or since >= edge:
        return User.objects.none()
    held = queries.in_force(at).filter(role__in=strong).order_by().values("user")
    rows = User.objects.filter(is_active=True, date_joined__lt=edge)
    rows = rows.filter(Q(last_login=None) | Q(last_login__lt=edge), Q(idle_from=None) | Q(idle_from__lt=edge))
    if kind == "plain":
        rows = rows.exclude(pk__in=held)
    else:
        given = held.annotate(latest=Max("granted_at")).filter(latest__lt=edge)
        rows = rows.filter(pk__in=given.values("user"))
    return rows.select_related("person").order_by("pk")


def lock_idle(*, at: datetime) -> int:
    """Lock every idle account but the last administrator's; how many. One row in the log for each account."""
    done = 0
    for kind in KINDS:
        for batch in _batches(idle_accounts(kind, since=_begin_rule(kind, at), at=at)):
            with act(None, "core.lock_idle", at=at, kind=kind) as whole:
                locked = sum(_lock(user, at) for user in batch)
                whole.note(accounts=locked)
            done += locked
    return done


def _batches(rows: QuerySet[User]) -> Iterator[list[User]]:
    """So many at a time, so that a long list never holds the write turn for long."""
    after = 0
    while batch := list(rows.filter(pk__gt=after)[:BATCH]):
        after = batch[-1].pk
        yield batch


def _lock(user: User, at: datetime) -> bool:
    if queries.leaves_no_administrator(Q(user=user)):
        return False
    with act(None, "core.lock_account", user, at=at, person_id=person_id_of(user)) as this:
        this.note(last_login=user.last_login)
        user.is_active, user.locked_at = False, at
        user.save(update_fields=["is_active", "locked_at"])
    return True


def unlock_account(*, actor: User | None, user: User, scope: Scope, at: datetime) -> None:
    """Open a locked account again; its days without a log-in count from now.

    Raises Refused when it is not locked for lack of use (a leaver's account is switched off, not locked) or belongs to
    no unit of the scope.
    """
    with act(actor, "core.unlock_account", user, at=at, person_id=person_id_of(user)):
        check_account_within(user, scope)
        if user.locked_at is None:
            raise Refused(_("This account is not locked for lack of use."))
        user.is_active, user.locked_at, user.idle_from = True, None, at
        user.save(update_fields=["is_active", "locked_at", "idle_from"])
