"""Accounts that nobody uses are locked, and opened again by an administrator."""

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from nanglucso.core import queries
from nanglucso.core.access_rules import access_rules
from nanglucso.core.acts import act
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.core.scope import Scope
from nanglucso.core.services import check_account_within, person_id_of

BATCH = 500


def idle_accounts(*, at: datetime) -> QuerySet[User]:
    """Accounts in use without a log-in for `idle_days`; one never used counts from the day it was made, one opened
    again from that moment. None when the rule is set to 0."""
    days = access_rules().idle_days
    if not days:
        return User.objects.none()
    edge = at - timedelta(days=days)
    rows = User.objects.filter(is_active=True, date_joined__lt=edge)
    rows = rows.filter(Q(last_login=None) | Q(last_login__lt=edge), Q(idle_from=None) | Q(idle_from__lt=edge))
    return rows.select_related("person").order_by("pk")


def lock_idle(*, at: datetime) -> int:
    """Lock every idle account but the last administrator's; how many. One row in the log for each account."""
    done, after = 0, 0
    while batch := list(idle_accounts(at=at).filter(pk__gt=after)[:BATCH]):
        after = batch[-1].pk
        with act(None, "core.lock_idle", at=at) as whole:
            locked = sum(_lock(user, at) for user in batch)
            whole.note(accounts=locked)
        done += locked
    return done


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
