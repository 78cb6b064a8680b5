"""What the system pages list: jobs, the audit log, accounts with their roles."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.apps import apps
from django.db.models import F, Prefetch, Q, QuerySet

from nanglucso.core.days import midnight
from nanglucso.core.models import AuditEntry, Job, Role, RoleGrant, User
from nanglucso.core.scope import Scope
from nanglucso.kit.text import fold


@dataclass(frozen=True)
class AuditFilter:
    """What to look for in the log; every empty field means "any". Days are whole days where the city is."""

    actor: str = ""
    verb: str = ""
    person: str = ""
    since: date | None = None
    until: date | None = None


def jobs_of(*, user: User, everyone: bool, status: str = "") -> QuerySet[Job]:
    """Jobs, newest first: all of them, or only those the user began."""
    rows = Job.objects.select_related("created_by")
    if not everyone:
        rows = rows.filter(created_by=user)
    return rows.filter(status=status) if status else rows


def _people(text: str) -> QuerySet[Any]:
    """Staff whose name or code matches, marks ignored."""
    found = Q(staff_code__iexact=text)
    named = Q()
    for word in fold(text).split():
        named &= Q(fold__contains=word)
    model: Any = apps.get_model("people", "Person")
    return model.objects.filter(found | named)


def audit_entries(wanted: AuditFilter) -> QuerySet[AuditEntry]:
    """Entries of the log that match, newest first; one query whatever the filter."""
    rows = AuditEntry.objects.order_by("-seq")
    if wanted.actor:
        users = _people(wanted.actor).filter(user__isnull=False).values("user")
        rows = rows.filter(
            Q(actor_label__icontains=wanted.actor) | Q(actor__username__iexact=wanted.actor) | Q(actor__in=users)
        )
    if wanted.verb:
        rows = rows.filter(verb__startswith=wanted.verb)
    if wanted.person:
        rows = rows.filter(person_id__in=_people(wanted.person).values("pk"))
    if wanted.since:
        rows = rows.filter(at__gte=midnight(wanted.since))
    if wanted.until:
        rows = rows.filter(at__lt=midnight(wanted.until + timedelta(days=1)))
    return rows


def people_named(ids: set[int]) -> dict[int, str]:
    """Full names of staff by id, for a page of the log."""
    model: Any = apps.get_model("people", "Person")
    return {row.pk: row.full_name for row in model.objects.filter(pk__in=ids).only("ho_dem", "ten")}


def verbs() -> list[str]:
    """Every verb that stands in the log."""
    return list(AuditEntry.objects.order_by("verb").values_list("verb", flat=True).distinct())


def accounts(
    *, scope: Scope, text: str = "", role: str = "", locked: bool = False, at: datetime | None = None
) -> QuerySet[User]:
    """Accounts by name or user name (marks ignored for staff), with their open grants in `open_grants`.

    With `at` also the grants delegated to them that run at that moment.

    Over units: the accounts of their staff, and whoever else holds a role over one of them; of a stranger only those.
    """
    grants = RoleGrant.objects.filter(ended_at=None).select_related("unit").order_by("role", "pk")
    inside = grants.filter(_within(scope))
    held = _held(scope, at) if at else inside
    rows = User.objects.prefetch_related(Prefetch("grants", held, to_attr="open_grants")).order_by("full_name", "pk")
    if not scope.everything:
        over = inside.exclude(role=Role.OFFICIAL).order_by().values("user")
        rows = rows.filter(scope.units("person__unit__path") | Q(pk__in=over))
    if text:
        staff = _people(text).filter(user__isnull=False).values("user")
        rows = rows.filter(Q(full_name__icontains=text) | Q(username__icontains=text) | Q(pk__in=staff))
    if locked:
        rows = rows.exclude(locked_at=None)
    if role:
        rows = rows.filter(pk__in=inside.filter(role=role).order_by().values("user"))
    return rows


def _held(scope: Scope, at: datetime) -> QuerySet[RoleGrant]:
    """Grants inside the scope that are open, or delegated and running at the moment."""
    running = Q(delegated_from__isnull=False, granted_at__lte=at, ended_at__gt=at)
    rows = RoleGrant.objects.filter(_within(scope)).filter(Q(ended_at=None) | running)
    return rows.select_related("unit", "delegated_from__user").order_by("role", "pk")


def _within(scope: Scope) -> Q:
    """Grants that lie inside: a role over the whole city lies in the whole city only."""
    return scope.units("unit__path")


def in_force(at: datetime) -> QuerySet[RoleGrant]:
    """Grants that open pages at `at`; a delegated one only while the grant that it comes from does."""
    rows = RoleGrant.objects.filter(Q(ended_at=None) | Q(ended_at__gt=at), granted_at__lte=at)
    source = Q(delegated_from__ended_at=None) | Q(delegated_from__ended_at__gt=at)
    return rows.filter(Q(delegated_from=None) | source)


def administrators_of(user: User, *, at: datetime) -> list[RoleGrant]:
    """Who opens the account of `user` or changes its roles: administrators in use over the unit, the nearest first."""
    person = getattr(user, "person", None)
    path = person.unit.path if person and person.unit else ""
    rows = in_force(at).filter(role=Role.ADMIN, user__is_active=True).exclude(user=user).select_related("user", "unit")
    over = [grant for grant in rows if grant.unit is None or path.startswith(grant.unit.path)]
    return sorted(over, key=lambda grant: (-(grant.unit.depth if grant.unit else 0), str(grant.user)))


def grants_of(*, user: User, scope: Scope) -> QuerySet[RoleGrant]:
    """The grants that the account ever held inside the scope, open ones first."""
    rows = user.grants.filter(_within(scope)).select_related("unit", "user", "delegated_from__user")
    return rows.order_by(F("ended_at").desc(nulls_first=True), "-granted_at")


def leaves_no_administrator(ending: Q) -> bool:
    """Whether nobody in use would administer what is administered now, were these grants (a filter) to end.

    An administrator of some units does not take the place of the city's last one.
    """
    admins = RoleGrant.objects.filter(role=Role.ADMIN, ended_at=None, user__is_active=True)
    gone = list(admins.filter(ending).values_list("unit", flat=True))
    left = admins.exclude(ending)
    if None in gone:
        left = left.filter(unit=None)
    return bool(gone) and not left.exists()


def unit_named(text: str, *, scope: Scope) -> Any | None:
    """The unit of the scope with this code, or the only one with this name; None when there is none or several."""
    model: Any = apps.get_model("people", "Unit")
    standing = model.objects.filter(scope.units(), until=None)
    exact = standing.filter(code__iexact=text).first()
    if exact:
        return exact
    wanted = fold(text)
    same = [unit for unit in standing.filter(fold__contains=wanted) if fold(unit.name) == wanted]
    return same[0] if len(same) == 1 else None


def unit_names(*, scope: Scope, limit: int = 400) -> list[Any]:
    """Units of the scope from the top of the tree down, for a list of suggestions."""
    model: Any = apps.get_model("people", "Unit")
    return list(model.objects.filter(scope.units(), until=None).order_by("depth", "name").only("code", "name")[:limit])


def deputies(*, scope: Scope, but: User) -> QuerySet[User]:
    """Accounts in use of the staff of these units, the asking one left out; their person and unit joined."""
    rows = User.objects.filter(scope.units("person__unit__path"), is_active=True, person__active=True)
    return rows.exclude(pk=but.pk).select_related("person__unit").order_by("full_name", "pk")


def deputy_named(text: str, *, scope: Scope, but: User) -> User | None:
    """The one of them with this log-in name, staff code or name (marks ignored); None when there is none or several."""
    rows = deputies(scope=scope, but=but)
    exact = rows.filter(Q(username__iexact=text) | Q(person__staff_code__iexact=text)).first()
    if exact:
        return exact
    same = list(rows.filter(person__fold=fold(text))[:2])
    return same[0] if len(same) == 1 else None


def delegations_of(grant: RoleGrant) -> QuerySet[RoleGrant]:
    """Everybody to whom this role was delegated, the latest first."""
    return grant.delegations.select_related("user", "unit").order_by("-granted_at", "-pk")
