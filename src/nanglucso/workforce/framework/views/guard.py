"""Who may change frameworks: they are the city's, so a role over one unit reads them only."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest

from nanglucso.core.refusals import Refused


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
