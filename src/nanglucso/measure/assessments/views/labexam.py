"""A practice task that counts: what it is, the simulated system without feedback, pause, the end."""

import uuid
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nanglucso.core.access import need
from nanglucso.core.clock import now
from nanglucso.core.refusals import Refused
from nanglucso.measure.assessments import labexam, labqueries, labruns, labscreens
from nanglucso.measure.assessments.models import LabRun, LabSitting, Sitting


def _own(request: HttpRequest, pk: uuid.UUID) -> LabSitting:
    person = request.access.scope.person_id  # type: ignore[attr-defined]
    rows = LabSitting.objects.select_related("campaign", "person", "version__lab", "run__version__lab")
    return get_object_or_404(rows, pk=pk, person_id=person or -1)


@need("sittings.sit")
def begin(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What the task is, before the clock runs; POST starts it."""
    sitting = _own(request, pk)
    if sitting.status == Sitting.Status.ASSIGNED and request.method == "POST":
        try:
            sitting = labexam.start(actor=request.user, sitting=sitting, at=now())  # type: ignore[arg-type]
        except Refused as no:
            messages.error(request, str(no))
    if sitting.status != Sitting.Status.ASSIGNED:
        return redirect("assessments:lab_sitting", pk)
    return render(request, "assessments/labexam_begin.html", {"sitting": sitting})


@need("sittings.sit")
def play(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The simulated system; POST is one act. A refused act keeps what was typed."""
    sitting, at = _own(request, pk), now()
    if sitting.status in labexam.LIVE and labexam.is_over(sitting, at):
        sitting = labexam.finish(actor=request.user, sitting=sitting, at=at)  # type: ignore[arg-type]
    if sitting.status not in labexam.LIVE or sitting.run is None:
        waits = sitting.status == Sitting.Status.ASSIGNED
        return redirect("assessments:lab_sitting_begin" if waits else "assessments:lab_sitting_finished", pk)
    typed: dict[str, str] = {}
    if request.method == "POST":
        try:
            _act(request, sitting, sitting.run)
            return redirect("assessments:lab_sitting", pk)
        except Refused as no:
            messages.error(request, str(no))
            typed = {"verb": request.POST.get("verb", ""), "text": request.POST.get("text", "")}
    return _shown(request, sitting, sitting.run, typed, at)


def _act(request: HttpRequest, sitting: LabSitting, run: LabRun) -> None:
    sent, action = request.POST, run.version.body["actions"].get(request.POST.get("verb", ""), {})
    try:
        key = uuid.UUID(sent.get("key", ""))
    except ValueError as error:
        raise Refused(_("The act arrived incomplete. Send it again.")) from error
    args = {name: sent.get(name, "") for name in action.get("args", [])}
    labexam.take(sitting=sitting, key=key, verb=sent.get("verb", ""), args=args, at=now())
    messages.success(request, action.get("reply") or _("Done and saved."))


def _shown(request: HttpRequest, sitting: LabSitting, run: LabRun, typed: dict[str, str], at: datetime) -> HttpResponse:
    moment = labexam.moment(sitting, at)
    if sitting.status == Sitting.Status.PAUSED:
        left = labscreens.clock(labruns.limit(run) - labruns.elapsed(run, moment))
        shown: dict[str, Any] = {"sitting": sitting, "left": left, "acts": run.events.count()}
        return render(request, "assessments/labexam_paused.html", shown, status=423 if typed else 200)
    shown = {"sitting": sitting, "run": run, "q": labscreens.player(run, moment), "typed": typed}
    return render(request, "assessments/labexam.html", shown, status=422 if typed else 200)


@need("sittings.sit")
@require_POST
def control(request: HttpRequest, pk: uuid.UUID, verb: str) -> HttpResponse:
    """Pause, go on, or hand in."""
    sitting = _own(request, pk)
    service = {"pause": labexam.pause, "resume": labexam.resume, "finish": labexam.finish}[verb]
    try:
        service(actor=request.user, sitting=sitting, at=now())  # type: ignore[arg-type]
    except Refused as no:
        messages.error(request, str(no))
    return redirect("assessments:lab_sitting", pk)


@need("sittings.sit")
@require_GET
def finished(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What is saved; after the release of the campaign's results also what was done well and what was missed."""
    sitting = _own(request, pk)
    if sitting.status in (Sitting.Status.ASSIGNED, *labexam.LIVE) or sitting.run is None:
        return redirect("assessments:lab_sitting", pk)
    told = labscreens.feedback(sitting.run) if labqueries.feedback_is_shown(sitting) else None
    shown = {"sitting": sitting, "run": sitting.run, "q": told, "acts": sitting.run.events.count()}
    return render(request, "assessments/labexam_finished.html", shown)
