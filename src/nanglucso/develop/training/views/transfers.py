"""Three to six months after a class: what heads of unit see at work, and the re-check of what is still there."""

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from nanglucso.core.access import need
from nanglucso.core.clock import now
from nanglucso.core.refusals import Refused
from nanglucso.develop.training import drawing, proving, queries, services
from nanglucso.develop.training.models import Enrolment, TrainingClass
from nanglucso.develop.training.services.transferring import NOTE_LENGTH
from nanglucso.develop.training.transfer import UNSEEN, transfer_rules
from nanglucso.develop.training.views.classes import managed
from nanglucso.workforce.framework.queries import current_framework


@need("ratings.rate")
@require_GET
def transfers(request: HttpRequest) -> HttpResponse:
    """Whom the head is asked about, class by class, until when: who waits stands first."""
    told = transfer_rules()
    rows = list(queries.transfer_places(request.access.scope, now()))  # type: ignore[attr-defined]
    groups = []
    for row, held in groupby(rows, key=lambda one: one.training_class):
        places = list(held)
        asked = [[one for one in places if bool(_view(one)) is rated] for rated in (False, True)]
        groups.append((row, row.closed_at + told.last if row.closed_at else None, *asked))
    groups.sort(key=lambda group: not group[2])
    waiting = sum(_view(one) is None for one in rows)
    return render(request, "training/transfers.html", {"groups": groups, "waiting": waiting, "people": len(rows)})


def _view(place: Enrolment) -> Any:
    return getattr(place, "transfer_view", None)


def _typed(request: HttpRequest) -> dict[str, int]:
    ids = [one.id for one in transfer_rules().statements]
    return {pk: int(value) for pk in ids if (value := request.POST.get(pk, "")) in set("012345")}


@need("ratings.rate")
def transfer(request: HttpRequest, pk: int) -> HttpResponse:
    """Three sentences about one person on a phone; outside the head's units or the window there is no such page."""
    at = now()
    place = get_object_or_404(queries.transfer_places(request.access.scope, at), pk=pk)  # type: ignore[attr-defined]
    held, refusal = _view(place), ""
    if held is not None and held.by != request.user:
        raise Http404
    given, note = (held.answers, held.note) if held else ({}, "")
    if request.method == "POST":
        given, note = _typed(request), request.POST.get("note", "")
        try:
            services.give_transfer(
                actor=request.user, enrolment=place, answers=given, note=note, at=at,  # type: ignore[arg-type]
            )  # fmt: skip
        except Refused as no:
            refusal = str(no)
        else:
            messages.success(request, _("What you said of %(name)s is saved.") % {"name": place.person.full_name})
            return redirect("training:transfers")
    shown = _form(place, given) | {"held": held, "note": note, "refusal": refusal}
    return render(request, "training/transfer.html", shown, status=422 if refusal else 200)


def _form(place: Enrolment, given: dict[str, int]) -> dict[str, Any]:
    """The sentences about one person with what is chosen."""
    told, row = transfer_rules(), place.training_class
    return {
        "row": row, "person": place.person, "scale": [(int(one.code), one) for one in told.scale],
        "questions": [(n, one, given.get(one.id)) for n, one in enumerate(told.statements, 1)],
        "unseen": told.unseen, "unseen_value": UNSEEN, "length": NOTE_LENGTH,
        "until": row.closed_at + told.last if row.closed_at else None,
    }  # fmt: skip


@need("classes.change")
def recheck(request: HttpRequest, pk: int) -> HttpResponse:
    """Open the second re-measurement of a class: who is measured, with what; when it may be opened."""
    row, refusal = managed(request, pk), ""
    if request.method == "POST":
        try:
            opened = services.open_recheck(
                actor=request.user, framework=current_framework(), training_class=row, at=now(),  # type: ignore[arg-type]
            )  # fmt: skip
        except Refused as no:
            refusal = str(no)
        else:
            people = opened.sittings.count()
            text = ngettext("%(n)s person has a short test now.", "%(n)s people have a short test now.", people)
            messages.success(request, text % {"n": people})
            return redirect("training:effect", pk)
    done = row.enrolments.filter(status=Enrolment.Status.COMPLETED, person__active=True)
    shown = later(row, request) | {
        "row": row, "refusal": refusal, "done": done.count(), "beside": len(queries.retest_people(row)),
    }  # fmt: skip
    return render(request, "training/recheck.html", shown, status=422 if refusal else 200)


@need("classes.change")
@require_POST
def left(request: HttpRequest, pk: int) -> HttpResponse:
    """Compute what is left of a class from its re-check as far as it has been answered."""
    row = managed(request, pk)
    try:
        proving.measure_transfer(
            actor=request.user, framework=current_framework(), training_class=row, at=now(),  # type: ignore[arg-type]
        )  # fmt: skip
    except Refused as no:
        messages.error(request, str(no))
    else:
        messages.success(request, _("What is left of the class is computed; it never reaches the plan by itself."))
    return redirect("training:effect", pk)


def later(row: TrainingClass, request: HttpRequest) -> dict[str, Any]:
    """What the section "after 3 to 6 months" of a class shows; heads' figures to those over the whole city only.

    A head who has given most of a class's views could take them off the figure and read what is left of the others'.
    """
    rules, at, closed = transfer_rules(), now(), row.closed_at
    done = row.status == TrainingClass.Status.DONE and closed is not None
    told = queries.lasting(row) if done else None
    drawn = [one for one in (told.effect, told.transfer) if one] if told else []
    whole_city = request.access.scope.everything  # type: ignore[attr-defined]
    return {
        "rules": rules, "lasting": told, "recheck": queries.recheck_state(row) if done else None,
        "pair": drawing.forest(drawn) if drawn else None, "heads": queries.heads_say(row, at) if whole_city else None,
        "window": (closed + rules.first, closed + rules.last) if done and closed else None,
        "in_window": done and rules.is_open(closed, at), "early": done and closed and at < closed + rules.first,
    }  # fmt: skip
