"""An official's own classes: today, coming, asked for, suggested, past."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nanglucso.core.access import need
from nanglucso.core.clock import now
from nanglucso.core.days import local_day
from nanglucso.core.refusals import Refused
from nanglucso.develop.training import calendars, queries, services
from nanglucso.develop.training.models import Attendance, Enrolment, LecturerAccount, TrainingClass
from nanglucso.develop.training.signup import WAITING, Side
from nanglucso.workforce.framework.queries import current_framework
from nanglucso.workforce.people.models import Person

State = Enrolment.Status
PAST = (State.COMPLETED, State.PARTLY, State.NO_SHOW)


def _today(person: Person, day: date) -> list[tuple[Any, Any]]:
    """Today's sessions, each with the person's attendance or None."""
    rows = list(queries.sessions_today(person, day))
    there = {one.session_id: one for one in Attendance.objects.filter(person=person, session__in=rows)}
    return [(row, there.get(row.pk)) for row in rows]


def _called_off(places: list[Enrolment], day: date) -> list[Enrolment]:
    """Places in classes that were called off and would not be over yet."""
    off = TrainingClass.Status.CANCELLED
    return [one for one in places if one.training_class.status == off and one.training_class.ends_on >= day]


def _suggested(person: Person, day: date) -> list[queries.Suggestion]:
    try:
        return queries.suggestions(current_framework(), person, day)
    except Refused:
        return []


@need("own.view")
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """My classes."""
    person = request.access.person  # type: ignore[attr-defined]
    if person is None:
        return render(request, "training/nobody.html")
    day = local_day(now())
    places = list(queries.own(person))
    turns = queries.own_turns(places)
    shown = {
        "person": person,
        "today": _today(person, day),
        "coming": queries.coming(person),
        "asked": [(one, turns.get(one.pk, 0)) for one in places if one.status in WAITING],
        "past": [one for one in places if one.status in PAST],
        "notices": queries.notices(person, day),
        "evaluate": queries.asked(person, now()),
        "teaches": LecturerAccount.objects.filter(user=request.user).exists(),  # type: ignore[misc]
        "heads_said": queries.views_about(person),
        "off": _called_off(places, day),
        "suggested": _suggested(person, day),
    }
    return render(request, "training/mine.html", shown)


@need("own.view")
@require_GET
def mine_slot(request: HttpRequest) -> HttpResponse:
    """A card for "My overview": class today, the next classes."""
    person = request.access.person  # type: ignore[attr-defined]
    if person is None:
        return HttpResponse("")
    day = local_day(now())
    shown = {"today": _today(person, day), "coming": queries.coming(person)[:3]}
    return render(request, "training/mine_slot.html", shown)


def _own_place(request: HttpRequest, pk: int) -> Enrolment:
    return get_object_or_404(
        Enrolment.objects.select_related("training_class__course"),
        training_class=pk,
        person=request.access.person,  # type: ignore[attr-defined]
    )


@need("own.view")
@require_POST
def enrol(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask to join a class; the head of unit or the training officer decides."""
    person = request.access.person  # type: ignore[attr-defined]
    row = get_object_or_404(TrainingClass.objects.select_related("course"), pk=pk)
    try:
        if person is None:
            raise Refused(_("This account belongs to no staff record."))
        services.ask_place(actor=request.user, training_class=row, person=person, at=now())  # type: ignore[arg-type]
    except Refused as no:
        messages.error(request, str(no))
    else:
        messages.success(request, _("The request is sent: your head of unit or the training officer decides."))
    return redirect("training:mine")


@need("own.view")
@require_POST
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Give up an own place or request; the next on the waiting list moves up."""
    place = _own_place(request, pk)
    try:
        services.cancel_place(actor=request.user, enrolment=place, at=now(), side=Side.OWN)  # type: ignore[arg-type]
    except Refused as no:
        messages.error(request, str(no))
    else:
        messages.success(request, _("The place in %(code)s is given up.") % {"code": place.training_class.code})
    return redirect("training:mine")


@need("own.view")
@require_GET
def ics(request: HttpRequest, pk: int) -> HttpResponse:
    """The sessions of an own class as a calendar file."""
    row = _own_place(request, pk).training_class
    text = calendars.calendar(row, host=request.get_host(), at=now())
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="lop-{row.code.lower()}.ics"'
    return response
