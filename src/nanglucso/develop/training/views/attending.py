"""Attendance: the code on the room's screen, the phone that scans it, the manager's tick list."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from nanglucso.core.access import need
from nanglucso.core.clock import now
from nanglucso.core.days import local_day
from nanglucso.core.refusals import Refused
from nanglucso.develop.training import drawing, queries, services
from nanglucso.develop.training.models import Attendance, ClassSession, TrainingClass
from nanglucso.develop.training.views.classes import managed
from nanglucso.workforce.people.models import Person

_SESSIONS = ClassSession.objects.select_related("training_class__course", "training_class__venue")
_SAID = {"ready": 200, "already": 200, "expired": 410, "not_listed": 403, "nobody": 403}


def _counts(session: ClassSession) -> dict[str, Any]:
    """Who is in, of how many, and how long the code lives."""
    at = now()
    left = int((session.check_in_until - at).total_seconds()) if session.takes_codes(at) else 0  # type: ignore[operator]
    return {
        "session": session,
        "alive": session.takes_codes(at),
        "present": session.attendances.count(),
        "of": queries.booked(session.training_class).count(),
        "minutes": left // 60,
        "seconds": f"{left % 60:02}",
    }


@need("classes.change")
def session_qr(request: HttpRequest, pk: int) -> HttpResponse:
    """The projector's page; POST opens a new code or closes the one that is shown."""
    session = get_object_or_404(_SESSIONS, pk=pk)
    row = managed(request, session.training_class_id)
    if request.method == "POST":
        verb = services.close_check_in if "close" in request.POST else services.open_check_in
        try:
            verb(actor=request.user, session=session, at=now())  # type: ignore[arg-type]
        except Refused as no:
            messages.error(request, str(no))
        return redirect("training:session_qr", pk)
    shown = _counts(session) | {"row": row}
    if shown["alive"]:
        path = reverse("training:check_in", args=[session.pk, session.nonce])
        shown |= {"qr": drawing.qr(request.build_absolute_uri(path))}
    return render(request, "training/session_qr.html", shown)


@need("classes.change")
@require_GET
def session_count(request: HttpRequest, pk: int) -> HttpResponse:
    """The live count for the projector; once the code is dead the whole page is asked to load again."""
    session = get_object_or_404(_SESSIONS, pk=pk)
    managed(request, session.training_class_id)
    shown = _counts(session)
    response = render(request, "training/session_count.html", shown)
    if not shown["alive"]:
        response.headers["HX-Refresh"] = "true"
    return response


def _state(session: ClassSession, token: str, person: Person | None) -> tuple[str, dict[str, Any]]:
    """What the phone says before anything is done; nothing of the class is shown without a working code."""
    at = now()
    if person is None:
        return "nobody", {}
    there = Attendance.objects.filter(session=session, person=person).first()
    if there:
        return "already", {"there": there}
    if not services.code_works(session, token, at):
        return "expired", {}
    if queries.booked(session.training_class).filter(person=person).exists():
        return "ready", {}
    other = queries.sessions_today(person, local_day(at)).exclude(training_class=session.training_class)
    return "not_listed", {"other": other.first()}


@need("own.view")
def check_in(request: HttpRequest, pk: int, token: str) -> HttpResponse:
    """The phone: who, what, one button; then the sentence that it is done, or why not."""
    person = request.access.person  # type: ignore[attr-defined]
    session = get_object_or_404(_SESSIONS, pk=pk)
    state, told = _state(session, token, person)
    if request.method == "POST" and state == "ready":
        try:
            services.check_in(actor=request.user, session=session, nonce=token, person=person, at=now())  # type: ignore[arg-type]
        except Refused:
            state, told = _state(session, token, person)
        else:
            return redirect("training:check_in", pk, token)
    shown = {"session": session, "row": session.training_class, "person": person, "state": state, **told}
    return render(request, "training/check_in.html", shown, status=_SAID[state])


@need("classes.change")
def attendance(request: HttpRequest, pk: int) -> HttpResponse:
    """The tick list of one session; who scanned the code is in already."""
    session = get_object_or_404(_SESSIONS, pk=pk)
    return tick_list(request, managed(request, session.training_class_id), session, "training:show")


def tick_list(request: HttpRequest, row: TrainingClass, session: ClassSession, back: str) -> HttpResponse:
    """The page and what it sends, for the class manager and for the lecturer; `back`: the page of the class."""
    places = queries.booked(row).select_related("person__unit", "person__position").order_by("person__sort_key")
    have = {one.person_id: one for one in session.attendances.all()}
    ticked, status = {pk for pk, one in have.items() if one.how == Attendance.How.MANUAL}, 200
    if request.method == "POST":
        ticked = {int(pk) for pk in request.POST.getlist("present") if pk.isdigit()}
        present = [one.person for one in places if one.person_id in ticked]
        try:
            services.mark_attendance(actor=request.user, session=session, present=present, at=now())  # type: ignore[arg-type]
        except Refused as no:
            messages.error(request, str(no))
            status = 422
        else:
            messages.success(request, _("Attendance of session %(n)s is saved.") % {"n": session.number})
            return redirect(back, row.pk)
    lines = [(one, where, have.get(one.person_id), one.person_id in ticked) for one, where in queries.placed(places)]
    scanned = sum(one.how == Attendance.How.QR for one in have.values())
    shown = {
        "row": row, "session": session, "lines": lines, "n_scanned": scanned, "n_present": scanned + len(ticked),
        "back": reverse(back, args=[row.pk]), "manages": back == "training:show",
    }  # fmt: skip
    return render(request, "training/attendance.html", shown, status=status)
