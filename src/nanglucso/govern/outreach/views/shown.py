"""Who asks, and what several pages show alike."""

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from nanglucso.govern.outreach import queries
from nanglucso.govern.outreach.models import Campaign


def access(request: HttpRequest) -> Any:
    """Who is asking."""
    return request.access  # type: ignore[attr-defined]


def campaign_of(request: HttpRequest, pk: int) -> Campaign:
    """A campaign that reaches somebody in the viewer's scope, or that a training officer prepared; else 404."""
    own = {"scope": access(request).scope}
    if access(request).may("outreach.change"):
        return get_object_or_404(queries.own_campaigns(**own, user_id=request.user.pk or 0), pk=pk)
    return get_object_or_404(queries.campaigns(**own).exclude(status=Campaign.Status.DRAFT), pk=pk)


def standing(document: Any, day: Any) -> tuple[str, str]:
    """(tone, code) of a document's validity on a day: coming, over, in_force or unknown."""
    if document.over(day):
        return "bad", "over"
    if document.coming(day):
        return "info", "coming"
    return ("good", "in_force") if document.standing == "in_force" else ("", "unknown")
