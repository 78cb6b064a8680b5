"""Accounts that nobody uses are locked, and opened again: by an administrator, the head of the unit or the person."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nanglucso.core import queries
from nanglucso.core.access_rules import access_rules
from nanglucso.core.acts import act
from nanglucso.core.models import Role, RuleStart, User
from nanglucso.core.power import is_powerful, powerful_ids
from nanglucso.core.refusals import Refused
from nanglucso.core.scope import Scope
from nanglucso.core.services import check_account_within, person_id_of

BATCH = 500
_NEVER = datetime.min.replace(tzinfo=UTC)  # before any use: a kind that is not locked yet


def rule_began(kind: str, *, at: datetime) -> datetime | None:
    """Since when accounts of this kind are locked after their days; None = they are not.

    The first call keeps `at`. A rule that was switched off or made stricter begins anew, so that nobody is locked by
    surprise.
    """
    days = access_rules().idle[kind].days
    if not days:
        RuleStart.objects.filter(rule=f"idle.{kind}").delete()
        return None
    row, made = RuleStart.objects.get_or_create(rule=f"idle.{kind}", defaults={"since": at, "figure": days})
    if not made and days != row.figure:
        row.since, row.figure = (at if days < row.figure else row.since), days
        row.save(update_fields=["since", "figure"])
    return row.since


def _edges(at: datetime) -> dict[str, datetime]:
    """For each kind of account the moment before which the last use must lie; a kind that is not locked yet is left out."""
    edges = {}
    for kind, rule in access_rules().idle.items():
        began = rule_began(kind, at=at)
        if began and began < at - timedelta(days=rule.days):
            edges[kind] = at - timedelta(days=rule.days)
    return edges


def idle_accounts(*, at: datetime) -> Iterator[list[User]]:
    """Accounts in use whose days without a log-in are over, in batches.

    One never used counts from the day it was made, one opened again from that moment; none before the rule has stood
    for its days.
    """
    edges = _edges(at)
    if not edges:
        return
    strong, latest, after = powerful_ids(at), max(edges.values()), 0
    rows = User.objects.filter(is_active=True, date_joined__lt=latest).select_related("person").order_by("pk")
    rows = rows.filter(Q(last_login=None) | Q(last_login__lt=latest), Q(idle_from=None) | Q(idle_from__lt=latest))
    while batch := list(rows.filter(pk__gt=after)[:BATCH]):
        after = batch[-1].pk
        due = [user for user in batch if _last_use(user) < edges.get("powerful" if user.pk in strong else "plain", _NEVER)]
        if due:
            yield due


def _last_use(user: User) -> datetime:
    return max(moment for moment in (user.date_joined, user.last_login, user.idle_from) if moment)


def lock_idle(*, at: datetime) -> int:
    """Lock every idle account but the last administrator's; how many. One row in the log for each account."""
    done = 0
    for batch in idle_accounts(at=at):
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


def unlock_account(*, actor: User | None, user: User, scope: Scope, at: datetime, role: str = Role.ADMIN) -> None:
    """Open a locked account again; its days without a log-in count from now. `role`: in which the actor does it.

    Raises Refused when it is not locked for lack of use (a leaver's account is switched off, not locked), belongs to
    no unit of the scope, or is one that only an administrator opens.
    """
    with act(actor, "core.unlock_account", user, at=at, person_id=person_id_of(user)):
        check_account_within(user, scope)
        lifter = "administrator" if role == Role.ADMIN else "head"
        if not access_rules().idle_of(is_powerful(user, at)).lets(lifter):
            raise Refused(_("%(name)s holds a powerful role: an administrator opens that account.") % {"name": user})
        _open(user, at)


def unlock_accounts(
    *, actor: User | None, users: Iterable[User], scope: Scope, at: datetime, role: str = Role.ADMIN
) -> int:
    """The same for several at once; how many. Raises Refused, and opens none, when one of them cannot be opened."""
    rows = list(users)
    with act(actor, "core.unlock_accounts", at=at, accounts=len(rows)):
        if not rows:
            raise Refused(_("Nothing is chosen: please choose at least one account."))
        for user in rows:
            unlock_account(actor=actor, user=user, scope=scope, at=at, role=role)
    return len(rows)


def may_lift_own_lock(user: User, *, at: datetime) -> bool:
    """Whether the account is locked for lack of use and of a kind that the person opens."""
    return user.locked_at is not None and access_rules().idle_of(is_powerful(user, at)).lets("self")


def lift_own_lock(*, user: User, at: datetime) -> None:
    """The person has confirmed through the link in the mail. Raises Refused when the account is of another kind."""
    with act(user, "core.lift_own_lock", user, at=at, person_id=person_id_of(user)):
        if not may_lift_own_lock(user, at=at):
            raise Refused(_("This account is opened by an administrator."))
        _open(user, at)


def _open(user: User, at: datetime) -> None:
    if user.locked_at is None:
        raise Refused(_("This account is not locked for lack of use."))
    user.is_active, user.locked_at, user.idle_from = True, None, at
    user.save(update_fields=["is_active", "locked_at", "idle_from"])
