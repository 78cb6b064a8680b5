"""Practice tasks: choose one, work in the simulated system, read what was done well."""

import uuid
from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nanglucso.core.access import need
from nanglucso.core.clock import now
from nanglucso.core.refusals import Refused
from nanglucso.measure.assessments import labfeedback, labruns, labscreens
from nanglucso.measure.assessments.labplaces import Look
from nanglucso.measure.assessments.models import LabRun
from nanglucso.measure.bank.models import Lab


def _own(request: HttpRequest, pk: uuid.UUID) -> LabRun:
    person = request.access.scope.person_id  # type: ignore[attr-defined]
    rows = LabRun.objects.select_related("version__lab").filter(sitting=None)
    return get_object_or_404(rows, pk=pk, person_id=person or -1)


@need("sittings.sit")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """The practice tasks in use and my own runs."""
    person = request.access.person  # type: ignore[attr-defined]
    if person is None:
        return render(request, "assessments/nobody.html")
    labs = labruns.on_offer().prefetch_related("competences")
    runs = person.lab_runs.filter(sitting=None).select_related("version__lab")[:20]
    return render(request, "assessments/labs.html", {"labs": labs, "runs": runs})


@need("sittings.sit")
@require_POST
def begin(request: HttpRequest, code: str) -> HttpResponse:
    """Begin the task, or go on with the run that is open."""
    person, lab = request.access.person, get_object_or_404(Lab, code=code)  # type: ignore[attr-defined]
    if person is None:
        return redirect("assessments:labs")
    try:
        run = labruns.begin(actor=request.user, person=person, lab=lab, at=now())  # type: ignore[arg-type]
    except Refused as no:
        messages.error(request, str(no))
        return redirect("assessments:labs")
    return redirect("assessments:lab", run.pk)


@need("sittings.sit")
def play(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The simulated system; POST is one act. A refused act keeps what was typed."""
    run, at = _own(request, pk), now()
    if not run.finished_at and labruns.elapsed(run, at) >= labruns.limit(run):
        run = labruns.finish(actor=request.user, run=run, at=at)  # type: ignore[arg-type]
    if run.finished_at:
        return redirect("assessments:lab_feedback", pk)
    look, typed = look_of(request), {}
    if request.method == "POST":
        try:
            do(request, run, partial(labruns.act, run=run))
            return redirect(after(reverse("assessments:lab", args=[pk]), look))
        except Refused as no:
            messages.error(request, str(no))
            typed = request.POST.dict()
    shown = {"run": run, "q": labscreens.player(run, at, look, typed), "typed": typed, "look": look}
    shown["told"] = labfeedback.so_far(run)
    return render(request, "assessments/lab.html", shown, status=422 if typed else 200)


def look_of(request: HttpRequest) -> Look:
    """Where the taker looks: from the address, or from the field `back` of an act's form."""
    told = QueryDict(request.POST["back"][:200]) if request.POST.get("back") else request.GET
    return Look(told.get("p", ""), told.get("o", ""), told.get("c", "").upper(), told.get("f", "") == "1")


def after(path: str, look: Look) -> str:
    """Where an act leads: back to the same place, with the focus on the cell or the opened object."""
    return f"{path}?{look.query(f='1')}#{f'c-{look.cell}' if look.cell else 'doc'}"


def do(request: HttpRequest, run: LabRun, store: Callable[..., bool]) -> None:
    """Store the one act that was sent by `store(key, verb, args, at)`. Raises Refused."""
    verb, sent = request.POST.get("verb", ""), request.POST
    action = run.version.body["actions"].get(verb, {})
    try:
        key = uuid.UUID(sent.get("key", ""))
    except ValueError as error:
        raise Refused(_("The act arrived incomplete. Send it again.")) from error
    args = {name: sent.get(name, "") for name in action.get("args", [])}
    store(key=key, verb=verb, args=args, at=now())
    if action.get("reply"):
        messages.success(request, action["reply"], extra_tags="vi")
    else:
        messages.success(request, _("Done and saved."))


@need("sittings.sit")
@require_POST
def finish(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """End the run now."""
    labruns.finish(actor=request.user, run=_own(request, pk), at=now())  # type: ignore[arg-type]
    return redirect("assessments:lab_feedback", pk)


@need("sittings.sit")
@require_GET
def feedback(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What was done well and what was missed; only after the end."""
    run = _own(request, pk)
    if not run.finished_at:
        return redirect("assessments:lab", pk)
    shown = {"run": run, "q": labfeedback.feedback(run), "way": labfeedback.one_way(run)}
    return render(request, "assessments/lab_feedback.html", shown)
