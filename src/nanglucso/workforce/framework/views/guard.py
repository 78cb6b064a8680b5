"""Who may change frameworks: they are the city's, so a role over one unit reads them only."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from nanglucso.core.refusals import Refused

View = Callable[..., HttpResponse]


def whole_city(view: View) -> View:
    """Open to roles over the whole city only."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.access.scope.everything:  # type: ignore[attr-defined]
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def may_change(request: HttpRequest) -> bool:
    access = request.access  # type: ignore[attr-defined]
    return bool(access.may("framework.change") and access.scope.everything)


def may_publish(request: HttpRequest) -> bool:
    access = request.access  # type: ignore[attr-defined]
    return bool(access.may("framework.publish") and access.scope.everything)


def tried(request: HttpRequest, said: str, service: Callable[..., Any], **told: Any) -> Any:
    """The service's result with a word of success, or None with its refusal as a message."""
    try:
        found = service(actor=request.user, **told)
    except Refused as no:
        messages.error(request, str(no))
        return None
    messages.success(request, said)
    return found if found is not None else True
