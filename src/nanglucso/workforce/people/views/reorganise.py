"""Reorganisations: list, draft, steps, preview, review, undo. Only for a role over the whole city: a step may name any
unit. A training officer draws one up, a second person approves it: another officer or the leader."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from nanglucso.core.access import check_whole_city, need
from nanglucso.core.clock import now
from nanglucso.core.days import local_day
from nanglucso.core.refusals import Refused
from nanglucso.workforce.people import forms_reorganise, queries, queries_units, reorganised, services
from nanglucso.workforce.people.models import Reorganisation
from nanglucso.workforce.people.views.asked import Asked
from nanglucso.workforce.people.views.filling import form_page, sent

FIRST_OFFERED = 120


def _row(request: Asked, pk: int) -> Reorganisation:
    check_whole_city(request)
    return get_object_or_404(queries_units.reorganisations(scope=request.access.scope), pk=pk)


@need("units.review")
def index(request: Asked) -> HttpResponse:
    """Every reorganisation, newest day first."""
    check_whole_city(request)
    rows = queries_units.reorganisations(scope=request.access.scope)
    page = Paginator(rows, 30).get_page(request.GET.get("page"))
    return render(
        request, "people/reorganisations.html", {"page": page, "writing": request.access.may("units.reorganise")}
    )


def _go(row: Reorganisation) -> HttpResponse:
    return redirect("people:reorganisation", row.pk)


@need("units.reorganise")
def new(request: Asked) -> HttpResponse:
    """Begin a draft."""
    check_whole_city(request)
    form = forms_reorganise.HeadForm(sent(request), initial={"day": local_day(now())})

    def do(told: dict[str, Any]) -> Reorganisation:
        return services.draft_reorganisation(actor=request.user, at=now(), **told)

    return form_page(request, "people/reorganisation_new.html", form, do, _go)


@need("units.reorganise")
def edit(request: Asked, pk: int) -> HttpResponse:
    """Correct title, decision and day of a draft."""
    row = _row(request, pk)
    form = forms_reorganise.HeadForm(sent(request), initial=forms_reorganise.HeadForm.of(row))

    def do(told: dict[str, Any]) -> Reorganisation:
        return services.change_draft(actor=request.user, row=row, at=now(), **told)

    return form_page(request, "people/reorganisation_new.html", form, do, _go, row=row)


@need("units.review")
def show(request: Asked, pk: int) -> HttpResponse:
    """The steps, what they do, and what can be done next."""
    row = _row(request, pk)
    if row.job and row.job.is_open:
        page = "people/reorganisation_wait.html#wait" if request.htmx else "people/reorganisation_wait.html"
        return render(request, page, {"row": row, "job": row.job})
    response = _shown(request, row)
    if request.htmx:
        response.headers["HX-Redirect"] = request.path
    return response


def _shown(request: Asked, row: Reorganisation) -> HttpResponse:
    status, writing = Reorganisation.Status, request.access.may("units.reorganise")
    own = request.user.pk in (row.created_by_id, row.sent_by_id)
    steps = reorganised.steps_said(row)
    shown = {
        "row": row,
        "steps": steps,
        "steps_more": len(steps) - reorganised.FOLDED,
        "seen": reorganised.effects_said(row),
        "kinds": reorganised.STEP_KINDS,
        "editing": row.status == status.DRAFT and writing,
        "reviewing": row.status == status.SENT and not own,
        "waiting": row.status == status.SENT and own,
        "held": row.status == status.APPROVED and row.day > local_day(now()),
        "stopped": row.status == status.APPROVED and row.day <= local_day(now()),
        "undoing": row.status == status.APPLIED and writing,
        "naming": request.access.may("people.view"),
        "reason": forms_reorganise.ReasonForm(),
    }
    return render(request, "people/reorganisation.html", shown)


@need("units.reorganise")
def step(request: Asked, pk: int, kind: str) -> HttpResponse:
    """Add one step."""
    row = _row(request, pk)
    if kind not in forms_reorganise.STEP_FORMS:
        raise Http404
    places = queries.units_by_place(scope=request.access.scope)
    codes = {words: unit.code for words, unit in places.items()} | reorganised.founded(row)
    form = forms_reorganise.STEP_FORMS[kind](sent(request), codes=codes, row=row)

    def do(told: dict[str, Any]) -> Reorganisation:
        step = form.told()
        return services.add_step(actor=request.user, row=row, step=step, scope=request.access.scope, at=now())

    tops = [*reorganised.founded(row), *(words for words, unit in places.items() if unit.depth <= 2)][:FIRST_OFFERED]
    said = {"row": row, "kind": reorganised.STEP_KINDS[kind], "tops": tops, "help": reorganised.STEP_HELP[kind]}
    return form_page(request, "people/reorganisation_step.html", form, do, _go, **said)


@need("units.reorganise")
def divide(request: Asked, pk: int, number: int) -> HttpResponse:
    """Say who and what goes to which part of a divided unit."""
    row = _row(request, pk)
    table = reorganised.dividing(row, number)
    if table is None:
        raise Http404
    if request.method == "POST":
        people, children = table.chosen(request.POST)
        told: dict[str, Any] = {"row": row, "number": number, "people": people, "children": children}
        try:
            services.distribute(actor=request.user, scope=request.access.scope, at=now(), **told)
            return redirect("people:reorganisation", pk)
        except Refused as refusal:
            messages.error(request, str(refusal.message))
            table = table.with_choice(people, children)
    return render(request, "people/reorganisation_divide.html", {"row": row, "number": number, "table": table})


@need("units.reorganise")
@require_POST
def drop_step(request: Asked, pk: int, number: int) -> HttpResponse:
    """Take a step out."""
    row = _row(request, pk)
    try:
        services.drop_step(actor=request.user, row=row, number=number, at=now())
    except Refused as refusal:
        messages.error(request, str(refusal.message))
    return redirect("people:reorganisation", pk)


@need("units.reorganise")
@require_POST
def roles(request: Asked, pk: int) -> HttpResponse:
    """Choose the roles that end instead of following."""
    row = _row(request, pk)
    ends = [int(one) for one in request.POST.getlist("ends") if one.isascii() and one.isdigit()]
    try:
        services.keep_out(actor=request.user, row=row, grants=ends, at=now())
        messages.success(request, _("Saved. Look through the roles below."))
    except Refused as refusal:
        messages.error(request, str(refusal.message))
    return redirect("people:reorganisation", pk)


def _approve(request: Asked, row: Reorganisation) -> str:
    mark, scope = request.POST.get("mark", ""), request.access.scope
    row = services.approve(actor=request.user, row=row, mark=mark, scope=scope, at=now())
    if row.status == Reorganisation.Status.APPLIED:
        return _("Approved and in effect.")
    if row.job:
        return _("Approved; it is being put into effect.")
    return _("Approved; it takes effect on its day.")


def _again(request: Asked, row: Reorganisation) -> str:
    services.apply_again(actor=request.user, row=row, at=now())
    return _("It is being put into effect.")


def _send(request: Asked, row: Reorganisation) -> str:
    services.send_for_review(actor=request.user, row=row, scope=request.access.scope, at=now())
    return _("Sent: a second person now has to approve it.")


def _give_back(request: Asked, row: Reorganisation) -> str:
    services.return_to_draft(actor=request.user, row=row, reason=request.POST.get("reason", "")[:500], at=now())
    return _("Given back as a draft.")


def _undo(request: Asked, row: Reorganisation) -> str:
    services.undo_reorganisation(actor=request.user, row=row, scope=request.access.scope, at=now())
    return _("Undone: units, people and roles are as they were before.")


def _drop(request: Asked, row: Reorganisation) -> str:
    services.drop_reorganisation(actor=request.user, row=row, at=now())
    return _("Dropped; nothing was changed.")


VERBS = {
    "duyet": ("units.review", _approve),
    "chay-lai": ("units.review", _again),
    "tra-lai": ("units.review", _give_back),
    "gui": ("units.reorganise", _send),
    "hoan-tac": ("units.reorganise", _undo),
    "huy": ("units.reorganise", _drop),
}


@need("units.review")
@require_POST
def decide(request: Asked, pk: int, verb: str) -> HttpResponse:
    """Send, approve, give back, undo, drop."""
    row = _row(request, pk)
    if verb not in VERBS:
        raise Http404
    permission, do = VERBS[verb]
    if not request.access.may(permission):
        raise PermissionDenied
    try:
        messages.success(request, do(request, row))
    except Refused as refusal:
        messages.error(request, str(refusal.message))
    return redirect("people:reorganisation", pk)
