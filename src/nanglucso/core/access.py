"""Who is asking, in which role, over which units; and the decorators that open a page to them."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from nanglucso.core import queries
from nanglucso.core.clock import now
from nanglucso.core.models import Role, RoleGrant, User
from nanglucso.core.permissions import allows
from nanglucso.core.scope import Scope

View = Callable[..., HttpResponse]
ROLE_KEY = "nls-role"


def open_grants(user: User, at: datetime) -> list[RoleGrant]:
    """The user's grants in force at `at`, the most powerful kind last; unit joined.

    A delegated one is in force only while the grant that it comes from is.
    """
    grants = queries.in_force(at).filter(user=user).select_related("unit", "delegated_from__user")
    order = {role: number for number, role in enumerate(Role.values)}
    return sorted(grants, key=lambda grant: (order[grant.role], grant.pk))


def scope_of(grant: RoleGrant | None, person_id: int | None) -> Scope:
    """The units that a grant covers."""
    if grant is None or grant.role == Role.OFFICIAL:
        return Scope(person_id=person_id)
    if grant.unit is None:
        return Scope(everything=True, person_id=person_id)
    return Scope(paths=(grant.unit.path,), person_id=person_id)


def _first_choice(grants: list[RoleGrant]) -> RoleGrant | None:
    """A role of one's own before one held for somebody else, and before being an official only."""
    others = [grant for grant in grants if grant.role != Role.OFFICIAL]
    others.sort(key=lambda grant: grant.delegated_from_id is not None)
    return next(iter(others or grants), None)


class AccessMiddleware:
    """Adds `request.grants`, `request.grant`, `request.role`, `request.scope`, `request.person` (all lazy)."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.access = SimpleLazyObject(lambda: Access(request))  # type: ignore[attr-defined]
        response = self.get_response(request)
        if getattr(request, "_nls_private", False):
            response.headers.setdefault("Cache-Control", "no-store")
        return response


class Access:
    """The viewer: grants, the grant in use, its scope, and their own staff record (or None)."""

    def __init__(self, request: HttpRequest) -> None:
        user = request.user
        self.grants: list[RoleGrant] = []
        self.grant: RoleGrant | None = None
        self.person: Any = None
        if user.is_authenticated:
            self.grants = open_grants(user, now())  # type: ignore[arg-type]
            chosen = request.session.get(ROLE_KEY)
            self.grant = next((one for one in self.grants if one.pk == chosen), None) or _first_choice(self.grants)
            self.person = getattr(user, "person", None)
            user.acting_role = self.role  # type: ignore[union-attr]
            user.acting_for = str(self.delegator or "")  # type: ignore[union-attr]

    @property
    def delegator(self) -> User | None:
        """For whom the viewer acts, when the role in use was delegated."""
        source = self.grant.delegated_from if self.grant else None
        return source.user if source else None

    @property
    def role(self) -> str:
        return self.grant.role if self.grant else ""

    @property
    def scope(self) -> Scope:
        return scope_of(self.grant, self.person.pk if self.person else None)

    def may(self, permission: str) -> bool:
        return bool(self.role) and allows(self.role, permission)


def _lacks_second_step(request: HttpRequest) -> bool:
    """Asked of every account that holds a role which needs it, also while another role of it is in use."""
    from nanglucso.core import second_step

    demanded = second_step.demanding(request.access.grants)  # type: ignore[attr-defined]
    return bool(demanded) and not second_step.has_second_step(request.user)  # type: ignore[arg-type]


def need(permission: str) -> Callable[[View], View]:
    """Open a view to the roles that hold `permission`; others get the log-in page or 403."""
    allows(Role.OFFICIAL, permission)

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not request.access.may(permission):  # type: ignore[attr-defined]
                raise PermissionDenied
            if _lacks_second_step(request):
                return to_page(request, "core:second_step")
            request._nls_private = True  # type: ignore[attr-defined]
            return view(request, *args, **kwargs)

        guarded.need = permission  # type: ignore[attr-defined]
        return guarded

    return decorate


def to_page(request: HttpRequest, name: str) -> HttpResponse:
    """To another page; a fragment's place must not fill with the whole of it."""
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": reverse(name)})
    return redirect(name)


def check_whole_city(request: HttpRequest) -> None:
    """Raises PermissionDenied unless the role in use is over the whole city."""
    if not request.access.scope.everything:  # type: ignore[attr-defined]
        raise PermissionDenied


def whole_city(view: View) -> View:
    """Open a view to roles over the whole city only; stands below `need`."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        check_whole_city(request)
        return view(request, *args, **kwargs)

    return guarded


def public(view: View) -> View:
    """Mark a view as open to anyone, on purpose."""
    view.need = "public"  # type: ignore[attr-defined]
    return view


def by_ticket(view: View) -> View:
    """Mark a view that knows its person by a ticket, never by a session: nothing asks the database who is logged in."""
    view.by_ticket = True  # type: ignore[attr-defined]
    return public(view)
