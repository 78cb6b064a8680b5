"""The page of whoever waits to begin a test. Opened by the sitting's ticket, so that a look costs two statements."""

import uuid

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from nanglucso.core.access import by_ticket
from nanglucso.core.clock import now
from nanglucso.core.watching.crowding import crowd_rules, meant
from nanglucso.measure.assessments import admission, ticket
from nanglucso.measure.assessments.models import Sitting


def _wants_json(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")


def about(place: admission.Place) -> str:
    """How long it takes, in words."""
    if place.seconds < 60:
        return _("less than a minute")
    return ngettext("about %(n)s minute", "about %(n)s minutes", place.minutes) % {"n": place.minutes}


def told_to_wait(request: HttpRequest, sitting: Sitting, place: admission.Place) -> HttpResponse:
    """The reply to a start that cannot be now: the line's page, or 503 for a program."""
    response = _busy(request, place) if _wants_json(request) else redirect("assessments:wait", sitting.pk)
    ticket.issue(response, sitting.pk, sitting.person_id, sitting.epoch)
    return response


def _busy(request: HttpRequest, place: admission.Place) -> HttpResponse:
    told = {"place": place.number, "seconds": place.seconds, "about": about(place), "again": place.again}
    headers = {"Retry-After": str(place.again), "Cache-Control": "no-store"}
    return meant(request, JsonResponse(told, status=503, headers=headers))


@by_ticket
@require_GET
def wait(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Place in line and about how long; once the turn has come, the button that begins."""
    known = ticket.read(request, pk)
    # Only a browser that lost its ticket is asked who it is.
    person = known.person if known else request.access.scope.person_id  # type: ignore[attr-defined]
    place = admission.look(sitting_id=pk, person_id=person, at=now()) if person else None
    if place is None:
        gone = reverse("assessments:begin", args=[pk])
        return JsonResponse({"go": gone}, status=409) if _wants_json(request) else redirect(gone)
    if _wants_json(request):
        return _busy(request, place) if place.number else JsonResponse({"turn": True})
    kept = int(crowd_rules().kept.total_seconds() // 60)
    shown = {"pk": pk, "place": place, "about": about(place), "kept": kept}
    response = render(request, "assessments/wait.html", shown)
    response["Cache-Control"] = "no-store"
    return response
