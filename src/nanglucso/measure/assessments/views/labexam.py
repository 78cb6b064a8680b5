"""A practice task that counts: what it is, the simulated system without feedback, pause, the end."""

import uuid
from datetime import datetime
from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from nanglucso.core.access import need
from nanglucso.core.clock import now
from nanglucso.core.refusals import Refused
from nanglucso.measure.assessments import labexam, labfeedback, labqueries, labruns, labscreens
from nanglucso.measure.assessments.models import LabRun, LabSitting, Sitting
from nanglucso.measure.assessments.views import labs


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
    shown = {
        "sitting": sitting,
        "pause": labexam.pause_left(sitting).seconds // 60,
        "minutes": labexam.minutes_of(sitting),
    }
    return render(request, "assessments/labexam_begin.html", shown)


@need("sittings.sit")
def play(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The simulated system; POST is one act. A refused act keeps what was typed."""
    sitting, at = _own(request, pk), now()
    if sitting.status in labexam.LIVE and labexam.is_over(sitting, at):
        sitting = labexam.finish(actor=request.user, sitting=sitting, at=at)  # type: ignore[arg-type]
    if sitting.status not in labexam.LIVE or sitting.run is None:
        waits = sitting.status == Sitting.Status.ASSIGNED
        return redirect("assessments:lab_sitting_begin" if waits else "assessments:lab_sitting_finished", pk)
    look, typed = labs.look_of(request), {}
    if request.method == "POST":
        try:
            labs.do(request, sitting.run, partial(labexam.take, sitting=sitting))
            return redirect(labs.after(reverse("assessments:lab_sitting", args=[pk]), look))
        except Refused as no:
            messages.error(request, str(no))
            typed = request.POST.dict()
    if sitting.status == Sitting.Status.PAUSED:
        return _covered(request, sitting, sitting.run, at, 423 if typed else 200)
    q = labscreens.player(sitting.run, at, look, typed)  # type: ignore[arg-type]
    shown = {"sitting": sitting, "run": sitting.run, "q": q, "typed": typed, "look": look}
    return render(request, "assessments/labexam.html", shown, status=422 if typed else 200)


def _covered(request: HttpRequest, sitting: LabSitting, run: LabRun, at: datetime, status: int) -> HttpResponse:
    """The page of a pause: nothing of the task, only how it stands."""
    left = labscreens.clock(labruns.limit(run) - labruns.elapsed(run, labexam.moment(sitting, at)))
    allowed = labexam.pause_left(sitting).seconds + sitting.paused_seconds
    shown = {"sitting": sitting, "left": left, "acts": run.events.count(), "pause": allowed // 60}
    return render(request, "assessments/labexam_paused.html", shown, status=status)


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
    told = labfeedback.feedback(sitting.run) if labqueries.feedback_is_shown(sitting) else None
    shown = {"sitting": sitting, "run": sitting.run, "q": told, "acts": sitting.run.events.count()}
    return render(request, "assessments/labexam_finished.html", shown)
