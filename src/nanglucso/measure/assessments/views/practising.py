"""Practice of items: a competence, one item a screen, at once the key and why. Nothing of it is kept."""

from typing import Any

import numpy as np
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nanglucso.core.access import need
from nanglucso.core.clock import now
from nanglucso.core.refusals import Refused
from nanglucso.measure.assessments import practising
from nanglucso.measure.assessments.views.mine import framework_or_none
from nanglucso.measure.assessments.views.sitting import moved
from nanglucso.measure.bank.choosing import choice_of
from nanglucso.measure.bank.models import Item, ItemVersion
from nanglucso.measure.bank.queries import practice_versions
from nanglucso.measure.bank.scoring import BadChoice, regions
from nanglucso.measure.bank.showing import stimulus


@need("sittings.sit")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Competences that have something to practise."""
    framework = framework_or_none()
    rows = practising.shelves(framework) if framework else []
    return render(request, "assessments/practice.html", {"rows": rows})


def _shuffled(version: ItemVersion, user_id: int, steps: list[str] | None) -> dict[str, Any]:
    """The body without its key, in this person's own order; `steps` keeps an order that was begun."""
    rng, body = np.random.default_rng([user_id, version.pk]), dict(version.body)
    for part in ("options", "steps", "right"):
        if part in body:
            body[part] = [body[part][i] for i in rng.permutation(len(body[part]))]
    if steps:
        body["steps"] = sorted(body["steps"], key=lambda row: steps.index(row["key"]))
    return body


def _told(request: HttpRequest, version: ItemVersion, shown: dict[str, Any]) -> HttpResponse:
    """The answer's page: what was right and why; or the question again with what is missing."""
    try:
        shown["said"] = practising.said(version, choice_of(request.POST, version.item.type, version.body))
    except BadChoice:
        shown["wrong"] = _("The answer is not complete. Check it and send it again.")
    return render(request, "assessments/practice_item.html", shown, status=422 if "wrong" in shown else 200)


@need("sittings.sit")
def item(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """The `number`-th item of a competence; POST answers it."""
    framework = framework_or_none()
    versions = list(practice_versions(framework, code)) if framework else []
    if not 1 <= number <= len(versions):
        raise Http404
    version, steps = versions[number - 1], request.POST.getlist("step") or None
    if steps and sorted(steps) != sorted(row["key"] for row in version.body.get("steps", [])):
        raise Http404
    if steps and request.POST.get("move", "").partition(":")[0] in steps:
        steps = moved(steps, request.POST["move"])
    body = _shuffled(version, request.user.pk or 0, steps)
    q: dict[str, Any] = {"type": version.item.type, "body": body, "stimulus": stimulus(body.get("stimulus"))}
    q["last_number"] = len(body.get("options", ())) or len(regions(body) if "screen" in body else ())
    shown = {"q": q, "version": version, "number": number, "all": len(versions), "competence": version.item.competence}
    if request.method == "POST" and "move" not in request.POST:
        return _told(request, version, shown)
    return render(request, "assessments/practice_item.html", shown)


@need("bank.change")
@require_POST
def release(request: HttpRequest, code: str) -> HttpResponse:
    """Give an item free for practice, or end that."""
    row, reason = get_object_or_404(Item, code=code), request.POST.get("reason", "")
    verb, done = practising.release, _("The item is released for practice.")
    if row.practice:
        verb, done = practising.end, _("The item is no longer practised; it waits for a review.")
    try:
        verb(actor=request.user, item=row, reason=reason, at=now())  # type: ignore[arg-type]
        messages.success(request, done)
    except Refused as no:
        messages.error(request, str(no))
    return redirect("bank:item", code)
